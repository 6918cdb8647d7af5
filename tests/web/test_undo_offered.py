"""Whatever is done on the pages of rules, contacts, lists, passes and complaints can be taken back there."""

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from asking import Ask
from flask import Flask
from visiting import Visitor

from firmware.appliance import Appliance
from firmware.call import Action, Call, CallerId, Reason, Verdict
from firmware.calls.log import as_document
from firmware.numbers import understand
from web import create_app

ADDRESS = "https://lists.example.org/numbers.txt"
VCARD = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Li\r\nTEL:13900139000\r\nEND:VCARD\r\n"
ACTIONS: list[tuple[str, dict[str, Any]]] = [
    ("/rules", {"match": "170*", "action": "block"}),
    ("/rules/1", {"match": "1621*", "action": "block"}),
    ("/rules/1/switch", {"on": "no"}),
    ("/rules/1/remove", {}),
    ("/sets/mvno", {"on": "yes"}),
    ("/contacts", {"name": "Li", "numbers": "13900139000"}),
    ("/contacts/1/remove", {}),
    ("/contacts/import", {"file": (VCARD, "x.vcf")}),
    ("/known", {"number": "13600136000"}),
    ("/known/1/remove", {}),
    ("/lists", {"name": "Other", "url": ADDRESS, "action": "block", "token": "secret"}),
    ("/lists/upload", {"name": "File", "file": (b"16210123456\n", "x.txt"), "action": "block"}),
    ("/lists/1/switch", {"on": "no"}),
    ("/lists/1/token", {"token": "another"}),
    ("/lists/1/remove", {}),
    ("/lists/2/remove", {}),
    ("/courier", {}),
    ("/pause", {"minutes": "5"}),
    ("/calls/1/kind", {"kind": "loans"}),
    ("/calls/1/mark", {"said": "A loan, madam?"}),
    ("/calls/2/complaint", {}),
    ("/complaints/1/state", {"state": "filed", "reference": "77"}),
    ("/complaints/1/remove", {}),
]


@pytest.fixture
def lived_in(owner: Visitor, appliance: Appliance) -> None:
    """A household with one of everything."""
    household = appliance.household
    household.change_settings({"zone": "Asia/Shanghai"})
    household.add_rule({"match": "162*", "action": "block"})
    household.add_contact("Wang", ["13800138000"])
    household.know("13700137000")
    appliance.lists.subscribe("Subscribed", ADDRESS, "block", "token")
    appliance.lists.take_in("Uploaded", io.BytesIO(b"17012345678\n"))
    for number in ("16210123456", "13312345678"):
        call = Call("modem", datetime(2026, 3, 2, tzinfo=UTC), CallerId(number=number), over=True, rings=1)
        call.number, call.verdict = understand(number, "CN"), Verdict(Action.ALLOW, Reason.DEFAULT)
        appliance.calls_log.store().table("calls").insert(as_document(call))
    appliance.complaints.prepare(1)


def kept(appliance: Appliance) -> Any:
    """Every wish, list, remark and case, on disk."""
    return [
        {
            name: dict(store.table(name).raw())
            for name in (
                "rules",
                "contacts",
                "passes",
                "pause",
                "lists",
                "list_tokens",
                "complaints",
                "remarks",
            )
        }
        for store in (appliance.db, appliance.calls_log.store())
    ]


def offered(html: str) -> dict[str, str]:
    """The form of the undo that a page offers."""
    form = re.search(r'action="/undo">.*?</form>', html, re.DOTALL)
    assert form, html
    return dict(re.findall(r'name="(undo|next)" value="([^"]+)"', form[0]))


@pytest.mark.parametrize(("path", "form"), ACTIONS, ids=[path for path, _ in ACTIONS])
def test_what_a_page_does_is_taken_back_where_it_is_said_though_the_box_restarts(
    owner: Visitor, lived_in: None, appliance: Appliance, path: str, form: dict[str, Any]
) -> None:
    form = {
        name: (io.BytesIO(value[0]), value[1]) if isinstance(value, tuple) else value
        for name, value in form.items()
    }
    before = kept(appliance)
    answer = owner.post(path, form)
    assert answer.status_code == 303
    assert kept(appliance) != before
    undo = offered(owner.get(answer.location).text)
    owner.client.application = create_app(appliance)
    back = owner.post("/undo", undo)
    assert back.location.endswith("said=taken_back")
    assert kept(appliance) == before
    assert owner.get(back.location).status_code == 200
    assert owner.post("/undo", undo).location.endswith("said=not_taken_back")


def test_the_numbers_of_a_list_that_was_removed_are_back_with_it(
    owner: Visitor, lived_in: None, appliance: Appliance, wait_until: Callable[..., None]
) -> None:
    shelf = appliance.lists
    shelf.change(1, {"on": False})
    shelf.start()
    household = appliance.household
    wait_until(lambda: household.judge("17012345678").reason == "list")
    undo = offered(owner.get(owner.post("/lists/2/remove").location).text)
    assert household.judge("17012345678").action == "allow"
    owner.post("/undo", undo)
    wait_until(lambda: household.judge("17012345678").reason == "list")


def test_a_viewer_is_offered_no_way_back(viewer: Visitor) -> None:
    html = viewer.get("/rules?said=rule_kept&undo=x").text
    assert "The rule is kept" in html
    assert "/undo" not in html


@pytest.mark.parametrize(
    "path", ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example", ""]
)
def test_the_way_back_leads_nowhere_else(owner: Visitor, path: str) -> None:
    answer = owner.post("/undo", {"undo": "x", "next": path})
    assert answer.location.startswith("/?said=")


def test_forgetting_a_caller_leaves_no_way_back(owner: Visitor, lived_in: None, appliance: Appliance) -> None:
    undo = offered(owner.get(owner.post("/calls/1/mark", {"said": "A loan"}).location).text)
    appliance.forget("16210123456")
    assert owner.post("/undo", undo).location.endswith("said=not_taken_back")
    assert b"A loan" not in (appliance.data / "store.journal").read_bytes()


def test_a_program_takes_back_what_was_done_on_the_page(ask: Ask, app: Flask, appliance: Appliance) -> None:
    with appliance.undo.step("rule_kept") as step:
        appliance.household.add_rule({"match": "162*", "action": "block"})
    (shown,) = ask("GET", "/api/v1/undo").json["steps"]
    assert (shown["id"], shown["what"]) == (step.key, "rule_kept")
    assert ask("POST", f"/api/v1/undo/{step.key}").status_code == 204
    assert appliance.household.rules() == []
    assert ask("POST", f"/api/v1/undo/{step.key}").status_code == 404
    with appliance.undo.step("rule_removed") as step:
        appliance.household.add_rule({"match": "162*", "action": "block"})
    appliance.household.remove_rule(1)
    appliance.household.remove_rule(2)
    assert ask("POST", f"/api/v1/undo/{step.key}").status_code == 409
