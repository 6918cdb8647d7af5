"""The way back from what a tap has done."""

import pytest

from web.undoing import MOST, Undoing


def test_a_change_is_taken_back_once() -> None:
    undoing, done = Undoing(), []
    name = undoing.offer(lambda: done.append(1))
    assert [undoing.take_back(name), undoing.take_back(name)] == [True, False]
    assert done == [1]


def test_nobody_can_guess_a_way_back() -> None:
    undoing = Undoing()
    names = {undoing.offer(lambda: None) for _ in range(50)}
    assert len(names) == 50
    assert all(len(name) >= 16 for name in names)
    assert not undoing.take_back("")


def test_the_oldest_way_back_goes_when_there_are_too_many() -> None:
    undoing = Undoing()
    first, *rest = [undoing.offer(lambda: None) for _ in range(MOST + 1)]
    assert not undoing.take_back(first)
    assert all(map(undoing.take_back, rest))


def test_a_way_back_is_open_for_a_while_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.undoing.SECONDS", -1.0)
    undoing = Undoing()
    assert not undoing.take_back(undoing.offer(lambda: None))
