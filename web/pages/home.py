"""The first page: the state of the line, what is wished for a while, what the last days came to, the last calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import render_template, url_for
from flask_babel import lazy_gettext

from firmware import doctor
from web.charts import bars, heat
from web.describing import network
from web.pages.answering import blueprint
from web.pages.moment import moment
from web.rows import row
from web.within import appliance

LATELY = 5

AILMENTS = {
    "store": (lazy_gettext("Nothing more can be kept: the card takes no more changes."), "board"),
    "disk": (lazy_gettext("The card is nearly full."), "board"),
    "backup": (lazy_gettext("The last backup was not made."), "settings"),
    "clock": (lazy_gettext("The clock may be wrong: the network has not set it."), "board"),
    "lists": (lazy_gettext("A list could not be renewed."), "lists"),
    "notices": (lazy_gettext("A notification could not be sent."), "notices"),
}
"""What may not work as it should beside the line, and the page on which that is mended."""


@blueprint.get("/")
def home() -> str:
    """What an owner wants to know at a glance."""
    return render_template("home.html", pieces={name: piece() for name, piece in PIECES.items()})


def status() -> str:
    """Whether the line is guarded, and the call that rings."""
    newest = appliance().calls(limit=1)
    ringing = newest[0] if newest and not newest[0]["over"] else None
    found = appliance().status()
    return render_template(
        "_status.html",
        status=found,
        ringing=ringing,
        ailments=[AILMENTS[code] for code in _ails(found)],
    )


def _ails(found: Mapping[str, Any]) -> list[str]:
    """What else does not work as it should, by the codes of AILMENTS."""
    sources = {
        **{code: code in found["faults"] for code in ("store", "disk", "backup")},
        "clock": found["pins"] == "real" and not doctor.CLOCK_SYNCHRONISED.exists(),
        "lists": any(one["on"] and one["fault"] for one in appliance().lists.lists()),
        "notices": any(one["fault"] for one in appliance().notices.addresses()),
    }
    return [code for code, ails in sources.items() if ails]


def figures() -> str:
    """What the last days came to."""
    found = appliance().figures()
    return render_template(
        "_figures.html",
        figures=found,
        bars=bars(found["days"]),
        heat=heat(found["hours"]),
        segments=[(one["segment"], _search(one["segment"].strip("*")), one) for one in found["segments"]],
        operators=[(words, _search(words), one) for one in found["operators"] for words in [network(one)]],
    )


def lately() -> str:
    """The last calls."""
    return render_template("_lately.html", calls=appliance().calls(limit=LATELY), row=row)


def _search(text: str) -> str:
    return url_for("pages.calls", search=text)


PIECES: dict[str, Callable[[], str]] = {
    "status": status,
    "moment": moment,
    "figures": figures,
    "calls": lately,
}
"""The parts that change by themselves, by the name of the event that brings them."""
