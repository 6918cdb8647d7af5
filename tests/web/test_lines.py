"""The lines on the page and in the API: accounts are kept, registered, changed and dropped, and no password is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from visiting import Visitor
from werkzeug.test import TestResponse

from firmware.appliance import Appliance
from firmware.backups import backup
from web.pages.lines import TEXTS
from web.wording import outcomes

Ask = Callable[..., TestResponse]
Wait = Callable[..., None]
SECRET = "the house's secret"
WISH = {"name": "Home", "server": "127.0.0.1:9", "user": "620", "password": SECRET}


@pytest.fixture
def started(appliance: Appliance) -> Iterator[Appliance]:
    """The account's line is begun as it is kept, with or without a registrar."""
    yield appliance
    for id in appliance.household.accounts():
        appliance.household.remove_account(id)


def told(owner: Visitor, path: str, form: dict[str, str] | None = None) -> str:
    """The page to which a form leads."""
    return owner.get(owner.post(path, form).location).text


def test_an_account_is_kept_and_its_line_begins(ask: Ask, started: Appliance) -> None:
    answer = ask("POST", "/api/v1/lines/sip", json=WISH)
    assert answer.status_code == 201
    assert (answer.json["has_password"], answer.json["transport"]) == (True, "udp")
    assert started.lines["Home"].alive
    assert [line["name"] for line in ask("GET", "/api/v1/lines").json["lines"]] == ["modem", "Home"]


def test_no_answer_and_no_backup_has_the_password(ask: Ask, owner: Visitor, started: Appliance) -> None:
    id = ask("POST", "/api/v1/lines/sip", json=WISH).json["id"]
    shown = [
        ask("GET", "/api/v1/lines/sip").text,
        owner.get("/lines").text,
        owner.get(f"/lines/sip/{id}").text,
    ]
    shown += list(backup.written(started.db))
    assert not any("secret" in text for text in shown)
    assert any('"table": "sip"' in text for text in shown)


def test_a_change_leaves_the_password_and_begins_the_line_anew(ask: Ask, started: Appliance) -> None:
    id = ask("POST", "/api/v1/lines/sip", json=WISH).json["id"]
    before = started.lines["Home"]
    assert ask("PATCH", f"/api/v1/lines/sip/{id}", json={"ending": "603"}).json["ending"] == "603"
    assert started.household.accounts()[id].password == SECRET
    assert started.lines["Home"] is not before
    assert not before.alive


@pytest.mark.parametrize("change", [{"server": "evil.example"}, {"proxy": "evil.example"}, {"user": "621"}])
def test_a_password_goes_nowhere_else_unless_it_is_given_again(
    ask: Ask, started: Appliance, change: dict[str, Any]
) -> None:
    id = ask("POST", "/api/v1/lines/sip", json=WISH).json["id"]
    assert ask("PATCH", f"/api/v1/lines/sip/{id}", json=change).json["code"] == "password"
    assert ask("PATCH", f"/api/v1/lines/sip/{id}", json={**change, "password": "new"}).status_code == 200


def test_an_account_that_is_off_or_dropped_has_no_line(ask: Ask, started: Appliance) -> None:
    id = ask("POST", "/api/v1/lines/sip", json=WISH).json["id"]
    assert ask("PATCH", f"/api/v1/lines/sip/{id}", json={"on": False}).json["line"] is None
    assert list(started.lines) == ["modem"]
    assert ask("POST", f"/api/v1/lines/sip/{id}/register").status_code == 404
    assert ask("DELETE", f"/api/v1/lines/sip/{id}").status_code == 204
    assert ask("DELETE", f"/api/v1/lines/sip/{id}").status_code == 404


def test_two_lines_have_no_common_name(ask: Ask, started: Appliance) -> None:
    ask("POST", "/api/v1/lines/sip", json=WISH)
    assert ask("POST", "/api/v1/lines/sip", json=WISH).json["code"] == "taken"
    assert ask("POST", "/api/v1/lines/sip", json={**WISH, "name": "modem"}).json["code"] == "taken"


def test_there_are_not_more_accounts_than_there_may_be(ask: Ask, started: Appliance) -> None:
    for count in range(8):
        assert (
            ask("POST", "/api/v1/lines/sip", json={**WISH, "name": f"{count}", "on": False}).status_code
            == 201
        )
    assert ask("POST", "/api/v1/lines/sip", json={**WISH, "name": "9"}).json["code"] == "most"


def test_an_account_is_there_again_after_a_restart(ask: Ask, started: Appliance) -> None:
    ask("POST", "/api/v1/lines/sip", json={**WISH, "on": False})
    started.extensions.keep({})
    started.extensions.keep(started.household.accounts())
    (account,) = ask("GET", "/api/v1/lines/sip").json["accounts"]
    assert (account["user"], account["line"]) == ("620", None)


def test_a_backup_that_is_taken_back_leaves_the_password_where_it_belongs(
    ask: Ask, started: Appliance
) -> None:
    id = ask("POST", "/api/v1/lines/sip", json={**WISH, "on": False}).json["id"]
    tables, _ = backup.read(backup.written(started.db))
    started.household.restore(tables)
    assert started.household.accounts()[id].password == SECRET
    started.household.change_account(id, {"server": "other.example", "password": "other"})
    started.household.restore(tables)
    assert started.household.accounts()[id].password == ""


def test_the_page_adds_changes_and_drops_a_line(owner: Visitor, started: Appliance) -> None:
    assert "is being registered" in told(owner, "/lines", {**WISH, "wait": "5"})
    ((id, account),) = started.household.accounts().items()
    assert (account.wait, account.password) == (5, SECRET)
    assert 'value="620"' in owner.get(f"/lines/sip/{id}").text
    assert "is changed" in told(owner, f"/lines/sip/{id}", {"name": "Study", "password": ""})
    assert started.household.accounts()[id].password == SECRET
    assert "being registered" in told(owner, f"/lines/sip/{id}/register")
    assert "is changed" in told(owner, f"/lines/sip/{id}/switch", {"on": "no"})
    assert "is removed" in told(owner, f"/lines/sip/{id}/remove")
    assert started.household.accounts() == {}


def test_what_makes_no_sense_is_said_on_the_page(owner: Visitor, started: Appliance) -> None:
    assert "name or an address" in told(owner, "/lines", {**WISH, "server": "a b"})
    assert "60 to 3600" in told(owner, "/lines", {**WISH, "expiry": "x"})


def test_a_viewer_sees_lines_and_changes_none(viewer: Visitor, started: Appliance) -> None:
    page = viewer.get("/lines").text
    assert 'name="password"' not in page
    assert viewer.post("/lines", WISH).status_code == 403


@pytest.mark.parametrize("name", [*TEXTS, "password", "expiry", "wait", "internal", "taken", "most"])
def test_every_refusal_has_words(name: str) -> None:
    assert outcomes.REFUSALS[f"sip_{name}"]


def test_without_a_modem_the_state_is_that_of_the_account(
    ask: Ask, started: Appliance, wait_until: Wait
) -> None:
    started.start()
    wait_until(started.relay.ready.is_set)
    wait_until(lambda: started.line.state.fault == "no_modem")
    assert ask("GET", "/api/v1/status").json["line"]["fault"] == "no_modem"
    ask("POST", "/api/v1/lines/sip", json=WISH)
    assert ask("GET", "/api/v1/status").json["line"]["name"] == "Home"
    assert "no_modem" not in started.faults()
