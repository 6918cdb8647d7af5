"""Figures for Prometheus (text exposition format, version 0.0.4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flask import Response

from web.api.asking import blueprint
from web.guard import needs
from web.scopes import METRICS
from web.within import appliance

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
STATES = ("starting", "guarding", "ringing", "fault")
RELAY = ("connected", "cut", "guard")

Sample = tuple[Mapping[str, str], float]


@blueprint.get("/metrics")
@needs(METRICS)
def metrics() -> Response:
    """What is so now, in figures."""
    return Response("".join(_text()), content_type=MEDIA_TYPE)


def _text() -> Iterator[str]:
    status = appliance().status()
    counts, line = status["counts"], status["line"]["state"]
    yield gauge("build_info", "The version that runs.", ({"version": status["version"]}, 1))
    yield gauge("uptime_seconds", "Seconds since the start.", ({}, status["uptime_s"]))
    yield gauge("line_state", "The state the line is in.", *(({"state": one}, one == line) for one in STATES))
    yield gauge(
        "relay_state", "Where the relay is.", *(({"state": one}, one == status["relay"]) for one in RELAY)
    )
    yield gauge("calls_kept", "Calls in the log.", ({}, counts["calls"]))
    yield gauge("calls_today", "Calls since midnight.", ({}, counts["today"]))
    yield gauge("calls_blocked_today", "Calls blocked since midnight.", ({}, counts["blocked_today"]))
    yield gauge("rules", "Rules in force or switched off.", ({}, counts["rules"]))
    numbers = [({"list": one["name"]}, one["count"]) for one in appliance().lists.lists()]
    yield gauge("list_numbers", "Numbers and segments of a list.", *numbers)


def gauge(name: str, meaning: str, *samples: Sample) -> str:
    """A metric with its samples, each a value under labels."""
    lines = [f"# HELP ringfence_{name} {meaning}", f"# TYPE ringfence_{name} gauge"]
    lines += [f"ringfence_{name}{_labels(labels)} {float(value)!r}" for labels, value in samples]
    return "\n".join(lines) + "\n"


def _labels(labels: Mapping[str, str]) -> str:
    inner = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())
    return f"{{{inner}}}" if inner else ""


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
