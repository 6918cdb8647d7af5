"""Coverage-guided fuzzing of the caller-ID parser.

    pip install atheris                               # wheels for Python 3.11 to 3.13 on x86-64
    python tests/fuzz/callerid.py -max_total_time=300 [corpus folder]

Starts from the recordings in `tests/data`. Every input goes through the parser whole and in fragments, which must
agree, within the bounds that `tests/callerid/hostile.py` states. Options are libFuzzer's.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS.parent), str(TESTS), str(TESTS / "callerid")]

with atheris.instrument_imports(include=["firmware.callerid"]):
    from firmware.callerid import Parser

from hostile import MORSELS, RECORDINGS, check, held  # noqa: E402

MOST_HELD = 6000
REPORT = 1_000_000
fed = 0


def one(octets: bytes) -> None:
    """The first octet says where to cut and whether there is silence, the rest is what the modem sends."""
    global fed
    how, data = (octets[0], octets[1:]) if octets else (0, b"")
    pieces = [data[at : at + how % 64 * 4 + 8] for at in range(0, len(data), how % 64 * 4 + 8)]
    parser = Parser()
    if how >= 128:
        for piece in pieces:
            check(parser.feed(piece) + parser.idle())
    else:
        events = [event for piece in pieces for event in parser.feed(piece)] + parser.idle()
        check(events)
        whole = Parser()
        if whole.feed(data) + whole.idle() != events:
            raise AssertionError("fragments make a difference")
    if held(parser) > MOST_HELD:
        raise AssertionError("held too much")
    if (fed + len(data)) // REPORT > fed // REPORT:
        print(f"{fed + len(data)} bytes through the parser", file=sys.stderr)
    fed += len(data)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        seeds = Path(folder)
        for count, recording in enumerate(RECORDINGS):
            (seeds / f"recording-{count}").write_bytes(b"\x00" + recording)
        words = seeds / "words"
        words.write_text(
            "\n".join('"' + "".join(f"\\x{octet:02x}" for octet in word) + '"' for word in MORSELS)
        )
        folders = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
        options = [argument for argument in sys.argv[1:] if argument.startswith("-")]
        atheris.Setup([sys.argv[0], f"-dict={words}", "-max_len=2048", *options, *folders, folder], one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
