from typing import Any

from asking import Ask
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families as parsed

from firmware.appliance import Appliance
from web.api.metrics import gauge
from web.tokens import issue


def figures(text: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """What Prometheus' own client reads."""
    return {
        (sample.name, tuple(sample.labels.items())): sample.value
        for family in parsed(text)
        for sample in family.samples
    }


def test_prometheus_reads_what_is_so(program: Ask, ring: Any, appliance: Appliance) -> None:
    appliance.household.add_rule({"match": "162*", "action": "block"})
    ring("16210123456")
    ring("95588")
    answer = program("GET", "/metrics")
    assert answer.content_type == "text/plain; version=0.0.4; charset=utf-8"
    found = figures(answer.text)
    assert found["ringfence_line_state", (("state", "guarding"),)] == 1
    assert found["ringfence_line_state", (("state", "fault"),)] == 0
    assert found["ringfence_relay_state", (("state", "connected"),)] == 1
    assert found["ringfence_calls_kept", ()] == 2
    assert found["ringfence_calls_blocked_today", ()] == 1
    assert found["ringfence_rules", ()] == 1
    assert found["ringfence_uptime_seconds", ()] > 0


def test_a_label_is_text_and_nothing_else() -> None:
    names = ('a"} 1\nringfence_rules 7', "back\\slash\\", "铃\n")
    found = figures(gauge("list_numbers", "Numbers.", *(({"list": name}, 1) for name in names)))
    assert found == {("ringfence_list_numbers", (("list", name),)): 1 for name in names}


def test_figures_are_for_who_has_the_scope_and_nobody_else(app: Flask, appliance: Appliance) -> None:
    ask = app.test_client()
    assert ask.get("/metrics").status_code == 401
    for scopes, status in ((["metrics"], 200), (["read", "write", "admin"], 403)):
        bearer = {"Authorization": f"Bearer {issue(appliance.data, 'x', scopes)}"}
        assert ask.get("/metrics", headers=bearer).status_code == status
