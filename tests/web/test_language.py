import re
from html import unescape
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from visiting import Visitor

import web
from firmware.changes import releases_in
from web.language import LANGUAGES

CHANGELOG = Path(__file__).parents[2] / "CHANGELOG.md"
WEB = Path(web.__file__).parent
CHINESE = WEB / "translations" / "zh" / "LC_MESSAGES" / "messages"

Message = str | tuple[str, ...]


def said_by_the_page() -> dict[Message, str]:
    """Each text that is to be translated, and the file that has it."""
    method = [("**.py", "python"), ("templates/**.html", "jinja2")]
    keywords = {"_": None, "say": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
    found = extract_from_dir(str(WEB), method, keywords=keywords)
    return dict.fromkeys(said_by_the_changelog(), CHANGELOG.name) | {
        message: file for file, _, message, _, _ in found
    }


def said_by_the_changelog() -> list[str]:
    releases = releases_in(CHANGELOG.read_text("utf-8"))
    return [text for release in releases for text in (release.about, *release.changes) if text]


@pytest.fixture(scope="module")
def chinese() -> Catalog:
    with CHINESE.with_suffix(".po").open("rb") as file:
        return read_po(file, locale="zh")


def test_every_text_is_translated(chinese: Catalog) -> None:
    texts = said_by_the_page()
    assert len(texts) > 80
    missing = {
        text: file
        for text, file in texts.items()
        if not (text in chinese and chinese.get(first(text)).string)
    }
    assert not missing


def test_no_translation_is_left_over(chinese: Catalog) -> None:
    texts = {first(text) for text in said_by_the_page()}
    assert {first(message.id) for message in chinese if message.id} == texts


def test_translations_keep_what_is_filled_in(chinese: Catalog) -> None:
    faults = [error for message in chinese for error in message.check(chinese)]
    assert not faults
    assert not [message.id for message in chinese if message.fuzzy and message.id]


def test_the_compiled_translations_are_those_of_the_source(chinese: Catalog) -> None:
    with CHINESE.with_suffix(".mo").open("rb") as file:
        compiled = read_mo(file)
    assert spoken(compiled) == spoken(chinese)


def test_the_page_speaks_as_the_browser_asks_and_else_chinese(stranger: Visitor) -> None:
    tags = {
        "zh-CN,zh;q=0.9,en;q=0.8": "zh-CN",
        "zh-TW": "zh-CN",
        "en-GB,en": "en",
        "en;q=0.3,zh;q=0.5": "zh-CN",
        "de,fr": "zh-CN",
        "": "zh-CN",
        "*": "zh-CN",
        ",;q=x,\x7f": "zh-CN",
    }
    for accepts, tag in tags.items():
        html = stranger.get("/sign-in", Accept_Language=accepts).text
        assert f'<html lang="{tag}">' in html
        assert ("登录" in html) == (tag == "zh-CN")


def test_what_is_new_is_said_in_the_visitors_language(
    owner: Visitor, chinese: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = said_by_the_changelog()
    monkeypatch.setattr("web.pages.settings.releases", lambda: releases_in(CHANGELOG.read_text("utf-8")))
    html = unescape(owner.get("/settings/changes").text)
    assert len(texts) > 20
    assert all(text in html for text in texts)
    html = unescape(owner.get("/settings/changes", Accept_Language="zh").text)
    assert all(first(chinese[text].string) in html for text in texts)
    assert not any(text in html for text in texts)


def test_the_visitors_choice_stays(stranger: Visitor) -> None:
    assert "Sign in" in stranger.get("/sign-in").text
    answer = stranger.post("/language", {"language": "zh", "next": "/sign-in"})
    assert answer.location == "/sign-in"
    assert "登录" in stranger.get("/sign-in").text


def test_what_was_looked_for_stays_in_another_language(owner: Visitor) -> None:
    html = owner.get("/check?number=16210123456").text
    asked = re.search(r'name="next" value="([^"]+)"', html.partition("</header>")[0])
    assert asked
    assert (
        owner.post("/language", {"language": "zh", "next": asked[1]}).location == "/check?number=16210123456"
    )


def test_a_language_that_is_none_changes_nothing(stranger: Visitor) -> None:
    stranger.client.set_cookie("language", "xx")
    for language in ("", "fr", "../../secret", "<b>", "zh\r\nSet-Cookie: x=1"):
        answer = stranger.post("/language", {"language": language, "next": "//evil.example"})
        assert (answer.status_code, answer.location) == (303, "/")
        assert "language=" not in "".join(answer.headers.getlist("Set-Cookie"))
        assert "Sign in" in stranger.get("/sign-in").text


def test_both_languages_are_offered_in_their_own_words(stranger: Visitor) -> None:
    assert LANGUAGES == {"zh": "中文", "en": "English"}
    assert "中文" in stranger.get("/sign-in").text
    assert "English" in stranger.get("/sign-in", Accept_Language="zh").text


def spoken(catalogue: Catalog) -> dict[str, str]:
    return {first(message.id): first(message.string) for message in catalogue if message.id}


def first(message: Message | list[str]) -> str:
    """The text by which the catalogue knows a message that may have a plural."""
    return message if isinstance(message, str) else message[0]
