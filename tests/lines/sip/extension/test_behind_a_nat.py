"""`behind_a_nat.py`, run in namespaces of its own."""

from pathlib import Path

from apart import passes_apart


def test_behind_a_nat_and_with_the_servers_that_dns_names(tmp_path: Path) -> None:
    passes_apart(Path(__file__).with_name("behind_a_nat.py"), tmp_path, "203.0.113.1")
