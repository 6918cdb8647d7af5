"""The authorities' forms."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from string import Formatter

import pytest

from firmware.calls.log import LONGEST_REMARKS
from firmware.complaints.cases import OWN
from firmware.complaints.forms import PLAIN, Fill, Form, all_forms, find_form, forms_for, kind_of, kinds_for
from firmware.settings import SETTINGS

FORMS = list(all_forms().values())
named = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)


def test_china_the_us_the_uk_and_germany_have_forms_of_their_own() -> None:
    assert [[form.id for form in forms_for(region)] for region in ("CN", "US", "GB", "DE", "FR")] == [
        ["12321", "plain"],
        ["ftc", "plain"],
        ["ico", "ofcom", "plain"],
        ["bnetza", "bnetza-attempts", "plain"],
        ["plain"],
    ]


def test_12321_asks_in_its_own_order_and_words() -> None:
    form = find_form("12321")
    assert [field.label for field in form.fields] == [
        "您的手机号码", "图片验证码", "短信验证码", "骚扰来电号码", "来电日期", "来电时间", "通话时长", "骚扰形式",
        "不良类型", "来电描述", "同意条款",
    ]  # fmt: skip
    assert len(form.kinds) == 21
    said = form.field(Fill.SAID)
    assert said
    assert (said.least, said.most) == (15, 1000)


def test_the_kinds_of_a_region_are_those_of_all_its_forms() -> None:
    codes = [kind.code for kind in kinds_for("GB")]
    assert {"accident", "silent", "abandoned"} <= set(codes)
    assert len(codes) == len(set(codes))
    assert kinds_for("CN") == find_form("12321").kinds
    assert kinds_for("FR") == find_form(PLAIN).kinds


def test_a_kind_that_another_region_knows_keeps_its_words() -> None:
    kind = kind_of("estate", "DE")
    assert kind
    assert kind.label == "房产中介"
    assert kind_of("nonsense", "CN") is None


def test_a_form_that_nobody_knows_any_more_is_the_plain_one() -> None:
    assert find_form("gone").id == PLAIN


@named
def test_a_form_is_for_regions_that_a_line_can_be_in(form: Form) -> None:
    assert set(form.regions) <= set(SETTINGS["region"].choices)


@named
def test_names_and_codes_stand_once(form: Form) -> None:
    names = [field.name for field in form.fields]
    assert len(names) == len(set(names))
    for field in form.fields:
        codes = [choice.code for choice in field.choices]
        assert len(codes) == len(set(codes))
        assert all(len(code) <= LONGEST_REMARKS["kind"] for code in codes)


@named
def test_every_label_is_understood_in_both_languages(form: Form) -> None:
    own = form.language[:2]
    means = [form.means, *(field.means for field in form.fields)]
    means += [choice.means for field in form.fields for choice in field.choices]
    for words in means:
        assert {own, *words} == {own, "en", "zh"}
    assert set(form.before) == {"en", "zh"}


@named
def test_what_the_owner_is_asked_for_can_be_kept(form: Form) -> None:
    assert {field.name for field in form.fields if field.fill is Fill.OWN} <= set(OWN)


@named
def test_templates_ask_for_what_there_is(form: Form) -> None:
    def wanted(template: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(template) if name}

    assert wanted(form.table.heading) == wanted(form.table.more) == {"count"}
    assert wanted(form.table.line) == {"number", "date", "time"}
    if form.sms:
        assert wanted(form.sms.text) <= {"number", "date", "time", "kind", "said"}
        assert set(form.sms.means) == {"en", "zh"}


@named
def test_lengths_of_talk_follow_each_other(form: Form) -> None:
    duration = form.field(Fill.DURATION)
    if duration:
        bounds = [choice.under for choice in duration.choices]
        assert None not in bounds
        assert bounds == sorted(bounds, key=lambda bound: bound or 0)


@named
def test_a_form_says_where_its_facts_are_from(form: Form) -> None:
    text = files("firmware.complaints").joinpath("authorities", f"{form.id}.toml").read_text("utf-8")
    assert text.startswith("# ")
    assert form.id == PLAIN or "https://" in text.split("\nregions")[0]
    assert tomllib.loads(text)["address"].startswith("https://") if form.regions else form.address is None
