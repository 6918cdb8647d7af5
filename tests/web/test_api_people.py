from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from asking import Ask

from firmware.appliance import Appliance
from web.api.people import REFUSALS

CARDS = """BEGIN:VCARD
VERSION:3.0
FN:{name}
TEL:{number}
END:VCARD
"""


def test_a_contact_is_kept_found_and_dropped(ask: Ask) -> None:
    answer = ask("POST", "/api/v1/contacts", json={"name": " 张三 ", "numbers": ["162 1012 3456"]})
    assert answer.status_code == 201
    contact = answer.json
    assert (contact["name"], contact["numbers"], contact["groups"]) == ("张三", ["+8616210123456"], [])
    assert ask("GET", "/api/v1/contacts").json["contacts"] == [contact]
    found = ask("GET", "/api/v1/explain?number=16210123456").json["verdict"]
    assert (found["reason"], found["match"]) == ("contact", "张三")
    path = f"/api/v1/contacts/{contact['id']}"
    assert ask("DELETE", path).status_code == 204
    assert ask("DELETE", path).status_code == 404


def test_contacts_are_newest_first_and_paged(ask: Ask, appliance: Appliance) -> None:
    for name in "ABC":
        appliance.household.add_contact(name, ["16210000000"])
    contacts = ask("GET", "/api/v1/contacts").json["contacts"]
    assert [contact["name"] for contact in contacts] == ["C", "B", "A"]
    before = f"before={contacts[0]['id']}"
    assert ask("GET", f"/api/v1/contacts?{before}&limit=1").json["contacts"] == contacts[1:2]


def test_a_contact_is_found_by_a_part_of_its_name_or_number(ask: Ask, appliance: Appliance) -> None:
    for name, number in (("Anna", "16210000001"), ("Annika", "16210000002"), ("Bert", "13800138000")):
        appliance.household.add_contact(name, [number])

    def found(query: str) -> list[str]:
        return [one["name"] for one in ask("GET", f"/api/v1/contacts?{query}").json["contacts"]]

    assert found("search=ann") == ["Annika", "Anna"]
    assert found("search=ann&before=2") == ["Anna"]
    assert found("search=1380013") == ["Bert"]
    assert found("search=nobody") == []


def test_what_is_no_contact_is_refused_with_a_code(ask: Ask, appliance: Appliance) -> None:
    refused: list[tuple[dict[str, Any], str]] = [
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"numbers": []}, "numbers"),
        ({"numbers": ["x", "1" * 5000]}, "numbers"),
        ({"groups": ["\0"]}, "groups"),
    ]
    for wish, code in refused:
        answer = ask("POST", "/api/v1/contacts", json={"name": "A", "numbers": ["16210000000"], **wish})
        assert (answer.status_code, answer.json["code"]) == (422, code)
        assert code in REFUSALS
    assert appliance.household.contacts() == []


def test_some_of_a_contact_is_changed(ask: Ask) -> None:
    wish = {"name": "A", "numbers": ["16210000001"], "groups": ["Family"]}
    contact = ask("POST", "/api/v1/contacts", json=wish).json
    path = f"/api/v1/contacts/{contact['id']}"
    changed = ask("PATCH", path, json={"numbers": ["16210000002"]})
    assert (changed.status_code, changed.json) == (200, contact | {"numbers": ["+8616210000002"]})
    assert ask("GET", "/api/v1/contacts").json["contacts"] == [changed.json]
    assert ask("GET", "/api/v1/explain?number=16210000002").json["verdict"]["reason"] == "contact"
    assert ask("GET", "/api/v1/explain?number=16210000001").json["verdict"]["reason"] != "contact"
    for wrong, code in (({"name": ""}, "name"), ({"numbers": []}, "numbers"), ({"groups": ["\0"]}, "groups")):
        answer = ask("PATCH", path, json=wrong)
        assert (answer.status_code, answer.json["code"]) == (422, code)
    assert ask("GET", "/api/v1/contacts").json["contacts"] == [changed.json]
    assert ask("PATCH", "/api/v1/contacts/7", json={"name": "B"}).status_code == 404


def test_an_address_book_is_taken_in(ask: Ask) -> None:
    cards = CARDS.format(name="A", number="16210000001") + CARDS.format(name="B", number="16210000002")
    cards += CARDS.format(name="C", number="")
    came = ask("POST", "/api/v1/contacts/import", data=cards, content_type="text/vcard").json
    assert came == {"new": 2, "known": 0, "skipped": 1, "notes": []}
    table = "name,phone\nA,16210000001\nD,16210000004\n"
    came = ask("POST", "/api/v1/contacts/import", data=table, content_type="text/csv").json
    assert (came["new"], came["known"], came["skipped"]) == (1, 1, 0)
    assert len(ask("GET", "/api/v1/contacts").json["contacts"]) == 3
    assert ask("GET", "/api/v1/explain?number=16210000004").json["verdict"]["reason"] == "contact"


def test_a_large_address_book_is_one_change_on_the_disk(ask: Ask, appliance: Appliance) -> None:
    cards = "".join(CARDS.format(name=f"N{number}", number=16210000000 + number) for number in range(1500))
    assert len(cards) > 65536
    journal = appliance.data / "store.journal"
    for new, known in (1500, 0), (0, 1500):
        batches = journal.read_bytes().count(b"\n#") if journal.exists() else 0
        came = ask("POST", "/api/v1/contacts/import", data=cards, content_type="text/vcard").json
        assert (came["new"], came["known"]) == (new, known)
        assert journal.read_bytes().count(b"\n#") <= batches + 1


def test_what_is_no_address_book_is_refused_with_a_code(ask: Ask, appliance: Appliance) -> None:
    for data, code in (b"", "empty"), (b" \n", "empty"), (b"\0\xff" * 5000, "not_contacts"):
        answer = ask("POST", "/api/v1/contacts/import", data=data)
        assert (answer.status_code, answer.json["code"]) == (422, code)
        assert code in REFUSALS
    assert appliance.household.contacts() == []


def test_a_pass_opens_as_the_owner_has_set_it_and_ends(ask: Ask, appliance: Appliance) -> None:
    appliance.household.change_settings({"courier_minutes": 10, "courier_segments": "162* 163*"})
    appliance.household.add_rule({"match": "162*", "action": "block"})
    answer = ask("POST", "/api/v1/passes", json={})
    assert answer.status_code == 201
    assert answer.json["segments"] == ["162*", "163*"]
    remaining = datetime.fromisoformat(answer.json["until"]) - datetime.now(UTC)
    assert timedelta(minutes=9) < remaining <= timedelta(minutes=10)
    assert ask("GET", "/api/v1/passes").json["passes"] == [answer.json]
    assert ask("GET", "/api/v1/explain?number=16210123456").json["verdict"]["reason"] == "pass"
    assert ask("DELETE", f"/api/v1/passes/{answer.json['id']}").status_code == 204
    assert ask("GET", "/api/v1/passes").json["passes"] == []
    assert ask("GET", "/api/v1/explain?number=16210123456").json["verdict"]["action"] == "block"


def test_a_pass_opens_as_it_is_asked_for(ask: Ask) -> None:
    found = ask("POST", "/api/v1/passes", json={"minutes": 1, "segments": ["162*", "+1", "*"]}).json
    assert found["segments"] == ["*", "+1*", "162*"]


def test_what_is_no_pass_is_refused_with_a_code(ask: Ask, appliance: Appliance) -> None:
    refused: list[tuple[dict[str, Any], str]] = [
        ({"minutes": 0}, "minutes"),
        ({"minutes": 1441}, "minutes"),
        ({"segments": []}, "segments"),
        ({"segments": ["x"]}, "segments"),
        ({"segments": ["१६२*"]}, "segments"),
        ({"segments": ["1" * 16]}, "segments"),
        ({"segments": [str(number) for number in range(100, 130)]}, "segments"),
    ]
    for wish, code in refused:
        answer = ask("POST", "/api/v1/passes", json=wish)
        assert (answer.status_code, answer.json["code"]) == (422, code)
        assert code in REFUSALS
    assert appliance.household.passes() == []


def test_a_number_that_the_owner_called_is_known_and_forgotten(ask: Ask, appliance: Appliance) -> None:
    appliance.household.add_rule({"match": "162*", "action": "block"})
    answer = ask("POST", "/api/v1/known", json={"number": "162 1012 3456"})
    assert answer.status_code == 201
    assert (answer.json["segments"], answer.json["until"]) == (["+8616210123456"], None)
    assert ask("GET", "/api/v1/known").json["known"] == [answer.json]
    assert ask("GET", "/api/v1/explain?number=16210123456").json["verdict"]["reason"] == "pass"
    path = f"/api/v1/known/{answer.json['id']}"
    assert ask("DELETE", path).status_code == 204
    assert ask("DELETE", path).status_code == 404
    assert ask("GET", "/api/v1/explain?number=16210123456").json["verdict"]["action"] == "block"


def test_only_numbers_are_known_and_only_the_known_forgotten(ask: Ask) -> None:
    for number in ("", "162*", "Mum"):
        answer = ask("POST", "/api/v1/known", json={"number": number})
        assert (answer.status_code, answer.json["code"]) == (422, "number")
    assert ask("POST", "/api/v1/known", json={}).status_code == 400
    courier = ask("POST", "/api/v1/passes", json={}).json
    assert ask("DELETE", f"/api/v1/known/{courier['id']}").status_code == 404
    assert ask("GET", "/api/v1/known").json["known"] == []


def test_a_pause_is_begun_seen_and_called_off(
    ask: Ask, ring: Callable[..., int], guarding: Appliance
) -> None:
    ask("POST", "/api/v1/rules", json={"match": "162*", "action": "block"})
    until = ask("PUT", "/api/v1/pause", json={"minutes": 30}).json["until"]
    assert ask("GET", "/api/v1/pause").json == {"until": until}
    assert ask("GET", "/api/v1/status").json["paused"] == until
    call = ask("GET", f"/api/v1/calls/{ring('16210123456')}").json
    assert (call["verdict"]["action"], call["verdict"]["reason"], call["cut"]) == ("allow", "pause", False)
    assert ask("DELETE", "/api/v1/pause").status_code == 204
    assert ask("DELETE", "/api/v1/pause").status_code == 404
    assert ask("GET", "/api/v1/pause").json == {"until": None}


def test_what_is_no_pause_is_refused(ask: Ask) -> None:
    for minutes in (0, 24 * 60, True):
        answer = ask("PUT", "/api/v1/pause", json={"minutes": minutes})
        assert (answer.status_code, answer.json["code"]) == (422, "minutes")
    for body in ({}, {"minutes": "5"}, {"minutes": 1.5}):
        assert ask("PUT", "/api/v1/pause", json=body).status_code == 400
