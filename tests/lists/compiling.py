"""A list compiled in this process, from text or from keys."""

import io
from pathlib import Path

from firmware.lists import compiled
from firmware.lists.compiled import NumberList
from firmware.lists.entries import Entries, Tally


def keys_of(text: bytes, region: str = "CN", area: str = "") -> tuple[list[str], Tally]:
    """The keys of a list's text in its order, and the tally."""
    entries = Entries(region, area)
    keys = b"".join(entries.keys(io.BufferedReader(io.BytesIO(text))))  # type: ignore[arg-type]
    return keys.decode("ascii").splitlines(), entries.tally


def compiled_list(path: Path, text: str, region: str = "CN") -> NumberList:
    keys, _ = keys_of(text.encode(), region)
    ordered = io.BytesIO(b"".join(f"{key}\n".encode() for key in sorted(set(keys))))
    with path.open("wb") as out:
        compiled.write(ordered, out, {"region": region, "area": ""}, lambda count: None)
    return NumberList(path)
