"""The description of `web.api.rules`."""

from __future__ import annotations

from web.openapi.terms import (
    ACTION,
    BOOLEAN,
    FLAG,
    HOW,
    INTEGER,
    MOMENT,
    ONE,
    PAGING,
    SET,
    SKIPPING,
    STRING,
    Schema,
    array,
    named,
    operation,
    optional,
    parameter,
    record,
)

MOST_TRIED = 100
"""How many rules a preview tries at once."""

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
REMARKS = array(record(code=STRING, id=INTEGER, match=STRING))
COUNTS = {"calls": INTEGER, "blocked": INTEGER, "long": INTEGER, "spared": INTEGER, "examples": array(STRING)}

SCHEMAS: dict[str, Schema] = {
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
}

PATHS: dict[str, Schema] = {
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
}
