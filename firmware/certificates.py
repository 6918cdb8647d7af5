"""Certificates that the box makes, by OpenSSL's command."""

from __future__ import annotations

import subprocess
from pathlib import Path

from firmware.files import put_in_place

LONGEST_WAIT = 60.0
CONFIGURATION = """\
[req]
prompt = no
distinguished_name = subject
x509_extensions = extensions
[subject]
CN = {subject}
[extensions]
{extensions}
"""
LONGEST_SUBJECT = 64


def make(
    certificate: Path, key: Path, subject: str, *extensions: str, days: int, options: tuple[str, ...] = ()
) -> None:
    """Make a key and then a certificate of it, which are on disk when this returns. Raises OSError."""
    configuration = CONFIGURATION.format(subject=subject[:LONGEST_SUBJECT], extensions="\n".join(extensions))
    fresh = {key: key.with_suffix(".key.new"), certificate: certificate.with_suffix(".pem.new")}
    command = ["openssl", "req", "-x509", "-sha256", "-nodes", "-days", str(days), "-config", "/dev/stdin"]
    command += [*options, "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += ["-keyout", str(fresh[key]), "-out", str(fresh[certificate])]
    try:
        subprocess.run(  # noqa: S603
            command, input=configuration, text=True, capture_output=True, check=True, timeout=LONGEST_WAIT
        )
    except subprocess.CalledProcessError as error:
        raise OSError(f"openssl made no certificate: {error.stderr!r}") from error
    except subprocess.TimeoutExpired as error:
        raise OSError("openssl made no certificate in time") from error
    for whole, new in fresh.items():
        with new.open("rb") as file:
            put_in_place(file, new, whole)
