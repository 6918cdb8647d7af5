from datetime import UTC, datetime, timedelta
from typing import Any

from firmware.notices.events import LASTS_SECONDS, SILENT_DAYS, Calls, Faults, digest_is_due

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


def call(id: int, action: str = "block", reason: str = "rule", **changes: Any) -> dict[str, Any]:
    started = changes.pop("started", NOW).isoformat()
    return {
        "id": id,
        "started": started,
        "over": True,
        "verdict": {"action": action, "reason": reason},
    } | changes


def test_a_call_is_told_once_when_it_is_over() -> None:
    calls = Calls(None)
    assert calls.take(call(1, over=False), NOW) == (None, 0)
    assert calls.take(call(1), NOW) == ("blocked", 0)
    assert calls.take(call(1), NOW) == (None, 0)


def test_an_old_call_of_which_something_is_noted_is_not_told() -> None:
    assert Calls(None).take(call(1, started=NOW - timedelta(hours=1)), NOW) == (None, 0)


def test_who_is_let_through_without_being_known_is_unknown() -> None:
    kinds = [
        Calls(None).take(call(1, "allow", reason), NOW)[0]
        for reason in ("default", "withheld", "unavailable", "contact", "pass", "protected", "pause")
    ]
    assert kinds == ["unknown", "unknown", "unknown", None, None, None, None]
    assert Calls(None).take(call(1, verdict=None), NOW) == (None, 0)


def test_the_first_call_after_a_week_is_noticed() -> None:
    calls = Calls(NOW - timedelta(days=SILENT_DAYS))
    assert calls.take(call(1), NOW) == ("blocked", SILENT_DAYS)
    assert calls.take(call(2), NOW) == ("blocked", 0)
    assert Calls(NOW - timedelta(days=SILENT_DAYS - 1)).take(call(1), NOW)[1] == 0


def test_a_fault_is_told_once_it_has_lasted_and_once_it_is_mended() -> None:
    faults = Faults()
    assert faults.take({"lost"}, 0.0) == ([], [])
    assert faults.take({"lost"}, LASTS_SECONDS - 1) == ([], [])
    assert faults.take({"lost"}, LASTS_SECONDS) == (["lost"], [])
    assert faults.take({"lost"}, LASTS_SECONDS + 1) == ([], [])
    assert faults.take(set(), LASTS_SECONDS + 2) == ([], ["lost"])
    assert faults.take(set(), LASTS_SECONDS + 3) == ([], [])


def test_a_fault_that_comes_and_goes_is_not_told() -> None:
    faults = Faults()
    for second in range(0, 300, 20):
        assert faults.take({"lost"}, second) == ([], [])
        assert faults.take(set(), second + 10) == ([], [])


def test_the_day_is_told_once_after_its_hour() -> None:
    assert not digest_is_due(None, 20, NOW)
    assert digest_is_due(NOW - timedelta(days=1), 12, NOW)
    assert not digest_is_due(NOW, 12, NOW)
    assert not digest_is_due(NOW, 12, NOW + timedelta(hours=23))
    assert digest_is_due(NOW, 12, NOW + timedelta(days=3))
    assert not digest_is_due(NOW - timedelta(hours=10), 20, NOW)
