from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from asking import Ask

from firmware.appliance import Appliance

Ring = Callable[..., int]


def test_a_marked_call_becomes_a_filed_complaint(ask: Ask, ring: Ring) -> None:
    call = ring("16210123456")
    ask("PATCH", f"/api/v1/calls/{call}", json={"kind": "loans", "said": "最近需要资金周转吗？"})
    case = ask("POST", "/api/v1/complaints", json={"call": call})
    assert case.status_code == 201
    assert (case.json["form"], case.json["about"], case.json["calls"]) == ("12321", "+861621012????", [call])
    path = f"/api/v1/complaints/{case.json['id']}"
    ask("PATCH", "/api/v1/complainant", json={"mobile": "13800138000"})
    fields = {one["label"]: one["value"] for one in ask("GET", path).json["fields"]}
    assert fields["您的手机号码"] == "13800138000"
    assert fields["骚扰来电号码"] == "16210123456"
    assert fields["不良类型"] == "贷款理财"
    assert fields["来电描述"] == "最近需要资金周转吗？"
    answered = ask(
        "PATCH", path, json={"answers": {"manner": "person"}, "state": "filed", "reference": "A-1"}
    ).json
    assert (answered["state"], answered["reference"]) == ("filed", "A-1")
    assert "骚扰形式: 人工骚扰" in answered["text"]
    assert answered["sms"]["to"] == "12321"
    other = ring("16210129999")
    assert ask("GET", path).json["offers"] == [other]
    table = csv.DictReader(io.StringIO(ask("GET", "/api/v1/complaints.csv").data.decode("utf-8-sig")))
    assert [(row["reference"], row["number"]) for row in table] == [("A-1", "16210123456")]
    assert [one["id"] for one in ask("GET", "/api/v1/complaints").json["complaints"]] == [answered["id"]]
    assert ask("DELETE", path).status_code == 204
    assert ask("GET", path).status_code == 404


def test_a_call_that_the_log_drops_takes_its_case_along(ask: Ask, ring: Ring, guarding: Appliance) -> None:
    first, second = ring("16210123456"), ring("16210129999")
    case = ask("POST", "/api/v1/complaints", json={"call": first}).json
    ask("POST", "/api/v1/complaints", json={"call": second})
    path = f"/api/v1/complaints/{case['id']}"
    assert ask("GET", path).json["calls"] == [first, second]
    guarding.calls_log.drop([first])
    assert ask("GET", path).json["calls"] == [second]
    guarding.calls_log.drop([second])
    assert ask("GET", path).status_code == 404


def test_the_forms_are_those_of_the_country(ask: Ask) -> None:
    assert [form["id"] for form in ask("GET", "/api/v1/complaints/forms").json["forms"]] == ["12321", "plain"]
    ask("PATCH", "/api/v1/settings", json={"region": "GB"})
    forms = ask("GET", "/api/v1/complaints/forms").json["forms"]
    assert [form["id"] for form in forms] == ["ico", "ofcom", "plain"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/api/v1/complaints", {"call": 99}, 404),
        ("POST", "/api/v1/complaints", {"call": True}, 400),
        ("POST", "/api/v1/complaints", {}, 400),
        ("POST", "/api/v1/complaints", {"call": 1, "send": True}, 400),
        ("PATCH", "/api/v1/complaints/99", {"state": "filed"}, 404),
        ("PATCH", "/api/v1/complaints/1", {"state": "sent"}, 422),
        ("PATCH", "/api/v1/complaints/1", {"answers": {"kind": 7}}, 422),
        ("PATCH", "/api/v1/complaints/1", {"calls": [10**30]}, 422),
        ("PATCH", "/api/v1/complainant", {"name": "a\nb"}, 422),
        ("DELETE", "/api/v1/complaints/99", None, 404),
    ],
)
def test_what_makes_no_sense_is_a_problem(
    ask: Ask, ring: Ring, method: str, path: str, body: dict[str, Any] | None, status: int
) -> None:
    ask("POST", "/api/v1/complaints", json={"call": ring("16210123456")})
    assert ask(method, path, **({} if body is None else {"json": body})).status_code == status
