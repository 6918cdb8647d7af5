"""Whatever is done on the page can be taken back where it was done; what needs a scope, by those who have it."""

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
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
from web.tokens import issue

POOL = "1621012????"
ADDRESS = "https://lists.example.org/numbers.txt"
VCARD = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Li\r\nTEL:13900139000\r\nEND:VCARD\r\n"
ACTIONS: list[tuple[str, dict[str, Any]]] = [
    ("/rules", {"match": "170*", "action": "block"}),
    ("/rules/1", {"match": "1621*", "action": "block"}),
    ("/rules/1/switch", {"on": "no"}),
    ("/rules/1/remove", {}),
    ("/sets/mvno", {"on": "yes"}),
    ("/contacts", {"name": "Li", "numbers": "13900139000"}),
    ("/contacts/1", {"name": "Wang Li", "numbers": "13800138000"}),
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
    ("/complaints/1", {"manner": "person"}),
    ("/complaints/1", {"own-mobile": "13800138000"}),
    ("/complaints/own", {"name": "Wang"}),
    ("/pools/answer", {"match": POOL, "answer": "block"}),
    ("/settings", {"withheld": "block", "courier_minutes": "45"}),
    ("/lines", {"name": "study", "server": "192.168.178.2", "user": "622"}),
    ("/lines/sip/1", {"server": "192.168.178.2", "password": "another"}),
    ("/lines/sip/1/switch", {"on": "no"}),
    ("/lines/sip/1/remove", {}),
    ("/settings/notices", {"name": "Phone", "url": "ntfys://ntfy.sh/other"}),
    ("/settings/notices/1/remove", {}),
    ("/settings/accounts/2/remove", {}),
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
    household.add_account({"name": "hall", "server": "192.168.178.1", "user": "621", "password": "secret"})
    appliance.notices.add("Phone", "ntfys://ntfy.sh/topic")
    owner.client.application.extensions["accounts"].add("granny", "viewer", "correct horse")
    for place in range(11):
        household.screening.ended(
            understand(f"1621012{place * 917:04}", "CN"),
            datetime.now(UTC) - timedelta(days=9 * (10 - place) / 11),
            Verdict(Action.ALLOW, Reason.DEFAULT),
            rings=3,
            talked=3.0,
        )


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
                "complainant",
                "remarks",
                "pools",
                "settings",
                "sip",
                "notice_addresses",
                "accounts",
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


BY_PROGRAMS: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "rules", {"json": {"match": "170*", "action": "block"}}),
    ("PATCH", "rules/1", {"json": {"on": False}}),
    ("DELETE", "rules/1", {}),
    ("PUT", "sets/mvno", {"json": {"on": True}}),
    ("POST", "contacts", {"json": {"name": "Li", "numbers": ["13900139000"]}}),
    ("PATCH", "contacts/1", {"json": {"groups": ["Family"]}}),
    ("DELETE", "contacts/1", {}),
    ("POST", "contacts/import", {"data": VCARD, "content_type": "text/vcard"}),
    ("POST", "passes", {"json": {}}),
    ("PUT", "pause", {"json": {"minutes": 5}}),
    ("POST", "known", {"json": {"number": "13600136000"}}),
    ("DELETE", "known/1", {}),
    ("PUT", "pools", {"json": {"match": POOL, "answer": "block"}}),
    ("POST", "lists", {"json": {"name": "Other", "url": ADDRESS, "token": "secret"}}),
    ("POST", "lists/upload?name=File", {"data": b"16210123456\n", "content_type": "text/plain"}),
    ("PATCH", "lists/1", {"json": {"token": None}}),
    ("DELETE", "lists/2", {}),
    ("PATCH", "calls/1", {"json": {"kind": "loans", "said": "A loan, madam?"}}),
    ("POST", "complaints", {"json": {"call": 2}}),
    ("PATCH", "complaints/1", {"json": {"state": "filed", "reference": "77"}}),
    ("DELETE", "complaints/1", {}),
    ("PATCH", "complainant", {"json": {"name": "Wang"}}),
    ("PATCH", "settings", {"json": {"withheld": "block"}}),
    ("POST", "lines/sip", {"json": {"name": "study", "server": "192.168.178.2", "user": "622"}}),
    ("PATCH", "lines/sip/1", {"json": {"on": False}}),
    ("DELETE", "lines/sip/1", {}),
    ("POST", "notices", {"json": {"name": "Phone", "url": "ntfys://ntfy.sh/other"}}),
    ("DELETE", "notices/1", {}),
    ("DELETE", "accounts/2", {}),
]


@pytest.mark.parametrize(
    ("method", "path", "how"), BY_PROGRAMS, ids=[f"{method} {path}" for method, path, _ in BY_PROGRAMS]
)
def test_what_a_program_does_is_taken_back(
    ask: Ask, lived_in: None, appliance: Appliance, method: str, path: str, how: dict[str, Any]
) -> None:
    before = kept(appliance)
    assert ask(method, f"/api/v1/{path}", **how).status_code in (200, 201, 204)
    assert kept(appliance) != before
    (step,) = ask("GET", "/api/v1/undo").json["steps"]
    assert ask("POST", f"/api/v1/undo/{step['id']}").status_code == 204
    assert kept(appliance) == before


def test_the_steps_are_told_a_part_at_a_time(ask: Ask, appliance: Appliance) -> None:
    for segment in ("162*", "165*", "170*"):
        ask("POST", "/api/v1/rules", json={"match": segment, "action": "block"})
    steps = ask("GET", "/api/v1/undo").json["steps"]
    assert [step["what"] for step in steps] == ["rule_kept"] * 3
    assert ask("GET", "/api/v1/undo?skip=1&limit=1").json["steps"] == steps[1:2]


def test_a_step_is_taken_back_by_whoever_might_have_done_it(
    ask: Ask, app: Flask, lived_in: None, appliance: Appliance
) -> None:
    ask("DELETE", "/api/v1/lines/sip/1")
    ask("DELETE", "/api/v1/rules/1")
    rule, line = ask("GET", "/api/v1/undo").json["steps"]
    writer = {"Authorization": f"Bearer {issue(appliance.data, 'writer', ['write'])}"}
    client = app.test_client()
    assert client.post(f"/api/v1/undo/{line['id']}", headers=writer).status_code == 403
    assert appliance.household.accounts() == {}
    assert client.post(f"/api/v1/undo/{rule['id']}", headers=writer).status_code == 204
    assert ask("POST", f"/api/v1/undo/{line['id']}").status_code == 204
    assert [account.password for account in appliance.household.accounts().values()] == ["secret"]


@pytest.mark.parametrize(
    ("path", "form"),
    [("/pools/answer", {"match": POOL, "answer": "block"}), ("/complaints/1", {"manner": "person"})],
)
def test_a_part_of_a_page_offers_the_way_back_too(
    owner: Visitor, lived_in: None, appliance: Appliance, path: str, form: dict[str, str]
) -> None:
    before = kept(appliance)
    undo = offered(owner.post(path, form, HX_Request="true").text)
    assert kept(appliance) != before
    assert owner.post("/undo", undo).location.endswith("said=taken_back")
    assert kept(appliance) == before
    assert owner.get(undo["next"]).status_code == 200


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
