"""A house, with the proxy that stands in it and the line that answers it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from plain import Peer
from sipp import House
from standing import Judge, Standing


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def standing(tmp_path: Path, house: House) -> Iterator[Standing]:
    with Standing(tmp_path, house) as standing:
        yield standing


@pytest.fixture
def provider(standing: Standing, house: House) -> Iterator[Peer]:
    with Peer(house.provider) as provider:
        yield provider


@pytest.fixture
def phone(house: House) -> Iterator[Peer]:
    with Peer(house.handset) as phone:
        yield phone


@pytest.fixture
def judge(standing: Standing, wait_until: Callable[..., None]) -> Iterator[Judge]:
    with Judge(standing, ["+8616210000001"]) as judge:
        wait_until(lambda: judge.guards)
        yield judge
