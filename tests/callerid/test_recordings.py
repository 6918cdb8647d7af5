"""What modems really printed: every recording in `data/`."""

import pytest
from transcripts import CASES, Case

from firmware.callerid import Parser
from firmware.callerid.events import Event, Notice, Reply, Unknown
from firmware.callerid.transcript import decode

recordings = pytest.mark.parametrize("case", CASES, ids=str)


def heard(case: Case) -> list[Event]:
    parser = Parser()
    return parser.feed(case.bytes) + parser.idle()


@recordings
def test_rings_and_callers_of_a_recording(case: Case) -> None:
    decoded = [
        {key: value for key, value in event.items() if value is not None and key != "raw"}
        for event in decode([case.bytes])
    ]
    assert decoded == case.expected


@recordings
def test_a_recording_byte_by_byte_is_the_same_recording(case: Case) -> None:
    assert list(decode(bytes([octet]) for octet in case.bytes)) == list(decode([case.bytes]))


@recordings
def test_what_is_no_caller_in_a_recording(case: Case) -> None:
    events = heard(case)
    assert [event.raw for event in events if isinstance(event, Unknown)] == case.unknown
    assert [event.raw for event in events if isinstance(event, Notice)] == case.notices
    if case.replies is not None:
        assert [event.text for event in events if isinstance(event, Reply)] == case.replies


@recordings
def test_every_raw_line_is_in_the_recording(case: Case) -> None:
    lines = {line.strip() for line in case.bytes.decode("latin-1").splitlines()}
    for event in decode([case.bytes]):
        assert lines.issuperset(event["raw"].splitlines()) or any(event["raw"] in line for line in lines)


def test_recordings_have_names_of_their_own_and_sources() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 30
    assert all(case.source for case in CASES)
