"""The settings in a real browser: kept, backed up and taken back; callers forgotten, and messages that arrive."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from listening import Web
from playwright.sync_api import expect
from seeing import View

from firmware.appliance import Appliance
from firmware.wiring import Wiring

TEST = {"zh": "这是一条测试消息", "en": "This is a test"}


def test_settings_are_kept_a_backup_is_saved_and_taken_back_and_a_caller_forgotten(
    view: View, ring: Callable[..., int], guarding: Appliance, tmp_path: Path
) -> None:
    tab = view.tab
    ring("16210123456")
    view.goto("/settings", "Settings")
    form = tab.locator("form#kept")
    form.locator("[name=retention_days]").fill("30")
    view.button("Keep", within=form).click()
    view.told("The settings are kept.")
    assert guarding.household.settings()["retention_days"] == 30
    view.button("Add one to the regular ones now").click()
    expect(tab.locator("#said .good")).to_be_visible()
    assert len(guarding.backups.found("")) == 1

    guarding.household.add_rule({"match": "162*", "action": "block"})
    with tab.expect_download() as saving:
        tab.get_by_role("link", name=view.say("Save a backup")).click()
    saving.value.save_as(tmp_path / "saved.jsonl")
    guarding.household.remove_rule(next(iter(guarding.household.rules()))["id"])
    view.open("Take a backup back")
    view.field("File with a backup").set_input_files(tmp_path / "saved.jsonl")
    taking = tab.locator("form[enctype]")
    taking.locator("[type=checkbox]").check()
    view.button("Replace them").click()
    expect(tab.locator("#said .good")).to_be_visible()
    assert [rule["match"] for rule in guarding.household.rules()] == ["162*"]

    view.open("Forget a number")
    forgetting = tab.locator("#forget form").first
    forgetting.locator("[name=number]").fill("16210123456")
    forgetting.locator("[required][type=checkbox]").check()
    view.button("Forget it").click()
    expect(tab.locator("#said .said")).to_be_visible()
    tab.goto("/calls")
    expect(tab.locator(".calls .call")).to_have_count(0)


@pytest.fixture
def wiring(wiring: Wiring) -> Wiring:
    """Notices may go to this machine."""
    return replace(wiring, notices_lan=True)


def test_a_message_is_tried_and_a_blocked_call_is_told(
    view: View, ring: Callable[..., int], guarding: Appliance
) -> None:
    guarding.household.change_settings({"tell_language": view.language})
    with Web() as service:
        view.goto("/settings/notices", "Notifications")
        view.field("Name").fill("Phone")
        view.field("Address").fill(f"ntfy://{service.place}/topic")
        view.button("Keep").click()
        view.told("The address is kept. Send a test to see whether it arrives.")
        view.button("Send a test", "Phone").click()
        expect(view.tab.locator("#said .good")).to_be_visible()
        assert TEST[view.language] in json.loads(service.bodies[0])["message"]
