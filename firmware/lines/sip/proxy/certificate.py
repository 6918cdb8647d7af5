"""The certificate with which Kamailio speaks TLS where the owner has given it none; nobody trusts it."""

from __future__ import annotations

from pathlib import Path

from firmware.certificates import make

DAYS = 36_500


def own(folder: Path) -> tuple[str, str]:
    """The paths of a certificate and its key, made once and kept. Raises OSError."""
    certificate, key = folder / "own.pem", folder / "own.key"
    if not certificate.exists():
        make(certificate, key, "ringfence", "basicConstraints = critical, CA:FALSE", days=DAYS)
    return str(certificate), str(key)
