import pytest
from flask import Flask
from visiting import PASSWORD, Visitor, token_of

from firmware.appliance import Appliance
from web import create_app
from web.throttle import Doors


def cookie(visitor: Visitor) -> str:
    found = visitor.client.get_cookie("ringfence")
    return found.value if found else ""


def test_the_password_lets_the_owner_in(stranger: Visitor) -> None:
    assert not stranger.inside
    assert stranger.sign_in().location == "/"
    assert stranger.inside


def test_another_password_does_not(stranger: Visitor) -> None:
    for wrong in ("", "Correct horse", PASSWORD + " ", "x" * 60_000):
        answer = stranger.sign_in(wrong)
        assert answer.status_code == 403
        assert "That is not the password." in answer.text
        assert not stranger.inside


def test_signing_out_ends_the_session(owner: Visitor) -> None:
    assert owner.post("/sign-out").location == "/sign-in"
    assert not owner.inside


def test_the_session_is_a_new_one_after_signing_in(stranger: Visitor) -> None:
    planted = stranger.csrf()
    stranger.sign_in()
    answer = stranger.client.post("/sign-out", data={"csrf_token": planted})
    assert answer.status_code == 400
    assert stranger.inside


def test_a_forged_session_is_no_session(owner: Visitor, app: Flask) -> None:
    payload, _, signature = cookie(owner).rpartition(".")
    forger = Visitor(app)
    for value in (f"{payload}.{signature[::-1]}", "eyJfdXNlcl9pZCI6IjEifQ.x.y", "", "\x7f"):
        forger.client.set_cookie("ringfence", value)
        assert not forger.inside


def test_the_cookie_is_hidden_from_scripts_and_other_sites(stranger: Visitor) -> None:
    cookies = stranger.sign_in().headers.getlist("Set-Cookie")
    assert [cookie.partition("=")[0] for cookie in cookies] == ["device", "ringfence"]
    for cookie, same_site in zip(cookies, ("Strict", "Lax"), strict=True):
        assert "HttpOnly" in cookie
        assert f"SameSite={same_site}" in cookie
        assert "Secure" not in cookie


def test_over_tls_the_cookies_are_for_tls_alone(stranger: Visitor) -> None:
    page = stranger.client.get("/sign-in", base_url="https://localhost")
    form = {"csrf_token": token_of(page.text), "password": PASSWORD}
    answer = stranger.client.post("/sign-in", data=form, base_url="https://localhost")
    for cookie in (*page.headers.getlist("Set-Cookie"), *answer.headers.getlist("Set-Cookie")):
        assert "Secure" in cookie
    assert len(answer.headers.getlist("Set-Cookie")) == 2


def test_a_new_password_ends_every_other_session(owner: Visitor, app: Flask) -> None:
    elsewhere = Visitor(app)
    elsewhere.sign_in()
    answer = owner.post("/password", {"old": PASSWORD, "new": "battery staple"})
    assert answer.location == "/settings/accounts?said=password_changed"
    assert owner.inside
    assert not elsewhere.inside
    assert elsewhere.sign_in().status_code == 403
    assert elsewhere.sign_in("battery staple").status_code == 303


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [("wrong", "battery staple", "password_wrong"), (PASSWORD, "short", "password_short")],
)
def test_a_password_is_not_changed_by_mistake(owner: Visitor, old: str, new: str, said: str) -> None:
    assert owner.post("/password", {"old": old, "new": new}).location == f"/settings/accounts?said={said}"
    owner.post("/sign-out")
    assert owner.sign_in().status_code == 303


def test_guessing_is_slowed_down_for_who_guesses_and_for_nobody_else(stranger: Visitor) -> None:
    for _ in range(Doors.FREE):
        assert stranger.sign_in("guess").status_code == 403
    answer = stranger.sign_in()
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
    assert not stranger.inside
    form = {"csrf_token": stranger.csrf(), "password": PASSWORD}
    other = stranger.client.post("/sign-in", data=form, environ_base={"REMOTE_ADDR": "192.168.1.20"})
    assert other.status_code == 303


def test_a_device_is_known_for_the_account_that_signed_in_on_it_and_for_no_other(
    stranger: Visitor, app: Flask
) -> None:
    app.extensions["accounts"].add("granny", "viewer", PASSWORD)
    assert stranger.sign_in(name="owner").status_code == 303
    guesser = Visitor(app)
    for _ in range(Doors.FREE):
        guesser.sign_in("guess", name="granny")
    assert stranger.sign_in("guess", name="granny").status_code == 429
    assert stranger.sign_in(name="owner").status_code == 303


def test_a_forwarded_address_does_not_escape_the_throttle(stranger: Visitor) -> None:
    for n in range(Doors.FREE + 1):
        answer = stranger.post("/sign-in", {"password": "guess"}, X_Forwarded_For=f"10.0.0.{n}")
    assert answer.status_code == 429


def test_guessing_with_a_stolen_session_is_slowed_down(owner: Visitor) -> None:
    for _ in range(Doors.FREE):
        owner.post("/password", {"old": "guess", "new": "battery staple"})
    answer = owner.post("/password", {"old": PASSWORD, "new": "battery staple"})
    assert answer.location != "/settings/accounts?said=password_changed"


def test_after_signing_in_one_stays_here(stranger: Visitor) -> None:
    goes = {
        "/rules": "/rules",
        "/check?number=%2B8610": "/check?number=%2B8610",
        "/%0d%0aSet-Cookie:x=1": "/%0d%0aSet-Cookie:x=1",
        "https://evil.example/": "/",
        "//evil.example": "/",
        "///evil.example": "/",
        "/\\/evil.example": "/",
        "/\\evil.example": "/",
        "\\\\evil.example": "/",
        "/\t/evil.example": "/",
        "/\r\nX: y": "/",
        "javascript:alert(1)": "/",
        "rules": "/",
        "": "/",
    }
    for wanted, path in goes.items():
        form = {"csrf_token": stranger.csrf(), "password": PASSWORD}
        answer = stranger.client.post("/sign-in", query_string={"next": wanted}, data=form)
        assert (answer.status_code, answer.location) == (303, path)
        assert "x=1" not in "".join(answer.headers.getlist("Set-Cookie"))


def test_who_asked_for_a_page_gets_it_after_signing_in(stranger: Visitor) -> None:
    turned_away = stranger.get("/check?number=95588")
    assert turned_away.status_code == 303
    assert stranger.sign_in(path=turned_away.location).location == "/check?number=95588"


@pytest.mark.parametrize(
    ("opened", "path"),
    [
        ("http://localhost/calls?number=162*#call-1", "/calls?number=162*"),
        ("http://localhost", "/"),
        ("http://evil.example/rules", "/rules"),
        ("http://localhost//evil.example", "/"),
        ("http://localhost/\\evil.example", "/"),
        ("//evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("http://[", "/"),
        ("", "/"),
    ],
)
def test_who_taps_after_the_session_has_ended_comes_back_to_the_page_that_was_open(
    stranger: Visitor, opened: str, path: str
) -> None:
    told = stranger.post("/pause", {"minutes": "5"}, HX_Request="true", HX_Current_URL=opened)
    assert told.status_code == 401
    sent = stranger.post("/pause", {"minutes": "5"}, Referer=opened)
    for sign_in in (told.headers["HX-Redirect"], sent.location):
        assert sign_in.partition("?")[0] == "/sign-in"
        assert stranger.sign_in(path=sign_in).location == path
        stranger.post("/sign-out")


def test_a_damaged_hash_lets_nobody_in(owner: Visitor, appliance: Appliance) -> None:
    appliance.db.table("accounts").update({"password": "$argon2id$nonsense"})
    visitor = Visitor(create_app(appliance))
    assert visitor.sign_in().status_code == 403
