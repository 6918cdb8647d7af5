"""What China's places are called in English: `place_names.csv`, which `firmware.numbers.assemble` writes.

A place of `places.bin` goes by its whole name ("广东 深圳": "Shenzhen, Guangdong") and by each of its parts. Where the
particular is not known it goes by the general alone, which is no name to find it by.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib.resources import files

BETWEEN = ", "
"""What stands between the particular and the general in English."""


def in_english(place: str) -> str:
    """What a place, or a part of its name, is called in English; itself where that is not known."""
    return _english().get(place, place)


def called(name: str) -> list[str]:
    """The places that have this name in English, in whatever case; of two that differ both."""
    return _chinese().get(name.casefold(), [])


def names_in(rows: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """English names by place and by part of a place, from rows with `place` and `english`."""
    found: dict[str, str] = {}
    for row in rows:
        for place, name in _parts(row["place"], row["english"]):
            found.setdefault(place, name)
    return found


def _parts(place: str, name: str) -> Iterator[tuple[str, str]]:
    yield place, name
    general, _, particular = place.partition(" ")
    if particular and BETWEEN in name:
        near, _, far = name.rpartition(BETWEEN)
        yield particular, near
        yield general, far


@lru_cache(maxsize=1)
def _english() -> dict[str, str]:
    text = files("firmware.numbers").joinpath("place_names.csv").read_text("utf-8")
    return names_in(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))


@lru_cache(maxsize=1)
def _chinese() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for place, name in _english().items():
        if BETWEEN in name or " " not in place:
            found[name.casefold()].append(place)
    return dict(found)
