"""Whatever the page does and shows, a program can do and see: which operations of the API are those of each route."""

import re
from typing import Any

from flask import Flask

DOES = {
    "POST /board/lamps": ["POST /api/v1/trials/lamps"],
    "POST /board/relay": ["POST /api/v1/trials/relay"],
    "POST /calls/{id}/complaint": ["POST /api/v1/complaints"],
    "POST /calls/{id}/contact": ["POST /api/v1/contacts"],
    "POST /calls/{id}/kind": ["PATCH /api/v1/calls/{id}"],
    "POST /calls/{id}/known": ["POST /api/v1/known"],
    "POST /calls/{id}/mark": ["PATCH /api/v1/calls/{id}"],
    "POST /calls/{id}/note": ["PATCH /api/v1/calls/{id}"],
    "POST /calls/{id}/pool": ["PUT /api/v1/pools"],
    "POST /calls/{id}/rule": ["POST /api/v1/rules"],
    "POST /calls/{id}/undo": ["POST /api/v1/undo/{id}"],
    "POST /complaints/own": ["PATCH /api/v1/complainant"],
    "POST /complaints/{id}": ["PATCH /api/v1/complaints/{id}", "PATCH /api/v1/complainant"],
    "POST /complaints/{id}/calls": ["PATCH /api/v1/complaints/{id}"],
    "POST /complaints/{id}/remove": ["DELETE /api/v1/complaints/{id}"],
    "POST /complaints/{id}/state": ["PATCH /api/v1/complaints/{id}"],
    "POST /contacts": ["POST /api/v1/contacts"],
    "POST /contacts/import": ["POST /api/v1/contacts/import"],
    "POST /contacts/{id}": ["PATCH /api/v1/contacts/{id}"],
    "POST /contacts/{id}/remove": ["DELETE /api/v1/contacts/{id}"],
    "POST /courier": ["POST /api/v1/passes"],
    "POST /courier/end": ["DELETE /api/v1/passes/{id}"],
    "POST /known": ["POST /api/v1/known"],
    "POST /known/{id}/remove": ["DELETE /api/v1/known/{id}"],
    "POST /lines": ["POST /api/v1/lines/sip"],
    "POST /lines/sip/{id}": ["PATCH /api/v1/lines/sip/{id}"],
    "POST /lines/sip/{id}/register": ["POST /api/v1/lines/sip/{id}/register"],
    "POST /lines/sip/{id}/remove": ["DELETE /api/v1/lines/sip/{id}"],
    "POST /lines/sip/{id}/switch": ["PATCH /api/v1/lines/sip/{id}"],
    "POST /lists": ["POST /api/v1/lists"],
    "POST /lists/upload": ["POST /api/v1/lists/upload"],
    "POST /lists/{id}/refresh": ["POST /api/v1/lists/{id}/refresh"],
    "POST /lists/{id}/remove": ["DELETE /api/v1/lists/{id}"],
    "POST /lists/{id}/switch": ["PATCH /api/v1/lists/{id}"],
    "POST /lists/{id}/token": ["PATCH /api/v1/lists/{id}"],
    "POST /password": ["PUT /api/v1/password"],
    "POST /pause": ["PUT /api/v1/pause"],
    "POST /pause/end": ["DELETE /api/v1/pause"],
    "POST /pools/answer": ["PUT /api/v1/pools"],
    "POST /rules": ["POST /api/v1/rules"],
    "POST /rules/try": ["POST /api/v1/rules/preview"],
    "POST /rules/{id}": ["PATCH /api/v1/rules/{id}"],
    "POST /rules/{id}/remove": ["DELETE /api/v1/rules/{id}"],
    "POST /rules/{id}/switch": ["PATCH /api/v1/rules/{id}"],
    "POST /sets/{name}": ["PUT /api/v1/sets/{name}"],
    "POST /settings": ["PATCH /api/v1/settings"],
    "POST /settings/accounts": ["POST /api/v1/accounts"],
    "POST /settings/accounts/{id}": ["PATCH /api/v1/accounts/{id}"],
    "POST /settings/accounts/{id}/remove": ["DELETE /api/v1/accounts/{id}"],
    "POST /settings/backups": ["POST /api/v1/backups"],
    "POST /settings/backups/{name}/restore": ["POST /api/v1/backups/{name}/restore"],
    "POST /settings/forget": ["POST /api/v1/forget"],
    "POST /settings/notices": ["POST /api/v1/notices"],
    "POST /settings/notices/{id}/remove": ["DELETE /api/v1/notices/{id}"],
    "POST /settings/notices/{id}/test": ["POST /api/v1/notices/{id}/test"],
    "POST /settings/restart": ["POST /api/v1/restart"],
    "POST /settings/restore": ["POST /api/v1/restore"],
    "POST /settings/tokens": ["POST /api/v1/tokens"],
    "POST /settings/tokens/{id}/remove": ["DELETE /api/v1/tokens/{id}"],
    "POST /sign-out": ["DELETE /api/v1/accounts/{id}/sessions"],
    "POST /undo": ["POST /api/v1/undo/{id}"],
    "POST /welcome/next": ["PUT /api/v1/first-run"],
    "POST /welcome/place": ["PATCH /api/v1/settings", "PUT /api/v1/first-run"],
    "POST /welcome/ready": ["PUT /api/v1/first-run"],
    "POST /welcome/sets": ["PUT /api/v1/sets/{name}", "PUT /api/v1/first-run"],
}

SHOWS = {
    "GET /": ["GET /api/v1/status", "GET /api/v1/statistics", "GET /api/v1/doctor", "GET /api/v1/calls"],
    "GET /board": ["GET /api/v1/board", "GET /api/v1/status", "GET /api/v1/heard"],
    "GET /board/check-up": ["GET /api/v1/doctor"],
    "GET /board/traffic": ["GET /api/v1/modem/traffic"],
    "GET /calls": ["GET /api/v1/calls"],
    "GET /calls.csv": ["GET /api/v1/calls.csv"],
    "GET /calls/older": ["GET /api/v1/calls"],
    "GET /calls/{id}": ["GET /api/v1/calls/{id}", "GET /api/v1/calls/{id}/why"],
    "GET /calls/{id}/mark": ["GET /api/v1/calls/{id}", "GET /api/v1/complaints/forms"],
    "GET /check": ["GET /api/v1/explain", "GET /api/v1/history"],
    "GET /complaints": ["GET /api/v1/complaints", "GET /api/v1/complainant"],
    "GET /complaints.csv": ["GET /api/v1/complaints.csv"],
    "GET /complaints/sheet": ["GET /api/v1/complaints", "GET /api/v1/calls/{id}"],
    "GET /complaints/{id}": ["GET /api/v1/complaints/{id}", "GET /api/v1/complaints/forms"],
    "GET /contacts": ["GET /api/v1/contacts", "GET /api/v1/known"],
    "GET /contacts/{id}": ["GET /api/v1/contacts"],
    "GET /lines": ["GET /api/v1/lines", "GET /api/v1/lines/sip"],
    "GET /lines/sip/{id}": ["GET /api/v1/lines/sip"],
    "GET /lines/state": ["GET /api/v1/lines", "GET /api/v1/lines/sip"],
    "GET /lists": ["GET /api/v1/lists"],
    "GET /lists/state": ["GET /api/v1/lists"],
    "GET /lists/{id}/token": ["GET /api/v1/lists"],
    "GET /live": ["GET /api/v1/events"],
    "GET /live/{name}": ["GET /api/v1/events"],
    "GET /moment": ["GET /api/v1/passes", "GET /api/v1/pause"],
    "GET /pools": ["GET /api/v1/pools"],
    "GET /pools/state": ["GET /api/v1/pools"],
    "GET /rules": ["GET /api/v1/rules/order", "GET /api/v1/sets"],
    "GET /rules/{id}": ["GET /api/v1/rules/{id}"],
    "GET /sets/{name}/preview": ["GET /api/v1/sets"],
    "GET /settings": ["GET /api/v1/settings", "GET /api/v1/backups"],
    "GET /settings/accounts": ["GET /api/v1/accounts", "GET /api/v1/tokens"],
    "GET /settings/changes": ["GET /api/v1/changes"],
    "GET /settings/notices": ["GET /api/v1/notices"],
    "GET /settings/restarted": ["GET /api/v1/status"],
    "GET /welcome": ["GET /api/v1/first-run"],
    "GET /welcome/board": ["GET /api/v1/board", "GET /api/v1/status"],
    "GET /welcome/line": ["GET /api/v1/heard"],
    "GET /welcome/place": ["GET /api/v1/settings"],
    "GET /welcome/ready": ["GET /api/v1/first-run", "GET /api/v1/status"],
    "GET /welcome/sets": ["GET /api/v1/sets"],
}

A_BROWSERS = {
    "GET /claim",
    "POST /claim",
    "GET /sign-in",
    "POST /sign-in",
    "POST /language",
    "GET /manifest.webmanifest",
    "GET /offline",
    "GET /worker.js",
}
"""How a person comes in and is spoken to; a program comes with a token."""

BY_LINKS = {"GET /api/v1/authority.crt", "GET /api/v1/backup"}
"""What the page has no route of its own for: its links lead to the API."""

A_PROGRAMS = {
    "GET /healthz",
    "GET /metrics",
    "GET /api/v1/openapi.json",
    "GET /api/v1/accounts/{id}",
    "GET /api/v1/rules",
    "GET /api/v1/undo",
    "POST /api/v1/replay",
}
"""What a program wants in its own way: a document by its id or by the order of ids, and the look back at files."""


def test_of_every_route_of_the_page_it_is_said_which_operations_do_the_same(app: Flask) -> None:
    routes = {
        f"{method} " + re.sub(r"<(?:int:)?(\w+)>", r"{\1}", rule.rule)
        for rule in app.url_map.iter_rules()
        if not rule.endpoint.startswith(("api.", "static"))
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == DOES.keys() | SHOWS.keys() | A_BROWSERS


def test_there_is_each_of_these_operations_and_no_other(described: dict[str, Any]) -> None:
    operations = {
        f"{method.upper()} {path}" for path, methods in described["paths"].items() for method in methods
    }
    named = {operation for same in (DOES | SHOWS).values() for operation in same}
    assert operations == named | BY_LINKS | A_PROGRAMS
    assert not named & (BY_LINKS | A_PROGRAMS)
