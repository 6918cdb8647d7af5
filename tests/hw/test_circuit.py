"""The circuit's table: whole, in keeping with the pin map, and what the netlists are made from."""

import pytest

from firmware.board.pins import load_board
from hw.electronics import spice
from hw.electronics.circuit import load, number
from hw.wiring import HEADER


def test_every_pin_of_the_map_is_on_the_net_of_its_name() -> None:
    circuit = load()
    assert {name: circuit.net_of("J4", str(HEADER[pin.gpio])) for name, pin in load_board().items()} == {
        name: name for name in load_board()
    }


def test_no_other_pin_of_the_header_that_can_be_switched_is_in_use() -> None:
    used = {pin for net in load().nets.values() for ref, pin in net.pins if ref == "J4"}
    power = {"1", "2", "4", "6", "9", "14", "17", "20", "25", "30", "34", "39"}
    display = {"3", "5"}
    assert used - power - display == {str(HEADER[pin.gpio]) for pin in load_board().values()}


def test_a_pin_is_on_one_net_and_its_part_is_in_the_table() -> None:
    circuit = load()
    pins = [pin for net in circuit.nets.values() for pin in set(net.pins)]
    assert len(pins) == len(set(pins))
    assert {ref for ref, _ in pins} == set(circuit.parts)


def test_only_parts_with_insulation_of_their_own_cross_the_barrier() -> None:
    circuit = load()
    sides: dict[str, set[bool]] = {}
    for net in circuit.nets.values():
        for ref, _ in net.pins:
            sides.setdefault(ref, set()).add(net.on_line)
    assert {ref for ref, both in sides.items() if len(both) == 2} == {"K1", "K2", "U1", "U2", "T1", "PS1"}


@pytest.mark.parametrize(("written", "is_"), [("2k2", 2200), ("470n", 470e-9), ("10u", 10e-6), ("33", 33)])
def test_values_are_read_as_they_are_printed(written: str, is_: float) -> None:
    assert number(written) == pytest.approx(is_)


def test_what_is_no_value_is_refused() -> None:
    for text in ("", "k", "1N4148", "2,2k", "-5"):
        with pytest.raises(ValueError, match="not a value"):
            number(text)


@pytest.mark.parametrize("block", spice.BLOCKS)
def test_the_netlist_is_the_one_that_the_table_gives(block: str) -> None:
    assert (spice.FOLDER / f"{block}.parts").read_text("utf-8") == spice.netlist(block)


def test_a_bench_has_the_parameters_that_it_is_run_with() -> None:
    with pytest.raises(KeyError):
        spice.run("ring", colour=1)
