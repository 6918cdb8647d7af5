"""Tests of a file, run in namespaces of their own: a network, mounts, and a DNS server that only they have."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

APART = ["unshare", "--map-root-user", "--mount", "--net", "--kill-child", "sh", "-c"]
PREPARED = "ip link set lo up && mount --bind {names} /etc/resolv.conf && nft list ruleset"


def passes_apart(file: Path, folder: Path, names: str) -> None:
    """Fails where a test of `file` does, and is skipped where no namespaces can be had. `names`: the DNS server."""
    resolver = folder / "resolv.conf"
    resolver.write_text(f"nameserver {names}\noptions timeout:1 attempts:1\n")
    prepared = PREPARED.format(names=resolver)
    if subprocess.run([*APART, prepared], capture_output=True).returncode:
        pytest.skip("no namespaces with nftables can be had here")
    tests = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(file)]
    with tempfile.TemporaryDirectory() as short:  # a control socket's path has no more than 107 bytes
        command = [*APART, f'{prepared} && exec "$@"', "sh", *tests, f"--basetemp={short}/t"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stdout
