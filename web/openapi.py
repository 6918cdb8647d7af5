"""The API's description (OpenAPI 3.1), which the tests hold against the API itself."""

from __future__ import annotations

from http import HTTPStatus

from firmware.backups.backup import MEDIA_TYPE
from firmware.calls.statistics import Outcome
from firmware.screening.rules import LONGEST_LINE_NAME
from web.pace import BURST, PER_SECOND
from web.schemas import ACTION, DAY, INTEGER, MOMENT, SCHEMAS, STRING, Schema, named

USUAL, MOST = 50, 200
"""How many calls, rules or contacts an answer has."""

LONGEST_NUMBER = 64
MOST_REPLAYED = 20_000

ABOUT = f"""Errors are problem documents (RFC 9457). Of a token or address {BURST} requests are answered at once and
{PER_SECOND} a second in the long run, others with 429 and Retry-After. A document has an ETag for If-None-Match."""
SCOPED = """From `ringfence token NAME --scope SCOPE` or the page of accounts. To look, a token needs the scope read; to
change, write; to manage accounts, tokens and the box itself, admin; for /metrics, metrics."""

FLAG: Schema = {"enum": ["0", "1"]}


def content(schema: Schema, *media: str) -> Schema:
    return {"content": {one: {"schema": schema} for one in media or ("application/json",)}}


def parameter(name: str, place: str, schema: Schema, *, required: bool = False) -> Schema:
    return {"name": name, "in": place, "required": required, "schema": schema}


def operation(
    summary: str,
    schema: str | None,
    *problems: int,
    status: int = 200,
    body: str | None = None,
    file: tuple[str, ...] = (),
    parameters: tuple[Schema, ...] = (),
) -> Schema:
    """One operation: its answer's schema, the schema of its JSON `body` or the media types of its `file`, and the
    problems it may answer with besides those of any body."""
    refused = {"application/problem+json": {"schema": named("Problem")}}
    of_any_body = (400, 413, 415, 422, 507) if body else (413, 422, 507) if file else ()
    found: Schema = {
        "summary": summary,
        "responses": {str(status): {"description": summary, **(content(named(schema)) if schema else {})}}
        | {
            str(code): {"description": HTTPStatus(code).phrase, "content": refused}
            for code in sorted({401, 403, 429, *problems, *of_any_body})
        },
    }
    if parameters:
        found["parameters"] = list(parameters)
    if body or file:
        found["requestBody"] = {"required": True, **(content(named(body)) if body else content({}, *file))}
    return found


def streamed(summary: str, media: str, *problems: int, parameters: tuple[Schema, ...] = ()) -> Schema:
    """An operation whose answer is no JSON document."""
    found = operation(summary, None, *problems, parameters=parameters)
    found["responses"]["200"] |= content(STRING, media)
    return found


PAGING = (
    parameter("before", "query", {"type": "integer", "minimum": 0, "maximum": 10**15 - 1}),
    parameter("limit", "query", {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}),
)
SKIPPING = (
    parameter("skip", "query", {"type": "integer", "minimum": 0, "maximum": 10**15 - 1, "default": 0}),
    PAGING[1],
)
FILTERS = (
    parameter(
        "search",
        "query",
        {
            **STRING,
            "description": "Part of the number, the name, what the owner said of the call, or what the number tells",
        },
    ),
    parameter("verdict", "query", {"enum": [str(outcome) for outcome in Outcome]}),
    parameter("since", "query", DAY),
    parameter("until", "query", DAY),
)
ONE = (parameter("id", "path", INTEGER, required=True),)
NAMED = (parameter("id", "path", STRING, required=True),)
SET = (parameter("name", "path", STRING, required=True),)
CALLER = (
    parameter("number", "query", {**STRING, "maxLength": LONGEST_NUMBER}, required=True),
    parameter("at", "query", MOMENT),
    parameter("line", "query", {**STRING, "maxLength": LONGEST_LINE_NAME}),
)
UPLOADED = (parameter("name", "query", STRING, required=True), parameter("action", "query", ACTION))


def health() -> Schema:
    responses = {"200": "The line is guarded", "503": "It is not"}
    return {
        "summary": "Whether the line is guarded",
        "security": [],
        "responses": {
            code: {"description": words, **content(named("Health"))} for code, words in responses.items()
        },
    }


def own() -> Schema:
    found = operation("This document", None)
    found["responses"]["200"] |= content({"type": "object"})
    return found


PATHS: dict[str, Schema] = {
    "/healthz": {"get": health()},
    "/metrics": {"get": streamed("Figures for Prometheus (text format 0.0.4)", "text/plain")},
    "/api/v1/openapi.json": {"get": own()},
    "/api/v1/status": {"get": operation("What is so now", "Status")},
    "/api/v1/events": {
        "get": streamed(
            "News as they happen, as server-sent events",
            "text/event-stream",
            503,
            parameters=(
                parameter(
                    "Last-Event-ID",
                    "header",
                    {**STRING, "description": "The id of the last news that were heard: go on from there"},
                ),
            ),
        )
    },
    "/api/v1/calls": {
        "get": operation(
            "Calls, newest first, of those that are looked for", "Calls", 400, parameters=(*PAGING, *FILTERS)
        )
    },
    "/api/v1/calls.csv": {
        "get": streamed(
            "The calls that are looked for, as a table (RFC 4180)", "text/csv", 400, parameters=FILTERS
        )
    },
    "/api/v1/calls/{id}": {
        "get": operation("One call", "Call", 404, parameters=ONE),
        "patch": operation(
            "Keep what the owner says of a call", "Call", 404, body="CallRemark", parameters=ONE
        ),
    },
    "/api/v1/calls/{id}/why": {
        "get": operation(
            "How a call would be judged if it came now, step by step, and what it belongs to",
            "Why",
            404,
            parameters=ONE,
        )
    },
    "/api/v1/complaints.csv": {
        "get": streamed("Every case with its calls, as a table (RFC 4180)", "text/csv")
    },
    "/api/v1/complaints": {
        "get": operation("Cases, newest first", "Complaints", 400, parameters=PAGING),
        "post": operation(
            "The case of a call, prepared where there is none",
            "Complaint",
            404,
            status=201,
            body="ComplaintWish",
        ),
    },
    "/api/v1/complaints/{id}": {
        "get": operation(
            "One case with its form filled in; `call`: the one of its calls that the form is about",
            "Complaint",
            404,
            parameters=(*ONE, parameter("call", "query", INTEGER)),
        ),
        "patch": operation("Change some of a case", "Complaint", 404, body="ComplaintChange", parameters=ONE),
        "delete": operation("Drop a case; its calls stay", None, 404, 507, status=204, parameters=ONE),
    },
    "/api/v1/complaints/forms": {
        "get": operation("The authorities' forms for the country of the line", "ComplaintForms")
    },
    "/api/v1/complainant": {
        "get": operation("The owner's details for the forms", "Complainant"),
        "patch": operation("Keep some of the owner's details", "Complainant", body="ComplainantChange"),
    },
    "/api/v1/accounts": {
        "get": operation("Every account", "Accounts"),
        "post": operation("Keep an account", "Account", status=201, body="AccountWish"),
    },
    "/api/v1/accounts/{id}": {
        "get": operation("One account", "Account", 404, parameters=ONE),
        "patch": operation(
            "Change an account; a new password signs it out everywhere",
            "Account",
            404,
            body="AccountChange",
            parameters=ONE,
        ),
        "delete": operation("Drop an account", None, 404, 422, 507, status=204, parameters=ONE),
    },
    "/api/v1/accounts/{id}/sessions": {
        "delete": operation("Sign an account out everywhere", None, 404, 507, status=204, parameters=ONE)
    },
    "/api/v1/password": {
        "put": operation(
            "Change the password of an account, whose old one has to be known; it is signed out everywhere",
            None,
            status=204,
            body="PasswordChange",
        )
    },
    "/api/v1/tokens": {
        "get": operation("Every token, by name; none is shown", "Tokens"),
        "post": operation("Issue a token", "FreshToken", 409, status=201, body="TokenWish"),
    },
    "/api/v1/tokens/{id}": {
        "delete": operation(
            "Forget a token",
            None,
            404,
            507,
            status=204,
            parameters=NAMED,
        )
    },
    "/api/v1/statistics": {
        "get": operation("The calls of the last 30 days, counted by the owner's clock", "Statistics")
    },
    "/api/v1/settings": {
        "get": operation("What the owner has set", "Settings"),
        "patch": operation("Change some settings, all or none", "Settings", body="SettingsChange"),
    },
    "/api/v1/changes": {"get": operation("What is new in each version, newest first", "Changes")},
    "/api/v1/restart": {
        "post": operation(
            "Begin anew in a moment; handset and line are connected meanwhile", None, status=202
        )
    },
    "/api/v1/explain": {
        "get": operation(
            "How a number would be judged at a moment, or now", "Explanation", 400, parameters=CALLER
        )
    },
    "/api/v1/history": {
        "get": operation(
            "The latest calls of a number and of its look-alikes, of all that are kept",
            "History",
            400,
            parameters=CALLER[:1],
        )
    },
    "/api/v1/heard": {
        "get": operation(
            "The call that rings, or rang last since the start, and its caller ID as it came", "Heard"
        )
    },
    "/api/v1/board": {"get": operation("Which part is at which pin of the header", "Board")},
    "/api/v1/modem/traffic": {
        "get": operation("What was said to the modem and by it, oldest first", "Traffic")
    },
    "/api/v1/doctor": {"get": operation("What ails the box", "Findings", 503)},
    "/api/v1/trials/lamps": {"post": operation("Light the lamps one after another", None, 409, status=204)},
    "/api/v1/trials/relay": {
        "post": operation("Part handset and line for half a second, and connect them again", "Moved", 409)
    },
    "/api/v1/first-run": {
        "get": operation("The first steps that are still to be taken", "FirstRun"),
        "put": operation("Say which of the first steps are still to be taken", "FirstRun", body="FirstRun"),
    },
    "/api/v1/rules": {
        "get": operation("Rules, newest first", "Rules", 400, parameters=PAGING),
        "post": operation("Keep a rule", "KeptRule", status=201, body="RuleWish"),
    },
    "/api/v1/rules/order": {
        "get": operation(
            "The owner's rules, or those of the sets, in the order in which they decide: the first that fits does",
            "Rules",
            400,
            parameters=(*SKIPPING, parameter("of_sets", "query", FLAG)),
        )
    },
    "/api/v1/rules/{id}": {
        "get": operation("One rule", "Rule", 404, parameters=ONE),
        "patch": operation(
            "Change some of a rule's fields", "KeptRule", 404, body="RuleChange", parameters=ONE
        ),
        "delete": operation("Drop a rule", None, 404, 507, status=204, parameters=ONE),
    },
    "/api/v1/rules/preview": {
        "post": operation(
            "What rules would have done to the calls of the last 30 days", "Preview", 503, body="Trial"
        )
    },
    "/api/v1/sets": {
        "get": operation(
            "The ready-made sets of rules; with what each would have done, where that is asked for",
            "Sets",
            400,
            503,
            parameters=(parameter("preview", "query", FLAG),),
        )
    },
    "/api/v1/sets/{name}": {
        "put": operation("Turn a set on or off", "Set", 404, body="SetSwitch", parameters=SET)
    },
    "/api/v1/contacts": {
        "get": operation(
            "Contacts, newest first; those that have `search` in their name or in a number",
            "Contacts",
            400,
            parameters=(*PAGING, parameter("search", "query", STRING)),
        ),
        "post": operation("Keep a contact", "Contact", status=201, body="ContactWish"),
    },
    "/api/v1/contacts/{id}": {
        "delete": operation("Drop a contact", None, 404, 507, status=204, parameters=ONE)
    },
    "/api/v1/contacts/import": {
        "post": operation(
            "Keep the contacts of an exported address book, all or none",
            "Imported",
            503,
            file=("text/vcard", "text/csv"),
        )
    },
    "/api/v1/passes": {
        "get": operation("The passes that are open, newest first", "Passes"),
        "post": operation("Expect a courier", "Pass", status=201, body="PassWish"),
    },
    "/api/v1/passes/{id}": {"delete": operation("End a pass", None, 404, 507, status=204, parameters=ONE)},
    "/api/v1/pause": {
        "get": operation("Until when nobody is blocked", "Pause"),
        "put": operation("Block nobody for some minutes", "Pause", body="PauseWish"),
        "delete": operation("Block again", None, 404, 507, status=204),
    },
    "/api/v1/known": {
        "get": operation(
            "Callers who are known, since somebody has talked with them or the owner said so, newest first",
            "Known",
            400,
            parameters=PAGING,
        ),
        "post": operation(
            "Know the caller with a number, such as one that the owner has called",
            "Pass",
            status=201,
            body="KnownWish",
        ),
    },
    "/api/v1/known/{id}": {
        "delete": operation("Know a caller no more", None, 404, 507, status=204, parameters=ONE)
    },
    "/api/v1/pools": {
        "get": operation(
            "Pools of look-alikes that call, and answers about those that call no more", "Pools"
        ),
        "put": operation(
            "Say that a pool is blocked, let through or asked about again in a week; null takes the answer back",
            "Pool",
            body="PoolAnswer",
        ),
    },
    "/api/v1/authority.crt": {
        "get": streamed(
            "The authority of the certificate that the box has made itself", "application/x-x509-ca-cert", 404
        )
    },
    "/api/v1/undo": {
        "get": operation(
            "What was done in the last day, on the page or by programs, and can be taken back, newest first",
            "Steps",
            400,
            parameters=SKIPPING,
        )
    },
    "/api/v1/undo/{id}": {
        "post": operation(
            "Take back what was done, as far as nothing of it has been changed again; with the scope that it took",
            None,
            404,
            409,
            507,
            status=204,
            parameters=NAMED,
        )
    },
    "/api/v1/lists": {
        "get": operation("Every list, newest first", "Lists"),
        "post": operation("Subscribe to a list", "List", status=201, body="ListWish"),
    },
    "/api/v1/lists/upload": {
        "post": operation("Keep a list", "List", status=201, file=("text/plain",), parameters=UPLOADED)
    },
    "/api/v1/lists/{id}": {
        "patch": operation(
            "Change a list's name, action or token, or turn it on or off",
            "List",
            404,
            body="ListChange",
            parameters=ONE,
        ),
        "delete": operation("Drop a list", None, 404, 507, status=204, parameters=ONE),
    },
    "/api/v1/lists/{id}/refresh": {
        "post": operation("Fetch and compile a list as soon as may be", None, 404, status=202, parameters=ONE)
    },
    "/api/v1/backups": {
        "get": operation("The backups where the regular ones are kept, newest first", "Backups"),
        "post": operation("Make a backup now", "MadeBackup", 507, status=201),
    },
    "/api/v1/backups/{name}/restore": {
        "post": operation(
            "Take over the wishes and lists of a backup that is kept; the calls stay",
            "Restored",
            404,
            422,
            503,
            507,
            parameters=SET,
        )
    },
    "/api/v1/forget": {
        "post": operation(
            "Forget the caller with a number, or every caller, for good; rules and contacts stay",
            "Forgotten",
            503,
            body="ForgetWish",
        )
    },
    "/api/v1/lines": {"get": operation("Every line and its state", "Lines")},
    "/api/v1/lines/sip": {
        "get": operation("The accounts at SIP registrars", "SipAccounts"),
        "post": operation("Keep an account, and register", "SipAccount", status=201, body="SipWish"),
    },
    "/api/v1/lines/sip/{id}": {
        "patch": operation("Change an account", "SipAccount", 404, body="SipChange", parameters=ONE),
        "delete": operation("Drop an account", None, 404, 507, status=204, parameters=ONE),
    },
    "/api/v1/lines/sip/{id}/register": {
        "post": operation("Register again now", None, 404, status=202, parameters=ONE)
    },
    "/api/v1/notices": {
        "get": operation("The addresses to which notices go", "NoticeAddresses"),
        "post": operation("Keep an address", "NoticeAddress", status=201, body="NoticeWish"),
    },
    "/api/v1/notices/{id}": {
        "delete": operation("Drop an address", None, 404, 507, status=204, parameters=ONE)
    },
    "/api/v1/notices/{id}/test": {
        "post": operation("Send a test", None, 404, 502, status=204, parameters=ONE)
    },
    "/api/v1/replay": {
        "post": operation(
            "Judge recorded calls (time,number,name) by the rules that are kept",
            "Replay",
            503,
            file=("text/csv",),
        )
    },
    "/api/v1/backup": {
        "get": streamed(
            "All that the household has made, one JSON object a line",
            MEDIA_TYPE,
            400,
            507,
            parameters=(parameter("calls", "query", FLAG),),
        )
    },
    "/api/v1/restore": {
        "post": operation(
            "Take over the wishes and lists of a backup in place of all that are kept; the calls stay",
            "Restored",
            503,
            file=(MEDIA_TYPE,),
        )
    },
}

for _methods in PATHS.values():
    if "application/json" in _methods.get("get", {}).get("responses", {}).get("200", {}).get("content", {}):
        _methods["get"]["responses"]["304"] = {"description": "As the If-None-Match of the request has it"}


def document(version: str) -> Schema:
    """The whole description, for the product's `version`."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Ringfence", "version": version, "description": ABOUT},
        "security": [{"token": []}],
        "paths": PATHS,
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": SCOPED}},
        },
    }
