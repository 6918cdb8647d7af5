"""What an application was made over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app

if TYPE_CHECKING:
    from firmware.appliance import Appliance
    from firmware.household import Household
    from web.account import Account
    from web.tokens import Tokens


def appliance() -> Appliance:
    """The appliance that is shown."""
    found: Appliance = current_app.extensions["appliance"]
    return found


def household() -> Household:
    """What the owner of the appliance wants."""
    return appliance().household


def account() -> Account:
    """The owner's account."""
    found: Account = current_app.extensions["account"]
    return found


def tokens() -> Tokens:
    """The tokens of programs."""
    found: Tokens = current_app.extensions["tokens"]
    return found
