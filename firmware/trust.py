"""Whom the box believes over TLS."""

from __future__ import annotations

import ssl


def trusting() -> ssl.SSLContext:
    """For a connection to a server whose name an authority has to vouch for that this machine trusts.

    The same on every Python: since 3.13 an authority is refused whose own certificate lacks a key usage, as those have
    that people make with `openssl req -x509`. Of a trust anchor its name and its key count (RFC 5280 clause 6.1.1 d).
    """
    context = ssl.create_default_context()
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context
