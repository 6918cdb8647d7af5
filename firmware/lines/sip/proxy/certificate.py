"""The certificate with which Kamailio speaks TLS where the owner has given it none; nobody trusts it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

DAYS = 36_500
LONGEST_WAIT = 60.0


def own(folder: Path) -> tuple[str, str]:
    """The paths of a certificate and its key, made once and kept. Raises OSError."""
    certificate, key = folder / "own.pem", folder / "own.key"
    if not certificate.exists():
        fresh = certificate.with_suffix(".new")
        command = [
            "openssl",
            "req",
            "-x509",
            "-nodes",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
        ]
        command += ["-days", str(DAYS), "-subj", "/CN=ringfence", "-keyout", str(key), "-out", str(fresh)]
        try:
            subprocess.run(command, capture_output=True, check=True, timeout=LONGEST_WAIT)  # noqa: S603
        except subprocess.SubprocessError as error:
            raise OSError(f"openssl made no certificate: {error}") from error
        for made in (key, fresh):
            with made.open("rb") as file:
                os.fsync(file.fileno())
        fresh.replace(certificate)
    return str(certificate), str(key)
