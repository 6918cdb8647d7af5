"""The documents of the API as JSON Schemas, by name."""

from __future__ import annotations

from typing import Any

from firmware.board.buttons import BUTTONS
from firmware.board.lamps import Shows
from firmware.call import Action, How, Reason
from firmware.calls.statistics import HOURS
from firmware.complaints import Fill, State
from firmware.complaints.cases import CHANGES, OWN
from firmware.household.pause import LONGEST_PAUSE
from firmware.lines.sip.account import ENDINGS, LIMITS, TRANSPORTS
from firmware.screening import Says
from firmware.settings import SETTINGS, Setting
from web.scopes import GRANTED, SCOPES

Schema = dict[str, Any]

MOST_TRIED = 100
"""How many rules a preview tries at once."""

STRING: Schema = {"type": "string"}
INTEGER: Schema = {"type": "integer"}
NUMBER: Schema = {"type": "number"}
BOOLEAN: Schema = {"type": "boolean"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
DAY: Schema = {"type": "string", "format": "date"}
ACTION: Schema = {"enum": [str(action) for action in Action]}
HOW: Schema = {"enum": [str(how) for how in How]}


POOL_ANSWER: Schema = {"enum": [str(says) for says in Says]}


def optional(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def record(*left_out: str, **properties: Schema) -> Schema:
    """An object with all of these and nothing else; those `left_out` need not be there."""
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in left_out],
        "additionalProperties": False,
    }


def array(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def named(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def setting_schema(setting: Setting) -> Schema:
    if setting.choices:
        return {"enum": list(setting.choices), "description": setting.help}
    if setting.pattern:
        return {"type": "string", "pattern": f"^{setting.pattern}$", "description": setting.help}
    kind = "integer" if isinstance(setting.default, int) else "number"
    return {"type": kind, "minimum": setting.least, "maximum": setting.most, "description": setting.help}


SETTING_SCHEMAS = {name: setting_schema(setting) for name, setting in SETTINGS.items()}


def _between(name: str) -> Schema:
    least, most = LIMITS[name]
    return {"type": "integer", "minimum": least, "maximum": most}


TERMS = {
    "how": {**HOW, "description": "How a blocked call is rejected, where the settings do not say it"},
    "line": {**STRING, "description": "The line for which alone the rule speaks"},
    "when": {**STRING, "description": "Hours of the week: mon-fri 22:00-07:00; sat 10:00-12:00"},
    "until": {**MOMENT, "description": "When the rule ends"},
    "on": BOOLEAN,
}
WISH = {
    "match": {
        **STRING,
        "description": "A number, 162* (a segment), 16210000..16219999 (a range), 162????8888 (a pattern), "
        "/expression/, name:, kind:, place: or operator:",
    },
    "action": ACTION,
    "note": optional(STRING),
} | {name: optional(schema) for name, schema in TERMS.items()}
WISHED = set(WISH)
TRIAL = WISH | {"id": {**INTEGER, "description": "The rule that is changed"}}
TRIED = set(TRIAL)
RULE = {
    "id": INTEGER,
    "match": STRING,
    "action": ACTION,
    "note": STRING,
    "created": MOMENT,
    "hits": record(count=INTEGER, last=optional(MOMENT)),
    "of": {**STRING, "description": "The ready-made set to which the rule belongs"},
} | TERMS
MAY_LACK = ("of", *TERMS)

REMARKED: dict[str, Schema] = {
    "note": {**optional(STRING), "description": "What the owner wrote down of the call"},
    "kind": {**optional(STRING), "description": "The kind of harassment, as the authority names it"},
    "said": {**optional(STRING), "description": "What the caller said"},
}
MARKED: Schema = {**optional(MOMENT), "description": "When a kind was first given"}
CASE: dict[str, Schema] = {
    "id": INTEGER,
    "form": {**STRING, "description": "The id of the authority's form"},
    "about": {
        **optional(STRING),
        "description": "What the callers share, such as +861621012????; null: no number",
    },
    "calls": array(INTEGER),
    "answers": {
        "type": "object",
        "additionalProperties": STRING,
        "description": "The owner's answers by the names of fields; where a field has choices, the code of one",
    },
    "state": {"enum": [str(state) for state in State]},
    "reference": {**STRING, "description": "The number that the authority gave the case"},
    "answer": {**STRING, "description": "What the authority answered"},
    "created": MOMENT,
    "filed": optional(MOMENT),
}
FIELD: dict[str, Schema] = {
    "name": STRING,
    "label": {**STRING, "description": "In the form's own words"},
    "fill": {"enum": [str(fill) for fill in Fill], "description": "Where its value comes from"},
}
CASE_CHANGES = {name: CASE[name] for name in CHANGES}
COMPLAINANT = dict.fromkeys(OWN, STRING)
REMARKS = array(record(code=STRING, id=INTEGER, match=STRING))
COUNTS = {"calls": INTEGER, "blocked": INTEGER, "long": INTEGER, "spared": INTEGER, "examples": array(STRING)}

OUTCOMES: dict[str, Schema] = {
    "allowed": INTEGER,
    "blocked": INTEGER,
    "unknown": {**INTEGER, "description": "Let through since nothing was known of the caller"},
}

LIST_TOKEN = {
    **optional(STRING),
    "description": "What the list's own server is sent as a bearer token, and no other; null takes it away",
}

ROLE: Schema = {"enum": list(GRANTED)}
ACCOUNT_NAME: Schema = {**STRING, "minLength": 1, "maxLength": 40}
PASSWORD: Schema = {**STRING, "minLength": 8, "maxLength": 200}
SCOPE: Schema = {"enum": list(SCOPES)}
TOKEN = {"id": STRING, "name": STRING, "scopes": array(SCOPE), "created": optional(MOMENT)}
POOL: dict[str, Schema] = {
    "match": {**STRING, "description": "Its numbers, with a ? for each digit that is open"},
    "odds": {**NUMBER, "description": "How many unwanted callers are to be expected to each wanted one"},
    "numbers": {**INTEGER, "description": "Different numbers that called"},
    "calls": INTEGER,
    "first": MOMENT,
    "last": MOMENT,
    "hung_up": {**INTEGER, "description": "Numbers on which somebody hung up within seconds"},
    "marked": {**INTEGER, "description": "Numbers that the owner has blocked"},
    "listed": {**INTEGER, "description": "Numbers that are on a list"},
    "wanted": {**INTEGER, "description": "Numbers that were wanted"},
    "stopped": {**INTEGER, "description": "Calls that were blocked"},
    "latest": {**array(STRING), "description": "Some of the numbers, the last first"},
    "reported": {
        **INTEGER,
        "description": "Numbers of its own on the lists, whether they have called here or not",
    },
    "answer": {**optional(POOL_ANSWER), "description": "What the owner answered, where that still holds"},
    "blocked": {**BOOLEAN, "description": "Whether its next new number is blocked"},
}

LINE: dict[str, Schema] = {
    "name": STRING,
    "state": {"enum": ["starting", "guarding", "fault"]},
    "fault": optional(STRING),
    "hint": optional(STRING),
}
SIP_PASSWORD: Schema = {**STRING, "maxLength": 255, "description": "Taken, and never told"}
SIP: dict[str, Schema] = {
    "name": {**STRING, "description": "By which rules and calls know the line"},
    "server": {**STRING, "description": "The registrar: HOST or HOST:PORT"},
    "user": STRING,
    "login": {**STRING, "description": "The name that the password goes with, where it is not the user"},
    "transport": {"enum": list(TRANSPORTS)},
    "proxy": {**STRING, "description": "To which everything is sent, where it is not the server"},
    "expiry": _between("expiry"),
    "ending": {"enum": list(ENDINGS), "description": "How a blocked call ends: taken and ended, or declined"},
    "wait": {
        **_between("wait"),
        "description": "Seconds for which a wanted call rings here; 0 is to its end",
    },
    "internal": {**_between("internal"), "description": "Digits up to which a caller is one of the house"},
    "exempt": {**STRING, "description": "Patterns of callers who are never judged"},
    "on": BOOLEAN,
}
STEPS: Schema = array(record(step=STRING, matched=BOOLEAN, action=optional(ACTION), match=optional(STRING)))
HEARD: Schema = {
    "line": STRING,
    "started": MOMENT,
    "number": optional(STRING),
    "presented": optional(STRING),
    "name": optional(STRING),
    "absence": optional({"enum": ["withheld", "unavailable"]}),
    "rings": INTEGER,
    "duration": NUMBER,
    "over": BOOLEAN,
    "cut": BOOLEAN,
    "talked": {**optional(NUMBER), "description": "Seconds; null where nobody answered or it is not known"},
    "answered": {**BOOLEAN, "description": "Whether another phone has it, where the seconds are not known"},
    "verdict": optional(named("Verdict")),
    "who": optional(named("Who")),
}
"""What there is to know of a call from the line itself."""

SCHEMAS: dict[str, Schema] = {
    "Health": record(status={"enum": ["ok", "fault"]}),
    "Problem": record(
        "code",
        type=STRING,
        title=STRING,
        status=INTEGER,
        detail=STRING,
        code={**STRING, "description": "What was wrong, where a program may want to know"},
    ),
    "Status": record(
        line=record(
            name=STRING,
            state={"enum": ["starting", "guarding", "ringing", "fault"]},
            fault=optional(STRING),
            hint=optional(STRING),
        ),
        lines=array(named("Line")),
        modem=record(
            port=optional(STRING),
            model=optional(STRING),
            dialect=optional(STRING),
            caller_id=BOOLEAN,
            country=optional(STRING),
        ),
        relay={"enum": ["connected", "cut", "guard"]},
        first_ring=record(
            mode={"enum": ["ring", "mute", "guard"]},
            why={**optional(STRING), "description": "Why it is not as set: parts, unproved or hours"},
            possible={"type": "array", "items": {"enum": ["ring", "mute", "guard"]}},
        ),
        leds={
            "type": "object",
            "additionalProperties": STRING,
            "description": "off, on, slow, fast, left1 to left4, or how many times it blinks before a pause",
        },
        shows={"enum": [str(shows) for shows in Shows], "description": "What the lamps say"},
        paused={**optional(MOMENT), "description": "Until when nobody is blocked"},
        lifted={**optional(BOOLEAN), "description": "Whether the handset is; null where no sensor tells"},
        pressed={"type": "array", "items": {"enum": list(BUTTONS)}},
        jammed={"type": "array", "items": {"enum": list(BUTTONS)}},
        faults={
            **array(STRING),
            "description": "What does not work as it should: the faults of lines, relay, disk, store, backup",
        },
        pins={"enum": ["real", "simulated"]},
        counts=record(calls=INTEGER, rules=INTEGER, today=INTEGER, blocked_today=INTEGER),
        version=STRING,
        uptime_s=NUMBER,
    ),
    "Account": record(
        id=INTEGER,
        name=STRING,
        role=ROLE,
        sessions={**INTEGER, "description": "On how many devices it is signed in"},
    ),
    "Accounts": record(accounts=array(named("Account"))),
    "AccountWish": record("role", name=ACCOUNT_NAME, role=ROLE, password=PASSWORD),
    "AccountChange": record("name", "role", "password", name=ACCOUNT_NAME, role=ROLE, password=PASSWORD),
    "PasswordChange": record(name=ACCOUNT_NAME, old=STRING, new=PASSWORD),
    "Token": record(**TOKEN),
    "Tokens": record(tokens=array(named("Token"))),
    "TokenWish": record(
        name={**STRING, "minLength": 1, "maxLength": 64}, scopes={**array(SCOPE), "minItems": 1}
    ),
    "FreshToken": record(**TOKEN, token={**STRING, "description": "Shown this once"}),
    "Settings": record(**SETTING_SCHEMAS),
    "SettingsChange": record(*SETTING_SCHEMAS, **SETTING_SCHEMAS),
    "Backups": record(
        backups=array(record(name=STRING, size=INTEGER, made=MOMENT)),
        fault={
            **optional(STRING),
            "description": "Why the last one was not made: folder, unmounted, disk, spoiled",
        },
        folders={**array(STRING), "description": "Folders on other disks, for the setting backup_folder"},
        left_out={**array(STRING), "description": "Uploaded lists whose numbers have no room in a backup"},
    ),
    "MadeBackup": record(name=STRING),
    "ForgetWish": record(
        "backups",
        number={**optional(STRING), "description": "null: every caller"},
        backups={**BOOLEAN, "description": "Whether the backups that are kept are deleted too"},
    ),
    "Forgotten": record(
        calls=INTEGER,
        known=INTEGER,
        backups=INTEGER,
        wished={**BOOLEAN, "description": "Whether a contact or a rule is still about this very number"},
    ),
    "Line": record(**LINE),
    "Lines": record(lines=array(named("Line"))),
    "SipWish": record(*(SIP.keys() - {"name", "server", "user"}), "password", **SIP, password=SIP_PASSWORD),
    "SipChange": record(*SIP, "password", **SIP, password=SIP_PASSWORD),
    "SipAccount": record(
        id=INTEGER,
        **SIP,
        has_password=BOOLEAN,
        line=optional(
            record(
                state=LINE["state"],
                fault=optional(STRING),
                hint=optional(STRING),
                port=optional(INTEGER),
                server=optional(STRING),
                seconds=optional(INTEGER),
                status={**optional(INTEGER), "description": "With which the registrar refused"},
            )
        ),
    ),
    "SipAccounts": record(accounts=array(named("SipAccount"))),
    "NoticeWish": record(
        name=STRING, url={**STRING, "description": "An address as apprise has them; a secret"}
    ),
    "NoticeAddress": record(
        id=INTEGER,
        name=STRING,
        service=STRING,
        fault={**optional(STRING), "description": "Why the last message was not sent"},
        waiting={**INTEGER, "description": "Lines that wait to be sent"},
    ),
    "NoticeAddresses": record(addresses=array(named("NoticeAddress"))),
    "Changes": record(releases=array(record(name=STRING, about=STRING, changes=array(STRING)))),
    "Verdict": record(
        action=ACTION,
        reason={"enum": [str(reason) for reason in Reason]},
        rule={
            **optional(INTEGER),
            "description": "The id of the rule, contact, pass, list or answer about a pool that decided",
        },
        match=optional(STRING),
        how=optional(HOW),
    ),
    "Who": record(
        kind=STRING,
        country=optional(STRING),
        operator=optional(STRING),
        host=optional(STRING),
        place=optional(STRING),
    ),
    "Call": record(id=INTEGER, **HEARD, **REMARKED, marked=MARKED),
    "Heard": record(call=optional(record(**HEARD, raw=array(STRING)))),
    "CallRemark": record(*REMARKED, **REMARKED),
    "Calls": record(
        calls=array(named("Call")),
        next={**optional(INTEGER), "description": "`before` of the next part; null where there is none"},
    ),
    "Complaints": record(complaints=array(record(**CASE))),
    "Complaint": record(
        "authority",
        "address",
        "fields",
        "text",
        "sms",
        "offers",
        **CASE,
        authority=STRING,
        address=optional(STRING),
        fields=array(record(**FIELD, value=STRING, given=STRING, enough=BOOLEAN)),
        text={**STRING, "description": "All fields that have a value, a line each"},
        sms=optional(record(to=STRING, text=STRING)),
        offers={**array(INTEGER), "description": "Calls from its like that are in no case, newest first"},
    ),
    "ComplaintWish": record(call={**INTEGER, "description": "The call that it is about"}),
    "ComplaintChange": record(*CASE_CHANGES, **CASE_CHANGES),
    "ComplaintForms": record(
        forms=array(
            record(
                id=STRING,
                name=STRING,
                language=STRING,
                address=optional(STRING),
                fields=array(record(**FIELD, choices=array(record(code=STRING, label=STRING)))),
            )
        )
    ),
    "Complainant": record(**COMPLAINANT),
    "ComplainantChange": record(*COMPLAINANT, **COMPLAINANT),
    "Outcomes": record(**OUTCOMES),
    "Statistics": record(
        today=named("Outcomes"),
        week={**named("Outcomes"), "description": "Seven days, today among them"},
        days=array(record(day=DAY, **OUTCOMES)),
        hours={
            **array({"type": "array", "items": INTEGER, "minItems": HOURS, "maxItems": HOURS}),
            "description": "Calls by weekday, from Monday on, and hour",
        },
        segments=array(record(segment=STRING, calls=INTEGER, blocked=INTEGER)),
        operators=array(
            record(operator=optional(STRING), host=optional(STRING), calls=INTEGER, blocked=INTEGER)
        ),
        blocked=INTEGER,
        each_s={**NUMBER, "description": "Seconds that a call takes of whoever answers it"},
        measured={**BOOLEAN, "description": "Whether each_s is that of unknown callers who came through"},
        saved_s={**INTEGER, "description": "blocked times each_s"},
        whole={**BOOLEAN, "description": "Whether all of the log has been counted yet"},
    ),
    "History": record(segment=optional(STRING), own=array(named("Call")), alike=array(named("Call"))),
    "Board": record(
        pins=array(
            record(
                name={**STRING, "description": "The part"},
                gpio={**INTEGER, "description": "By the BCM's number"},
                header={**INTEGER, "description": "By its place, from 1 to 40"},
            )
        )
    ),
    "Traffic": record(lines=array(record(at=MOMENT, sent=BOOLEAN, text=STRING, times=INTEGER))),
    "Findings": record(
        findings=array(
            record(part=STRING, verdict={"enum": ["ok", "warn", "fail"]}, says=STRING, advice=STRING)
        )
    ),
    "Moved": record(moved=BOOLEAN),
    "FirstRun": record(open={"type": "array", "items": {"enum": ["place", "line", "board", "sets"]}}),
    "Explanation": record(
        presented=STRING,
        number=STRING,
        possible=BOOLEAN,
        who=named("Who"),
        at=MOMENT,
        line=STRING,
        verdict=named("Verdict"),
        steps=STEPS,
    ),
    "Why": record(
        steps=STEPS,
        segment={**optional(STRING), "description": "That of its number, as rules write it"},
        pool={**optional(STRING), "description": "That to which its number belongs"},
        complaint={**optional(INTEGER), "description": "The case that it is in"},
    ),
    "RuleWish": record(*(WISHED - {"match", "action"}), **WISH),
    "RuleChange": record(*WISHED, **WISH),
    "Rule": record(*MAY_LACK, **RULE),
    "Rules": record(rules=array(named("Rule"))),
    "KeptRule": record(*MAY_LACK, **RULE, remarks=REMARKS),
    "RuleTrial": record(*(TRIED - {"match", "action"}), **TRIAL),
    "Trial": record(rules={**array(named("RuleTrial")), "minItems": 1, "maxItems": MOST_TRIED}),
    "Preview": record(**COUNTS, remarks=REMARKS),
    "SetSwitch": record(on=BOOLEAN),
    "Set": record(
        "preview",
        name=STRING,
        on=BOOLEAN,
        rules=array(record("when", match=STRING, action=ACTION, of=STRING, when=STRING)),
        preview=record(**COUNTS),
    ),
    "Sets": record(sets=array(named("Set"))),
    "ContactWish": record("groups", name=STRING, numbers=array(STRING), groups=array(STRING)),
    "Contact": record(id=INTEGER, name=STRING, numbers=array(STRING), groups=array(STRING), created=MOMENT),
    "Contacts": record(contacts=array(named("Contact"))),
    "Imported": record(new=INTEGER, known=INTEGER, skipped=INTEGER, notes=array(STRING)),
    "Pool": record(**POOL),
    "Pools": record(
        pools=array(named("Pool")),
        past=array(record(id=INTEGER, match=STRING, answer=POOL_ANSWER, created=MOMENT)),
    ),
    "PoolAnswer": record(match=STRING, answer=optional(POOL_ANSWER)),
    "PassWish": record("minutes", "segments", minutes=optional(INTEGER), segments=optional(array(STRING))),
    "Pass": record(
        "said",
        id=INTEGER,
        segments=array(STRING),
        until=optional(MOMENT),
        created=MOMENT,
        said={"const": True, "description": "There where the owner said so, and it is not for a long talk"},
    ),
    "PauseWish": record(minutes={**INTEGER, "minimum": 1, "maximum": LONGEST_PAUSE}),
    "Pause": record(until={**optional(MOMENT), "description": "null where nothing is paused"}),
    "Steps": record(
        steps=array(
            record(id=STRING, what={**STRING, "description": "A code, such as rule_kept"}, made=MOMENT)
        )
    ),
    "Passes": record(passes=array(named("Pass"))),
    "KnownWish": record(number=STRING),
    "Known": record(known=array(named("Pass"))),
    "ListWish": record("action", "token", name=STRING, url=STRING, action=ACTION, token=LIST_TOKEN),
    "ListChange": record(
        "name", "action", "on", "token", name=STRING, action=ACTION, on=BOOLEAN, token=LIST_TOKEN
    ),
    "List": record(
        id=INTEGER,
        name=STRING,
        action=ACTION,
        url={**optional(STRING), "description": "null where the list was uploaded"},
        has_token={**BOOLEAN, "description": "Whether a token is sent, which is never told"},
        on=BOOLEAN,
        created=MOMENT,
        etag=optional(STRING),
        modified=optional(STRING),
        sha256=optional(STRING),
        checked=optional(MOMENT),
        built=optional(MOMENT),
        fault={**optional(STRING), "description": "The code of what went wrong when it was last renewed"},
        count={**INTEGER, "description": "Distinct numbers and segments"},
        refused={**INTEGER, "description": "Lines that were no number"},
        samples={**array(STRING), "description": "Beginnings of the first of them"},
        progress={
            **optional(
                {"type": "array", "items": {"type": ["string", "integer"]}, "minItems": 2, "maxItems": 2}
            ),
            "description": "The phase it is in (fetching, reading, writing), and how far",
        },
    ),
    "Lists": record(lists=array(named("List"))),
    "Replay": record(
        calls=array(
            record(time=MOMENT, number=optional(STRING), name=optional(STRING), verdict=named("Verdict"))
        ),
        totals={"type": "object", "additionalProperties": INTEGER},
    ),
    "Restored": record(
        kept={"type": "object", "additionalProperties": INTEGER},
        skipped={**INTEGER, "description": "Lines that made no sense"},
    ),
}
