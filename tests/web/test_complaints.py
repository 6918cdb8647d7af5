"""The pages of complaints, without a browser."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from markupsafe import escape
from visiting import Visitor

from firmware.appliance import Appliance
from firmware.numbers import understand
from firmware.screening.pools import Outcome
from web.pages.complaints import QR_BYTES, qr, sms_link

Ring = Callable[..., int]
SAID = "您好，这里是某某金融，最近需要资金周转吗？"
HOSTILE = "<script>alert(1)</script>\"'=1+1"


@pytest.fixture
def case(owner: Visitor, ring: Ring, guarding: Appliance) -> dict[str, Any]:
    """A case about one call that the owner has marked."""
    call = ring("16210123456", HOSTILE)
    guarding.remark(call, kind="loans", said=SAID)
    prepared = guarding.complaints.prepare(call)
    assert prepared
    return prepared


def test_a_call_is_marked_with_one_tap_and_unmarked_with_another(
    owner: Visitor, ring: Ring, guarding: Appliance
) -> None:
    path = f"/calls/{ring('16210123456')}/mark"
    assert f'href="{path}"' in owner.get("/calls").text
    assert re.search(r'value="loans" aria-pressed="false"><bdi lang="zh-CN">贷款理财', owner.get(path).text)
    assert 'value="loans" aria-pressed="true"' in owner.post(path, {"kind": "loans"}, HX_Request="true").text
    owner.post(path, {"said": f" {SAID}\r\n再见 "})
    assert [(call["kind"], call["said"]) for call in guarding.calls(limit=1)] == [("loans", f"{SAID} 再见")]
    assert f"贷款理财 (Loans and investments) <bdi>“{SAID} 再见”</bdi>" in owner.get("/calls").text
    assert 'value="loans" aria-pressed="false"' in owner.post(path, {"kind": "loans"}, HX_Request="true").text


def test_what_is_no_mark_is_refused_in_words(owner: Visitor, ring: Ring) -> None:
    path = f"/calls/{ring('16210123456')}/mark"
    for form in ({"kind": "nonsense"}, {"said": "x" * 501}, {"said": "\x00"}):
        answer = owner.post(path, form)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
    assert owner.get("/calls/99/mark").status_code == 404


def test_the_last_descriptions_are_offered_for_the_next_call(
    owner: Visitor, ring: Ring, guarding: Appliance
) -> None:
    guarding.remark(ring("16210123456"), said=HOSTILE)
    html = owner.get(f"/calls/{ring('17021550198')}/mark").text
    assert f'data-fill="said-text"><bdi>{escape(HOSTILE)}</bdi>' in html


def test_a_complaint_is_prepared_filed_answered_and_deleted(
    owner: Visitor, ring: Ring, guarding: Appliance
) -> None:
    call = ring("16210123456")
    answer = owner.post(f"/calls/{call}/complaint")
    assert answer.status_code == 303
    path = answer.location.partition("?")[0]
    assert "Not yet filed" in owner.get(path).text
    assert owner.post(f"{path}/state", {"state": "filed", "reference": "A-1"}).status_code == 303
    assert "Filed <bdi>A-1</bdi>" in owner.get("/complaints").text
    owner.post(f"{path}/state", {"state": "answered", "answer": "一\r\n二", "reference": "A-1"})
    assert "一\n二" in owner.get(path).text
    owner.post(f"{path}/remove")
    assert owner.get(path).status_code == 404
    assert guarding.complaints.cases() == []
    assert len(guarding.calls()) == 1


def test_every_field_stands_in_the_order_of_the_form_with_a_button_to_copy_it(
    owner: Visitor, case: dict[str, Any]
) -> None:
    owner.post("/complaints/own", {"mobile": "13800138000"})
    html = owner.get(f"/complaints/{case['id']}").text
    labels = re.findall(r'<label for="f-\w+"><bdi lang="zh-CN">([^<]+)</bdi>', html)
    assert labels == [
        "您的手机号码", "图片验证码", "短信验证码", "骚扰来电号码", "来电日期", "来电时间", "通话时长", "骚扰形式",
        "不良类型", "来电描述", "同意条款",
    ]  # fmt: skip
    for name, value in (
        ("mobile", "13800138000"),
        ("number", "16210123456"),
        ("kind", "贷款理财"),
        ("said", SAID),
    ):
        assert re.search(
            rf'id="f-{name}" lang="zh-CN" readonly value="{value}">\s*<button [^>]*data-copy="f-{name}"', html
        )


def test_answers_are_kept_as_they_are_given(
    owner: Visitor, case: dict[str, Any], guarding: Appliance
) -> None:
    path = f"/complaints/{case['id']}"
    form = {"own-mobile": "13800138000", "manner": "person", "kind": "loans", "said": f"{SAID}\r\n=1+1"}
    part = owner.post(path, form, HX_Request="true").text
    assert re.match(
        r'\s*<span id="known"[^>]* hx-swap-oob="true">1 missing</span>\s*<details id="filled"', part
    )
    assert "人工骚扰" in part
    kept = guarding.complaints.case(case["id"])
    assert kept
    assert kept["answers"] == {"manner": "person", "said": f"{SAID}\n=1+1"}
    assert guarding.complaints.own()["mobile"] == "13800138000"
    assert owner.post(path, form).status_code == 303


@pytest.mark.parametrize(
    ("action", "form"),
    [
        ("", {"kind": "nonsense"}),
        ("", {"said": "x" * 1001}),
        ("", {"own-mobile": "x" * 201}),
        ("", {"own-age": "1"}),
        ("/state", {"state": "sent"}),
        ("/state", {"form": "ftc"}),
        ("/state", {"state": "filed", "reference": "x" * 101}),
        ("/calls", {"call": "99", "in": "yes"}),
        ("/calls", {"call": "1"}),
    ],
)
def test_what_makes_no_sense_is_refused_in_words_and_changes_nothing(
    owner: Visitor, case: dict[str, Any], guarding: Appliance, action: str, form: dict[str, str]
) -> None:
    answer = owner.post(f"/complaints/{case['id']}{action}", form)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert guarding.complaints.case(case["id"]) == case


def test_calls_of_one_platform_are_one_complaint_with_a_table(
    owner: Visitor, ring: Ring, guarding: Appliance
) -> None:
    guarding.household.add_rule({"match": "1621012*", "action": "block"})
    blocked = [ring(f"1621012000{last}") for last in range(3)]
    owner.post(f"/calls/{blocked[-1]}/complaint")
    html = owner.get("/complaints/1").text
    assert "Complaint about numbers that begin with 1621012" in html
    assert html.count(">Take out<") == 3
    assert "同一号段另有2次来电：\n16210120001 " in html
    about = owner.get(f"/complaints/1?call={blocked[0]}").text
    assert 'id="f-number" lang="zh-CN" readonly value="16210120000"' in about
    owner.post("/complaints/1/calls", {"call": str(blocked[0])})
    kept = guarding.complaints.case(1)
    assert kept
    assert kept["calls"] == blocked[1:]
    owner.post("/complaints/1/calls", {"call": str(blocked[0]), "in": "yes"})
    assert guarding.complaints.case(1) == {**kept, "calls": blocked}


@pytest.mark.parametrize("path", ["/complaints", "/complaints/1", "/complaints/sheet", "/calls/1/mark"])
def test_callers_and_notes_stay_text(
    owner: Visitor, case: dict[str, Any], guarding: Appliance, path: str
) -> None:
    guarding.remark(1, said=HOSTILE, note=HOSTILE, kind=HOSTILE[:40])
    guarding.complaints.change(case["id"], {"state": "answered", "reference": HOSTILE, "answer": HOSTILE})
    html = owner.get(path).text
    assert "<script>alert" not in html
    assert path == "/complaints" or str(escape("<script>")) in html


def test_the_table_has_the_state_of_each_and_no_formula(
    owner: Visitor, case: dict[str, Any], guarding: Appliance
) -> None:
    guarding.remark(1, said="=cmd|' /C calc'!A0", note="@SUM(1)")
    guarding.complaints.change(case["id"], {"state": "filed", "reference": "+1-2"})
    answer = owner.get("/complaints.csv")
    assert answer.mimetype == "text/csv"
    (row,) = csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig")))
    assert {name: row[name] for name in ("state", "reference", "number", "kind", "said", "note")} == {
        "state": "filed", "reference": "'+1-2", "number": "16210123456", "kind": "贷款理财 (Loans and investments)",
        "said": "'=cmd|' /C calc'!A0", "note": "'@SUM(1)",
    }  # fmt: skip


def test_the_owners_details_are_checked(owner: Visitor, guarding: Appliance) -> None:
    owner.post("/complaints/own", {"name": "张三", "mobile": "13800138000"})
    assert owner.post("/complaints/own", {"name": "x" * 201}).location.endswith("said=own_wrong")
    assert guarding.complaints.own()["name"] == "张三"


def test_other_countries_have_their_own_forms(owner: Visitor, ring: Ring, guarding: Appliance) -> None:
    guarding.household.change_settings({"region": "GB"})
    call = ring("02079460000")
    assert "Accident claims" in owner.get(f"/calls/{call}/mark").text
    path = owner.post(f"/calls/{call}/complaint").location.partition("?")[0]
    assert "ico.org.uk" in owner.get(path).text
    owner.post(f"{path}/state", {"form": "ofcom"})
    assert "Number that called you" in owner.get(path).text
    chinese = Visitor(owner.client.application, "zh")
    chinese.client = owner.client
    assert "来电号码" in chinese.get(path).text


def test_the_code_to_scan_has_no_style_and_is_bounded() -> None:
    svg = str(qr("贷" * (QR_BYTES // 3)))
    assert svg.startswith("<svg")
    assert "style" not in svg
    assert "width=" not in svg.split(">")[0]
    side = int(re.search(r'viewBox="0 0 (\d+) ', svg)[1])  # type: ignore[index]
    assert side - 8 <= 89


def test_the_link_to_the_messages_carries_the_text_whole() -> None:
    text = "16210123456*50% & more? #1 “好”"
    link = sms_link("12321", text)
    assert link.startswith("sms:12321?&body=")
    assert parse_qs(link.partition("?&")[2]) == {"body": [text]}


def test_calls_of_a_pool_are_one_complaint_however_wide_it_is(ring: Ring, guarding: Appliance) -> None:
    household = guarding.household
    for ending in range(7, 100_000, 1000):
        at = datetime.now(UTC) - timedelta(hours=100 - ending // 1000)
        household.screening.pools.ended(understand(f"162155{ending:05}", "CN"), at, Outcome.HUNG_UP, None)
    assert household.pool_of("+8616215511111") == "162155?????"
    first = ring("16215511111")
    guarding.remark(first, kind="loans")
    case = guarding.complaints.prepare(ring("16215599999"))
    assert case
    assert (case["about"], first in case["calls"]) == ("+86162155?????", True)
