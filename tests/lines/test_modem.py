"""The modem line on a real pseudo-terminal: found, set up, heard, lost and found again."""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from firmware.board.relay import Relay
from firmware.call import Call
from firmware.lines.modem import ModemLine, ModemState
from firmware.lines.simulator import CONEXANT, ROCKWELL, USROBOTICS, Cadence, Profile, SimulatedModem

Wait = Callable[..., None]

QUICK = Cadence(0.0, 0.1)
RECOVERS_WITHIN = 5.0


class Watched:
    """A modem line, and everything it said."""

    def __init__(self, folder: Path, **options: Any) -> None:
        self.calls: list[Call] = []
        self.rings_then: list[tuple[int, bool]] = []
        self.states: list[ModemState] = []
        options = {"silence": 0.8, "on_calls": self.take} | options
        self.line = ModemLine(probe=(f"{folder}/tty*",), on_state=self.states.append, **options)
        self.line.start()

    @property
    def state(self) -> ModemState:
        return self.line.state

    @property
    def guarding(self) -> bool:
        return self.state.state == "guarding"

    @property
    def ended(self) -> list[Any]:
        return [call for call in self.calls if call.over]

    def take(self, calls: Sequence[Call]) -> None:
        self.calls += [call for call in calls if not any(call is known for known in self.calls)]
        self.rings_then += [(call.rings, call.caller_id is not None) for call in calls]


@pytest.fixture
def modem(tmp_path: Path) -> Iterator[SimulatedModem]:
    modem = SimulatedModem(link=tmp_path / "ttyACM0", seed=1)
    yield modem
    modem.close()


@pytest.fixture(scope="module")
def relay() -> Iterator[Relay]:
    relay = Relay(pins="mock")
    yield relay
    relay.close()


@pytest.fixture
def watch(tmp_path: Path, relay: Relay, wait_until: Wait) -> Iterator[Callable[..., Watched]]:
    started: list[Watched] = []

    def start(**options: Any) -> Watched:
        watched = Watched(tmp_path, relay=relay, **options)
        started.append(watched)
        return watched

    yield start
    for watched in started:
        watched.line.close()


@pytest.fixture
def line(modem: SimulatedModem, watch: Callable[..., Watched], wait_until: Wait) -> Watched:
    watched = watch()
    wait_until(lambda: watched.guarding)
    return watched


@pytest.mark.parametrize(
    ("profile", "dialect", "country", "hint"),
    [
        (CONEXANT, "conexant", "26", None),
        (USROBOTICS, "usrobotics", "B5", "country_refused"),
        (ROCKWELL, "rockwell", None, None),
        (Profile({"0": "2434", "3": "Si2434"}, countries=None), "silabs", None, None),
        (Profile({"0": "nobody knows"}, caller_id="%CCID", countries=None), "ccid", None, None),
    ],
)
def test_a_modem_is_identified_and_set_up(
    tmp_path: Path, watch: Callable[..., Watched], wait_until: Wait,
    profile: Profile, dialect: str, country: str | None, hint: str | None,
) -> None:  # fmt: skip
    modem = SimulatedModem(profile, link=tmp_path / "ttyUSB0")
    line = watch()
    wait_until(lambda: line.guarding)
    assert (line.state.dialect, line.state.country, line.state.hint) == (dialect, country, hint)
    assert line.state.caller_id
    assert line.state.port == str(tmp_path / "ttyUSB0")
    assert modem.caller_id == "1"
    modem.close()


def test_a_modem_without_caller_id_is_a_fault(
    tmp_path: Path, watch: Callable[..., Watched], wait_until: Wait
) -> None:
    modem = SimulatedModem(Profile(caller_id="none"), link=tmp_path / "ttyACM0")
    line = watch()
    wait_until(lambda: line.state.fault == "no_caller_id")
    modem.close()


def test_a_modem_that_says_yes_to_caller_id_but_does_not_turn_it_on_is_found_out(
    modem: SimulatedModem, watch: Callable[..., Watched], wait_until: Wait
) -> None:
    class Forgetful(str):
        def __eq__(self, other: object) -> bool:
            return False

        __hash__ = str.__hash__

    type(modem).caller_id = property(lambda self: "0", lambda self, value: None)
    try:
        line = watch()
        wait_until(lambda: line.state.fault == "no_caller_id")
    finally:
        del type(modem).caller_id


def test_no_modem_is_a_fault_until_one_is_plugged_in(
    tmp_path: Path, watch: Callable[..., Watched], wait_until: Wait
) -> None:
    line = watch()
    wait_until(lambda: line.state.fault == "no_modem")
    modem = SimulatedModem(link=tmp_path / "ttyACM0")
    wait_until(lambda: line.guarding, RECOVERS_WITHIN)
    modem.close()


def test_unplugged_it_is_a_fault_and_plugged_in_again_it_is_guarded(
    modem: SimulatedModem, line: Watched, wait_until: Wait
) -> None:
    modem.unplug()
    wait_until(lambda: line.state.state == "fault")
    modem.plug()
    wait_until(lambda: line.guarding, RECOVERS_WITHIN)
    assert (modem.caller_id, modem.country) == ("1", "26")


def test_renamed_it_is_found_under_its_new_name(
    tmp_path: Path, modem: SimulatedModem, line: Watched, wait_until: Wait
) -> None:
    modem.unplug()
    modem.link = tmp_path / "ttyACM1"
    modem.plug()
    wait_until(lambda: line.guarding and line.state.port == str(tmp_path / "ttyACM1"), RECOVERS_WITHIN)


@pytest.mark.parametrize("mode", ["silent", "echo"])
def test_a_modem_that_answers_nothing_of_sense_is_a_fault_until_it_does(
    modem: SimulatedModem, line: Watched, wait_until: Wait, mode: str
) -> None:
    modem.mode = mode
    wait_until(lambda: line.state.fault == "silent", RECOVERS_WITHIN)
    modem.mode = "command"
    wait_until(lambda: line.guarding, RECOVERS_WITHIN)


def test_a_modem_stuck_in_data_mode_is_brought_back(
    modem: SimulatedModem, line: Watched, wait_until: Wait
) -> None:
    modem.mode = "data"
    since = time.monotonic()
    wait_until(lambda: line.state.state == "fault", RECOVERS_WITHIN)
    wait_until(lambda: line.guarding, RECOVERS_WITHIN - (time.monotonic() - since))
    assert modem.mode == "command"


def test_a_modem_found_in_data_mode_is_brought_back(
    modem: SimulatedModem, watch: Callable[..., Watched], wait_until: Wait
) -> None:
    modem.mode = "data"
    line = watch()
    wait_until(lambda: line.guarding, RECOVERS_WITHIN)


def test_settings_that_a_modem_lost_are_made_again(
    modem: SimulatedModem, line: Watched, wait_until: Wait
) -> None:
    modem.reset()
    wait_until(lambda: (modem.caller_id, modem.country) == ("1", "26"), RECOVERS_WITHIN)


def test_another_region_sets_another_country(modem: SimulatedModem, line: Watched, wait_until: Wait) -> None:
    line.line.region = "GB"
    wait_until(lambda: modem.country == "B4", RECOVERS_WITHIN)
    wait_until(lambda: line.state.country == "B4")


def test_a_call_is_heard_in_whatever_fragments(
    modem: SimulatedModem, line: Watched, wait_until: Wait
) -> None:
    modem.call("16210123456", "A", rings=3, cadence=QUICK)
    wait_until(lambda: line.ended)
    call = line.ended[0]
    assert (call.caller_id.number, call.caller_id.name, call.rings) == ("16210123456", "A", 3)


def test_caller_id_that_comes_before_the_first_ring(
    modem: SimulatedModem, line: Watched, wait_until: Wait
) -> None:
    modem.call("16210123456", caller_id="dtmf", cadence=QUICK)
    wait_until(lambda: line.ended)
    assert line.ended[0].caller_id.number == "16210123456"
    assert line.rings_then[0] == (0, True)


def test_a_blank_line_and_an_answer_amid_the_caller_id_do_no_harm(
    modem: SimulatedModem, line: Watched, wait_until: Wait
) -> None:
    modem.send("\r\nRING\r\n\r\n\r\nDATE = 1124\r\n\r\n\r\nOK\r\n\r\nNMBR = 16210123456\r\n")
    wait_until(lambda: line.ended)
    assert line.ended[0].caller_id.number == "16210123456"


def test_hanging_up_answers_and_ends_the_call(modem: SimulatedModem, line: Watched, wait_until: Wait) -> None:
    modem.result("RING")
    wait_until(lambda: line.calls)
    line.line.hang_up()
    wait_until(lambda: "ATH0" in modem.commands)
    assert modem.commands.index("ATH1") < modem.commands.index("ATH0")


def test_an_error_in_whoever_listens_does_not_end_the_guard(
    modem: SimulatedModem, watch: Callable[..., Watched], wait_until: Wait
) -> None:
    heard: list[int] = []

    def fail(calls: Sequence[Call]) -> None:
        heard.append(calls[0].rings)
        raise RuntimeError("on purpose")

    line = watch(on_calls=fail)
    wait_until(lambda: line.guarding)
    for rings in (1, 2):
        modem.result("RING")
        wait_until(lambda rings=rings: heard[-1:] == [rings])
    assert line.line.alive


def test_calls_that_keep_coming_without_caller_id_raise_a_hint_until_one_comes(
    modem: SimulatedModem, line: Watched, wait_until: Wait
) -> None:
    for count in range(1, 4):
        modem.call(None, caller_id="none", rings=1)
        wait_until(lambda count=count: len(line.ended) == count)
    wait_until(lambda: line.state.hint == "caller_id_never_comes")
    assert line.guarding
    modem.call("16210123456", rings=2, cadence=QUICK)
    wait_until(lambda: line.state.hint is None)


def test_a_message_that_is_no_call_rings_nobody(
    modem: SimulatedModem, line: Watched, wait_until: Wait
) -> None:
    modem.send("\r\nMESG = 0B01FF\r\n")
    modem.send("\r\n8203" + "0B01FF" + "70\r\n")
    time.sleep(0.5)
    assert line.calls == []
    assert line.guarding


def test_the_port_belongs_to_us_alone(modem: SimulatedModem, line: Watched) -> None:
    import serial

    with pytest.raises(serial.SerialException):
        serial.Serial(str(modem.link), exclusive=True)
