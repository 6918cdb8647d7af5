"""The settings in a real browser: kept, backed up and taken back; callers forgotten, and messages that arrive."""

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from listening import Web
from playwright.sync_api import expect
from seeing import View

from firmware.appliance import Appliance
from firmware.notices import notices as sending_notices
from firmware.notices import outbox
from firmware.wiring import Wiring

TEST = {"zh": "这是一条测试消息", "en": "This is a test"}


WISHES = {
    "line": {"region": "GB", "area": "020", "silence_s": "8.0"},
    "unwanted": {"block_action": "cut+hangup", "withheld": "block"},
    "notices": {"tell_blocked": "now"},
    "kept": {"retention_days": "30", "log_level": "error"},
}
"""By their groups, the cadence among them: how long no ring comes until a call is over."""


def test_settings_are_kept_seen_after_a_reload_and_obeyed(view: View, guarding: Appliance) -> None:
    tab = view.tab
    for group, wishes in WISHES.items():
        view.goto("/settings", "Settings")
        form = tab.locator(f"form#{group}")
        form.locator("summary").click()
        for name, value in wishes.items():
            field = form.locator(f"[name={name}]")
            choices = field.evaluate("one => one.matches('select')")
            field.select_option(value) if choices else field.fill(value)
        view.button("Keep", within=form).click()
        view.told("The settings are kept.")
    tab.reload()
    for name, value in ((name, value) for wishes in WISHES.values() for name, value in wishes.items()):
        expect(tab.locator(f"[name={name}]")).to_have_value(value)
    assert guarding.household.place() == ("GB", "020")
    assert guarding.line.ringing.silence == 8.0
    assert logging.getLogger("firmware").level == logging.ERROR
    guarding.household.change_settings({"log_level": "info"})


def test_a_backup_is_saved_and_taken_back_and_a_caller_forgotten(
    view: View, ring: Callable[..., int], guarding: Appliance, tmp_path: Path
) -> None:
    tab = view.tab
    ring("16210123456")
    guarding.household.add_rule({"match": "162*", "action": "block"})
    view.goto("/settings", "Settings")
    view.button("Add one to the regular ones now").click()
    expect(tab.locator("#said .good")).to_be_visible()
    assert len(guarding.backups.found("")) == 1

    with tab.expect_download() as saving:
        tab.get_by_role("link", name=view.say("Save a backup")).click()
    saving.value.save_as(tmp_path / "saved.jsonl")
    guarding.household.remove_rule(1)
    view.goto("/rules", "Rules")
    expect(tab.locator(".rules > li.empty")).to_be_visible()
    view.goto("/settings", "Settings")
    view.open("Take a backup back")
    view.field("File with a backup").set_input_files(tmp_path / "saved.jsonl")
    taking = tab.locator("form[enctype]")
    taking.locator("[type=checkbox]").check()
    view.button("Replace them").click()
    expect(tab.locator("#said .good")).to_be_visible()
    view.goto("/rules", "Rules")
    expect(tab.locator(".rules > li")).to_contain_text("162")

    view.goto("/settings", "Settings")
    view.open("Forget a number")
    forgetting = tab.locator("#forget form").first
    forgetting.locator("[name=number]").fill("16210123456")
    forgetting.locator("[required][type=checkbox]").check()
    view.button("Forget it").click()
    expect(tab.locator("#said .said")).to_be_visible()
    view.goto("/calls", "Calls")
    expect(tab.locator(".calls .call")).to_have_count(0)


@pytest.fixture
def wiring(wiring: Wiring) -> Wiring:
    """Notices may go to this machine."""
    return replace(wiring, notices_lan=True)


def test_a_message_is_tried_and_a_blocked_call_is_told_as_it_comes(
    view: View,
    ring: Callable[..., int],
    guarding: Appliance,
    wait_until: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sending_notices, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(outbox, "GATHER_SECONDS", 0.0)
    guarding.notices.start()
    guarding.household.change_settings({"tell_language": view.language, "tell_blocked": "now"})
    guarding.household.add_rule({"match": "162*", "action": "block"})
    with Web() as service:
        view.goto("/settings/notices", "Notifications")
        view.field("Name").fill("Phone")
        view.field("Address").fill(f"ntfy://{service.place}/topic")
        view.button("Keep").click()
        view.told("The address is kept. Send a test to see whether it arrives.")
        view.button("Send a test", "Phone").click()
        expect(view.tab.locator("#said .good")).to_be_visible()
        assert TEST[view.language] in json.loads(service.bodies[0])["message"]
        ring("16210123456")
        wait_until(lambda: len(service.bodies) > 1, 20)
        assert "16210123456" in json.loads(service.bodies[1])["message"]
