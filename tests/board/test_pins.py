"""The board's pin map."""

import pytest

from firmware.board.pins import NoPins, is_pi, load_board, pin_factory


def test_no_pin_does_two_things() -> None:
    pins = [pin.gpio for pin in load_board().values()]
    assert len(set(pins)) == len(pins)


def test_the_relay_rests_connected_while_the_pi_boots() -> None:
    relay = load_board()["relay"]
    assert (relay.active, relay.boot_pull) == ("high", "down")


def test_every_output_is_dark_and_every_button_released_at_boot() -> None:
    for pin in load_board().values():
        resting = "down" if pin.active == "high" else "up"
        assert (pin.pull or pin.boot_pull) == resting, pin.name
        assert pin.boot_pull == ("up" if pin.gpio <= 8 else "down"), pin.name


@pytest.mark.skipif(is_pi(), reason="this machine has pins")
def test_simulated_pins_are_never_taken_unasked() -> None:
    with pytest.raises(NoPins):
        pin_factory("auto")


def test_an_unknown_kind_of_pins_is_refused() -> None:
    with pytest.raises(NoPins, match="gpiochip"):
        pin_factory("gpiochip")
