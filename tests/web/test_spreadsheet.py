"""Tables for a spreadsheet."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.spreadsheet import line


@pytest.mark.parametrize("formula", [f"{sign}1+1" for sign in "=+-@\t\r\n＝＋－＠"] + ["  =1+1"])
def test_no_cell_is_a_formula(formula: str) -> None:
    assert line([formula]).lstrip('"').startswith("'")


@given(
    st.lists(
        st.text(alphabet=st.characters(exclude_categories=["Cs"])) | st.integers() | st.none(), min_size=2
    )
)
def test_what_is_written_comes_back(cells: list[str | int | None]) -> None:
    (read,) = csv.reader(io.StringIO(line(cells), newline=""))
    for cell, back in zip(cells, read, strict=True):
        told = "" if cell is None else str(cell)
        assert back in (told, f"'{told}")
