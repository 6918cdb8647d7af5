"""`over_ipv6.py`, run in namespaces of its own."""

from pathlib import Path

from apart import passes_apart


def test_phones_and_providers_may_have_addresses_of_ipv6(tmp_path: Path) -> None:
    passes_apart(Path(__file__).with_name("over_ipv6.py"), tmp_path, "127.0.0.1")
