import re

from visiting import Visitor

from web.navigation import PAGES


def test_every_page_leads_to_every_other(owner: Visitor) -> None:
    paths = re.findall(r'<li><a href="([^"]+)"', owner.get("/rules").text)
    assert len(set(paths)) >= 6
    for path in paths:
        answer = owner.get(path)
        assert answer.status_code == 200, path
        assert re.findall(r'<li><a href="([^"]+)"(?= aria-current|>)', answer.text)[: len(paths)] == paths


def test_the_page_that_is_open_is_marked_and_so_is_what_is_below_it(owner: Visitor) -> None:
    owner.post("/rules", {"match": "162*", "action": "block"})
    for path, marked in (
        ("/", "/"),
        ("/rules", "/rules"),
        ("/rules/1", "/rules"),
        ("/settings", "/settings"),
    ):
        found = re.findall(r'href="([^"]+)" aria-current="page"', owner.get(path).text)
        assert found == [marked]


def test_every_page_of_the_menu_has_a_picture(owner: Visitor) -> None:
    pictures = owner.get("/static/icons.svg").text
    for name in ("more", *(name for name, _ in PAGES)):
        assert f'<symbol id="{name}"' in pictures


def test_a_stranger_sees_no_menu(stranger: Visitor) -> None:
    assert "<nav" not in stranger.get("/sign-in").text
