"""What Kamailio and Ringfence say to each other: netstrings (D. J. Bernstein, 1997) over one TCP connection.

    Kamailio    {"event": "invite", "call": "17:4711", "id": …, "tag": …, "from": …, …}    asks for a verdict
                {"event": "rings" | "answered" | "ended", "call": "17:4711"}                tells what became of it
                {"event": "here", "call": "0:0"}                                            has heard us
    Ringfence   TOKEN HERE                                                                  is listening
                TOKEN PASS 17 4711, TOKEN REFUSE 17 4711                                    answers
                TOKEN CUT ID CSEQ                                                           ends what rings

The headers of a message are in base64: nothing that a caller writes can be taken for more than text.
"""

from __future__ import annotations

import binascii
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

MOST_BYTES = 1 << 16
HEADERS = {
    "from": "From",
    "asserted": "P-Asserted-Identity",
    "party": "Remote-Party-ID",
    "privacy": "Privacy",
}
EVENTS = ("here", "invite", "rings", "answered", "ended")
_CALL = re.compile(r"[0-9]{1,10}:[0-9]{1,10}\Z", re.ASCII)


class Garbled(Exception):
    """What came is not what Kamailio says; the connection is of no more use."""


@dataclass(frozen=True, slots=True)
class Said:
    """One event. `call` is Kamailio's transaction. Of an invite: `id` is the dialog's, Call-ID and tag, shared by the
    branches of a call that the provider has forked; `cseq` its request's number; `to` whom it is for; `headers` say who
    calls."""

    event: str
    call: str
    id: tuple[str, str] = ("", "")
    cseq: str = ""
    to: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)


class Reader:
    """Takes netstrings apart, however they are cut up on the way."""

    def __init__(self) -> None:
        self._waiting = b""

    def feed(self, data: bytes) -> Iterator[Said]:
        """The events that are whole by now. Raises Garbled."""
        self._waiting += data
        while b":" in self._waiting[:8]:
            size, _, rest = self._waiting.partition(b":")
            if not size.isdigit() or int(size) > MOST_BYTES:
                raise Garbled(f"size {size!r}")
            end = int(size)
            if len(rest) <= end:
                return
            if rest[end : end + 1] != b",":
                raise Garbled(f"no end after {end} bytes")
            self._waiting = rest[end + 1 :]
            yield said(rest[:end])
        if len(self._waiting) >= 8 and b":" not in self._waiting[:8]:
            raise Garbled("no size")


def said(text: bytes) -> Said:
    """The event that a netstring holds. Raises Garbled."""
    try:
        told = json.loads(text)
        event, call = told["event"], told["call"]
        if event not in EVENTS or not _CALL.match(call):
            raise Garbled(repr(text[:200]))
        if event != "invite":
            return Said(event, call)
        headers = [(header, value) for name, header in HEADERS.items() if (value := _text(told[name]))]
        id, cseq = (_text(told["id"]), _text(told["tag"])), _text(told["cseq"])
        if not cseq.isascii() or not cseq.isdecimal():
            raise Garbled(repr(text[:200]))
        return Said(event, call, id, cseq, _text(told["to"]), headers)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Garbled(repr(text[:200])) from error


def netstring(text: str) -> bytes:
    data = text.encode("ascii")
    return b"%d:%b," % (len(data), data)


def _text(encoded: str) -> str:
    return binascii.a2b_base64(encoded.encode("ascii"), strict_mode=True).decode("utf-8", "replace")
