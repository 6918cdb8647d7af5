"""The wiring picture, drawn from the pin map."""

import re
from importlib.resources import files
from xml.etree import ElementTree

import pytest
from gpiozero.pins.pi import PiBoardInfo

from hw import wiring

SVG = "{http://www.w3.org/2000/svg}"
ZERO_2W, PI_3B, PI_4B, PI_5 = 0x902120, 0xA02082, 0xC03111, 0xC04170
BOARD = wiring.load()


def header(revision: int) -> dict[str, int]:
    """The pin of each name, from gpiozero's own table of that board's 40-pin header."""
    return {
        pin.name: number for number, pin in PiBoardInfo.from_revision(revision).headers["J8"].pins.items()
    }


@pytest.fixture(scope="module")
def picture() -> ElementTree.Element:
    return ElementTree.fromstring("\n".join(wiring.drawing(BOARD)))


def ends(picture: ElementTree.Element) -> dict[int, tuple[tuple[float, float], tuple[float, float]]]:
    """Where each jumper wire begins and ends, by the header's pin."""
    wires = {}
    for path in picture.iter(f"{SVG}path"):
        if pin := path.get("data-pin"):
            numbers = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", path.get("d", ""))]
            wires[int(pin)] = ((numbers[0], numbers[1]), (numbers[-2], numbers[-1]))
    return wires


def test_the_picture_is_the_one_that_the_pin_map_gives(picture: ElementTree.Element) -> None:
    drawn = "\n".join(wiring.drawing(BOARD)) + "\n"
    assert files("hw").joinpath("wiring.svg").read_text("utf-8") == drawn


@pytest.mark.parametrize("revision", [ZERO_2W, PI_3B, PI_4B, PI_5])
def test_every_number_of_the_pin_map_is_where_the_pi_has_it(revision: int) -> None:
    where = header(revision)
    assert {gpio: where[f"GPIO{gpio}"] for gpio in wiring.HEADER} == wiring.HEADER
    assert {pin["gpio"] for pin in BOARD.values()} <= wiring.HEADER.keys()


def test_supply_and_grounds_are_where_the_pi_has_them() -> None:
    names = {
        number: pin.name for number, pin in PiBoardInfo.from_revision(ZERO_2W).headers["J8"].pins.items()
    }
    assert names[wiring.FIVE_VOLTS] == "5V"
    assert {names[pin] for pin in wiring.GROUNDS.values()} == {"GND"}


def test_every_pin_that_is_needed_has_its_wire_on_its_own_pin(picture: ElementTree.Element) -> None:
    numbers = {
        text.text: text for text in picture.iter(f"{SVG}text") if "pin" in text.get("class", "").split()
    }
    begins = {pin: start for pin, (start, _) in ends(picture).items()}
    for name, pin in BOARD.items():
        if not pin.get("optional"):
            place = header(ZERO_2W)[f"GPIO{pin['gpio']}"]
            number = numbers[str(place)]
            x, y = begins[place]
            assert (x, y) == pytest.approx((float(number.get("x", "")), float(number.get("y", ""))), abs=5), (
                name
            )


def test_the_list_under_the_picture_says_the_same(picture: ElementTree.Element) -> None:
    words = [text.text for text in picture.iter(f"{SVG}text")]
    for wire in wiring.jumpers(BOARD):
        row = words.index(f"pin {wire.pin}")
        assert words[row + 1 : row + 4] == [wire.source, wire.colour, f"{wire.part}: {wire.terminal}"]


def test_no_two_wires_share_a_pin_and_none_crosses_another(picture: ElementTree.Element) -> None:
    wires = wiring.jumpers(BOARD)
    assert len({wire.pin for wire in wires}) == len(wires)
    leaving = sorted(wires, key=lambda wire: wire.leaves)
    assert [wire.y for wire in leaving] == sorted(wire.y for wire in wires)
    assert all(ends(picture)[wire.pin][1][1] == wire.y for wire in wires)


def test_an_optional_pin_is_left_out() -> None:
    spare = {"gpio": 16, "direction": "input", "label": "Ring", "optional": True}
    assert wiring.jumpers(BOARD | {"ring": spare}) == wiring.jumpers(BOARD)


def test_a_needed_pin_without_a_place_is_not_left_out_in_silence() -> None:
    with pytest.raises(KeyError, match="ring"):
        wiring.jumpers(BOARD | {"ring": {"gpio": 16, "direction": "input", "label": "Ring"}})
