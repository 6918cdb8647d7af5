"""The files that are made, and the checks of KiCad."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hw.electronics import make
from hw.electronics.sexpr import Quoted, write

CHECK = Path(make.__file__).with_name("check")


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return make.made()


def test_the_files_are_those_that_the_table_gives(made: dict[str, str]) -> None:
    for name, text in made.items():
        assert (make.FOLDER / name).read_text("utf-8") == text, f"{name}: run python -m hw.electronics.make"


def test_nothing_that_was_made_once_is_left_over(made: dict[str, str]) -> None:
    kept = [
        *make.FOLDER.glob("ringfence.*"),
        *make.FOLDER.glob("*/*.kicad_mod"),
        *make.FOLDER.glob("*/*.parts"),
    ]
    assert {str(file.relative_to(make.FOLDER)) for file in kept if file.is_file()} <= set(made)


@given(st.text())
def test_any_text_can_be_quoted(text: str) -> None:
    quoted = write(Quoted(text))
    assert quoted[0] == quoted[-1] == '"'
    assert quoted[1:-1].replace("\\\\", "").replace('\\"', "").count('"') == 0


def test_numbers_are_written_without_needless_digits() -> None:
    assert write(["at", 2.54, 10.0, 0.1 + 0.2, -0.0]) == "(at 2.54 10 0.3 0)"


@pytest.mark.skipif(not shutil.which("kicad-cli"), reason="kicad-cli is not installed")
def test_electrical_and_design_rules_are_kept() -> None:
    done = subprocess.run([CHECK], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_check_says_what_is_missing(tmp_path: Path) -> None:
    for tool in ("bash", "dirname", "realpath"):
        (tmp_path / tool).symlink_to(shutil.which(tool) or tool)
    done = subprocess.run([CHECK], env={"PATH": str(tmp_path)}, capture_output=True, text=True)
    assert done.returncode == 2
    assert "kicad-cli is missing" in done.stderr
