"""The page and the API: a view of the appliance, which it touches only through its public methods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask
from flask_babel import Babel
from flask_wtf import CSRFProtect

from web import (
    access,
    api,
    checkup,
    describing,
    first_run,
    guard,
    home_screen,
    language,
    live,
    navigation,
    pages,
    problems,
    sessions,
    wire,
)
from web.account import TABLE, Accounts, session_secret
from web.pace import BURST, PER_SECOND, Pace
from web.sessions import IDLE
from web.tokens import Tokens
from web.wording import templates

if TYPE_CHECKING:
    from firmware.appliance import Appliance

LARGEST_REQUEST = 64 * 1024


def create_app(appliance: Appliance) -> Flask:
    """The WSGI application over an appliance. Raises OSError when its data folder cannot be used."""
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=session_secret(appliance.data),
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
        SESSION_COOKIE_NAME="ringfence",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=IDLE,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # the guard looks at Origin, over TLS or not
        TLS=bool(appliance.wiring.page_certificate),
        BABEL_TRANSLATION_DIRECTORIES="translations",
    )
    app.session_interface = sessions.Cookie()
    app.extensions["appliance"] = appliance
    app.extensions["accounts"] = Accounts(appliance.db, appliance.data)
    appliance.undo.extend((TABLE,), app.extensions["accounts"].put_back)
    app.extensions["pace"] = Pace(BURST, PER_SECOND)
    app.extensions["tokens"] = Tokens(appliance.data)
    app.before_request(appliance.attention.wait)
    wire.init_app(app)
    Babel(app, locale_selector=language.chosen)
    guard.init_app(app, CSRFProtect(app))
    live.init_app(app)
    problems.init_app(app)
    language.init_app(app)
    templates.init_app(app)
    describing.init_app(app)
    navigation.init_app(app)
    checkup.init_app(app)
    first_run.init_app(app, appliance.db)
    for room in (access, home_screen, language, pages, live, api):
        app.register_blueprint(room.blueprint)
    return app
