import ast
import inspect
import re
import tomllib
from collections.abc import Callable
from importlib.resources import files

from visiting import Visitor

from firmware import doctor
from firmware.appliance import Appliance
from firmware.board.pins import load_board
from firmware.lines.simulator import SimulatedModem
from web import checkup, picture
from web.wording.board import PARTS

Wait = Callable[..., None]


def test_the_picture_has_a_wire_for_each_pin_of_the_board(owner: Visitor) -> None:
    board = tomllib.loads(files("hw").joinpath("board.toml").read_text("utf-8"))
    html = owner.get("/board").text
    for name, pin in board.items():
        assert (f'class="wire {name}"' in html) == (not pin.get("optional")), name
        assert (f"GPIO {pin['gpio']})" in html) == (not pin.get("optional")), name


def test_every_pin_of_the_board_has_its_place_and_its_name() -> None:
    assert PARTS.keys() == load_board().keys()
    assert {name for name, pin in load_board().items() if not pin.optional} == picture.PARTS.keys()


def test_the_picture_shows_what_the_relay_and_the_lamps_do(
    owner: Visitor, guarding: Appliance, wait_until: Wait
) -> None:
    wait_until(lambda: 'class="lamp guard lit-on"' in owner.get("/board").text)
    guarding.relay.hold(20)
    wait_until(lambda: "apart cutting" in owner.get("/board").text)
    assert "The handset is cut off" in owner.get("/board").text
    guarding.relay.connect()
    wait_until(lambda: "apart" not in owner.get("/board").text.split("viewBox")[1].split(">")[0])


def test_the_trials_say_what_they_came_to(owner: Visitor, guarding: Appliance, modem: SimulatedModem) -> None:
    assert owner.post("/board/lamps", {"next": "/board"}).location == "/board?said=trial_lamps"
    assert (
        owner.post("/board/relay", {"next": "/welcome/board"}).location == "/welcome/board?said=trial_relay"
    )
    assert owner.post("/board/relay", {"next": "//evil.example"}).location == "/?said=trial_relay"


def test_a_trial_during_a_call_is_refused_in_words(
    owner: Visitor, guarding: Appliance, modem: SimulatedModem, wait_until: Wait
) -> None:
    modem.result("RING")
    wait_until(lambda: guarding.switchboard.ringing())
    for trial in ("lamps", "relay"):
        assert "A call rings" in owner.post(f"/board/{trial}", {"next": "/board"}, HX_Request="true").text


def test_what_the_modem_says_is_shown_as_text(
    owner: Visitor, guarding: Appliance, modem: SimulatedModem, wait_until: Wait
) -> None:
    modem.send(b"<img src=x onerror=1>\x1b\r\n")
    wait_until(lambda: "onerror" in owner.get("/board/traffic", HX_Request="true").text)
    html = owner.get("/board/traffic", HX_Request="true").text
    assert "&lt;img src=x onerror=1&gt;\\x1b" in html
    assert "AT+VCID=1" in html


def test_the_line_test_shows_rings_and_caller_id_as_text(owner: Visitor, ring: Callable[..., int]) -> None:
    assert "Waiting for a call" in owner.get("/welcome/line").text
    ring("16210123456", "<b>x</b>")
    html = owner.get("/welcome/line").text
    assert "NMBR = 16210123456" in html
    assert "NAME = &lt;b&gt;x&lt;/b&gt;" in html
    assert "1 ring" in html
    assert "The line works" in html


def test_the_check_up_speaks_the_visitors_language(owner: Visitor, guarding: Appliance) -> None:
    assert "simulated, as the settings ask" in owner.get("/board/check-up").text
    owner.post("/language", {"language": "zh"})
    html = owner.get("/board/check-up", HX_Request="true").text
    assert "按配置使用模拟引脚" in html
    assert "simulated" not in html


def test_every_sentence_of_the_check_up_can_be_translated() -> None:
    known = {str(sentence._args[0]) for sentence in checkup.SENTENCES}
    said = set()
    for call in ast.walk(ast.parse(inspect.getsource(doctor))):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Finding":
            said |= {arg.value for arg in call.args[2:4] if isinstance(arg, ast.Constant)}
    assert len(said) > 15
    assert said - {""} <= known
    parts = set(re.findall(r'Finding\(\s*"(\w+)"', inspect.getsource(doctor)))
    assert parts <= checkup.PARTS.keys()
