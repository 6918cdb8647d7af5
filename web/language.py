"""Chinese or English: what the visitor chose, else what the browser asks for, else Chinese."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, request
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


@blueprint.post("/language")
def choose() -> Response:
    """Keep the visitor's choice in a cookie."""
    response = make_response(redirect(local_path(request.form.get("next")), 303))
    language = request.form.get("language", "")
    if language in LANGUAGES:
        response.set_cookie(COOKIE, language, max_age=YEAR, httponly=True, samesite="Lax")
    return response
