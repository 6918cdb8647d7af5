"""Pools of look-alikes, and the owner's answers about them."""

from __future__ import annotations

from flask import Response
from werkzeug.exceptions import BadRequest

from web.api.asking import answer, asked, blueprint, refusal, text
from web.steps import kept_as
from web.within import household

REFUSALS = {
    "pool": "Nobody has called from there.",
    "answer": "The answer is block, allow, later or null.",
}


@blueprint.get("/api/v1/pools")
def pools() -> Response:
    """The pools that call, and the answers about those that call no more."""
    return answer({"pools": household().found_pools(), "past": household().past_pools()})


@blueprint.put("/api/v1/pools")
@kept_as("pool_answered")
def answer_pool() -> Response:
    """Keep what the owner says of a pool, or take it back."""
    body = asked({"match", "answer"})
    says = None if body.get("answer") is None else text(body, "answer")
    if "answer" not in body:
        raise BadRequest("answer is wanted.")
    try:
        return answer(household().answer_pool(text(body, "match"), says))
    except ValueError as error:
        return refusal(error, REFUSALS)
