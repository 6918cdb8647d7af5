"""`behind_a_nat.py`, run in namespaces of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
APART = ["unshare", "--map-root-user", "--mount", "--net", "--kill-child", "sh", "-c"]
PREPARED = "ip link set lo up && mount --bind {names} /etc/resolv.conf"


def test_behind_a_nat_and_with_the_servers_that_dns_names(tmp_path: Path) -> None:
    names = tmp_path / "resolv.conf"
    names.write_text("nameserver 203.0.113.1\noptions timeout:1 attempts:1\n")
    prepared = PREPARED.format(names=names)
    if subprocess.run([*APART, f"{prepared} && nft list ruleset"], capture_output=True).returncode:
        pytest.skip("no namespaces with nftables can be had here")
    tests = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--basetemp={tmp_path / 'in'}"]
    command = [*APART, f'{prepared} && exec "$@"', "sh", *tests, str(HERE / "behind_a_nat.py")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stdout
