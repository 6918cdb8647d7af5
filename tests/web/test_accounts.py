from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from asking import Ask
from flask import Flask
from visiting import PASSWORD, Visitor
from werkzeug.test import TestResponse

from firmware.appliance import Appliance
from web import create_app
from web.account import MOST, Account, Accounts, hasher
from web.tokens import issue

OTHER = "battery staple"


@pytest.fixture
def accounts(app: Flask, stranger: Visitor) -> Accounts:
    """The accounts of an appliance that is claimed."""
    found: Accounts = app.extensions["accounts"]
    return found


def test_somebody_else_comes_in_by_name_and_password(owner: Visitor, app: Flask) -> None:
    form = {"name": "Granny", "role": "viewer", "password": OTHER}
    assert owner.post("/settings/accounts", form).location == "/settings/accounts?said=account_kept"
    granny = Visitor(app)
    for name, password in (("granny", PASSWORD), ("owner", OTHER), ("", OTHER), ("nobody", OTHER)):
        assert granny.sign_in(password, name=name).status_code == 403
    assert granny.sign_in(OTHER, name=" GRANNY ").status_code == 303
    assert granny.inside
    assert "You: Granny" in granny.get("/settings/accounts").text


def test_the_only_account_needs_no_name_and_then_does(owner: Visitor, app: Flask, accounts: Accounts) -> None:
    assert 'name="name"' not in owner.get("/sign-in").text
    accounts.add("granny", "viewer", OTHER)
    assert 'name="name"' in owner.get("/sign-in").text
    assert Visitor(app).sign_in().status_code == 403
    assert Visitor(app).sign_in(name="owner").status_code == 303


def test_the_first_owner_is_named_at_the_claim(app: Flask, code: str) -> None:
    visitor = Visitor(app)
    form = {"code": code, "password": PASSWORD, "name": "妈妈"}
    assert visitor.post("/claim", {**form, "name": "\u202e"}).status_code == 400
    assert visitor.post("/claim", {**form, "name": "x" * 41}).status_code == 400
    assert visitor.post("/claim", form).status_code == 303
    assert [one.name for one in app.extensions["accounts"].all()] == ["妈妈"]
    assert Visitor(app).sign_in(name="妈妈").status_code == 303


def test_the_owner_of_before_there_were_names_comes_in(app: Flask, appliance: Appliance) -> None:
    appliance.db.table("accounts").insert({"password": hasher.hash(PASSWORD), "epoch": "0123456789abcdef"})
    again = create_app(appliance)
    for name in ("", "owner"):
        visitor = Visitor(again)
        assert visitor.sign_in(name=name).status_code == 303
        assert visitor.post("/rules", {"match": "162*", "action": "block"}).status_code == 303


def test_a_role_of_another_version_may_look_and_no_more(app: Flask, appliance: Appliance) -> None:
    kept = {"name": "granny", "role": "caretaker", "password": hasher.hash(PASSWORD)}
    appliance.db.table("accounts").insert(kept)
    visitor = Visitor(create_app(appliance))
    assert visitor.sign_in(name="granny").status_code == 303
    assert visitor.get("/rules").status_code == 200
    assert visitor.post("/rules", {"match": "162*", "action": "block"}).status_code == 403


def test_accounts_outlive_a_restart(accounts: Accounts, appliance: Appliance) -> None:
    accounts.add("granny", "viewer", OTHER)
    assert create_app(appliance).extensions["accounts"].all() == accounts.all()


def test_what_makes_no_account_is_refused(owner: Visitor, accounts: Accounts) -> None:
    refused = {
        "account_name": {"name": " "},
        "account_taken": {"name": "ＯＷＮＥＲ"},
        "account_role": {"role": "root"},
        "account_password": {"password": "short"},
    }
    for code, wrong in refused.items():
        form = {"name": "granny", "role": "viewer", "password": OTHER} | wrong
        assert owner.post("/settings/accounts", form).location == f"/settings/accounts?said={code}"
    assert len(accounts.all()) == 1


def test_there_is_a_bounded_number_of_accounts(
    owner: Visitor, accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Accounts, "_hashed", lambda self, password: "$argon2id$none")
    for n in range(MOST - 1):
        accounts.add(str(n), "viewer", OTHER)
    form = {"name": "granny", "password": OTHER}
    assert owner.post("/settings/accounts", form).location == "/settings/accounts?said=account_most"


def test_a_role_is_changed_at_once(owner: Visitor, viewer: Visitor, app: Flask, accounts: Accounts) -> None:
    mum = Visitor(app)
    mum.sign_in(name="owner")
    granny = accounts.named("granny")
    assert granny
    assert not may_change(viewer)
    assert mum.post(f"/settings/accounts/{granny.id}", {"role": "owner"}).status_code == 303
    assert may_change(viewer)
    assert mum.post(f"/settings/accounts/{granny.id}", {"role": "viewer"}).status_code == 303
    assert not may_change(viewer)


def may_change(visitor: Visitor) -> bool:
    return visitor.post("/rules", {"match": "162*", "action": "block"}).status_code == 303


def test_a_password_that_an_owner_sets_ends_the_others_sessions(
    viewer: Visitor, app: Flask, accounts: Accounts
) -> None:
    mum = Visitor(app)
    mum.sign_in(name="owner")
    granny = accounts.named("granny")
    assert granny
    mum.post(f"/settings/accounts/{granny.id}", {"role": "viewer", "password": OTHER})
    assert not viewer.inside
    assert mum.inside
    assert viewer.sign_in(OTHER, name="granny").status_code == 303


def test_who_is_removed_is_out_at_once(viewer: Visitor, app: Flask, accounts: Accounts) -> None:
    mum = Visitor(app)
    mum.sign_in(name="owner")
    granny = accounts.named("granny")
    assert granny
    said = mum.post(f"/settings/accounts/{granny.id}/remove").location
    assert said.startswith("/settings/accounts?said=account_removed&undo=")
    assert not viewer.inside
    assert accounts.sessions.count(granny.id) == 0
    assert viewer.sign_in(name="granny").status_code == 403


def test_whoever_has_never_needed_a_name_is_told_it_when_there_are_others(
    owner: Visitor, accounts: Accounts
) -> None:
    hint = "you sign in with this name"
    assert hint not in owner.get("/settings/accounts").text
    accounts.add("granny", "viewer", OTHER)
    html = owner.get("/settings/accounts").text
    assert "You: owner" in html
    assert hint in html
    assert '<input name="name" required' in owner.get("/sign-in").text
    answer = owner.sign_in()
    assert answer.status_code == 403
    assert "This name and this password do not go together." in answer.text


def removed(mum: Visitor, account: Account) -> dict[str, str]:
    """The way back from the removal of an account."""
    location = mum.post(f"/settings/accounts/{account.id}/remove").location
    return {"undo": location.partition("&undo=")[2], "next": "/settings/accounts"}


def test_who_was_removed_by_a_slip_comes_back_and_has_to_sign_in(
    viewer: Visitor, app: Flask, appliance: Appliance, accounts: Accounts
) -> None:
    mum = Visitor(app)
    mum.sign_in(name="owner")
    granny = accounts.named("granny")
    assert granny
    undo = removed(mum, granny)
    writer = {"Authorization": f"Bearer {issue(appliance.data, 'writer', ['write'])}"}
    assert app.test_client().post(f"/api/v1/undo/{undo['undo']}", headers=writer).status_code == 403
    assert accounts.named("granny") is None
    assert mum.post("/undo", undo).location == "/settings/accounts?said=taken_back"
    assert Accounts(appliance.db, appliance.data).all() == accounts.all()
    assert accounts.named("granny") == granny
    assert not viewer.inside
    assert viewer.sign_in(name="granny").status_code == 303


def test_who_was_removed_does_not_come_back_where_the_name_or_the_room_is_taken(
    viewer: Visitor, app: Flask, accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    mum = Visitor(app)
    mum.sign_in(name="owner")
    granny = accounts.named("granny")
    assert granny
    undo = removed(mum, granny)
    other = accounts.add("GRANNY", "viewer", OTHER)
    assert mum.post("/undo", undo).location.endswith("said=not_taken_back")
    accounts.change(other.id, {"name": "dad"})
    monkeypatch.setattr("web.account.MOST", 2)
    assert mum.post("/undo", undo).location.endswith("said=not_taken_back")
    assert accounts.named("granny") is None
    assert [one.name for one in accounts.all()] == ["owner", "dad"]


def test_the_last_owner_stays_one(owner: Visitor, accounts: Accounts) -> None:
    (first,) = accounts.all()
    for path, form in (("", {"role": "viewer"}), ("/remove", {})):
        answer = owner.post(f"/settings/accounts/{first.id}{path}", form)
        assert answer.location == "/settings/accounts?said=account_last_owner"
    accounts.add("dad", "owner", OTHER)
    assert owner.post(f"/settings/accounts/{first.id}/remove").status_code == 303
    assert [one.name for one in accounts.all()] == ["dad"]


def test_a_new_set_up_code_gives_an_owner_back(viewer: Visitor, app: Flask, accounts: Accounts) -> None:
    from web.account import make_setup_code

    for name, role in (("granny", "owner"), ("", "owner"), ("dad", "owner")):
        code = make_setup_code(accounts._data)
        lost = Visitor(app)
        assert lost.post("/claim", {"code": code, "password": OTHER, "name": name}).status_code == 303
        found = accounts.named(name or "owner")
        assert found
        assert found.role == role
        assert Visitor(app).sign_in(OTHER, name=name or "owner").status_code == 303
    assert not viewer.inside


def test_a_viewer_sees_nothing_of_accounts_and_programs(viewer: Visitor) -> None:
    page = viewer.get("/settings/accounts").text
    assert "You: granny" in page
    assert "Who may come in" not in page
    assert "Programs with access" not in page


def test_a_viewer_changes_the_own_password_and_no_other(viewer: Visitor, app: Flask) -> None:
    form = {"old": PASSWORD, "new": OTHER, "username": "owner"}
    assert viewer.post("/password", form).location == "/settings/accounts?said=password_changed"
    assert viewer.inside
    assert Visitor(app).sign_in(OTHER, name="granny").status_code == 303
    assert Visitor(app).sign_in(PASSWORD, name="owner").status_code == 303


def test_a_name_that_is_none_takes_as_long_as_one_that_is(
    viewer: Visitor, accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []

    def verify(kept: str, password: str) -> bool:
        checked.append(kept)
        return hasher.verify(kept, password)

    monkeypatch.setattr("web.account.hasher", SimpleNamespace(hash=hasher.hash, verify=verify))
    accounts.verify("owner", "x")
    accounts.verify("nobody", "y")
    assert [hasher.check_needs_rehash(kept) for kept in checked] == [False, False]


def test_a_token_is_made_on_the_page_shown_once_and_taken_back(
    owner: Visitor, app: Flask, appliance: Appliance
) -> None:
    answer = owner.post("/settings/tokens", {"name": "shell", "scope": "read"})
    token = answer.text.partition('<code class="token">')[2].partition("</code>")[0]
    assert token.startswith("rf_")
    assert token not in owner.get("/settings/accounts").text
    ask = app.test_client()
    bearer = {"Authorization": f"Bearer {token}"}
    assert ask.get("/api/v1/rules", headers=bearer).status_code == 200
    assert ask.post("/api/v1/passes", json={}, headers=bearer).status_code == 403
    (kept,) = app.extensions["tokens"].issued()
    assert owner.post(f"/settings/tokens/{kept.id}/remove").status_code == 303
    assert ask.get("/api/v1/rules", headers=bearer).status_code == 401


def test_a_token_for_nothing_is_refused(owner: Visitor, app: Flask) -> None:
    for form, code in (({"name": "x"}, "scopes"), ({"name": "", "scope": "read"}, "name")):
        answer = owner.post("/settings/tokens", form)
        assert answer.location == f"/settings/accounts?said=token_{code}"
    assert app.extensions["tokens"].issued() == []


def test_accounts_over_the_api(ask: Ask, stranger: Visitor, app: Flask) -> None:
    made = ask("POST", "/api/v1/accounts", json={"name": "granny", "role": "viewer", "password": OTHER})
    assert (made.status_code, made.json["name"], made.json["sessions"]) == (201, "granny", 0)
    path = f"/api/v1/accounts/{made.json['id']}"
    granny = Visitor(app)
    granny.sign_in(OTHER, name="granny")
    assert ask("GET", path).json == made.json | {"sessions": 1}
    assert ask("PATCH", path, json={"name": "nana", "role": "owner"}).json["role"] == "owner"
    assert granny.inside
    assert ask("DELETE", f"{path}/sessions").status_code == 204
    assert not granny.inside
    assert [one["name"] for one in ask("GET", "/api/v1/accounts").json["accounts"]] == ["owner", "nana"]
    assert ask("DELETE", path).status_code == 204
    last = ask("DELETE", "/api/v1/accounts/1")
    assert (last.status_code, last.json["code"]) == (422, "last_owner")
    for method, body in (("GET", None), ("PATCH", {}), ("DELETE", None)):
        assert ask(method, path, json=body).status_code == 404
    assert ask("DELETE", f"{path}/sessions").status_code == 404


def test_tokens_over_the_api(ask: Ask, app: Flask) -> None:
    made = ask("POST", "/api/v1/tokens", json={"name": "graph", "scopes": ["metrics"]}).json
    assert made.pop("token").startswith("rf_")
    listed = ask("GET", "/api/v1/tokens").json["tokens"]
    assert listed[0] == made
    assert [one["name"] for one in listed] == ["graph", "tests"]
    assert ask("POST", "/api/v1/tokens", json={"name": "x", "scopes": []}).status_code == 422
    for status in (204, 404):
        assert ask("DELETE", f"/api/v1/tokens/{made['id']}").status_code == status


def test_no_answer_holds_a_password_or_its_hash(
    ask: Ask, program: Callable[..., Any], owner: Visitor
) -> None:
    ask("POST", "/api/v1/accounts", json={"name": "granny", "password": OTHER})
    for path in ("/api/v1/accounts", "/api/v1/accounts/1", "/api/v1/backup", "/api/v1/settings"):
        text = program("GET", path).text
        assert "argon2" not in text
        assert OTHER not in text
    assert "argon2" not in owner.get("/settings/accounts").text


def test_a_program_changes_a_password_with_the_old_one(ask: Ask, owner: Visitor) -> None:
    def change(**wish: str) -> TestResponse:
        return ask("PUT", "/api/v1/password", json={"name": "owner", "old": PASSWORD, "new": OTHER, **wish})

    for wish, code in (
        ({"old": "wrong horse"}, "old"),
        ({"name": "nobody"}, "old"),
        ({"new": "short"}, "password"),
    ):
        answer = change(**wish)
        assert (answer.status_code, answer.json and answer.json["code"]) == (422, code)
    assert owner.inside
    assert change().status_code == 204
    assert not owner.inside
    assert owner.sign_in(OTHER).status_code == 303


def test_a_program_cannot_guess_a_password(ask: Ask, stranger: Visitor) -> None:
    guess = {"name": "owner", "old": "wrong horse", "new": OTHER}
    answers = [ask("PUT", "/api/v1/password", json=guess).status_code for _ in range(30)]
    assert answers[0] == 422
    assert answers[-1] == 429


def test_guesses_at_an_account_are_counted_together_however_its_name_is_written(
    ask: Ask, owner: Visitor, app: Flask
) -> None:
    doors = app.extensions["accounts"].doors
    written = ("owner", "OWNER", " owner ", "ｏｗｎｅｒ", "")
    for n in range(doors.FREE_OF_A_NAME):
        doors._addresses.succeeded("127.0.0.1")
        name = written[n % len(written)]
        if n % 2:
            ask("PUT", "/api/v1/password", json={"name": name, "old": "wrong horse", "new": OTHER})
        else:
            Visitor(app).sign_in("wrong horse", name=name)
    assert doors.attempt("192.168.1.20", "owner") > 0
