"""Backups that are kept, on the page and in the API."""

from asking import Ask
from visiting import Visitor

from firmware.appliance import Appliance

NONE = "ringfence-20260101T000000Z.jsonl"


def test_a_backup_is_made_listed_and_taken_back(owner: Visitor, appliance: Appliance) -> None:
    rule = appliance.household.add_rule({"match": "162*", "action": "block"})
    appliance.calls_log.store()
    assert owner.post("/settings/backups").location == "/settings?said=backed_up"
    appliance.household.remove_rule(rule["id"])
    html = owner.get("/settings").text
    assert "1 backup is kept" in html
    (kept,) = appliance.backups.found("")
    assert f"/settings/backups/{kept.name}/restore" in html
    assert owner.post(f"/settings/backups/{kept.name}/restore").location == "/settings?said=restored"
    assert [rule["match"] for rule in appliance.household.rules()] == ["162*"]
    assert owner.post(f"/settings/backups/{NONE}/restore").status_code == 404
    assert owner.post("/settings/backups/..%2fstore.journal/restore").status_code == 404


def test_a_folder_that_is_none_is_told(owner: Visitor) -> None:
    owner.post("/settings", {"backup_folder": "/media/gone", "backup_every": "weekly"})
    html = owner.get("/settings").text
    assert "Is the USB stick plugged in?" in html
    assert '<option value="/media/gone" selected>' in html
    assert owner.post("/settings/backups").location == "/settings?said=backups_folder"


def test_programs_make_backups_and_take_them_back(ask: Ask, appliance: Appliance) -> None:
    appliance.calls_log.store()
    name = ask("POST", "/api/v1/backups").json["name"]
    found = ask("GET", "/api/v1/backups").json
    assert ([one["name"] for one in found["backups"]], found["fault"]) == ([name], None)
    assert found["left_out"] == []
    assert ask("POST", f"/api/v1/backups/{name}/restore").json["skipped"] == 0
    assert ask("POST", f"/api/v1/backups/{NONE}/restore").status_code == 404
    kept = appliance.data / "backups" / name
    kept.write_text("no backup\n")
    assert ask("POST", f"/api/v1/backups/{name}/restore").json["code"] == "format"
    appliance.household.change_settings({"backup_folder": "/media/gone"})
    assert ask("POST", "/api/v1/backups").json["code"] == "folder"
    assert ask("GET", "/api/v1/backups").json["fault"] == "folder"
