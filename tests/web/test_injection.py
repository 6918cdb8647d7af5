import itertools
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from markupsafe import escape
from test_guard import Views, views
from visiting import Visitor

from firmware.appliance import Appliance

NAMES = [
    "<img src=x onerror=alert(1)>",
    '"><script>alert(1)</script>',
    "' onmouseover='alert(1)",
    "</li></ol><form action=//evil.example>",
    "{{ 7*7 }}{% raw %}",
    "<svg/onload=alert(1)>",
]
PAGES = ("home", "calls", "call", "rules", "contacts", "lists", "accounts", "notices", "case")
"""Where text of others is shown."""

__all__ = ["views"]


class Tags(HTMLParser):
    """What a browser would make of a page: the names of its elements and of their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names |= {tag, *(name for name, _ in attrs)}


def shape(html: str) -> set[str]:
    return Tags(html).names


def test_a_callers_name_is_text_and_nothing_else(
    owner: Visitor, ring: Callable[..., int], appliance: Appliance
) -> None:
    id = ring("16210000000", "Wang")
    owner.post(f"/calls/{id}/rule", {"action": "block"})
    plain = {path: shape(owner.get(path).text) for path in ("/", "/rules")}
    for number, name in enumerate(NAMES, 16210000001):
        id = ring(str(number), name)
        assert appliance.calls(limit=1)[0]["name"] == name
        judged = owner.post(f"/calls/{id}/rule", {"action": "block"}, HX_Request="true").text
        assert shape(judged) <= plain["/"]
        for path, before in plain.items():
            html = owner.get(path).text
            assert str(escape(name)) in html
            assert shape(html) == before


def test_a_note_is_text_and_nothing_else(owner: Visitor) -> None:
    owner.post("/rules", {"match": "163*", "action": "block", "note": "plain"})
    before = shape(owner.get("/rules").text)
    for name in NAMES:
        owner.post("/rules", {"match": "162*", "action": "block", "note": name})
        html = owner.get("/rules").text
        assert str(escape(name)) in html
        assert shape(html) == before


def test_no_page_makes_markup_of_what_is_kept(
    views: Views, owner: Visitor, program: Callable[..., Any], ring: Callable[..., int], guarding: Appliance
) -> None:
    text = NAMES[0]
    id = ring("16210123456", text)
    guarding.remark(id, note=text, said=text)
    assert owner.post(f"/calls/{id}/complaint").status_code == 303
    guarding.db.table("notice_addresses").insert(
        {"name": text, "service": text, "url": "ntfy://example.org/t"}
    )
    wishes: dict[str, dict[str, Any]] = {
        "rules": {"match": "162*", "action": "block", "note": text},
        "contacts": {"name": text, "numbers": ["13900010086"]},
        "lists": {"name": text, "url": "https://example.org/"},
        "accounts": {"name": text, "password": "correct horse"},
        "tokens": {"name": text, "scopes": ["read"]},
    }
    for path, wish in wishes.items():
        assert program("POST", f"/api/v1/{path}", json=wish).status_code == 201
    shown = set()
    for rule, method, path in views:
        if method == "GET" and rule.endpoint.startswith("pages."):
            with owner.get(path) as answer:
                if answer.mimetype == "text/html":
                    assert "<img src=x" not in answer.text, path
                    shown |= {rule.endpoint} if str(escape(text)) in answer.text else set()
    assert shown >= {f"pages.{name}" for name in PAGES}


def test_nothing_that_was_asked_for_comes_back_as_markup(
    owner: Visitor, app: Flask, guarding: Appliance
) -> None:
    pages = (
        "/?said=", "/rules?said=", "/check?number=", "/calls?before=", "/rules?before=",
        "/calls?search=", "/calls?verdict=", "/calls?since=",
    )  # fmt: skip
    plain = {path: shape(owner.get(f"{path}1x").text) for path in pages}
    for text in NAMES:
        for path, before in plain.items():
            assert shape(owner.get(path + text).text) == before
        for path in ("/{}", "/rules/{}/remove", "/calls/{}", "/static/{}"):
            answer = owner.get(path.format(text))
            assert answer.status_code in (404, 405)
            assert shape(answer.text) == shape(owner.get(path.format("nothing")).text)
        assert text not in owner.get(f"/api/v1/calls/{text}").text
        page = app.test_client().get("/sign-in", query_string={"next": text})
        assert text not in page.text


def test_words_come_from_the_product_and_never_from_the_address(owner: Visitor) -> None:
    assert "The rule is kept and in force." in owner.get("/rules?said=rule_kept").text
    page = owner.get("/rules?said=Your+box+is+infected")
    assert "infected" not in re.sub("<[^>]*>", "", page.text)
    assert '<div id="said"></div>' in page.text
    for path in ("/infected", "/calls/infected", "/static/infected", "/rules/infected/remove"):
        assert "infected" not in re.sub("<[^>]*>", "", owner.get(path).text)
    for method, path in itertools.product(("GET", "POST"), ("/api/infected", "/api/v1/calls/infected")):
        assert (
            "infected" not in owner.client.open(path, method=method, data={"csrf_token": owner.csrf()}).text
        )


def test_static_files_are_those_of_the_page_alone(owner: Visitor) -> None:
    for path in ("../secret", "..%2fsecret", "%2e%2e/%2e%2e/web/guard.py", "%5c..%5csecret", "vendor/", "."):
        assert owner.get(f"/static/{path}").status_code == 404


def test_a_page_that_is_none_is_no_failure(owner: Visitor) -> None:
    for value in ("x", "-1", "9" * 30, "1.5", "", "\0", "१"):
        for path in ("/", "/calls", "/calls/older", "/calls.csv", "/rules", "/live", "/live/calls"):
            with owner.client.get(path, query_string={"before": value, "down_to": value}) as answer:
                assert answer.status_code in (200, 400, 404)


def test_an_id_that_is_none_is_no_failure(owner: Visitor) -> None:
    for id in ("9" * 16, "9" * 5000, "-1", "1.0", "0x1"):
        for path in (
            "/calls/{}",
            "/complaints/{}",
            "/lines/sip/{}",
            "/api/v1/calls/{}",
            "/api/v1/accounts/{}",
        ):
            assert owner.get(path.format(id)).status_code == 404, (path, id[:20])


def test_a_setting_that_is_none_is_refused(owner: Visitor, appliance: Appliance) -> None:
    before = appliance.household.settings()
    for value in ("x", "nan", "inf", "1e999", "-1", "", "9" * 5000, *NAMES):
        for name in ("silence_s", "retention_days", "region", "withheld"):
            assert owner.post("/settings", {name: value}).status_code == 400
    assert appliance.household.settings() == before


def test_a_caller_is_judged_only_as_is_known(
    owner: Visitor, ring: Callable[..., int], appliance: Appliance
) -> None:
    id = ring("16210123456")
    for action in ("", "explode", *NAMES):
        owner.post(f"/calls/{id}/rule", {"action": action})
        owner.post(f"/calls/{id}/rule", {"action": action}, HX_Request="true")
    for none in (0, 7, 10**30):
        assert owner.post(f"/calls/{none}/rule", {"action": "block"}).status_code == 404
    assert appliance.household.rules() == []


def test_a_protected_caller_cannot_be_blocked_whatever_is_posted(
    owner: Visitor, ring: Callable[..., int], appliance: Appliance
) -> None:
    id = ring("96110")
    assert f'action="/calls/{id}/rule"' not in owner.get("/").text
    answer = owner.post(f"/calls/{id}/rule", {"action": "block"})
    assert answer.location == f"/calls/{id}?said=protected"
    assert appliance.household.rules() == []
