"""The description of `web.api.pools`."""

from __future__ import annotations

from firmware.screening import Says
from web.openapi.terms import (
    BOOLEAN,
    INTEGER,
    MOMENT,
    NUMBER,
    STRING,
    Schema,
    array,
    named,
    operation,
    optional,
    record,
)

POOL_ANSWER: Schema = {"enum": [str(says) for says in Says]}

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

SCHEMAS: dict[str, Schema] = {
    "Pool": record(**POOL),
    "Pools": record(
        pools=array(named("Pool")),
        past=array(record(id=INTEGER, match=STRING, answer=POOL_ANSWER, created=MOMENT)),
    ),
    "PoolAnswer": record(match=STRING, answer=optional(POOL_ANSWER)),
}

PATHS: dict[str, Schema] = {
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
}
