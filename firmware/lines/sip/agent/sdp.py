"""The session description with which a call is taken that ends at once: every medium is there, and none flows.

Sources: RFC 4566 (SDP), RFC 3264 (offer and answer).
"""

from __future__ import annotations

import re

MOST_MEDIA = 16
DISCARD_PORT = 9
_MEDIUM = re.compile(r"m=([a-z]{1,16}) ([0-9]{1,5})(?:/[0-9]+)? ([A-Z/]{1,24}) ([0-9A-Za-z*.\-+ ]{1,256})\Z")
_PLAIN = ("RTP/AVP", "RTP/AVPF")


def answer(offer: str | None, address: str) -> str:
    """The answer to an offer, or an offer where the caller leaves it to us; `address` is ours, without brackets."""
    family = "IP6" if ":" in address else "IP4"
    lines = [
        "v=0",
        f"o=- 0 0 IN {family} {address}",
        "s=-",
        f"c=IN {family} {address}",
        "t=0 0",
    ]
    if offer is None:
        lines += [f"m=audio {DISCARD_PORT} RTP/AVP 8 0", "a=inactive"]
        return _joined(lines)
    offered = offer.splitlines()
    media = [found for found in map(_MEDIUM.match, offered) if found][:MOST_MEDIA]
    for kind, port, protocol, formats in (found.groups() for found in media):
        first = formats.split()[0] if formats.split() else "0"
        if kind == "audio" and port != "0" and protocol in _PLAIN:
            lines += [f"m=audio {DISCARD_PORT} {protocol} {first}", *_described(first, offered), "a=inactive"]
        else:
            lines.append(f"m={kind} 0 {protocol} {first}")
    return _joined(lines)


def _described(payload: str, offered: list[str]) -> list[str]:
    """The line that says what the payload type is, where the offer has one."""
    pattern = re.compile(rf"a=rtpmap:{re.escape(payload)} [A-Za-z0-9/.\-]{{1,64}}\Z")
    return [line for line in offered if pattern.match(line)][:1]


def _joined(lines: list[str]) -> str:
    return "".join(f"{line}\r\n" for line in lines)
