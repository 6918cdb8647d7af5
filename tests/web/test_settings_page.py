"""The settings' page, with backups and the restart."""

import logging
from importlib.metadata import version
from typing import Any

import pytest
from visiting import Visitor, file, led

from firmware.appliance import Appliance
from firmware.backups import backup
from firmware.lists import saving


def test_every_setting_can_be_kept_as_it_stands(owner: Visitor, appliance: Appliance) -> None:
    values = appliance.household.settings()
    assert led(owner.post("/settings", values)) == "/settings?said=settings_kept"
    assert appliance.household.settings() == values


def test_a_setting_that_is_none_is_named_and_stays_to_be_mended(owner: Visitor) -> None:
    answer = owner.post("/settings", {"zone": "Mars/Olympus", "courier_minutes": "45"})
    assert answer.status_code == 400
    assert "This cannot be so: Time zone of the line" in answer.text
    assert 'value="Mars/Olympus"' in answer.text
    assert 'value="45"' in answer.text.replace("45.0", "45")


def test_a_setting_among_the_others_that_is_none_is_shown(owner: Visitor) -> None:
    assert "<details open" in owner.post("/settings", {"zone": "Mars/Olympus"}).text
    assert "<details open" not in owner.get("/settings").text


def test_the_log_tells_as_much_as_is_set_at_once(owner: Visitor) -> None:
    owner.post("/settings", {"log_level": "debug"})
    assert all(logging.getLogger(name).isEnabledFor(logging.DEBUG) for name in ("firmware.lines", "web"))
    owner.post("/settings", {"log_level": "error"})
    assert not any(logging.getLogger(name).isEnabledFor(logging.WARNING) for name in ("firmware", "web.live"))
    owner.post("/settings", {"log_level": "info"})


def test_the_page_waits_for_a_restart_and_goes_on(owner: Visitor, appliance: Appliance) -> None:
    html = owner.post("/settings/restart").text
    assert f"/settings/restarted?since={appliance.started}" in html
    waits = owner.get(f"/settings/restarted?since={appliance.started}")
    assert (waits.status_code, "HX-Redirect" in waits.headers) == (204, False)
    assert owner.get("/settings/restarted?since=1.5").headers["HX-Redirect"] == "/settings?said=restarted"


def test_the_page_says_what_is_new(owner: Visitor) -> None:
    assert version("ringfence") in owner.get("/settings").text
    assert "a box between the line and the telephone" in owner.get("/settings/changes").text


def test_a_backup_is_put_in_force(owner: Visitor, appliance: Appliance) -> None:
    household = appliance.household
    household.add_rule({"match": "162*", "action": "block"})
    household.add_contact("Ma", ["13800138000"])
    text = "".join(backup.written(appliance.db))
    household.add_rule({"match": "163*", "action": "block"})
    answer = owner.post("/settings/restore", {"file": file(text, "backup.jsonl")})
    assert led(answer) == "/settings?said=restored"
    assert [rule["match"] for rule in household.rules()] == ["162*"]
    assert household.judge("13800138000").reason == "contact"


def test_what_a_backup_has_no_room_for_is_said(
    owner: Visitor, shelf: Appliance, wait_until: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner.post("/lists/upload", {"file": file("162*\n163*\n", "many.txt")})
    wait_until(lambda: shelf.lists.lists()[0]["built"])
    assert "many.txt" not in owner.get("/settings").text
    monkeypatch.setattr(saving, "MOST_NUMBERS", 1)
    html = owner.get("/settings").text
    assert "keep the files from which they came: many.txt" in html
    saved = file(owner.get("/api/v1/backup").text)
    owner.post("/settings/restore", {"file": saved})
    assert "Please upload its file again." in owner.get("/lists").text


def test_what_is_no_backup_changes_nothing(owner: Visitor, appliance: Appliance) -> None:
    appliance.household.add_rule({"match": "162*", "action": "block"})
    for data in (b"", b"{}", b"\xff\xfe", b"[" * 100_000, b"x" * 300_000):
        assert led(owner.post("/settings/restore", {"file": file(data)})) == ("/settings?said=backup_format")
    assert len(appliance.household.rules()) == 1
