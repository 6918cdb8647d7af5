"""Writes `places.bin`, the places of the world's numbers, and `place_names.csv`, what China's are called in English:

    pip download --no-deps --no-binary :all: phone==0.4.5
    python -m firmware.numbers.assemble phone-0.4.5.tar.gz

China comes from the table of PyPI's `phone` 0.4.5 (https://github.com/ls0f/phone, MIT licence, December 2023): seven
digits of a mobile number, or an area code. Its operators are not used: they are wrong where a virtual one is.
The regions for whose lines there are modems come from the geocoding data of `phonenumbers` 9.0.43 (libphonenumber,
Apache-2.0 licence), and so do China's names in English.
"""

from __future__ import annotations

import argparse
import re
import struct
import tarfile
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from itertools import groupby
from pathlib import Path
from typing import IO, cast

import phonenumbers
from phonenumbers.geodata import GEOCODE_DATA

from firmware.lines.modem.dialects import COUNTRIES
from firmware.numbers.identity import PLACES, allocated, places_of_china
from firmware.numbers.places import DIGITS, Places, pack

CHINA = 86
LONGEST_NAME = 40
"""Characters; what is longer lists towns far apart and names no place."""

LANGUAGES = {
    "31": "nl", "32": "nl", "3210": "fr", "3219": "fr", "322": "fr", "324": "fr", "326": "fr", "3271": "fr",
    "328": "fr", "33": "fr", "34": "es", "351": "pt", "358": "fi", "39": "it", "41": "de", "4121": "fr",
    "4122": "fr", "4124": "fr", "4126": "fr", "4127": "fr", "4132": "fr", "4191": "it", "43": "de", "46": "sv",
    "49": "de", "55": "pt", "81": "ja", "82": "ko", "886": "zh_Hant",
}  # fmt: skip
"""What is spoken where a number with these digits lies; elsewhere English."""

LEAST_VOTES = 8
"""So many blocks of numbers have to agree on what a place is called in English."""
RIVALS = 5
"""And so many for each block of another place that is called the same."""

SEPARATORS = {"1": ", ", "55": " - ", "91": ", "}
"""What stands between the particular and the general, by country code."""

_AREA_CODE = re.compile(r"0(\d{2,3})")
_PHONE_HEADER = struct.Struct("<4si")
_PHONE_ROW = struct.Struct("<iiB")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m firmware.numbers.assemble")
    parser.add_argument("phone", type=Path, help="the source archive of PyPI's phone 0.4.5")
    parser.add_argument("--to", type=Path, default=PLACES)
    parser.add_argument("--names", type=Path, default=PLACES.with_name("place_names.csv"))
    arguments = parser.parse_args()
    table = _table(arguments.phone)
    sources = {
        "phone": f"{arguments.phone.name}, table {table[:4].decode()}, MIT",
        "phonenumbers": f"{phonenumbers.__version__}, Apache-2.0",
    }
    codes = {phonenumbers.country_code_for_region(region) for region in COUNTRIES} - {CHINA}
    places = china(table) | abroad(GEOCODE_DATA, map(str, codes))
    arguments.to.write_bytes(pack(ranges(places), sources))
    names = english(GEOCODE_DATA, Places(arguments.to), {place for *_, place in places_of_china()})
    arguments.names.write_text(name_table(names), "utf-8")


def china(table: bytes) -> dict[str, str]:
    """The places of China by E.164 prefix, from the bytes of `phone.dat`: of area codes, and of seven digits.

    Where several cities share an area code, it has their province alone.
    """
    _, rows = _PHONE_HEADER.unpack_from(table)
    records: dict[int, str] = {}
    cities: dict[str, set[tuple[str, str]]] = defaultdict(set)
    position = _PHONE_HEADER.size
    for record in table[position:rows].split(b"\0")[:-1]:
        province, city, _, code = record.decode().split("|")
        records[position] = _name(province, city)
        position += len(record) + 1
        if area := _AREA_CODE.fullmatch(code):
            cities[area[1]].add((province, city))
    places = {f"{CHINA}{area}": _shared(among) for area, among in cities.items()}
    for prefix, at, _ in _PHONE_ROW.iter_unpack(table[rows:]):
        number = f"{prefix}0000"
        segment = allocated(number)
        if segment and segment.is_placed(number):
            places[f"{CHINA}{prefix}"] = records[at]
    return places


def english(
    geocoding: Mapping[str, Mapping[str, str]], places: Places, wanted: Iterable[str]
) -> dict[str, str]:
    """The English names of places in China: what most of a place's numbers have, or its province alone.

    A name that numbers of another place have too, and not just a few, is that of neither: one belonged to the other.
    """
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for prefix, names in geocoding.items():
        place = (
            places.find(prefix) if prefix.startswith(str(CHINA)) and "/" not in names.get("en", "/") else None
        )
        if place:
            votes[place][_plain(names["en"])] += 1
            votes[place.partition(" ")[0]][_plain(names["en"].rpartition(", ")[2])] += 1
    most = {place: said.most_common(1)[0] for place, said in votes.items()}
    found = {}
    for place in sorted(wanted):
        general, _, particular = place.partition(" ")
        name, count = most.get(place, ("", 0))
        rivals = [rival for other, (same, rival) in most.items() if same == name and other != place]
        sure = particular and count >= max(LEAST_VOTES, RIVALS * max(rivals, default=0))
        found[place] = name if sure else most[general][0]
    return found


def name_table(names: Mapping[str, str]) -> str:
    """The file for English names by place."""
    rows = "".join(f'{place},"{name}"\n' for place, name in names.items())
    source = f"phonenumbers {phonenumbers.__version__}, Apache-2.0"
    return f"# Written by firmware.numbers.assemble from {source}\nplace,english\n{rows}"


def _plain(name: str) -> str:
    """A name with the apostrophe of its syllables, which the data have as a capital: HuaiAn."""
    return re.sub(r"(?<=[a-z])[A-Z]", lambda letter: f"'{letter[0].lower()}", name)


def abroad(geocoding: Mapping[str, Mapping[str, str]], codes: Iterable[str]) -> dict[str, str]:
    """The places of the countries with these codes by E.164 prefix, from names by prefix and language."""
    places: dict[str, str] = {}
    for code in codes:
        names = {}
        for prefix in geocoding:
            if prefix.startswith(code):
                name = geocoding[prefix].get(LANGUAGES.get(_longest(prefix, LANGUAGES), "en"))
                if name:
                    names[prefix] = name
        places |= _country(names, SEPARATORS.get(code))
    return places


def _country(names: Mapping[str, str], separator: str | None) -> dict[str, str]:
    """One country's places: the general first, in full where the data has "CA" below and "California" above."""
    parts = {prefix: name.rsplit(separator, 1)[::-1] for prefix, name in names.items()} if separator else {}
    above: dict[str, Counter[str]] = defaultdict(Counter)
    for prefix, (general, *particular) in parts.items():
        whole = names.get(_longest(prefix[:-1], names), "")
        if particular and len(general) == 2 and whole and not re.search(f"/|{separator}", whole):
            above[general][whole] += 1
    full = {short: names.most_common(1)[0][0] for short, names in above.items()}
    places = {}
    for prefix, name in names.items():
        general, *particular = parts.get(prefix, [name])
        place = _name(full.get(general, general), *particular)
        places[prefix] = place if len(place) <= LONGEST_NAME else ""
    return places


def ranges(places: Mapping[str, str]) -> list[tuple[int, str]]:
    """`places` by prefix, of which the longest wins, as the first number of each range with its name."""
    changes = dict(_changes(places))
    return [next(same) for _, same in groupby(changes.items(), key=lambda change: change[1])]


def _changes(places: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """Where the name changes; of several at one number the last counts, and the last prefix closes the others."""
    enclosing = [(10**DIGITS, "")]
    yield 0, ""
    for prefix in [*sorted(places), "9" * DIGITS]:
        first = int(prefix.ljust(DIGITS, "0"))
        while enclosing[-1][0] <= first:
            end, _ = enclosing.pop()
            yield end, enclosing[-1][1]
        if prefix in places:
            yield first, places[prefix]
            enclosing.append((first + 10 ** (DIGITS - len(prefix)), places[prefix]))


def _shared(cities: Set[tuple[str, str]]) -> str:
    """What cities have in common: everything, the province or nothing."""
    provinces = {province for province, _ in cities}
    if len(cities) == 1:
        return _name(*next(iter(cities)))
    return provinces.pop() if len(provinces) == 1 else ""


def _name(general: str, *particular: str) -> str:
    return " ".join(dict.fromkeys((general, *particular)))


def _longest(digits: str, prefixes: Collection[str]) -> str:
    """The longest of `prefixes` that opens `digits`, or nothing."""
    return next((digits[:end] for end in range(len(digits), 0, -1) if digits[:end] in prefixes), "")


def _table(archive: Path) -> bytes:
    with tarfile.open(archive) as files:
        table = next(member for member in files if member.name.endswith("/phone.dat"))
        return cast(IO[bytes], files.extractfile(table)).read()


if __name__ == "__main__":
    main()
