"""The bill of materials."""

import copy
import tomllib
from importlib.resources import files

import pytest

from hw import parts

BILL = tomllib.loads(files("hw").joinpath("parts.toml").read_text("utf-8"))
CIRCUIT = {"parts": {f"X{n}": {"kind": kind, "value": "1k"} for n, kind in enumerate(BILL["board"])}}


def test_the_readme_has_the_tables_as_they_are() -> None:
    text = parts.README.read_text("utf-8")
    assert parts.rewritten(text) == text
    assert "".join(parts.MARKS.findall(text)) == "\n".join(parts.tables(parts.load()))


def test_every_part_has_a_price_and_two_places_to_buy_it() -> None:
    for rows in parts.load().values():
        for row in rows:
            assert row.pieces > 0, row
            assert row.usd > 0, row
            assert row.china, row
            assert row.world, row
            assert row.china != row.world, row


def test_the_board_has_as_many_of_each_as_the_circuit() -> None:
    circuit = copy.deepcopy(CIRCUIT)
    circuit["parts"] |= {"Y1": {"kind": "RELAY", "value": "1k"}, "Y2": {"kind": "R", "value": "10k"}}
    board = {row.part: row.pieces for row in parts.bill(BILL, circuit)["board"]}
    assert board[BILL["board"]["RELAY"]["part"]] == 2
    assert board[f"{BILL['board']['R']['part']}: 1 × 10k, 1 × 1k"] == 2


def test_pads_are_not_bought() -> None:
    with_pads = {"parts": CIRCUIT["parts"] | {"TP1": {"kind": "TP", "value": "GND"}}}
    assert parts.bill(BILL, with_pads) == parts.bill(BILL, CIRCUIT)


def test_a_part_of_the_circuit_that_the_bill_does_not_name_is_refused() -> None:
    with pytest.raises(ValueError, match="FUSE"):
        parts.bill(BILL, {"parts": CIRCUIT["parts"] | {"F1": {"kind": "FUSE", "value": "1 A"}}})


def test_a_part_of_the_bill_that_the_circuit_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="RELAY"):
        parts.bill(BILL, {"parts": {k: v for k, v in CIRCUIT["parts"].items() if v["kind"] != "RELAY"}})
