"""The box: what OpenSCAD makes of it."""

import re
import shutil
import subprocess
from collections import Counter
from importlib.resources import as_file, files
from itertools import product
from pathlib import Path

import pytest

from hw.label import load

BOX = files("hw").joinpath("enclosure", "box.scad")
OUTLINES = ("zero2w", "4")  # a Pi 3 has that of a Pi 4, and other openings

needs_openscad = pytest.mark.skipif(shutil.which("openscad") is None, reason="needs openscad")


def openscad(part: str, pi: str, to: Path) -> subprocess.CompletedProcess[str]:
    """Run it with coarse curves, which is quicker."""
    with as_file(BOX) as source:
        command = [
            "openscad",
            "-o",
            str(to),
            "-D",
            f'part="{part}"',
            "-D",
            f'pi="{pi}"',
            "-D",
            "$fn=12",
            str(source),
        ]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def triangles(stl: str) -> list[tuple[str, ...]]:
    corners = re.findall(r"vertex (\S+ \S+ \S+)", stl)
    return [tuple(corners[n : n + 3]) for n in range(0, len(corners), 3)]


@needs_openscad
@pytest.mark.parametrize(("part", "pi"), [*product(("base", "lid"), OUTLINES), ("base", "3")])
def test_each_part_is_one_closed_solid(tmp_path: Path, part: str, pi: str) -> None:
    made = openscad(part, pi, tmp_path / "part.stl")
    assert made.returncode == 0, made.stderr
    assert "WARNING" not in made.stderr, made.stderr
    faces = triangles((tmp_path / "part.stl").read_text("ascii"))
    edges = Counter((a, b) for one, two, three in faces for a, b in ((one, two), (two, three), (three, one)))
    assert len(faces) > 100
    assert all(count == 1 and edges[b, a] == 1 for (a, b), count in edges.items())


@needs_openscad
@pytest.mark.parametrize("pi", OUTLINES)
def test_no_part_stands_in_a_wall(tmp_path: Path, pi: str) -> None:
    made = openscad("clash", pi, tmp_path / "clash.stl")
    assert "Current top level object is empty" in made.stderr, made.stderr


def test_walls_are_thick_enough_to_insulate_and_to_screw_into() -> None:
    box = load()
    assert box["wall"] >= 2
    assert box["post"] - box["screw_d"] >= 4
