"""Lists built by a child process, and what is left when it does not come to its end."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from firmware.lists.building import Cancelled, build
from firmware.lists.compiled import NumberList
from firmware.lists.entries import NotAList
from firmware.numbers import understand

OLD, NEW = understand("13800138000", "CN"), understand("16200000007", "CN")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A list that takes a second or so to build."""
    path = tmp_path / "source.txt"
    path.write_text("".join(f"162{number:08}\n" for number in range(400_000)), "ascii")
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A list that was built before."""
    small = tmp_path / "small.txt"
    small.write_text("13800138000\n", "ascii")
    path = tmp_path / "list"
    build(small, path, "CN")
    return path


def remaining(path: Path) -> list[str]:
    return [entry.name for entry in path.parent.iterdir() if entry.name.startswith(path.name)]


def children(process: int) -> list[int]:
    return [
        int(child)
        for task in Path(f"/proc/{process}/task").iterdir()
        for child in (task / "children").read_text("ascii").split()
    ]


def test_a_list_is_built_and_its_lines_are_told(tmp_path: Path) -> None:
    source = tmp_path / "source.txt"
    source.write_text("13912345678\n+8613912345678\n162*\n110\nrubbish\n", "utf-8")
    built = build(source, tmp_path / "list", "CN")
    assert (built.count, built.entries, built.refused, built.protected) == (2, 3, 1, 1)
    assert built.samples == ("rubbish",)
    assert len(NumberList(tmp_path / "list")) == 2
    assert remaining(tmp_path / "list") == ["list"]


def test_a_new_list_takes_the_place_of_the_old(source: Path, path: Path) -> None:
    phases: list[tuple[str, int]] = []
    build(source, path, "CN", progress=lambda phase, count: phases.append((phase, count)))
    assert NumberList(path).find(NEW) == NEW.normal
    assert NumberList(path).find(OLD) is None
    assert {phase for phase, _ in phases} == {"reading", "writing"}
    assert phases[-1] == ("writing", 400_000)
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("text", "code"), [(b"<html>\n", "no_list"), (b"", "no_numbers"), (b"\x1f\x8b!", "gzip")]
)
def test_what_is_no_list_leaves_the_old_one(tmp_path: Path, path: Path, text: bytes, code: str) -> None:
    source = tmp_path / "source.txt"
    source.write_bytes(text)
    with pytest.raises(NotAList) as refused:
        build(source, path, "CN")
    assert refused.value.code == code
    assert NumberList(path).find(OLD) == OLD.normal
    assert remaining(path) == ["list"]


def test_a_refusal_shows_what_was_no_number(tmp_path: Path) -> None:
    source = tmp_path / "source.txt"
    source.write_bytes(b"<html>\n<body>\n13912345678\n")
    with pytest.raises(NotAList) as refused:
        build(source, tmp_path / "list", "CN")
    assert refused.value.samples == ("<html>", "<body>")


def test_a_source_that_is_not_there_is_told(tmp_path: Path, path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        build(tmp_path / "none", path, "CN")
    assert NumberList(path).find(OLD) == OLD.normal


def test_a_build_that_is_called_off_ends_soon_and_leaves_the_old_list(source: Path, path: Path) -> None:
    cancelled = threading.Event()
    began = time.monotonic()
    with pytest.raises(Cancelled):
        build(source, path, "CN", progress=lambda phase, count: cancelled.set(), cancelled=cancelled)
    assert time.monotonic() - began < 5
    assert NumberList(path).find(OLD) == OLD.normal
    assert remaining(path) == ["list"]


@pytest.mark.parametrize("phase", ["reading", "writing"])
def test_a_killed_build_leaves_the_old_list_and_is_told(source: Path, path: Path, phase: str) -> None:
    def kill(now: str, count: int) -> None:
        if now == phase:
            for child in children(os.getpid()):
                os.kill(child, signal.SIGKILL)

    with pytest.raises(OSError, match="ended with -9"):
        build(source, path, "CN", progress=kill)
    assert NumberList(path).find(OLD) == OLD.normal
    assert remaining(path) == ["list"]


def test_a_sort_that_dies_is_told_and_leaves_the_old_list(source: Path, path: Path) -> None:
    def kill(phase: str, count: int) -> None:
        for child in children(os.getpid()):
            for grandchild in children(child):
                os.kill(grandchild, signal.SIGKILL)

    with pytest.raises(OSError, match="not built"):
        build(source, path, "CN", progress=kill)
    assert NumberList(path).find(OLD) == OLD.normal


def test_killed_at_any_moment_one_of_the_two_lists_is_there(source: Path, path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "list.building"
    command = [sys.executable, "-m", "firmware.lists", source, folder, path, "CN", ""]
    for milliseconds in range(50, 650, 150):
        folder.mkdir(exist_ok=True)
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as child:
            time.sleep(milliseconds / 1000)
            child.kill()
        found = NumberList(path)
        found.verify()
        assert found.find(OLD) or found.find(NEW)
    build(source, path, "CN")
    assert NumberList(path).find(NEW)
    assert remaining(path) == ["list"]


def test_nothing_is_left_running_when_the_caller_fails(source: Path, path: Path) -> None:
    before = set(children(os.getpid()))
    with pytest.raises(ZeroDivisionError):
        build(source, path, "CN", progress=lambda phase, count: print(1 / 0))
    assert set(children(os.getpid())) <= before


def test_the_child_gives_way_to_all_others(source: Path, path: Path) -> None:
    seen: list[tuple[int, str]] = []

    def look(phase: str, count: int) -> None:
        for child in children(os.getpid()):
            score = Path(f"/proc/{child}/oom_score_adj").read_text("ascii").strip()
            seen.append((os.getpriority(os.PRIO_PROCESS, child), score))

    build(source, path, "CN", progress=look)
    assert (19, "1000") in seen


def test_the_child_speaks_one_json_array_a_line(source: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "firmware.lists", source, tmp_path, tmp_path / "list", "CN", ""]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    assert json.loads(said[-1])[:1] == ["built"]
