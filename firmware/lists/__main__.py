"""Compiles a list in a process of its own, which gives way to all others and is the first to go when memory is short.

    python -m firmware.lists SOURCE FOLDER PATH REGION AREA

Works in FOLDER, which must be on the same disk as PATH, the file to replace.

Standard output, one JSON array each line:   ["reading", ENTRIES], ["writing", KEYS]     how far it is
                                             ["built", {…}]                           the tally, as in `Built`
                                             ["refused", CODE, SAMPLES]               as in `NotAList`
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from firmware.files import created, put_in_place
from firmware.humble import give_way
from firmware.lists import compiled
from firmware.lists.entries import Entries, NotAList

SORT = ("/usr/bin/sort", "-u", "-S", "32M", "--batch-size=64", "--parallel=2")
SECONDS_BETWEEN_REPORTS = 0.2


def tell(*report: Any) -> None:
    print(json.dumps(report), flush=True)  # noqa: T201 - this is how the parent hears of it


def compile_list(source: Path, folder: Path, path: Path, region: str, area: str) -> None:
    """Normalise, sort, compile. Raises NotAList, OSError."""
    entries = Entries(region, area)
    with _sorting(folder) as (sort, unsorted, ordered):
        told = 0.0
        with source.open("rb") as file, unsorted:
            for keys in entries.keys(file):
                unsorted.write(keys)
                if time.monotonic() - told > SECONDS_BETWEEN_REPORTS:
                    told = time.monotonic()
                    tell("reading", entries.tally.entries)
        new = folder / "new"
        with created(new) as out:
            about = {"region": region, "area": area}
            count = compiled.write(ordered, out, about, lambda done: tell("writing", done))
            if sort.wait():
                raise OSError(f"sort ended with {sort.returncode}")
            put_in_place(out, new, path)
    tell("built", {"count": count, **dataclasses.asdict(entries.tally)})


@contextlib.contextmanager
def _sorting(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes], IO[bytes]]]:
    """A sort with its standard input and output, which does not outlive the block."""
    command = [*SORT, "-T", str(folder)]
    with subprocess.Popen(  # noqa: S603 - Debian's own
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={"LC_ALL": "C"}
    ) as sort:
        try:
            if sort.stdin and sort.stdout:
                yield sort, sort.stdin, sort.stdout
        finally:
            sort.kill()


def main() -> None:
    source, folder, path, region, area = sys.argv[1:]
    give_way()
    try:
        compile_list(Path(source), Path(folder), Path(path), region, area)
    except NotAList as error:
        tell("refused", error.code, error.samples)
    except OSError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
