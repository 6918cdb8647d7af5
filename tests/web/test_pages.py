"""What is so on every page, without a browser."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

from markupsafe import escape
from test_contacts_page import CARD
from test_injection import NAMES, shape
from visiting import Visitor, file, led

from firmware.appliance import Appliance
from firmware.backups import backup
from web.alone import alone


def test_a_form_without_a_file_is_an_empty_one(owner: Visitor) -> None:
    assert led(owner.post("/contacts/import")) == "/contacts?said=contacts_empty"
    assert led(owner.post("/lists/upload")) == "/lists?said=list_file"
    assert led(owner.post("/settings/restore")) == "/settings?said=backup_format"


def test_large_work_is_done_one_at_a_time(owner: Visitor, appliance: Appliance) -> None:
    book, saved = file(CARD.format("Ma", "13800138000")), file("".join(backup.written(appliance.db)))
    with alone():
        for answer in (
            owner.post("/contacts/import", {"file": book}),
            owner.post("/settings/restore", {"file": saved}),
            owner.post("/rules/try", {"match": "162*", "action": "block"}),
            owner.get("/sets/mvno/preview"),
            owner.get("/board/check-up"),
            owner.post("/settings/forget", {"number": "16210123456"}),
        ):
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
            assert "Please try again in a moment." in answer.text
    assert owner.get("/sets/mvno/preview").status_code == 200


def test_everywhere_else_a_large_form_is_refused(owner: Visitor) -> None:
    for path in ("/contacts", "/rules", "/lists", "/settings"):
        assert owner.post(path, {"file": file(b"x" * (1 << 20))}).status_code == 413


def test_names_from_elsewhere_are_text_and_nothing_else(
    owner: Visitor, shelf: Appliance, wait_until: Any
) -> None:
    household = shelf.household
    paths = ("/", "/rules", "/contacts", "/lists", "/lists/state", "/check?number=16210123456", "/settings")
    until = (datetime.now(UTC) + timedelta(days=1)).isoformat()

    def fill(name: str, n: int) -> None:
        household.add_contact(name, [f"1390000000{n}"], [name])
        household.add_rule({"match": f"name:{name}", "action": "block", "note": name, "until": until})
        household.add_rule({"match": f"place:{name}", "action": "block", "line": name[:40]})
        shelf.lists.take_in(name, io.BytesIO(b"16210123456\n"))

    fill("plain", 0)
    wait_until(lambda: shelf.lists.lists()[0]["built"])
    before = {path: shape(owner.get(path).text) for path in paths}
    for n, name in enumerate(NAMES, 1):
        fill(name, n)
        for path in ("/rules", "/contacts", "/lists", "/lists/state"):
            assert str(escape(name)) in owner.get(path).text
    for path, shown in before.items():
        assert shape(owner.get(path).text) <= shown | {"details", "summary"}


def test_nothing_is_changed_without_the_page_s_token(owner: Visitor, appliance: Appliance) -> None:
    changing = [
        rule.rule.replace("<int:id>", "1").replace("<name>", "mvno").replace("<id>", "1")
        for rule in owner.client.application.url_map.iter_rules()
        if rule.endpoint.startswith("pages.") and "POST" in (rule.methods or ())
    ]
    assert len(changing) > 15
    for path in changing:
        assert (
            owner.client.post(path, data={"on": "yes", "match": "162*", "action": "block"}).status_code == 400
        )
    assert appliance.household.rules() == []
    assert appliance.household.passes() == []


def test_every_page_is_in_both_languages(owner: Visitor, appliance: Appliance) -> None:
    appliance.household.turn_set("mvno", on=True)
    appliance.household.add_contact("Ma", ["13800138000"])
    for path in ("/", "/rules", "/contacts", "/lists", "/check?number=17021550198", "/settings"):
        for language, tag in (("en", "en"), ("zh", "zh-CN")):
            answer = owner.get(path, Accept_Language=language)
            assert answer.status_code == 200
            assert f'<html lang="{tag}">' in answer.text
