import json
from collections.abc import Iterator

from firmware.callerid.transcript import decode


def test_a_message_stands_where_it_began_as_it_stood_at_its_end() -> None:
    events = decode([b"RING\r\nDATE = 1123\r\nNMBR = 10010\r\nRING\r\nNAME = LATE\r\nRING\r\n"])
    assert [(event["event"], event.get("name")) for event in events] == [
        ("ring", None),
        ("caller_id", "LATE"),
        ("ring", None),
        ("ring", None),
    ]


def test_every_key_is_there_and_may_be_json() -> None:
    ring, call = map(json.dumps, decode([b"RING B\r\nNMBR = P\r\n"]))
    assert json.loads(ring) == {"event": "ring", "pattern": "B", "raw": "RING B"}
    assert json.loads(call) == {
        "event": "caller_id",
        "number": None,
        "name": None,
        "date": None,
        "time": None,
        "absence": "withheld",
        "raw": "NMBR = P",
    }


def test_a_call_is_given_before_the_next_but_one_begins() -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield b"RING\r\nNMBR = 10010\r\nRING\r\n"

    events = decode(endless())
    assert [next(events)["event"] for _ in range(6)] == [
        "ring",
        "caller_id",
        "ring",
        "ring",
        "caller_id",
        "ring",
    ]


def test_rings_without_end_are_given_as_they_come() -> None:
    def endless() -> Iterator[bytes]:
        yield b"NMBR = 10010\r\n"
        while True:
            yield b"RING\r\n"

    events = decode(endless())
    assert [next(events)["event"] for _ in range(500)] == ["caller_id"] + ["ring"] * 499


def test_the_end_of_the_transcript_is_a_silence() -> None:
    assert [event["number"] for event in decode([b"16210123456"])] == ["16210123456"]
