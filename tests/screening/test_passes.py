"""Passes, and whom they admit."""

from datetime import timedelta

import pytest
from judging import NOON

from firmware.numbers import understand
from firmware.screening import Pass, Passes


def admitted(passes: Passes, presented: str) -> int | None:
    found = passes.admit(understand(presented, "CN"), NOON)
    return found and found[0].id


@pytest.mark.parametrize(
    ("segment", "presented", "admits"),
    [
        ("+8616210123456", "16210123456", True),
        ("+8616210123456", "16210123457", False),
        ("162*", "16210123456", True),
        ("0571*", "+8657188881234", True),
        ("+44*", "00447534123456", True),
        ("170*", "16210123456", False),
        ("*", "16210123456", True),
        ("*", "no number", True),
    ],
)
def test_whom_a_segment_admits(segment: str, presented: str, admits: bool) -> None:
    assert admitted(Passes([Pass(5, (segment,), None)]), presented) == (5 if admits else None)


def test_any_of_its_segments_admits() -> None:
    passes = Passes([Pass(1, ("170*", "+8616210123456", "162*"), None)])
    assert passes.admit(understand("16210123456", "CN"), NOON) == (
        Pass(1, ("170*", "+8616210123456", "162*"), None), "+8616210123456",
    )  # fmt: skip


def test_a_pass_that_has_ended_admits_nobody() -> None:
    assert admitted(Passes([Pass(1, ("*",), NOON)]), "162") is None
    assert admitted(Passes([Pass(1, ("*",), NOON + timedelta(seconds=1))]), "162") == 1


def test_a_pass_for_one_number_that_has_ended_hides_no_wider_one() -> None:
    assert (
        admitted(Passes([Pass(1, ("+8616210123456",), NOON), Pass(2, ("162*",), None)]), "16210123456") == 2
    )


def test_what_a_pass_has_become_replaces_it() -> None:
    passes = Passes([Pass(1, ("162*",), NOON)])
    passes.put(Pass(1, ("162*",), NOON + timedelta(minutes=1)))
    assert admitted(passes, "16210123456") == 1


@pytest.mark.parametrize("segments", [("+8616210123456",), ("162*",), ("162*", "170*")])
def test_a_dropped_pass_admits_nobody(segments: tuple[str, ...]) -> None:
    passes = Passes([Pass(1, segments, None)])
    passes.drop(1)
    assert admitted(passes, "16210123456") is None


def test_one_of_two_passes_for_a_number_stays_when_the_other_goes() -> None:
    for gone in (1, 2):
        passes = Passes(Pass(id, ("+8616210123456",), None) for id in (1, 2))
        passes.drop(gone)
        assert admitted(passes, "16210123456") == 3 - gone


def test_a_number_is_known_while_there_is_a_pass_for_it_alone() -> None:
    passes = Passes([Pass(1, ("+8616210123456",), None), Pass(2, ("162*",), None)])
    assert passes.knows("+8616210123456")
    assert not passes.knows("+8616210123457")
    passes.drop(1)
    assert not passes.knows("+8616210123456")


def test_a_pass_is_read_from_its_document() -> None:
    doc = {"segments": ["162*"], "until": "2026-03-02T12:30:00+00:00", "created": "2026-03-02T12:00:00+00:00"}
    assert Pass.of(4, doc) == Pass(4, ("162*",), NOON + timedelta(minutes=30), NOON)
    assert all(Pass.of(4, {**doc, "created": odd}).since is None for odd in (None, "", "2026-03-02", 5))
    assert Pass.of(4, {**doc, "until": None}).until is None


def test_of_the_passes_that_are_open_the_one_with_most_of_its_time_left_is_shown() -> None:
    half = Pass(1, ("162*",), NOON + timedelta(minutes=15), NOON - timedelta(minutes=15))
    most = Pass(2, ("*",), NOON + timedelta(minutes=9), NOON - timedelta(minutes=1))
    over = Pass(3, ("170*",), NOON)
    known = Pass(4, ("+8616210123456",), None)
    passes = Passes([half, most, over, known])
    assert passes.courier(NOON) == most
    assert (half.left(NOON), most.left(NOON), over.left(NOON), known.left(NOON)) == (0.5, 0.9, 0.0, 1.0)
    assert passes.courier(NOON + timedelta(minutes=15)) is None
