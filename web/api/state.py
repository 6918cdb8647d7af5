"""What is so: the line, the settings, what is new."""

from __future__ import annotations

from dataclasses import asdict

from flask import Response
from werkzeug.wrappers import Response as AnyResponse

from firmware.changes import releases
from web import live
from web.api.asking import answer, asked, blueprint
from web.guard import needs
from web.openapi import document as openapi
from web.problems import problem
from web.scopes import ADMIN
from web.steps import kept_as
from web.within import appliance, household


@blueprint.get("/healthz")
def health() -> Response:
    """Whether the line is guarded; says nothing else, to anyone."""
    fault = appliance().status()["line"]["fault"]
    return answer({"status": "fault" if fault else "ok"}, 503 if fault else 200)


@blueprint.get("/api/v1/openapi.json")
def document() -> Response:
    """This API's own description."""
    return answer(openapi.document(appliance().status()["version"]))


@blueprint.get("/api/v1/status")
def status() -> Response:
    """What is so now."""
    return answer(appliance().status())


@blueprint.get("/api/v1/events")
def events() -> AnyResponse:
    """News as they happen."""
    return live.program_news()


@blueprint.get("/api/v1/settings")
def settings() -> Response:
    """What the owner has set."""
    return answer(household().settings())


@blueprint.patch("/api/v1/settings")
@kept_as("settings_kept")
def change_settings() -> Response:
    """Change some settings, all or none."""
    try:
        return answer(household().change_settings(asked(None)))
    except ValueError as error:
        return problem(422, f"{error} has no such value.", code=str(error))


@blueprint.get("/api/v1/changes")
def changes() -> Response:
    """What is new in each version, newest first."""
    return answer({"releases": [asdict(release) for release in releases()]})


@blueprint.post("/api/v1/restart")
@needs(ADMIN)
def restart() -> Response:
    """Begin anew in a moment."""
    appliance().restart()
    return Response(status=202)
