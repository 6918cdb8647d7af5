"""Bytes that no modem means, made from recordings, and what must hold for any bytes."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator

from transcripts import CASES

from firmware.call import CallerId
from firmware.callerid import Parser
from firmware.callerid.events import Event, Hook, Notice, Reply, Ring, Unknown

RECORDINGS = [case.bytes for case in CASES]
MORSELS = [
    b"\r\n", b"\r", b"\n", b"\x00", b" ", b"=", b":", b"#", b"\x10", b"\x10R", b"\x10X", b"\x10.",
    b"RING\r\n", b"OK\r\n", b"NMBR = ", b"NAME = ", b"DATE = ", b"TIME = ", b"MESG = ", b"NMBR = O\r\n",
    b"DDN_NMBR= ", b"FM:", b" TO:", b"RING;", b"###DATE", b"...NMBR", b"...NAME", b"+++\r", b"+VCIDR:",
    b"8020010830", b"0412", b"80", b"A", b"D", b"C", b"B10C", b"13800138000",
    b"\xa0", b"\x1c", b"\x85", b"\xff", "王".encode(), "王".encode("gbk"),
]  # fmt: skip
LONGEST = {CallerId: 2048, Unknown: 256, Notice: 256, Ring: 512, Reply: 512}


def mutated(chance: random.Random, size: int) -> bytes:
    """About `size` bytes: noise, recordings spliced, repeated, cut and with bytes changed."""
    out = bytearray()
    while len(out) < size:
        match chance.randrange(8):
            case 0:
                out += chance.randbytes(chance.randrange(200))
            case 1:
                out += b"".join(chance.choices(MORSELS, k=chance.randrange(1, 30)))
            case 2:
                out += chance.choice(MORSELS) * chance.randrange(1, 300)
            case _:
                piece = bytearray(chance.choice(RECORDINGS))
                for _ in range(chance.randrange(4)):
                    at = chance.randrange(len(piece))
                    piece[at : at + chance.randrange(3)] = chance.choice(
                        [b"", chance.randbytes(1), chance.choice(MORSELS)]
                    )
                start = chance.choice([0, 0, chance.randrange(len(piece) + 1)])
                out += piece[start:]
    return bytes(out)


def fragments(chance: random.Random, data: bytes, longest: int) -> Iterator[bytes]:
    start = 0
    while start < len(data):
        end = start + chance.randrange(1, longest)
        yield data[start:end]
        start = end


def check(events: Iterable[Event]) -> None:
    """What must hold for each event whatever was fed: bounds, forms, and no invisible characters in a name."""
    for event in events:
        if isinstance(event, Hook):
            continue
        raw = event.text if isinstance(event, Reply) else event.raw
        assert 0 < len(raw) <= LONGEST[type(event)], event
        if isinstance(event, CallerId):
            assert event.message > 0
            assert event.number is None or (
                event.number and event.number.isascii() and len(event.number) <= 32
            )
            assert event.name is None or (0 < len(event.name) <= 64 and event.name.isprintable())
            assert event.date is None or "01-01" <= event.date <= "12-31"
            assert event.time is None or "00:00" <= event.time <= "23:59"
            assert not (event.number and event.absence)


def held(parser: Parser) -> int:
    """How many characters the parser holds on to, all together."""
    seen = 0
    rest: list[object] = [parser]
    while rest:
        thing = rest.pop()
        if isinstance(thing, (str, bytes, bytearray)):
            seen += len(thing)
        elif isinstance(thing, dict):
            rest += thing.values()
        elif isinstance(thing, (list, tuple, set)):
            rest += thing
        elif hasattr(thing, "__dict__"):
            rest += vars(thing).values()
    return seen
