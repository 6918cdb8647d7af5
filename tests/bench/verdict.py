"""A whole verdict at any size: from a raw number to the reason, beside what others do with as much to block.

    python tests/bench/verdict.py [--largest 100000] [--peer DIR]

Ten thousand rules, and lists of a thousand, a hundred thousand and ten million numbers. `phonenumbers.parse` gets the
same numbers, in turn with ours in one process: how many parses a verdict takes is what does not depend on the machine.
Times are the processor's; nothing here waits for a disk, since what is read has just been written.
Lines in China present no names; a row of its own shows what names cost. Starts are as in `start.py`.

The others get the numbers of list and rules in one table, as they are presented; segments, ranges, patterns and
expressions as regular expressions over the number, and names as such over the name, which their callers have. Left out
for them is what they cannot say: kinds and places, and rules with a schedule. They compare what is presented: a listed
number that comes with +86 or a trunk 0 passes them by. TinyDB reads all of its file for each search, so that its time
and memory grow with it: at ten million they would be a hundred times those at a hundred thousand, and it is left out.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import lists
import phonenumbers
from identity import abroad, landline
from latency import installed_peer
from peers import Judge, summary, timed
from start import with_list_and_without

from firmware.call import Action, CallerId, Verdict
from firmware.household import screening_over
from firmware.lists.building import build
from firmware.lists.shelf import Open
from firmware.numbers import identify, prepare, understand
from firmware.screening import Caller, Listed, rule_from
from firmware.screening.matches import RANGE_SIGN
from firmware.screening.rulebook import segments_of

SIZES = (1_000, 100_000, 10_000_000)
LARGEST_TINYDB = 100_000
CALLERS = 20_000
PASSES = 5
BLOCK = 2_000
"""Callers between turns, more than `understand` remembers."""
PEER_SECONDS = 10.0
STARTS = 20
PARSE = "phonenumbers.parse alone"
NAMELESS = "ringfence"
NAMED = "ringfence, callers with names"
COLUMNS = (
    "numbers",
    "",
    "verdicts",
    "median µs",
    "p99 µs",
    "median, in parses",
    "p99, in parses",
    "blocked",
    "MB at most",
)
PEERS_SCRIPT = Path(__file__).with_name("peers.py")
PEERS = ("sqlite", "tinydb", "callattendant")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

KINDS = ("satellite", "premium", "voip", "impossible", "ring-once", "m2m")

Wish = dict[str, str]


def mobile(chance: random.Random) -> str:
    return f"{chance.choice(lists.SEGMENTS)}{chance.randrange(10**8):08}"


def wishes() -> Iterator[Wish]:
    """Ten thousand rules that block."""
    chance = random.Random(5)
    for _ in range(6_000):
        yield {"match": mobile(chance)}
    for _ in range(2_000):
        yield {"match": f"{mobile(chance)[: chance.randrange(6, 10)]}*"}
    for _ in range(500):
        low = int(mobile(chance))
        yield {"match": f"{low}{RANGE_SIGN}{low + chance.randrange(10_000)}"}
    for _ in range(250):
        yield {"match": f"{mobile(chance)[:6]}??{chance.randrange(1_000):03}"}
        yield {"match": f"{mobile(chance)[:4]}*{chance.randrange(1_000):03}"}
    for _ in range(200):
        first, second = chance.sample(range(100, 1_000), 2)
        yield {"match": rf"/^{mobile(chance)[:4]}\d{{2}}({first}|{second})\d*$/"}
    for word in chance.sample(range(10_000), 300):
        yield {"match": f"name:推广{word:04}"}
    for kind in KINDS:
        yield {"match": f"kind:{kind}"}
    who = [identify(understand(mobile(chance), "CN"), "CN") for _ in range(200)]
    for place in chance.sample(sorted({one.place for one in who if one.place}), 14):
        yield {"match": f"place:{place}"}
    for _ in range(480):
        hour = chance.randrange(24)
        yield {"match": f"{mobile(chance)[:6]}*", "when": f"mon-fri {hour:02}:00-{(hour + 8) % 24:02}:00"}


def callers(listed: int) -> list[tuple[str, str]]:
    """Numbers as a line in China presents them, and names: a twentieth are listed, most are mobile."""
    chance = random.Random(6)
    twentieth = CALLERS // 20
    presented = {
        *islice(lists.numbers(listed), twentieth),
        *(f"0{number}" for number in landline(3 * twentieth)),
        *(f"00{number.removeprefix('+')}" for number in abroad(twentieth)),
        *(f"400{chance.randrange(10**7):07}" for _ in range(twentieth)),
    }
    while len(presented) < CALLERS:
        presented.add(f"{chance.choice(('', '', '', '0'))}{mobile(chance)}")
    numbers = sorted(presented)
    chance.shuffle(numbers)
    return [(number, f"推广{chance.randrange(10_000):04}") for number in numbers]


def expression(match: str) -> str:
    """A kept match over digits as a regular expression over what is presented."""
    if match.startswith("/"):
        return match[1:-1]
    low, sign, high = match.partition(RANGE_SIGN)
    if sign:
        return rf"^(?=\d{{{len(low)}}}$)(?:{'|'.join(segments_of(low, high))})"
    digits = match.replace("?", r"\d").replace("*", r"\d*")
    return f"^{digits}$"


def prepared(folder: Path, count: int, rules: list[dict[str, Any]]) -> None:
    """What all need, in `folder`: the rules, the callers, the compiled list, and the others' table and expressions."""
    matches = [doc["match"] for doc in rules if "when" not in doc]
    names = [match.partition(":")[2] for match in matches if match.startswith("name:")]
    digits = [match for match in matches if ":" not in match]
    numbers = [match.removeprefix("+86") for match in digits if match.startswith("+")]
    patterns = {
        "blocknames": dict.fromkeys(names, "name"),
        "blocknumbers": {expression(match): match for match in digits if not match.startswith("+")},
        "permitnames": {},
        "permitnumbers": {},
    }
    for name, content in (
        ("rules.json", rules),
        ("patterns.yaml", patterns),
        ("callers.json", callers(count)),
    ):
        (folder / name).write_text(json.dumps(content), "utf-8")
    source, presented = folder / "source.txt", folder / "presented.txt"
    with source.open("w") as ours, presented.open("w") as theirs:
        theirs.writelines(f"{number}\n" for number in numbers)
        for number in lists.numbers(count):
            ours.write(f"{number}\n")
            theirs.write(f"{number.removeprefix('+86')}\n")
    build(source, folder / "list", "CN")
    lists.sorted_by_sort(presented)
    with (
        contextlib.closing(sqlite3.connect(folder / "blocked.db")) as database,
        (folder / "sorted").open() as lines,
    ):
        database.execute(
            "CREATE TABLE Blacklist (PhoneNo TEXT PRIMARY KEY, Name TEXT, Reason TEXT, SystemDateTime TEXT)"
        )
        rows = ((line.rstrip(), "", "", "2026-11-23 12:00:00") for line in lines)
        database.executemany("INSERT INTO Blacklist VALUES (?, ?, ?, ?)", rows)
        database.commit()


def ours(folder: Path) -> None:
    """In a process of its own: verdicts, in turn with parsing the same numbers."""
    prepare("CN")
    rules = json.loads((folder / "rules.json").read_text("utf-8"))
    those = json.loads((folder / "callers.json").read_text("utf-8"))
    screening = screening_over({"rules": dict(enumerate(rules, 1))})
    numbers = Open(folder / "list", lambda: None)
    numbers.verify()
    screening.lists = (Listed(1, "list", Action.BLOCK, numbers),)

    def verdict(presented: str, name: str | None) -> Verdict:
        policy = screening.policy
        number = understand(presented, policy.region, policy.area)
        return screening.judge(Caller.of(CallerId(presented, name), number, "modem", NOON))

    ways: dict[str, Judge] = {
        NAMELESS: lambda number, name: verdict(number, None).action is Action.BLOCK,
        NAMED: lambda number, name: verdict(number, name).action is Action.BLOCK,
        PARSE: lambda number, name: phonenumbers.parse(number, "CN") is None,
    }
    took: dict[str, list[float]] = {way: [] for way in ways}
    blocked: Counter[str] = Counter()
    for first in list(range(0, CALLERS, BLOCK)) * PASSES:
        for way, judge in ways.items():
            times, count = timed(judge, those[first : first + BLOCK], 60.0)
            took[way] += times
            blocked[way] += count
    reasons = Counter(verdict(*caller).reason for caller in those)
    print(
        json.dumps(
            {
                "rows": {way: summary(times, blocked[way]) for way, times in took.items()},
                "reasons": {reason: count / CALLERS for reason, count in reasons.most_common()},
            }
        )
    )


def said_by(*command: str | Path) -> Any:
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def judged_by(peer: str, folder: Path, python: Path, count: int) -> dict[str, Any] | None:
    if peer == "tinydb" and count > LARGEST_TINYDB:
        return None
    interpreter = python if peer == "callattendant" else sys.executable
    found: dict[str, Any] = said_by(interpreter, PEERS_SCRIPT, peer, folder, str(PEER_SECONDS))
    return found


def row(count: int, what: str, found: dict[str, Any] | None, parse: dict[str, Any]) -> None:
    cells = ["left out", *[""] * 6]
    if found:
        p99 = found["p99"]
        cells = [
            f"{found['count']:,}",
            f"{found['median']:,.1f}",
            f"{p99:,.1f}" if p99 else "",
            f"{found['median'] / parse['median']:,.2f}",
            f"{p99 / parse['p99']:,.2f}" if p99 else "",
            f"{found['blocked']:.1%}" if found["blocked"] else "",
            f"{found['resident']:.0f}",
        ]
    print(f"| {count:,} | {what} | {' | '.join(cells)} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--largest", type=int, choices=SIZES, default=SIZES[-1], help="leave out longer lists"
    )
    parser.add_argument(
        "--peer", type=Path, help="an environment in which callattendant is installed already"
    )
    parser.add_argument("--ours", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.ours:
        ours(arguments.ours)
        return
    rules = [rule_from({**wish, "action": "block"}, "CN").document() for wish in wishes()]
    sizes = [size for size in SIZES if size <= arguments.largest]
    parses = []
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".bench-") as name:
        top = Path(name)
        python = arguments.peer / "bin" / "python" if arguments.peer else installed_peer(top / "peer")
        print(f"| {' | '.join(COLUMNS)} |\n| ---: | --- |{' ---: |' * (len(COLUMNS) - 2)}")
        for count in sizes:
            folder = top / str(count)
            folder.mkdir()
            prepared(folder, count, rules)
            found = said_by(sys.executable, __file__, "--ours", folder)
            parse = found["rows"][PARSE]
            parses.append(found["rows"][NAMELESS]["median"] / parse["median"])
            for what, figures in found["rows"].items():
                row(count, what, figures, parse)
            for what in PEERS:
                row(count, what, judged_by(what, folder, python, count), parse)
        shares = (f"{reason} {share:.1%}" for reason, share in found["reasons"].items())
        print("\nWhat decided where callers have names:", ", ".join(shares))
        print(f"Median in parses, {sizes[-1]:,} numbers against {sizes[0]:,}: {parses[-1] / parses[0]:.2f}")
        looked_up = said_by(sys.executable, lists.__file__, "--look-up", folder / "list", str(sizes[-1]))
        resident = "; ".join(f"{mib:.1f}" for mib in looked_up["resident"])
        print(f"MiB resident for the list: opened; verified; after {lists.LOOK_UPS:,} look-ups: {resident}")
        listed, without = with_list_and_without(top, folder / "list", STARTS)
        for what, of in (("median", statistics.median), ("least", min)):
            times = f"{of(without):.3f} s, with the list {of(listed):.3f} s"
            print(f"Start to guarding, {what}: {times}, ratio {of(listed) / of(without):.2f}")


if __name__ == "__main__":
    main()
