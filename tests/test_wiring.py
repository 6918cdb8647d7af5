"""The wiring picture, drawn from the pin map."""

from importlib.resources import files
from xml.etree import ElementTree

from firmware.board.pins import load_board
from hw import wiring


def test_the_picture_is_the_one_that_the_pin_map_gives() -> None:
    drawn = "\n".join(wiring.drawing(wiring.load())) + "\n"
    assert files("hw").joinpath("wiring.svg").read_text("utf-8") == drawn


def test_every_pin_of_the_map_is_on_it() -> None:
    picture = ElementTree.fromstring("\n".join(wiring.drawing(wiring.load())))
    words = {text.text for text in picture.iter("{http://www.w3.org/2000/svg}text")}
    for pin in load_board().values():
        assert {pin.label, f"GPIO {pin.gpio}"} <= words, pin.name
