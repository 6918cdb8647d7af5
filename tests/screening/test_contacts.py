"""Contacts, found by their numbers."""

from firmware.screening import Contacts

MUM = {"name": "Mum", "numbers": ["+8616210123456", "+8657188881234"]}
HOME = {"name": "Home", "numbers": ["+8657188881234"]}


def test_each_number_of_a_contact_finds_it() -> None:
    contacts = Contacts([(3, MUM)])
    assert contacts.find("+8616210123456") == contacts.find("+8657188881234") == (3, "Mum")
    assert contacts.find("+8616210123457") is None
    assert len(contacts) == 2


def test_who_shares_a_number_is_found_by_it_when_the_other_goes() -> None:
    for order in ([(3, MUM), (4, HOME)], [(4, HOME), (3, MUM)]):
        contacts = Contacts(order)
        assert contacts.find("+8657188881234") == (3, "Mum")
        contacts.drop(3, MUM)
        assert contacts.find("+8657188881234") == (4, "Home")
        assert contacts.find("+8616210123456") is None
        contacts.drop(4, HOME)
        assert len(contacts) == 0


def test_a_contact_that_is_entered_again_has_its_new_name() -> None:
    contacts = Contacts([(3, MUM)])
    contacts.put(3, {**MUM, "name": "Mother"})
    assert contacts.find("+8616210123456") == (3, "Mother")
    contacts.drop(3, MUM)
    assert len(contacts) == 0


def test_a_contact_that_is_changed_has_the_numbers_that_it_has_now() -> None:
    contacts = Contacts([(3, MUM)])
    after = {"name": "Mother", "numbers": ["+8657188881234", "+8613800138000"]}
    contacts.change(3, MUM, after)
    assert contacts.find("+8616210123456") is None
    assert contacts.find("+8657188881234") == contacts.find("+8613800138000") == (3, "Mother")


def test_contacts_are_searched_by_name_and_number() -> None:
    contacts = Contacts(
        [
            (1, {"name": "Straße Ma", "numbers": ["+8613800138000", "+861065551234"]}),
            (2, {"name": "马", "numbers": ["+8613800138000"]}),
        ]
    )
    assert contacts.search("strasse", "") == {1}
    assert contacts.search("马", "") == {2}
    assert contacts.search("13800", "13800") == {1, 2}
    assert contacts.search("6555", "6555") == {1}
    assert contacts.search("nobody", "") == set()
