"""The page of the settings."""

from __future__ import annotations

import io
from importlib.metadata import version
from typing import Any

from flask import abort, render_template, request, url_for
from werkzeug.wrappers import Response

from firmware.backups import backup
from firmware.backups.folder import BackupFault
from firmware.changes import releases
from firmware.lists.saving import MOST_NUMBERS
from firmware.settings import SETTINGS
from web.alone import alone
from web.guard import needs, takes
from web.language import say
from web.pages.answering import AROUND_A_FILE, blueprint, done
from web.restoring import restored
from web.scopes import ADMIN
from web.steps import kept_as
from web.within import appliance, household
from web.wording.settings import SETTING_NAMES

MOST_SHOWN = 20


@blueprint.get("/settings")
def settings() -> str:
    """What the owner can change."""
    return _settings(household().settings())


@blueprint.post("/settings")
def change_settings() -> Response | tuple[str, int]:
    """Keep what was changed."""
    given = {name: _value(name, request.form[name]) for name in SETTINGS if name in request.form}
    try:
        with kept_as("settings_kept") as step:
            household().change_settings(given)
    except ValueError as error:
        refused = say("This cannot be so: %(setting)s", setting=SETTING_NAMES[str(error)])
        return _settings(household().settings() | given, refused, wrong=str(error)), 400
    return done("settings", "settings_kept", step)


@blueprint.post("/settings/backups")
@needs(ADMIN)
def back_up() -> Response:
    """Make a backup now, where the regular ones are kept."""
    try:
        appliance().upkeep.back_up()
    except BackupFault as fault:
        return done("settings", f"backups_{fault.code}")
    return done("settings", "backed_up")


@blueprint.post("/settings/backups/<name>/restore")
@needs(ADMIN)
def restore_kept(name: str) -> Response:
    """Take over the wishes and lists of one of the backups that are kept."""
    try:
        with appliance().backups.open(str(household().settings()["backup_folder"]), name) as file:
            restored(file)
    except FileNotFoundError:
        abort(404)
    except BackupFault as fault:
        return done("settings", f"backups_{fault.code}")
    except backup.NoBackup as error:
        return done("settings", f"backup_{error}")
    return done("settings", "restored")


@blueprint.post("/settings/forget")
@needs(ADMIN)
def forget_caller() -> Response:
    """Forget one caller, or all of them."""
    everyone = request.form.get("everyone") == "yes"
    number = None if everyone else request.form.get("number", "")
    try:
        with alone():
            gone = appliance().forget(number, backups=request.form.get("backups") == "yes")
    except BackupFault as fault:
        return done("settings", f"backups_{fault.code}")
    except ValueError:
        return done("settings", "known_number")
    return done("settings", "forgotten_wished" if gone["wished"] else "forgotten")


@blueprint.get("/settings/changes")
def changes() -> str:
    """What is new in each version."""
    return render_template("changes.html", releases=releases())


@blueprint.post("/settings/restart")
@needs(ADMIN)
def restart() -> str:
    """Begin anew, and wait for it."""
    appliance().restart()
    return render_template("restarting.html", since=appliance().started)


@blueprint.get("/settings/restarted")
def restarted() -> Response:
    """For the page that waits: to the settings, once another appliance answers than the one that was asked."""
    if request.args.get("since", type=float) == appliance().started:
        return Response(status=204)
    return Response(status=204, headers={"HX-Redirect": url_for("pages.settings", said="restarted")})


def _settings(values: dict[str, Any], refused: str | None = None, wrong: str | None = None) -> str:
    try:
        backups, fault = appliance().backups.found(str(household().settings()["backup_folder"])), None
    except BackupFault as found:
        backups, fault = [], found.code
    return render_template(
        "settings.html",
        settings=SETTINGS,
        values=values,
        refused=refused,
        wrong=wrong,
        backups=backups[:MOST_SHOWN],
        backup_fault=appliance().upkeep.backup_fault or fault,
        backup_folders=appliance().backups.folders(),
        most_numbers=MOST_NUMBERS,
        left_out=appliance().lists.left_out(),
        version=version("ringfence"),
    )


@blueprint.post("/settings/restore")
@takes(backup.LARGEST + AROUND_A_FILE)
@needs(ADMIN)
def restore() -> Response:
    """Take over the wishes and lists of a backup in place of all that are kept."""
    file = request.files.get("file")
    try:
        restored(file.stream if file else io.BytesIO())
    except backup.NoBackup as error:
        return done("settings", f"backup_{error}")
    return done("settings", "restored")


def _value(name: str, text: str) -> str | float:
    """A form's text as the setting's type; the setting itself says whether it is valid."""
    if isinstance(SETTINGS[name].default, str):
        return text
    try:
        return float(text)
    except ValueError:
        return text
