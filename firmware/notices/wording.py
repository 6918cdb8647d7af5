"""What is told, in the owner's language: `words.toml`, filled in with what a caller cannot turn into markup."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from functools import cache
from importlib.resources import files
from typing import Any

from firmware.call import Action
from firmware.numbers import understand
from firmware.numbers.place_names import in_english

LONGEST = 60
MOST_LISTED = 3
SEGMENT_DIGITS = 7
_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F) if not chr(code).isalnum()}

Doc = Mapping[str, Any]


@cache
def table() -> dict[str, dict[str, Any]]:
    return tomllib.loads(files("firmware.notices").joinpath("words.toml").read_text("utf-8"))


def plain(text: str) -> str:
    """`text` on one line, short, and without a character that a service could take for markup, a link or a mention.

    ASCII punctuation becomes its full-width form, which looks alike; control and format characters are left out.
    """
    seen = "".join(" " if char.isspace() else char for char in text if _is_seen(char))
    return " ".join(seen.split())[:LONGEST].translate(_FULL_WIDTH)


def _is_seen(char: str) -> bool:
    return char.isspace() or not unicodedata.category(char).startswith("C")


class Words:
    """One language's words, for a line in `region` whose owner has the clock `zone` (None: the box's)."""

    def __init__(self, language: str, region: str, zone: tzinfo | None) -> None:
        self._language = language
        self._words = table()[language]
        self._region = region
        self._zone = zone

    @property
    def title(self) -> str:
        return str(self._words["title"])

    def say(self, key: str, **values: object) -> str:
        """A sentence, with texts as they are and therefore plain already."""
        return str(self._words[key]).format(**values)

    def call(self, kind: str, call: Doc, **values: object) -> str:
        """A sentence about a call: `blocked`, `unknown` or `silence`."""
        at = datetime.fromisoformat(call["started"]).astimezone(self._zone)
        return self.say(
            kind, at=f"{at:%H:%M}", who=self.who(call), why=self._why(call), rings=call["rings"], **values
        )

    def who(self, call: Doc) -> str:
        """A caller: number, place, name; what the network presented is made plain."""
        number = self._number(call["number"]) if call["number"] else self.say("nobody")
        place = self._place((call.get("who") or {}).get("place") or "")
        name = plain(call["name"] or "")
        return " ".join(filter(None, (number, place, f"“{name}”" if name else "")))

    def _place(self, kept: str) -> str:
        known = in_english(kept) if self._language == "en" else kept
        return plain(kept) if known == kept else known

    def pool(self, pool: Doc) -> str:
        """A pool of look-alikes about which the owner is asked."""
        return self.say("pool", about=plain(pool["match"]), numbers=pool["numbers"], calls=pool["calls"])

    def fault(self, code: str) -> str:
        faults = self._words["faults"]
        return str(faults.get(code, faults["line"]))

    def digest(self, calls: Sequence[Doc]) -> str:
        """What came in the last day."""
        blocked = [call for call in calls if is_blocked(call)]
        said = self.say("digest", calls=len(calls), blocked=len(blocked))
        segments = Counter(
            self._number(call["number"])[:SEGMENT_DIGITS] for call in blocked if call["number"]
        )
        if not segments:
            return said
        top = ", ".join(f"{segment}… ×{count}" for segment, count in segments.most_common(MOST_LISTED))
        return f"{said}\n{self.say('digest_top', top=top)}"

    def _why(self, call: Doc) -> str:
        verdict, reasons = call["verdict"] or {}, self._words["reasons"]
        said = str(reasons.get(verdict.get("reason"), reasons["other"]))
        return said.format(match=plain(str(verdict.get("match") or "")))

    def _number(self, normal: str) -> str:
        return re.sub(r"[^0-9+]", "", understand(normal, self._region).national)[:LONGEST]


def is_blocked(call: Doc) -> bool:
    return bool(call["verdict"]) and call["verdict"]["action"] == Action.BLOCK
