"""What an application was made over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app

if TYPE_CHECKING:
    from firmware.appliance import Appliance
    from firmware.household import Household
    from firmware.undo import Undo
    from web.account import Accounts
    from web.pace import Pace
    from web.tokens import Tokens


def appliance() -> Appliance:
    """The appliance that is shown."""
    found: Appliance = current_app.extensions["appliance"]
    return found


def household() -> Household:
    """What the owner of the appliance wants."""
    return appliance().household


def accounts() -> Accounts:
    """Who may sign in."""
    found: Accounts = current_app.extensions["accounts"]
    return found


def tokens() -> Tokens:
    """The tokens of programs."""
    found: Tokens = current_app.extensions["tokens"]
    return found


def pace() -> Pace:
    """How often the API may be asked."""
    found: Pace = current_app.extensions["pace"]
    return found


def undo() -> Undo:
    """The ways back from what was done."""
    return appliance().undo
