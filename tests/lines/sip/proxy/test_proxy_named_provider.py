"""`named_provider.py`, run in namespaces of its own."""

from pathlib import Path

from apart import passes_apart


def test_a_provider_is_found_by_the_services_that_dns_names(tmp_path: Path) -> None:
    passes_apart(Path(__file__).with_name("named_provider.py"), tmp_path, "127.0.0.1")
