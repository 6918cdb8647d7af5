"""What went wrong: as a page for people, as `application/problem+json` (RFC 9457) for programs."""

from __future__ import annotations

from http import HTTPStatus

from flask import Flask, Response, json, make_response, render_template, request
from flask_babel import lazy_gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, ServiceUnavailable, TooManyRequests

PROBLEMS = {
    403: lazy_gettext("That is not allowed: it did not come from this page, or your account may only look."),
    404: lazy_gettext("There is nothing here."),
    413: lazy_gettext("That is too large."),
    503: lazy_gettext("Something else that is large is being worked on. Please try again in a moment."),
    507: lazy_gettext("The card refuses to keep this. Nothing was changed."),
}


def problem(status: int, detail: str, *, code: str | None = None) -> Response:
    """A problem document; `code` names what was wrong where a program may want to know."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    if code:
        body["code"] = code
    return Response(json.dumps(body), status, mimetype="application/problem+json")


def page(status: int) -> Response:
    """The problem in a visitor's words; for a part of a page that htmx asked for, no more than that."""
    template = "_error.html" if "HX-Request" in request.headers else "error.html"
    return make_response(render_template(template, words=problem_words(status)), status)


def problem_words(status: int) -> str:
    """What an HTTP status means to a person."""
    return str(PROBLEMS.get(status) or lazy_gettext("That did not work. Please go back and try again."))


def init_app(app: Flask) -> None:
    """Answer every error of `app` with one of the two, and with nothing of what was sent."""

    @app.errorhandler(CSRFError)
    @app.errorhandler(HTTPException)
    def refuse(error: HTTPException) -> Response:
        status = error.code or 500
        if error.response is not None:
            return make_response(error.response)
        if request.path.startswith("/api/"):
            forged = isinstance(error, CSRFError)
            answer = problem(
                status, "Send a bearer token, or X-CSRFToken." if forged else error.description or ""
            )
        else:
            answer = page(status)
        if isinstance(error, MethodNotAllowed):
            answer.allow.update(error.valid_methods or ())
        if isinstance(error, ServiceUnavailable | TooManyRequests):
            answer.retry_after = error.retry_after
        return answer

    @app.errorhandler(OSError)
    def refuse_for_the_disk(error: OSError) -> Response:
        app.logger.error("the disk refused a change: %s", error)
        if request.path.startswith("/api/"):
            return problem(507, "The disk refuses to keep this. Nothing was changed.")
        return page(507)
