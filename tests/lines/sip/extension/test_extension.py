"""The line as one more phone of a house: a real registrar, a real softphone beside it, and sipp who calls."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from house import UNWANTED, WANTED, House
from phones import Phone
from registrar import Registrar, until
from started import reachable

from firmware.call import Absence

Houses = Callable[..., House]
DOOR = '"Door" <sip:doorbell@127.0.0.1>'


@pytest.fixture(scope="module")
def phone(tmp_path_factory: pytest.TempPathFactory, registrar: Registrar) -> Iterator[Phone]:
    if not reachable():
        pytest.skip("baresip needs an address that is not the loopback's")
    with Phone(tmp_path_factory.mktemp("phone"), registrar.port) as phone:
        yield phone


@pytest.fixture(autouse=True)
def forgotten(phone: Phone) -> None:
    phone.events.clear()


def test_a_blocked_call_is_taken_and_ended_so_that_the_other_phone_falls_silent(
    house: Houses, phone: Phone
) -> None:
    home = house()
    assert home.caller(UNWANTED).outcome() == "taken"
    (call,) = home.over()
    assert (call.cut, call.answered, call.rings, call.line) == (True, False, 1, "Home")
    until(lambda: phone.saw("CALL_CLOSED"), "the phone goes on ringing")
    assert phone.saw("CALL_ESTABLISHED") is None


@pytest.mark.parametrize("status", ["603", "607"])
def test_a_blocked_call_is_declined_for_all_phones_where_the_owner_prefers_that(
    house: Houses, phone: Phone, status: str
) -> None:
    home = house(ending=status)
    assert home.caller(UNWANTED).outcome() == status
    assert home.over()[0].cut
    until(lambda: phone.saw("CALL_CLOSED"), "the phone goes on ringing")


def test_a_wanted_call_rings_on_and_is_answered_at_the_phone(house: Houses, phone: Phone) -> None:
    home = house()
    caller = home.caller(WANTED, talk=300)
    until(home.ringing, "it does not ring")
    phone.answer()
    assert caller.outcome() == "talked"
    (call,) = home.over()
    assert (call.cut, call.answered, call.talked) == (False, True, None)


def test_a_call_that_the_caller_gives_up_was_answered_by_nobody(house: Houses, phone: Phone) -> None:
    home = house()
    assert home.caller(WANTED, patience=300).outcome() == "487"
    (call,) = home.over()
    assert (call.cut, call.answered) == (False, False)


def test_a_wanted_call_is_left_to_the_phones_after_the_wait(house: Houses, phone: Phone) -> None:
    home = house(wait=1)
    began = time.monotonic()
    caller = home.caller(WANTED, talk=300)
    (call,) = home.over()
    left_after = time.monotonic() - began
    phone.answer()
    assert caller.outcome() == "talked"
    assert (call.answered, left_after >= 1.0) == (False, True)


def test_a_call_that_is_blocked_while_it_rings_ends_then(house: Houses, phone: Phone) -> None:
    home = house()
    caller = home.caller(WANTED)
    until(home.ringing, "it does not ring")
    home.line.reject(home.calls[0], "cut")
    assert caller.outcome() == "taken"


def test_what_a_call_depends_on_may_change_while_it_rings(house: Houses, phone: Phone) -> None:
    home = house()
    caller = home.caller(WANTED)
    until(home.ringing, "it does not ring")
    caller_id = home.calls[0].caller_id
    assert caller_id
    home.calls[0].caller_id = type(caller_id)(number=UNWANTED)
    home.line.reconsider()
    assert caller.outcome() == "taken"


@pytest.mark.parametrize("who", ["<sip:620@127.0.0.1>", "<sip:**9@127.0.0.1>", DOOR])
def test_callers_of_the_house_are_no_calls_of_the_line(house: Houses, phone: Phone, who: str) -> None:
    home = house(exempt="door*")
    assert home.caller(who, patience=200).outcome() == "487"
    assert home.caller(UNWANTED).outcome() == "taken"
    assert [call.caller_id and call.caller_id.number for call in home.over()] == [UNWANTED]


def test_who_calls_is_what_the_registrar_asserts(house: Houses, phone: Phone) -> None:
    home = house()
    headers = (f"P-Asserted-Identity: <tel:{UNWANTED}>",)
    assert home.caller('"Your bank" <sip:95588@bank>', *headers).outcome() == "taken"
    caller = home.over()[0].caller_id
    assert caller
    assert (caller.number, caller.name) == (UNWANTED, "Your bank")


def test_a_withheld_number_is_withheld(house: Houses, phone: Phone) -> None:
    home = house()
    home.caller(UNWANTED, "Privacy: id", patience=200).outcome()
    caller = home.over()[0].caller_id
    assert caller
    assert (caller.number, caller.absence) == (None, Absence.WITHHELD)


def test_a_chinese_name_in_the_encoding_of_an_old_exchange_is_read(house: Houses, phone: Phone) -> None:
    home = house()
    home.caller(f'"推销" <sip:{UNWANTED}@h>').outcome()
    caller = home.over()[0].caller_id
    assert caller
    assert caller.name == "推销"


def test_a_fault_of_ours_lets_the_call_through(house: Houses, phone: Phone) -> None:
    home = house()
    home.fails = True
    caller = home.caller(UNWANTED, talk=300)
    phone.answer()
    assert caller.outcome() == "talked"


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGSTOP])
def test_a_call_rings_at_the_phone_while_the_process_is_dead_or_hangs(
    house: Houses, phone: Phone, blow: signal.Signals
) -> None:
    home = house()
    agent = home.line._agent
    assert agent
    os.kill(agent.pid, blow)
    caller = home.caller(UNWANTED, talk=300)
    phone.answer()
    assert caller.outcome() == "talked"


def test_a_process_that_died_is_replaced(house: Houses) -> None:
    home = house()
    agent = home.line._agent
    assert agent
    agent.kill()
    until(lambda: len(home.states) > 2 and home.guarding(), "it does not come back")
    assert [state.fault for state in home.states if state.state == "fault"] == ["sip_lost"]
    assert home.caller(UNWANTED).outcome() == "taken"


def test_a_call_that_rang_when_the_process_died_is_over(house: Houses, phone: Phone) -> None:
    home = house()
    caller = home.caller(WANTED, talk=200)
    until(home.ringing, "it does not ring")
    agent = home.line._agent
    assert agent
    agent.kill()
    assert home.over()[0].cut is False
    phone.answer()
    assert caller.outcome() == "talked"


def test_nothing_of_the_password_is_to_be_seen_from_outside(house: Houses, registrar: Registrar) -> None:
    home = house()
    agent = home.line._agent
    assert agent
    told = Path(f"/proc/{agent.pid}/cmdline").read_bytes() + Path(f"/proc/{agent.pid}/environ").read_bytes()
    assert home.line.account.password.encode() not in told
    assert home.line.account.password not in repr(home.line.account)
