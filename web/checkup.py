"""What the check-up finds (`firmware/doctor.py`), in the visitor's language."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask
from flask_babel import gettext, lazy_gettext

PARTS = {
    "python": lazy_gettext("Python"),
    "modem": lazy_gettext("Modem"),
    "sip": lazy_gettext("SIP"),
    "pins": lazy_gettext("Pins"),
    "proxy": lazy_gettext("SIP proxy"),
    "storage": lazy_gettext("Storage"),
    "permissions": lazy_gettext("Permissions"),
    "backup": lazy_gettext("Backup"),
    "clock": lazy_gettext("Clock"),
}

VERDICTS = {
    "ok": lazy_gettext("in order"),
    "warn": lazy_gettext("look at it"),
    "fail": lazy_gettext("mend it"),
}

SENTENCES = (
    lazy_gettext("%(found)s"),
    lazy_gettext("%(error)s"),
    lazy_gettext("Python 3.11, 3.12 or 3.13 is needed: use Debian 12 or 13."),
    lazy_gettext("no serial port found"),
    lazy_gettext("Plug the modem in; `lsusb` should name it."),
    lazy_gettext("%(path)s answers: %(said)s"),
    lazy_gettext("%(path)s does not answer"),
    lazy_gettext("Unplug it for ten seconds."),
    lazy_gettext("%(path)s: no permission"),
    lazy_gettext("Join the group %(group)s."),
    lazy_gettext("%(path)s is in use, by the running appliance or another program"),
    lazy_gettext("%(path)s: %(error)s"),
    lazy_gettext("Unplug the modem and plug it in again."),
    lazy_gettext("%(name)s: %(server)s can be reached"),
    lazy_gettext("%(name)s: %(server)s cannot be reached (%(error)s)"),
    lazy_gettext("Check the server and the network."),
    lazy_gettext("Whether it is registered, is on the page under “Lines”."),
    lazy_gettext("simulated, as the settings ask"),
    lazy_gettext('This is a Pi: set pins = "auto" to drive the relay.'),
    lazy_gettext("Run on a Raspberry Pi, or with --pins mock."),
    lazy_gettext("Join the group gpio."),
    lazy_gettext("%(error)s makes no sense"),
    lazy_gettext("Mend it in the wiring file, under [proxy]."),
    lazy_gettext("Kamailio is not installed"),
    lazy_gettext("sudo ./install.sh --sip"),
    lazy_gettext("nobody answers at %(where)s"),
    lazy_gettext("Start Redis there."),
    lazy_gettext("journalctl -u ringfence-sip says why."),
    lazy_gettext("answers at %(where)s"),
    lazy_gettext("%(folder)s does not exist yet"),
    lazy_gettext("It is created at the first start."),
    lazy_gettext("%(folder)s: no permission"),
    lazy_gettext("Run as the user ringfence, or with sudo."),
    lazy_gettext("%(folder)s is open to others (%(mode)s)"),
    lazy_gettext("chmod 700 %(folder)s"),
    lazy_gettext("%(free)s MiB free"),
    lazy_gettext("Free some space on the card."),
    lazy_gettext("Restore a backup, or move the file aside."),
    lazy_gettext("The card may be failing: make a backup."),
    lazy_gettext("%(count)s rules, %(free)s MiB free"),
    lazy_gettext("%(count)s calls, %(free)s MiB free"),
    lazy_gettext("%(where)s: %(error)s"),
    lazy_gettext("Plug the stick in, or choose another folder."),
    lazy_gettext("none yet on %(where)s"),
    lazy_gettext("the newest on %(where)s is of %(day)s"),
    lazy_gettext("journalctl -u ringfence says why."),
    lazy_gettext("%(count)s on %(where)s, the newest of %(day)s"),
    lazy_gettext("set by the network"),
    lazy_gettext("not known to be set by the network"),
    lazy_gettext("Connect the Pi to the internet, or fit a clock module."),
)
"""Every sentence of the check-up, here so that it is translated; a test holds this against the check-up itself."""


def init_app(app: Flask) -> None:
    """Give templates these words."""
    app.jinja_env.globals.update(doctor_parts=PARTS, doctor_verdicts=VERDICTS, doctor_says=says)


def says(words: str, values: Mapping[str, object]) -> str:
    """A sentence of a finding with what it found."""
    return str(gettext(words)) % values
