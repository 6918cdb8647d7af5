import socket

import pytest
from flask import Flask
from visiting import Visitor, token_of
from werkzeug.routing import Rule

from firmware.appliance import Appliance
from web.tokens import issue

OPEN = {
    ("static", "GET"),
    ("api.health", "GET"),
    ("home_screen.manifest", "GET"),
    ("home_screen.worker", "GET"),
    ("home_screen.offline", "GET"),
    ("access.sign_in", "GET"),
    ("access.sign_in", "POST"),
    ("language.choose", "POST"),
}

Views = list[tuple[Rule, str, str]]


@pytest.fixture
def views(app: Flask) -> Views:
    """Each route of the application with each of its methods, and an address that leads there."""
    found = []
    for rule in app.url_map.iter_rules():
        path = rule.rule.replace("<int:id>", "1").replace("<id>", "1").replace("<name>", "mvno")
        path = path.replace("<path:filename>", "icon.svg")
        assert "<" not in path
        found += [(rule, method, path) for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})]
    return found


def test_whatever_is_not_open_by_name_turns_a_stranger_away(views: Views, stranger: Visitor) -> None:
    let_in = set()
    for rule, method, path in views:
        form = {"csrf_token": stranger.csrf()} if method != "GET" else None
        answer = stranger.client.open(path, method=method, data=form)
        if rule.endpoint.startswith("api.") and rule.endpoint != "api.health":
            assert answer.status_code == 401, (method, path)
            assert answer.headers["WWW-Authenticate"] == 'Bearer realm="ringfence"'
            assert answer.mimetype == "application/problem+json"
        elif answer.status_code != 303 or not (answer.location or "").startswith("/sign-in"):
            let_in.add((rule.endpoint, method))
    assert let_in == OPEN


EVERYBODYS = {"access.claim", "access.sign_in", "access.sign_out", "access.password", "language.choose"}
"""What changes nothing but one's own sign-in and language."""

SCOPES = {
    ("/api/v1/accounts", "GET"): "admin",
    ("/api/v1/accounts/<int:id>", "GET"): "admin",
    ("/api/v1/accounts", "POST"): "admin",
    ("/api/v1/accounts/<int:id>", "PATCH"): "admin",
    ("/api/v1/accounts/<int:id>", "DELETE"): "admin",
    ("/api/v1/accounts/<int:id>/sessions", "DELETE"): "admin",
    ("/api/v1/tokens", "GET"): "admin",
    ("/api/v1/tokens", "POST"): "admin",
    ("/api/v1/tokens/<id>", "DELETE"): "admin",
    ("/api/v1/backups", "POST"): "admin",
    ("/api/v1/backups/<name>/restore", "POST"): "admin",
    ("/api/v1/restore", "POST"): "admin",
    ("/api/v1/forget", "POST"): "admin",
    ("/api/v1/lines/sip", "POST"): "admin",
    ("/api/v1/lines/sip/<int:id>", "PATCH"): "admin",
    ("/api/v1/lines/sip/<int:id>", "DELETE"): "admin",
    ("/api/v1/lines/sip/<int:id>/register", "POST"): "admin",
    ("/api/v1/notices", "POST"): "admin",
    ("/api/v1/notices/<int:id>", "DELETE"): "admin",
    ("/api/v1/notices/<int:id>/test", "POST"): "admin",
    ("/api/v1/restart", "POST"): "admin",
    ("/api/v1/password", "PUT"): "read",
    ("/api/v1/replay", "POST"): "read",
    ("/metrics", "GET"): "metrics",
}
"""What needs another scope than the usual: to read for looking, to write for changing."""


def needed(rule: Rule, method: str) -> str:
    return SCOPES.get((rule.rule, method), "read" if method == "GET" else "write")


def test_a_viewer_sees_and_changes_nothing(views: Views, viewer: Visitor, appliance: Appliance) -> None:
    csrf = viewer.csrf()
    before = (appliance.data / "store.journal").read_bytes()
    for rule, method, path in views:
        if rule.endpoint in EVERYBODYS:
            continue
        headers = {"X-CSRFToken": csrf}
        with viewer.client.open(
            path, method=method, json={} if method != "GET" else None, headers=headers
        ) as answer:
            if needed(rule, method) == "read":
                assert answer.status_code not in (401, 403, 500), (method, path)
            else:
                assert answer.status_code == 403, (method, path)
    assert (appliance.data / "store.journal").read_bytes() == before


@pytest.mark.parametrize("scope", ["read", "write", "admin", "metrics"])
def test_a_token_opens_what_its_scope_names_and_nothing_else(
    views: Views, stranger: Visitor, app: Flask, appliance: Appliance, scope: str
) -> None:
    bearer = {"Authorization": f"Bearer {issue(appliance.data, 'x', [scope])}"}
    for rule, method, path in views:
        if rule.endpoint.startswith("api.") and rule.endpoint != "api.health":
            with app.test_client().open(path, method=method, headers=bearer) as answer:
                let_in = answer.status_code != 403
                assert let_in == (needed(rule, method) == scope), (method, path, answer.status_code)


def test_no_other_method_opens_a_closed_page(stranger: Visitor) -> None:
    for method in ("HEAD", "OPTIONS", "TRACE", "PROPFIND"):
        for path in ("/", "/rules", "/live", "/api/v1/calls", "/api/v1/events"):
            answer = stranger.client.open(path, method=method)
            assert answer.status_code in (303, 401, 405), (method, path)


def test_no_change_is_made_without_the_forms_token(
    views: Views, owner: Visitor, appliance: Appliance
) -> None:
    before = appliance.household.settings()
    for _, method, path in views:
        if method == "GET":
            continue
        for form in ({}, {"csrf_token": "x"}, {"csrf_token": "İ" * 100}):
            data = {"match": "162*", "action": "block", "withheld": "block"} | form
            answer = owner.client.open(path, method=method, data=data)
            assert answer.status_code == 400, (method, path)
    assert appliance.household.rules() == []
    assert appliance.household.settings() == before
    assert owner.inside


def test_no_change_is_made_for_another_sites_page(views: Views, owner: Visitor, appliance: Appliance) -> None:
    token = owner.csrf()
    elsewhere = (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost:8080"},
        {"Origin": "null"},
    )
    for _, method, path in views:
        if method == "GET":
            continue
        for headers in elsewhere:
            data = {"match": "162*", "action": "block", "csrf_token": token}
            assert owner.client.open(path, method=method, data=data, headers=headers).status_code == 403
    assert appliance.household.rules() == []
    assert owner.inside


def test_a_change_from_our_own_page_is_made(owner: Visitor, appliance: Appliance) -> None:
    for number, headers in enumerate(
        ({"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}, {}), 1
    ):
        form = {"match": f"16{number}*", "action": "block", "csrf_token": owner.csrf()}
        assert owner.client.post("/rules", data=form, headers=headers).status_code == 303
        assert len(appliance.household.rules()) == number


def test_nothing_changes_by_being_looked_at(views: Views, owner: Visitor, appliance: Appliance) -> None:
    appliance.household.add_rule({"match": "162*", "action": "block"})
    appliance.calls_log.start()
    assert appliance.calls() == []
    journal = (appliance.data / "store.journal").read_bytes()
    files = sorted(appliance.data.rglob("*"))
    for rule, method, path in views:
        if method == "GET":
            owner.get(path + "?action=block&match=163*&remove=1", HX_Request="true")
            if rule.endpoint not in ("live.page_news", "api.events"):
                owner.client.head(path)
    assert (appliance.data / "store.journal").read_bytes() == journal
    assert sorted(appliance.data.rglob("*")) == files


def test_a_change_answers_with_see_other(owner: Visitor, appliance: Appliance) -> None:
    id = appliance.household.add_rule({"match": "162*", "action": "block"})["id"]
    changes = (
        ("/rules", {"match": "163*", "action": "block"}),
        (f"/rules/{id}/remove", {}),
        ("/settings", {"withheld": "block"}),
        ("/language", {"language": "zh"}),
        ("/password", {"old": "x", "new": "y"}),
        ("/sign-out", {}),
    )
    for path, form in changes:
        assert owner.post(path, form).status_code == 303, path


def test_our_own_names_are_answered(stranger: Visitor) -> None:
    hosts = (
        "192.168.1.7",
        "192.168.1.7:8080",
        "[fd00::7]:8080",
        "localhost:8080",
        "ringfence.local",
        "RINGFENCE.LOCAL.:8080",
        "ringfence",
        socket.gethostname(),
        f"{socket.gethostname()}.lan",
    )
    for host in hosts:
        assert stranger.get("/sign-in", Host=host).status_code == 200, host


def test_a_strangers_name_for_our_address_is_refused(views: Views, owner: Visitor) -> None:
    hosts = (
        "evil.example",
        "evil.example:8080",
        "192.168.1.7.evil.example",
        "local",
        "evillocal",
        "evil.example:local",
        "ringfence.local.evil.example",
        "1921681.7x",
        "[::1",
        "<img>",
        "a" * 5000,
    )
    for host in hosts:
        for _, method, path in views:
            answer = owner.client.open(path, method=method, headers={"Host": host})
            assert answer.status_code == 421, (method, path, host)
            assert host.encode() not in answer.data


def test_every_answer_carries_the_headers_that_confine_it(views: Views, owner: Visitor) -> None:
    for _, method, path in [*views, (None, "GET", "/nothing"), (None, "DELETE", "/")]:
        if path in ("/live", "/api/v1/events"):
            continue
        headers = owner.client.open(path, method=method).headers
        policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
        assert policy["form-action"] == "'self'"
        assert set(policy.values()) == {"'self'", "'none'"}
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        if not path.startswith(("/static", "/api", "/healthz", "/metrics")):
            assert headers["Cache-Control"] == "no-store"


def test_an_opener_policy_is_sent_where_a_browser_heeds_it(stranger: Visitor) -> None:
    heeded = ("http://localhost", "http://127.0.0.1:8080", "http://[::1]", "https://192.168.1.9")
    for address in (*heeded, "http://ringfence.lan", "http://192.168.1.9:8080", "http://[fd00::9]"):
        sent = stranger.client.get("/sign-in", base_url=address).headers.get("Cross-Origin-Opener-Policy")
        assert sent == ("same-origin" if address in heeded else None), address


def test_no_page_needs_what_the_policy_forbids(owner: Visitor, appliance: Appliance) -> None:
    appliance.household.add_rule({"match": "162*", "action": "block"})
    for path in ("/", "/rules", "/settings", "/check?number=162", "/sign-in", "/nothing"):
        html = owner.get(path).text
        assert "<script>" not in html
        assert "<style" not in html
        assert " style=" not in html
        assert " onclick=" not in html
        assert "javascript:" not in html
        assert "http://" not in html.replace("http://localhost", "")
        assert "https://" not in html


def test_a_tokens_bearer_needs_no_form_token(app: Flask, appliance: Appliance) -> None:
    headers = {"Authorization": f"Bearer {issue(appliance.data, 'x')}"}
    body = {"match": "162*", "action": "block"}
    assert app.test_client().post("/api/v1/rules", json=body, headers=headers).status_code == 201


def test_a_token_opens_the_api_and_no_page(stranger: Visitor, appliance: Appliance) -> None:
    bearer = f"Bearer {issue(appliance.data, 'x')}"
    for path in ("/", "/rules", "/settings", "/check", "/live"):
        assert stranger.get(path, Authorization=bearer).status_code == 303
    answer = stranger.post("/rules", {"match": "1*", "action": "block"}, Authorization=bearer)
    assert answer.location == "/sign-in"
    assert appliance.household.rules() == []


def test_a_wrong_token_is_refused_even_in_a_session(owner: Visitor) -> None:
    assert owner.get("/api/v1/status").status_code == 200
    for value in ("Bearer rf_x", "Bearer ", "Bearer ../../secret", "bearer rf_" + "x" * 9000):
        assert owner.get("/api/v1/status", Authorization=value).status_code == 401


def test_the_api_serves_the_page_with_its_session_and_token(owner: Visitor, appliance: Appliance) -> None:
    csrf = token_of(owner.get("/settings").text)
    body = {"match": "162*", "action": "block"}
    assert owner.client.post("/api/v1/rules", json=body).status_code == 400
    answer = owner.client.post("/api/v1/rules", json=body, headers={"X-CSRFToken": csrf})
    assert answer.status_code == 201


def test_a_body_that_is_too_large_is_refused(owner: Visitor) -> None:
    for length in (65 * 1024, 10_000_000):
        answer = owner.client.post("/rules", data={"note": "x" * length})
        assert answer.status_code == 413
