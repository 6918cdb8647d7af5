from collections.abc import Callable
from datetime import UTC, datetime

from asking import Ask

from firmware.appliance import Appliance
from firmware.board.pins import load_board
from firmware.call import Call, CallerId
from firmware.calls.log import as_document
from firmware.lines.simulator import SimulatedModem
from firmware.numbers import understand
from hw.wiring import HEADER

Ring = Callable[..., int]


def test_what_was_heard_is_told_as_it_came(ask: Ask, ring: Ring) -> None:
    assert ask("GET", "/api/v1/heard").json == {"call": None}
    ring("16210123456", "张三")
    call = ask("GET", "/api/v1/heard").json["call"]
    assert (call["number"], call["name"], call["rings"]) == ("+8616210123456", "张三", 1)
    assert "NMBR = 16210123456" in call["raw"]


def test_each_part_is_told_with_its_pin(ask: Ask) -> None:
    pins = {one["name"]: (one["gpio"], one["header"]) for one in ask("GET", "/api/v1/board").json["pins"]}
    assert pins.keys() == {"relay", "guard", "call", "cut", "block", "pass"}
    assert pins["relay"] == (load_board()["relay"].gpio, HEADER[load_board()["relay"].gpio])


def test_what_the_modem_says_is_told(ask: Ask, guarding: Appliance) -> None:
    lines = ask("GET", "/api/v1/modem/traffic").json["lines"]
    assert {"sent": True, "text": "AT+VCID=1"}.items() <= next(
        one for one in lines if "=1" in one["text"]
    ).items()


def test_the_doctor_examines(ask: Ask, guarding: Appliance) -> None:
    findings = {one["part"]: one for one in ask("GET", "/api/v1/doctor").json["findings"]}
    assert findings["pins"]["says"] == "simulated, as the settings ask"
    assert findings["modem"]["verdict"] == "ok"


def test_lamps_and_relay_are_tried(ask: Ask, guarding: Appliance) -> None:
    assert ask("POST", "/api/v1/trials/lamps").status_code == 204
    assert ask("POST", "/api/v1/trials/relay").json == {"moved": True}


def test_nothing_is_tried_while_a_call_rings(
    ask: Ask, guarding: Appliance, modem: SimulatedModem, wait_until: Callable[..., None]
) -> None:
    modem.result("RING")
    wait_until(lambda: guarding.switchboard.ringing())
    for trial in ("lamps", "relay"):
        answer = ask("POST", f"/api/v1/trials/{trial}")
        assert (answer.status_code, answer.json["code"]) == (409, "ringing")


def test_the_first_steps_are_told_and_changed(ask: Ask, program: Ask) -> None:
    assert ask("GET", "/api/v1/first-run").json["open"] == []
    assert ask("PUT", "/api/v1/first-run", json={"open": ["sets", "line"]}).json == {"open": ["line", "sets"]}
    assert ask("GET", "/api/v1/first-run").json == {"open": ["line", "sets"]}
    for wrong in ({}, {"open": "line"}, {"open": ["x"]}, {"open": [[]]}):
        assert program("PUT", "/api/v1/first-run", json=wrong).status_code == 400


def test_a_number_has_its_history_and_its_look_alikes(ask: Ask, ring: Ring) -> None:
    for number in ("16210123456", "16210129999", "16210223456", "16210123456"):
        ring(number)
    found = ask("GET", "/api/v1/history?number=162-1012-3456").json
    assert found["segment"] == "1621012*"
    assert [call["id"] for call in found["own"]] == [4, 1]
    assert [call["number"] for call in found["alike"]] == ["+8616210129999"]
    short = ask("GET", "/api/v1/history?number=110").json
    assert short == {"segment": None, "own": [], "alike": []}


def test_a_history_covers_all_the_calls_that_are_kept(ask: Ask, guarding: Appliance) -> None:
    call = Call("modem", datetime(2026, 3, 2, tzinfo=UTC), CallerId(number="16210123456"), over=True)
    call.number = understand("16210123456", "CN")
    others = [as_document(call) | {"number": f"+861380013{number:04}"} for number in range(3000)]
    guarding.calls_log.store().table("calls").insert_multiple([as_document(call), *others])
    assert [one["id"] for one in ask("GET", "/api/v1/history?number=16210123456").json["own"]] == [1]
    assert [one["id"] for one in ask("GET", "/api/v1/history?number=16210129999").json["alike"]] == [1]
