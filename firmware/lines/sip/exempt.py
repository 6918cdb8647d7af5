"""Callers who are never judged: the house's own telephones, group calls, door stations."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from firmware.lines.sip.identity import Headers, address

INFO, DOMAIN = "alert:", "domain:"


@dataclass(frozen=True, slots=True)
class Exempt:
    """`internal`: digits up to which a number is one of the house, 0 for none, as is each that begins with `*` or `#`.

    `patterns`, with spaces between: `61?`, `door*` about the user part of From; `domain:pbx.example` about its host;
    `alert:*internal*` about Alert-Info. `?` is one character, `*` any number of them.
    """

    internal: int = 0
    patterns: str = ""

    def spares(self, headers: Headers) -> bool:
        """Whether the INVITE with these headers is to be left alone."""
        headers = [(name.lower(), value) for name, value in headers]
        caller = address(next((value for name, value in headers if name in ("from", "f")), ""))
        alerts = [value for name, value in headers if name == "alert-info"]
        number = "" if caller.anonymous else caller.number or ""
        if self.internal and number and (number[0] in "*#" or len(number) <= self.internal):
            return True
        return any(self._fits(pattern, caller.user, caller.host, alerts) for pattern in self.patterns.split())

    @staticmethod
    def _fits(pattern: str, user: str, host: str, alerts: list[str]) -> bool:
        if pattern.startswith(INFO):
            return any(map(_glob(pattern.removeprefix(INFO)).fullmatch, alerts))
        if pattern.startswith(DOMAIN):
            return bool(_glob(pattern.removeprefix(DOMAIN)).fullmatch(host))
        return bool(user and _glob(pattern).fullmatch(user))


@lru_cache(maxsize=256)
def _glob(pattern: str) -> re.Pattern[str]:
    parts = {"*": ".*", "?": "."}
    return re.compile(
        "".join(parts.get(sign, re.escape(sign)) for sign in pattern), re.IGNORECASE | re.DOTALL
    )
