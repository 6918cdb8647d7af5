"""Chinese or English: what the visitor chose, else what the browser asks for, else Chinese."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Flask, make_response, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from web.safely import local_path

LANGUAGES = {"zh": "中文", "en": "English"}
TAGS = {"zh": "zh-CN", "en": "en"}
COOKIE = "language"
YEAR = 365 * 24 * 3600

blueprint = Blueprint("language", __name__)


def chosen() -> str:
    """The language of this request, as in LANGUAGES."""
    kept = request.cookies.get(COOKIE, "")
    return kept if kept in LANGUAGES else request.accept_languages.best_match([*LANGUAGES], "zh") or "zh"


def say(words: str, **values: object) -> str:
    """English words in the visitor's language."""
    return str(gettext(words, **values))


def meaning(words: Mapping[str, str]) -> str | None:
    """What something means in the visitor's language, where that is said."""
    return words.get(chosen())


@blueprint.post("/language")
def choose() -> Response:
    """Keep the visitor's choice in a cookie."""
    response = make_response(redirect(local_path(request.form.get("next")), 303))
    language = request.form.get("language", "")
    if language in LANGUAGES:
        response.set_cookie(COOKIE, language, max_age=YEAR, httponly=True, samesite="Lax")
    return response


def init_app(app: Flask) -> None:
    """Let templates know the languages, and the visitor's."""
    app.jinja_env.globals.update(languages=LANGUAGES, meaning=meaning)
    app.context_processor(lambda: {"tag": TAGS[chosen()]})
