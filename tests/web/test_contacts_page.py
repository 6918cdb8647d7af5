"""The contacts' page: contacts, address books, known callers."""

import re
from html import unescape

from markupsafe import escape
from visiting import Visitor, file, led

from firmware.appliance import Appliance
from firmware.contacts import MAX_BYTES, Contact
from web.wording.outcomes import REFUSALS

CARD = "BEGIN:VCARD\nVERSION:3.0\nFN:{}\nTEL:{}\nEND:VCARD\n"


def test_a_contact_is_kept_found_and_removed(owner: Visitor, appliance: Appliance) -> None:
    form = {"name": "妈妈", "numbers": "138 0013 8000，010-65551234"}
    assert led(owner.post("/contacts", form)) == "/contacts?said=contact_kept"
    owner.post("/contacts", {"name": "Li", "numbers": "13900000000"})
    (_, ma) = appliance.household.contacts()
    assert ma["numbers"] == ["+8613800138000", "+861065551234"]
    for search in ("妈", "0138000", "138 0013", "010-6555"):
        html = owner.get("/contacts?search=" + search, HX_Request="true").text
        assert "妈妈" in html
        assert "Li" not in html
        assert "<html" not in html
    assert "Nobody is found." in owner.get("/contacts?search=Wang").text
    assert led(owner.post(f"/contacts/{ma['id']}/remove")) == "/contacts?said=contact_removed"
    assert "妈妈" not in owner.get("/contacts").text


def test_what_is_no_contact_is_refused_in_words(owner: Visitor, appliance: Appliance) -> None:
    for form, code in (({"name": "x", "numbers": "?"}, "numbers"), ({"numbers": "13800138000"}, "name")):
        answer = owner.post("/contacts", form)
        assert led(answer) == f"/contacts?said=contact_{code}"
        assert str(REFUSALS[f"contact_{code}"]) in owner.get(answer.location).text
    assert appliance.household.contacts() == []


def test_a_contact_is_changed_and_keeps_what_its_form_does_not_show(
    owner: Visitor, appliance: Appliance
) -> None:
    numbers = ["13800138000", "010-65551234", "95588", "+442071838750", "4006123456"]
    appliance.household.add_contact("<Ma>", numbers, ["Family"])
    appliance.db.table("contacts").update({"created": "2026-03-02T00:00:00+00:00"})
    (before,) = appliance.household.contacts()
    path = f"/contacts/{before['id']}"
    assert f'href="{path}"' in owner.get("/contacts").text
    fields = dict(re.findall(r'name="(name|numbers)"[^>]* value="([^"]*)"', owner.get(path).text))
    form = {name: unescape(value) for name, value in fields.items()}
    assert form["name"] == "<Ma>"
    assert led(owner.post(path, form)) == "/contacts?said=contact_changed"
    assert appliance.household.contact(before["id"]) == before
    owner.post(path, {"name": "妈妈", "numbers": "13900000000"})
    changed = {"name": "妈妈", "numbers": ["+8613900000000"]}
    assert appliance.household.contact(before["id"]) == before | changed
    for gone in (owner.get("/contacts/7"), owner.post("/contacts/7", form)):
        assert gone.status_code == 404


def test_what_a_contact_cannot_become_is_refused_in_words_and_stays_in_the_form(
    owner: Visitor, appliance: Appliance
) -> None:
    before = appliance.household.add_contact("Ma", ["13800138000"])
    for form, code in (
        ({"name": "Li", "numbers": "?"}, "numbers"),
        ({"name": "", "numbers": "95588"}, "name"),
    ):
        answer = owner.post(f"/contacts/{before['id']}", form)
        assert answer.status_code == 422
        assert str(REFUSALS[f"contact_{code}"]) in answer.text
        assert all(f'value="{value}"' in answer.text for value in form.values())
    assert appliance.household.contacts() == [before]


def test_an_address_book_is_taken_in_and_what_came_of_it_said(owner: Visitor, appliance: Appliance) -> None:
    appliance.household.add_contact("Ma", ["13800138000"])
    cards = CARD.format("Ma", "13800138000") + CARD.format("Li", "13900000000") + CARD.format("Wu", "")
    answer = owner.post("/contacts/import", {"file": file(cards + CARD.format("Li", "13900000000"))})
    html = owner.get(answer.location).text
    assert "1 contact is new" in html
    assert "1 was there already" in html
    assert "1 had no number" in html
    assert "Some were in it twice, and became one." in html
    assert [one["name"] for one in appliance.household.contacts()] == ["Li", "Ma"]


def test_a_file_without_contacts_is_refused_in_words(owner: Visitor) -> None:
    for data, why in ((b"", "empty"), (b"\x89PNG\r\n\x1a\n" * 9, "not_contacts")):
        answer = owner.post("/contacts/import", {"file": file(data)})
        assert led(answer) == f"/contacts?said=contacts_{why}"
        assert str(escape(str(REFUSALS[f"contacts_{why}"]))) in owner.get(answer.location).text


def test_a_large_address_book_is_taken_and_a_huge_one_refused(owner: Visitor, appliance: Appliance) -> None:
    photo = "NOTE:" + "x" * (1 << 20) + "\n"
    card = CARD.format("Ma", "13800138000").replace("END:", photo + "END:")
    assert "new=1" in owner.post("/contacts/import", {"file": file(card)}).location
    huge = owner.post("/contacts/import", {"file": file(b" " * (MAX_BYTES + (1 << 20)))})
    assert huge.status_code == 413
    assert "That is too large." in huge.text


def test_what_an_import_came_to_is_never_what_the_address_says(owner: Visitor) -> None:
    html = owner.get("/contacts?new=1&known=2&skipped=3&notes=Your+box+cut+infected").text
    html = html[html.index("<main") : html.index("</main>")]
    assert "infected" not in html
    assert "What was too long" in html
    for query in ("new=x&known=1&skipped=1", "new=1", "search=" + "x" * 5000, "before=-1", "before=x"):
        assert owner.get(f"/contacts?{query}").status_code == 200


def test_what_a_search_finds_is_paged(owner: Visitor, appliance: Appliance) -> None:
    appliance.household.import_contacts(
        [Contact(f"{'Ma' if n % 2 else 'Li'} {n:03}", (f"1390000{n:04}",), ()) for n in range(150)]
    )
    html = owner.get("/contacts?search=ma").text
    assert "Ma 149" in html
    assert "Ma 049" not in html
    assert "Li 0" not in html
    assert "Li 1" not in html
    assert "Ma 049" in owner.get("/contacts?search=ma&before=51").text


def test_contacts_are_paged(owner: Visitor, appliance: Appliance) -> None:
    appliance.household.import_contacts(
        [Contact(f"Contact {n:03}", (f"1390000{n:04}",), ()) for n in range(150)]
    )
    html = owner.get("/contacts").text
    assert "Contact 149" in html
    assert "Contact 049" not in html
    assert "Contact 049" in owner.get("/contacts?before=51").text


def test_a_known_caller_is_shown_and_forgotten(owner: Visitor, appliance: Appliance) -> None:
    appliance.household.admit("+8617021550198")
    owner.post("/courier")
    html = owner.get("/contacts").text
    assert "Known numbers" in html
    assert 'Forget<span class="unseen"> 17021550198</span>' in html
    (id,) = [one["id"] for one in appliance.household.passes() if one["until"] is None]
    owner.post(f"/known/{id}/remove")
    assert "Known numbers" not in owner.get("/contacts").text


def test_known_callers_are_paged(owner: Visitor, appliance: Appliance) -> None:
    ids = [appliance.household.know(f"162101234{number:02}")["id"] for number in range(60)]
    assert owner.get("/contacts").text.count("/known/") == 50
    assert owner.get(f"/contacts?known={ids[10]}").text.count("/known/") == 10
