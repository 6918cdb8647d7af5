"""Recorded calls judged again."""

import io
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.call import Absence, Action, CallerId, Reason, Verdict
from firmware.calls.replay import Recorded, compare, from_csv, replay
from firmware.numbers import understand
from firmware.screening import Caller, Policy, Rulebook, Screening

START = datetime(2026, 7, 1, 4, 0, tzinfo=UTC)
BEIJING = ZoneInfo("Asia/Shanghai")


def screening(*rules: dict[str, str], **policy: object) -> Screening:
    documents = [(id, {"note": "", **rule}) for id, rule in enumerate(rules, 1)]
    return Screening(Rulebook.load(documents), Policy(zone=BEIJING, **policy))


def call(number: str | None, minutes: float = 0, **more: object) -> Recorded:
    return Recorded(START + timedelta(minutes=minutes), "modem", number, **more)


def actions(calls: list[Recorded], judge: Screening) -> list[Action]:
    return [verdict.action for _, verdict in replay(calls, judge)]


BLOCK_162 = {"match": "162*", "action": "block"}


def test_each_call_is_judged_at_its_own_time_on_the_owners_clock() -> None:
    nap = screening({**BLOCK_162, "when": "12:30-14:30"})
    calls = [call("16210123456"), call("16210123456", 45), call("16210123456", 200)]
    assert actions(calls, nap) == [Action.ALLOW, Action.BLOCK, Action.ALLOW]


def test_calls_are_remembered_for_those_that_follow() -> None:
    patient = screening(BLOCK_162, redial=timedelta(minutes=3))
    calls = [call("16210123456"), call("16210999999", 1), call("16210123456", 2), call("16210123456", 30)]
    assert actions(calls, patient) == [Action.BLOCK, Action.BLOCK, Action.ALLOW, Action.BLOCK]


def test_a_recorded_year_is_judged_as_it_was_live() -> None:
    """The very code that judges live, one call at a time, with what it remembers."""
    rules = (BLOCK_162, {"match": "kind:ring-once", "action": "block"}, {"match": "1621*", "action": "allow"})
    live, again = (screening(*rules, redial=timedelta(minutes=3)) for _ in range(2))
    calls = [call(f"16{n % 7}1012{n % 97:04}", n * 61, rings=n % 3) for n in range(8600)]

    def judged(one: Recorded) -> Verdict:
        number = understand(one.number or "", "CN")
        caller = Caller.of(CallerId(number=one.number), number, one.line, one.at.astimezone(BEIJING))
        verdict = live.judge(caller)
        live.recent.ended(
            number.normal, one.at, blocked=verdict.action is Action.BLOCK, rings=one.rings, talked=False
        )
        return verdict

    assert [verdict for _, verdict in replay(calls, again)] == [judged(one) for one in calls]


def test_what_would_change_is_counted() -> None:
    calls = [call("16210123456", talked=61.0), call("17010123456"), call("13900010086"), call("16210123457")]
    found = compare(calls, screening({"match": "170*", "action": "block"}), screening(BLOCK_162))
    assert found == {
        "calls": 4, "blocked": 2, "long": 1, "spared": 1, "examples": ["16210123456", "16210123457"],
    }  # fmt: skip


def test_csv_gives_calls() -> None:
    text = (
        "time,number,name,rings,talked\n"
        "2026-07-01T12:40:00,16210123456,贷款,2,75.5\n"
        "2026-07-01T05:00:00+00:00,P,,,\n"
        '2026-07-01 13:30,"O",,1,\n'
    )
    first, second, third = from_csv(io.StringIO(text), BEIJING)
    assert first == Recorded(
        datetime(2026, 7, 1, 12, 40, tzinfo=BEIJING), "modem", "16210123456", "贷款", None, 2, 75.5
    )
    assert (second.number, second.absence, second.at) == (None, Absence.WITHHELD, START + timedelta(hours=1))
    assert (third.absence, third.rings) == (Absence.UNAVAILABLE, 1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no column"),
        ("number,name\n1,2\n", "no column time"),
        ("time,number\nyesterday,1\n", "row 2"),
        ("time,number\n2026-07-01T12:00:00,1\n2026-07-01T12:00:00,1,x,y\n9999-99-99,1\n", "row 4"),
        ("time,number,rings\n2026-07-01T12:00:00,1,many\n", "row 2"),
    ],
)
def test_what_is_no_record_is_refused_by_its_row(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        list(from_csv(io.StringIO(text), BEIJING))


@given(st.text(alphabet=st.sampled_from('time,number\n\r"=+-@0123456789T:POx\x00'), max_size=200))
def test_any_text_gives_calls_or_a_refusal(text: str) -> None:
    try:
        found = list(from_csv(io.StringIO("time,number\n" + text), BEIJING))
    except ValueError:
        return
    assert all(verdict.reason in set(Reason) for _, verdict in replay(found, screening(BLOCK_162)))
