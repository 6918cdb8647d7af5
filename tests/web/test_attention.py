"""From a ring to the caller's number, whoever can wait does; and no longer."""

import threading
import time
from collections.abc import Callable

from flask import Flask

from firmware.appliance import Appliance
from firmware.attention import SECONDS, Attention
from firmware.lines.simulator import SimulatedModem

Wait = Callable[..., None]


def waited(attention: Attention) -> float:
    before = time.monotonic()
    attention.wait()
    return time.monotonic() - before


def ring_again(guarding: Appliance, modem: SimulatedModem, wait_until: Wait) -> None:
    modem.send("\r\nRING\r\n")
    wait_until(lambda: guarding.line.ringing.call is not None and guarding.line.ringing.call.rings == 2)


def test_nobody_waits_while_none_is_paid() -> None:
    attention = Attention(60.0)
    assert not attention.paid
    attention.wait()


def test_who_waits_goes_on_when_the_caller_is_known() -> None:
    attention = Attention(60.0)
    attention.begin()
    waiting = threading.Thread(target=attention.wait)
    waiting.start()
    assert attention.paid
    assert waiting.is_alive()
    attention.end()
    waiting.join(5.0)
    assert not waiting.is_alive()
    assert not attention.paid


def test_a_line_that_has_died_keeps_nobody_waiting() -> None:
    attention = Attention(0.05)
    attention.begin()
    assert waited(attention) >= 0.04
    assert not attention.paid


def test_a_request_waits_from_the_ring_to_the_number(
    guarding: Appliance, app: Flask, modem: SimulatedModem, wait_until: Wait
) -> None:
    modem.send("\r\nRING\r\n")
    wait_until(lambda: guarding.attention.paid)
    answers: list[int] = []
    asking = threading.Thread(target=lambda: answers.append(app.test_client().get("/sign-in").status_code))
    asking.start()
    modem.send("DATE = 1124\r\n")
    time.sleep(0.1)
    assert not answers
    modem.send("NMBR = 16210123456\r\n")
    asking.join(1.0)
    assert answers
    ring_again(guarding, modem, wait_until)
    assert not guarding.attention.paid


def test_a_call_without_a_number_holds_nobody_for_long(
    guarding: Appliance, modem: SimulatedModem, wait_until: Wait
) -> None:
    modem.send("\r\nRING\r\n")
    wait_until(lambda: guarding.attention.paid)
    assert waited(guarding.attention) <= SECONDS + 0.5
    ring_again(guarding, modem, wait_until)
    assert not guarding.attention.paid


def test_what_is_rehearsed_has_no_effect(
    guarding: Appliance, modem: SimulatedModem, wait_until: Wait
) -> None:
    guarding.household.add_rule({"match": "162*", "action": "block"})
    rehearsed: list[str] = []
    judge = guarding.switchboard.verdict
    guarding.switchboard.verdict = lambda call: (rehearsed.append(str(call.caller_id)), judge(call))[1]  # type: ignore[method-assign]
    modem.send("\r\nRING\r\n")
    wait_until(lambda: len(rehearsed) > 10)
    assert not guarding.relay.cut
    modem.send("NMBR = 13800000000\r\n")
    wait_until(lambda: not guarding.attention.paid)
    wait_until(lambda: len(guarding.calls_log) == 1)
    call = guarding.calls(limit=1)[0]
    assert call["number"] == "+8613800000000"
    assert call["verdict"]["action"] == "allow"
    assert not guarding.relay.cut
