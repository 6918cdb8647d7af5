"""The first page."""

import time
from collections.abc import Callable

import pytest
from visiting import Visitor, led

from firmware import upkeep
from firmware.appliance import Appliance
from firmware.backups.folder import BackupFault

Ring = Callable[..., int]


def test_the_blocking_is_paused_and_taken_up_again(owner: Visitor, appliance: Appliance) -> None:
    assert "Pause the blocking:" in owner.get("/").text
    assert led(owner.post("/pause", {"minutes": "30"})) == "/?said=paused"
    html = owner.get("/").text
    assert "Not blocking for a while" not in html  # the line of this appliance is not guarded yet
    assert "Paused: nobody is blocked" in html
    assert "30 minutes left" in html
    assert "5 minutes left" in owner.post("/pause", {"minutes": "5"}, HX_Request="true").text
    assert "Pause the blocking:" in owner.post("/pause/end", HX_Request="true").text
    assert appliance.household.paused() is None


def test_what_is_no_pause_is_refused(owner: Visitor, appliance: Appliance) -> None:
    for minutes in ("0", "-5", "99999", "x", ""):
        assert owner.post("/pause", {"minutes": minutes}).location == "/?said=pause_minutes"
    assert appliance.household.paused() is None


def test_the_page_shows_what_the_last_days_came_to(owner: Visitor, appliance: Appliance, ring: Ring) -> None:
    appliance.household.add_rule({"match": "162*", "action": "block"})
    ring("16210123456")
    ring("13912345678")
    html = owner.get("/").text
    assert '<div class="blocked"><dt>blocked</dt><dd>1</dd></div>' in html
    assert 'href="/calls?search=1621012"' in html
    assert "virtual operator on China Telecom" in html
    assert "each of the 1 calls blocked in 30 days would have taken 30 seconds" in html
    assert "1 blocked, 1 let through" in html


def test_every_figure_of_the_pictures_is_in_a_table_too(owner: Visitor, ring: Ring) -> None:
    ring("13912345678")
    html = owner.get("/").text
    assert html.count('<th scope="row">') == 30 + 7
    assert html.count('<span class="unseen">1</span>') == 1


def test_the_last_calls_are_shown_and_the_way_to_the_others(owner: Visitor, ring: Ring) -> None:
    ids = [ring(str(16210123456 + number)) for number in range(6)]
    html = owner.get("/").text
    assert [f'id="call-{id}"' in html for id in ids] == [False, True, True, True, True, True]
    assert 'href="/calls"' in html


def test_the_call_of_now_is_told_with_the_status(
    owner: Visitor, guarding: Appliance, modem: object, wait_until: Callable[..., None]
) -> None:
    modem.call("16210123456", "Wang", rings=1)  # type: ignore[attr-defined]
    wait_until(lambda: "Let through: no rule is against it" in owner.get("/live/status").text)
    html = owner.get("/live/status").text
    assert "A call rings" in html
    assert '<span class="part">3456</span>' in html
    assert "Wang" in html


def test_what_ails_the_box_is_said_with_the_way_to_mend_it(
    owner: Visitor, appliance: Appliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "ailment" not in owner.get("/").text
    monkeypatch.setattr(upkeep, "LEAST_FREE", 1 << 62)
    appliance.household.change_settings({"backup_folder": "/nowhere"})
    with pytest.raises(BackupFault):
        appliance.upkeep.back_up()
    appliance.lists.subscribe("Spam", "https://lists.invalid/", "block")
    appliance.lists.start()
    deadline = time.monotonic() + 30
    while not appliance.lists.lists()[0]["fault"] and time.monotonic() < deadline:
        time.sleep(0.05)
    html = owner.get("/").text
    for words, path in (
        ("The card is nearly full.", "/board"),
        ("The last backup was not made.", "/settings"),
        ("A list could not be renewed.", "/lists"),
    ):
        assert f'{words} <a href="{path}">' in html
    assert "A list could not be renewed." in owner.get("/live/status").text


def test_a_courier_is_expected_for_longer_and_no_more(owner: Visitor, appliance: Appliance) -> None:
    assert "I expect a courier" in owner.get("/").text
    assert led(owner.post("/courier")) == "/?said=courier_expected"
    (one,) = appliance.household.passes()
    assert one["segments"] == ["*"]
    assert "30 minutes left" in owner.get("/").text
    assert "60 minutes left" in owner.post("/courier", HX_Request="true").text
    assert "I expect a courier" in owner.post("/courier/end", HX_Request="true").text
    assert appliance.household.passes() == []


def test_ending_the_courier_keeps_the_callers_one_knows(owner: Visitor, appliance: Appliance) -> None:
    appliance.household.admit("+8617021550198")
    owner.post("/courier")
    owner.post("/courier/end")
    assert [one["segments"] for one in appliance.household.passes()] == [["+8617021550198"]]
