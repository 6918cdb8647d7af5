from collections.abc import Callable

import pytest
from running import free_port

from firmware.appliance import Appliance
from firmware.board.lamps import LAMPS
from firmware.board.trials import Ringing
from firmware.lines.simulator import Cadence, SimulatedModem
from firmware.wiring import Wiring

Wait = Callable[..., None]


@pytest.fixture
def box(tmp_path, wait_until: Wait):
    modem = SimulatedModem(link=tmp_path / "ttyACM0")
    wiring = Wiring(
        data=tmp_path / "data",
        pins=f"mock:{tmp_path / 'pins'}",
        modem_port=str(tmp_path / "ttyACM0"),
        http=f"127.0.0.1:{free_port()}",
    )
    with Appliance(wiring) as appliance:
        appliance.start()
        wait_until(lambda: appliance.status()["line"]["state"] == "guarding")
        yield appliance, modem
    modem.close()


def edges(tmp_path, *pins: str) -> list[tuple[str, int]]:
    lines = [line.split() for line in (tmp_path / "pins").read_text("ascii").splitlines()]
    return [(pin, int(level)) for _, pin, level in lines if pin in pins]


def test_the_relay_clicks_twice_and_ends_connected(box, tmp_path) -> None:
    appliance, _ = box
    assert appliance.trials.relay()
    assert edges(tmp_path, "relay")[-2:] == [("relay", 1), ("relay", 0)]
    assert appliance.relay.state == "connected"


def test_the_lamps_light_one_after_another_and_then_show_what_is_so(box, tmp_path, wait_until: Wait) -> None:
    appliance, _ = box
    wait_until(lambda: appliance.status()["leds"]["guard"] == "on")
    before = len(edges(tmp_path, *LAMPS))
    appliance.trials.lamps()
    wait_until(lambda: len(edges(tmp_path, *LAMPS)) >= before + 6)
    lit = [pin for pin, level in edges(tmp_path, *LAMPS)[before:] if level]
    assert lit == ["call", "cut", "guard"]
    assert appliance.status()["leds"] == {"guard": "on", "call": "off", "cut": "off"}


def test_nothing_is_tried_while_a_call_rings(box, tmp_path, wait_until: Wait) -> None:
    appliance, modem = box
    before = edges(tmp_path, "relay")
    modem.result("RING")
    wait_until(lambda: appliance.switchboard.ringing() is not None)
    for trial in (appliance.trials.relay, appliance.trials.lamps):
        with pytest.raises(Ringing):
            trial()
    assert edges(tmp_path, "relay") == before


def test_a_call_ends_the_trial_of_the_lamps(box, wait_until: Wait) -> None:
    appliance, modem = box
    appliance.trials.lamps()
    modem.result("RING")
    wait_until(lambda: appliance.lamps.pattern["guard"] == appliance.lamps.pattern["call"] == "on")


def test_what_was_heard_last_is_told_as_it_came(box, wait_until: Wait) -> None:
    appliance, modem = box
    assert appliance.heard() is None
    modem.call("16210123456", "张", rings=1, cadence=Cadence(0.02, 0.1))
    wait_until(lambda: (appliance.heard() or {}).get("number"))
    heard = appliance.heard()
    assert heard["number"] == "+8616210123456"
    assert "NMBR = 16210123456" in heard["raw"]
    assert all(line.isascii() for line in heard["raw"])
