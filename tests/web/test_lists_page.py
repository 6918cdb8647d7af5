"""The lists' page: files, subscriptions and their tokens."""

import io
from typing import Any

from markupsafe import escape
from visiting import Visitor, file, led

from firmware.appliance import Appliance
from firmware.lists.address import Refused
from firmware.lists.entries import NotAList
from web.wording.lists import LIST_FAULTS
from web.wording.outcomes import REFUSALS


def test_a_file_becomes_a_list_that_blocks(owner: Visitor, shelf: Appliance, wait_until: Any) -> None:
    text = "16500000001\nnot a number <b>\n16500000002\n"
    assert led(owner.post("/lists/upload", {"file": file(text, "my list.txt")})) == "/lists?said=list_kept"
    assert 'hx-trigger="every 1s"' in owner.get("/lists/state").text
    wait_until(lambda: shelf.lists.lists()[0]["built"])
    html = owner.get("/lists/state").text
    assert "my list.txt" in html
    assert "2 numbers" in html
    assert "1 line was no number" in html
    assert "not a number &lt;b&gt;" in html
    assert 'hx-trigger="every 20s"' in html
    assert shelf.household.judge("16500000001").reason == "list"


def test_a_list_is_switched_off_and_removed(owner: Visitor, shelf: Appliance, wait_until: Any) -> None:
    owner.post("/lists/upload", {"file": file("16500000001\n"), "name": "L", "action": "allow"})
    wait_until(lambda: shelf.lists.lists()[0]["built"])
    id = shelf.lists.lists()[0]["id"]
    assert shelf.lists.lists()[0]["action"] == "allow"
    owner.post(f"/lists/{id}/switch", {"on": "no"})
    assert shelf.household.judge("16500000001").reason == "default"
    assert led(owner.post(f"/lists/{id}/remove")) == "/lists?said=list_removed"
    assert owner.post(f"/lists/{id}/switch", {"on": "yes"}).status_code == 404
    assert "No lists yet." in owner.get("/lists").text


def test_a_list_that_is_off_is_not_waited_for(owner: Visitor, appliance: Appliance) -> None:
    id = appliance.lists.subscribe("L", "https://lists.invalid/")["id"]
    assert "Waits for its turn" in owner.get("/lists/state").text
    owner.post(f"/lists/{id}/switch", {"on": "no"})
    html = owner.get("/lists/state").text
    assert "Waits for its turn" not in html
    assert 'hx-trigger="every 20s"' in html


def test_a_file_with_an_endless_name_is_called_by_its_beginning(owner: Visitor, appliance: Appliance) -> None:
    owner.post("/lists/upload", {"file": file("16500000001\n", "x" * 300)})
    assert [one["name"] for one in appliance.lists.lists()] == ["x" * 100]


def test_why_a_list_could_not_be_read_is_said(owner: Visitor, shelf: Appliance, wait_until: Any) -> None:
    owner.post("/lists/upload", {"file": file("hello\n" * 50), "name": "L"})
    wait_until(lambda: shelf.lists.lists()[0]["fault"])
    assert "It is no list of numbers" in owner.get("/lists").text


def test_an_address_that_is_none_is_refused_in_words(owner: Visitor, appliance: Appliance) -> None:
    refused = {
        "ftp://example.org/list": "scheme",
        "https://user:word@example.org/list": "userinfo",
        "https://example.org:22/list": "port",
        "https://": "url",
        "javascript:alert(1)": "scheme",
    }
    for url, why in refused.items():
        answer = owner.post("/lists", {"name": "L", "url": url, "action": "block"})
        assert led(answer) == f"/lists?said=list_{why}"
        assert str(escape(str(REFUSALS[f"list_{why}"]))) in owner.get(answer.location).text
    assert appliance.lists.lists() == []


def test_a_subscription_is_kept_and_fetched_when_asked(owner: Visitor, appliance: Appliance) -> None:
    form = {"name": "L", "url": "https://lists.invalid/a?b=<c>", "action": "block"}
    assert led(owner.post("/lists", form)) == "/lists?said=list_kept"
    (one,) = appliance.lists.lists()
    html = owner.get("/lists").text
    assert "https://lists.invalid/a?b=&lt;c&gt;" in html
    assert "Waits for its turn" in html
    assert led(owner.post(f"/lists/{one['id']}/refresh")) == "/lists?said=list_wanted"


def test_every_fault_of_a_list_has_words() -> None:
    documented = f"{Refused.__doc__} {NotAList.__doc__}".split("`")[1::2]
    codes = {code for code in documented if code not in ("code", "detail", "samples")}
    assert codes | {"disk", "error", "left_out"} == LIST_FAULTS.keys()


def test_the_token_of_a_list_is_never_shown(owner: Visitor, appliance: Appliance) -> None:
    form = {"name": "P", "url": "https://lists.invalid/", "token": " s3cret "}
    assert led(owner.post("/lists", form)) == "/lists?said=list_kept"
    html = owner.get("/lists").text
    assert "with a token" in html
    assert "s3cret" not in html + owner.get("/settings").text
    assert led(owner.post("/lists", form | {"url": "http://lists.invalid/"})) == "/lists?said=list_token"


def test_a_list_is_given_another_token(owner: Visitor, appliance: Appliance) -> None:
    id = appliance.lists.subscribe("P", "https://lists.invalid/")["id"]
    assert f'href="/lists/{id}/token"' in owner.get("/lists").text
    assert led(owner.post(f"/lists/{id}/token", {"token": " s3cret "})) == "/lists?said=list_changed"
    assert "with a token" in owner.get("/lists").text
    assert "s3cret" not in owner.get(f"/lists/{id}/token").text
    assert led(owner.post(f"/lists/{id}/token", {"token": "a b"})) == f"/lists/{id}/token?said=list_token"
    assert owner.post(f"/lists/{id}/token", {"token": ""}).status_code == 303
    assert not appliance.lists.lists()[0]["has_token"]


def test_a_list_without_an_address_takes_no_token(owner: Visitor, appliance: Appliance) -> None:
    id = appliance.lists.take_in("U", io.BytesIO(b"162*\n"))["id"]
    assert owner.get(f"/lists/{id}/token").status_code == 404
    assert owner.post(f"/lists/{id}/token", {"token": "x"}).status_code == 404
