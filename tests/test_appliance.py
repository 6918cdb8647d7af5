"""The appliance as a process of its own: a call on a pseudo-terminal, seen through HTTP and the pins."""

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from running import Running

from firmware.lines.simulator import Cadence, SimulatedModem

Wait = Callable[..., None]

RINGING = Cadence(0.1, 0.4)


@pytest.fixture(scope="module")
def modem(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedModem]:
    modem = SimulatedModem(link=tmp_path_factory.mktemp("dev") / "ttyACM0", seed=7)
    yield modem
    modem.close()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, modem: SimulatedModem) -> Iterator[Running]:
    with Running(tmp_path_factory.mktemp("appliance"), modem.link) as running:
        yield running


@pytest.fixture(autouse=True)
def guarded(running: Running, wait_until: Wait) -> None:
    wait_until(running.guarding)
    running.request("PATCH", "settings", {"silence_s": 3, "block_action": "cut", "withheld": "allow"})


def rule(running: Running, match: str, action: str) -> int:
    status, answer = running.request("POST", "rules", {"match": match, "action": action})
    assert status == 201, answer
    return int(answer["id"])


def newest(running: Running) -> dict[str, Any]:
    calls = running.get("calls?limit=1")["calls"]
    return calls[0] if calls else {}


def rung(
    running: Running, modem: SimulatedModem, wait_until: Wait, *caller: Any, **how: Any
) -> dict[str, Any]:
    """Ring, and give the call as the log has it when it is over."""
    before = newest(running).get("id", 0)
    modem.call(*caller, **{"rings": 2, "cadence": RINGING} | how)
    wait_until(lambda: newest(running).get("id", 0) > before)
    wait_until(lambda: newest(running)["over"])
    return newest(running)


def test_a_blocked_segment_is_cut_and_the_line_connected_afterwards(
    running: Running, modem: SimulatedModem, wait_until: Wait
) -> None:
    id = rule(running, "162*", "block")
    edges = len(running.edges("relay"))
    call = rung(running, modem, wait_until, "16210123456", "A <b>name</b>")
    assert running.edges("relay")[edges:] == [1, 0]
    assert call["cut"]
    assert (call["number"], call["name"], call["rings"]) == ("+8616210123456", "A <b>name</b>", 2)
    assert call["verdict"] == {
        "action": "block", "reason": "rule", "rule": id, "match": "162*", "how": None,
    }  # fmt: skip
    assert running.get("status")["relay"] == "connected"


def test_while_a_blocked_call_rings_the_status_and_the_lamps_say_so(
    running: Running, modem: SimulatedModem, wait_until: Wait
) -> None:
    rule(running, "162*", "block")
    modem.call("16210120000", rings=1)
    modem.caller("16210120000")
    wait_until(lambda: running.get("status")["relay"] == "cut")
    assert running.get("status")["leds"] == {"guard": "on", "call": "off", "cut": "on"}
    wait_until(lambda: running.edges("cut")[-1] == 1)
    wait_until(lambda: running.get("status")["relay"] == "connected")
    wait_until(lambda: running.edges("cut")[-1] == 0)


def test_the_courier_of_the_same_segment_is_spared(
    running: Running, modem: SimulatedModem, wait_until: Wait
) -> None:
    rule(running, "162*", "block")
    rule(running, "16210129999", "allow")
    edges = running.edges("relay")
    call = rung(running, modem, wait_until, "16210129999")
    assert (call["verdict"]["action"], call["cut"]) == ("allow", False)
    assert running.edges("relay") == edges


def test_a_protected_number_is_never_cut(running: Running, modem: SimulatedModem, wait_until: Wait) -> None:
    rule(running, "9*", "block")
    edges = running.edges("relay")
    call = rung(running, modem, wait_until, "96110")
    assert call["verdict"]["reason"] == "protected"
    assert running.edges("relay") == edges


def test_a_withheld_caller_is_treated_as_the_owner_wishes(
    running: Running, modem: SimulatedModem, wait_until: Wait
) -> None:
    running.request("PATCH", "settings", {"withheld": "block"})
    call = rung(running, modem, wait_until, None, absence="P")
    assert (call["absence"], call["verdict"]["reason"], call["cut"]) == ("withheld", "withheld", True)


def test_a_ring_without_caller_id_is_remembered_and_let_through(
    running: Running, modem: SimulatedModem, wait_until: Wait
) -> None:
    call = rung(running, modem, wait_until, None, caller_id="none")
    assert (call["number"], call["absence"], call["rings"], call["cut"]) == (None, None, 2, False)


def test_a_caller_who_is_blocked_while_it_rings_is_cut_at_once(
    running: Running, modem: SimulatedModem, wait_until: Wait
) -> None:
    modem.call("17021550198", rings=2, cadence=RINGING)
    wait_until(lambda: newest(running).get("number") == "+8617021550198")
    edges = len(running.edges("relay"))
    id = rule(running, "17021550198", "block")
    wait_until(lambda: running.edges("relay")[edges:] == [1])
    running.request("DELETE", f"rules/{id}")
    wait_until(lambda: running.edges("relay")[edges:] == [1, 0], 2.5)
    wait_until(lambda: newest(running)["over"])


def test_hang_up_answers_and_ends_the_call_on_the_callers_side(
    running: Running, modem: SimulatedModem, wait_until: Wait
) -> None:
    running.request("PATCH", "settings", {"block_action": "cut+hangup"})
    rule(running, "165*", "block")
    edges = len(running.edges("relay"))
    modem.commands.clear()
    rung(running, modem, wait_until, "16533217890")
    assert [command for command in modem.commands if command.startswith("ATH")] == ["ATH1", "ATH0"]
    assert running.edges("relay")[edges:] == [1, 0]


def test_hang_up_alone_leaves_the_relay_alone(
    running: Running, modem: SimulatedModem, wait_until: Wait
) -> None:
    running.request("PATCH", "settings", {"block_action": "hangup"})
    rule(running, "165*", "block")
    edges = running.edges("relay")
    modem.commands.clear()
    call = rung(running, modem, wait_until, "16533217891")
    assert "ATH1" in modem.commands
    assert (call["cut"], call["verdict"]["action"]) == (False, "block")
    assert running.edges("relay") == edges


def test_a_lost_modem_is_a_fault_on_the_page_and_on_the_lamps(
    running: Running, modem: SimulatedModem, wait_until: Wait
) -> None:
    modem.unplug()
    wait_until(lambda: running.get("status")["line"]["state"] == "fault")
    assert running.get("status")["leds"]["guard"] == "off"
    modem.plug()
    wait_until(running.guarding)
    wait_until(lambda: running.get("status")["leds"]["guard"] == "on")


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM])
def test_killed_while_it_cuts_the_relay_connects_and_nothing_is_lost(
    running: Running, modem: SimulatedModem, wait_until: Wait, sign: signal.Signals
) -> None:
    rule(running, "162*", "block")
    before = newest(running)["id"]
    modem.result("RING")
    modem.caller("16210127777")
    wait_until(lambda: running.edges("relay")[-1] == 1)
    wait_until(lambda: newest(running)["id"] > before)
    running.process.send_signal(sign)
    running.process.wait(15)
    wait_until(lambda: running.edges("relay")[-1] == 0)
    running.start()
    wait_until(running.guarding)
    call = newest(running)
    assert (call["presented"], call["over"]) == ("16210127777", True)
    assert any(rule["match"] == "162*" for rule in running.get("rules")["rules"])


def test_a_hung_appliance_holds_no_line(running: Running, modem: SimulatedModem, wait_until: Wait) -> None:
    rule(running, "162*", "block")
    modem.result("RING")
    modem.caller("16210126666")
    wait_until(lambda: running.edges("relay")[-1] == 1)
    running.process.send_signal(signal.SIGSTOP)
    wait_until(lambda: running.edges("relay")[-1] == 0)
    running.process.send_signal(signal.SIGCONT)
    wait_until(running.guarding)


def test_a_second_appliance_on_the_same_data_refuses_to_start(
    running: Running, tmp_path: Path, wait_until: Wait
) -> None:
    second = [*running.command[: running.command.index("--pins")], "--pins", f"mock:{tmp_path / 'pins'}"]
    finished = subprocess.run(
        [*second, "--http", "127.0.0.1:1"], capture_output=True, text=True, timeout=60, check=False
    )
    assert finished.returncode == 1
    assert "Traceback" not in finished.stderr
    assert running.guarding()


def test_a_caller_with_whom_somebody_has_talked_is_known(
    running: Running, modem: SimulatedModem, wait_until: Wait
) -> None:
    running.request("PATCH", "settings", {"known_s": 1})
    before = newest(running).get("id", 0)
    modem.call("17155550001", rings=1, cadence=RINGING)
    wait_until(lambda: newest(running).get("id", 0) > before)
    modem.send(b"\x10H")
    time.sleep(1.2)
    modem.send(b"\x10h")
    wait_until(lambda: (newest(running)["talked"] or 0) >= 1)
    id = rule(running, "171*", "block")
    wait_until(lambda: running.get("explain?number=17155550001")["verdict"]["reason"] == "pass")
    assert rung(running, modem, wait_until, "17155550002")["verdict"]["action"] == "block"
    assert not rung(running, modem, wait_until, "17155550001")["cut"]
    running.request("DELETE", f"rules/{id}")


def test_a_second_call_within_the_time_comes_through(
    running: Running, modem: SimulatedModem, wait_until: Wait
) -> None:
    running.request("PATCH", "settings", {"redial_s": 60})
    id = rule(running, "165*", "block")
    assert rung(running, modem, wait_until, "16555550001")["cut"]
    again = rung(running, modem, wait_until, "16555550001")
    assert (again["cut"], again["verdict"]["reason"]) == (False, "redial")
    running.request("PATCH", "settings", {"redial_s": 0})
    running.request("DELETE", f"rules/{id}")


def test_at_night_a_call_without_any_caller_id_is_cut_at_the_second_ring(
    running: Running, modem: SimulatedModem, wait_until: Wait
) -> None:
    status, answer = running.request(
        "POST", "rules", {"match": "kind:anyone", "action": "block", "when": "00:00-24:00"}
    )
    assert status == 201, answer
    edges = len(running.edges("relay"))
    call = rung(running, modem, wait_until, None, caller_id="none", rings=3)
    assert running.edges("relay")[edges:] == [1, 0]
    assert (call["verdict"]["reason"], call["verdict"]["match"]) == ("rule", "kind:anyone")
    running.request("DELETE", f"rules/{answer['id']}")


def test_what_a_rule_has_decided_is_counted(
    running: Running, modem: SimulatedModem, wait_until: Wait
) -> None:
    id = rule(running, "167*", "block")
    call = rung(running, modem, wait_until, "16755550001")
    hits = next(one["hits"] for one in running.get("rules")["rules"] if one["id"] == id)
    assert hits == {"count": 1, "last": call["started"]}
    running.request("DELETE", f"rules/{id}")


def test_a_press_of_block_cuts_what_rings_at_once_and_blocks_its_number(
    running: Running, modem: SimulatedModem, wait_until: Wait
) -> None:
    modem.send("\r\nRING\r\n\r\nNMBR = 13899990001\r\n")
    wait_until(lambda: running.get("status")["shows"] == "ringing")
    edges = len(running.edges("relay"))
    running.press("block")
    wait_until(lambda: running.edges("relay")[edges:] == [1])
    wait_until(lambda: "+8613899990001" in [rule["match"] for rule in running.get("rules")["rules"]])
    wait_until(lambda: running.edges("relay")[edges:] == [1, 0])
    assert rung(running, modem, wait_until, "13899990001")["verdict"]["reason"] == "number"


def test_the_pass_button_lets_the_courier_through(
    running: Running, modem: SimulatedModem, wait_until: Wait
) -> None:
    rule(running, "1654*", "block")
    assert rung(running, modem, wait_until, "16540000001")["verdict"]["action"] == "block"
    running.press("pass")
    wait_until(lambda: running.get("status")["shows"] == "expecting")
    assert running.get("status")["leds"]["guard"] == "left4"
    assert rung(running, modem, wait_until, "16540000002")["verdict"]["reason"] == "pass"
    running.press("pass", 2.2)
    wait_until(lambda: running.get("status")["shows"] == "guarding")
    assert rung(running, modem, wait_until, "16540000003")["verdict"]["action"] == "block"


def test_a_caller_without_a_number_who_was_cut_by_hand_stays_cut_while_it_rings(
    running: Running, modem: SimulatedModem, wait_until: Wait
) -> None:
    edges = len(running.edges("relay"))
    modem.send("\r\nRING\r\n")
    time.sleep(0.2)
    running.press("block")
    for _ in range(2):
        time.sleep(1.0)
        modem.send("\r\nRING\r\n")
    time.sleep(2.0)
    assert running.edges("relay")[edges:] == [1]
    wait_until(lambda: running.edges("relay")[edges:] == [1, 0])
