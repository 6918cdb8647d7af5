"""What it costs to know who a number is, beside PyPI's phone 0.4.5 as its authors load it.

    python tests/bench/identity.py [--numbers 100000]

Each runs in a process of its own. Ours has libphonenumber loaded and has read a number of China before, as the
appliance has; theirs holds Python alone. Their package is installed into a temporary environment.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

PEER = "phone==0.4.5"
CHINA = "China, mobile"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--numbers", type=int, default=100_000)
    parser.add_argument("--only", choices=("ringfence", "phone"))
    arguments = parser.parse_args()
    if arguments.only:
        {"ringfence": ours, "phone": theirs}[arguments.only](arguments.numbers)
        return
    count = ["--numbers", str(arguments.numbers)]
    with tempfile.TemporaryDirectory() as name:
        subprocess.run([sys.executable, "-m", "venv", name], check=True)
        subprocess.run([f"{name}/bin/pip", "-q", "install", PEER], check=True)
        results = {
            product: json.loads(
                subprocess.run(
                    [python, __file__, "--only", product, *count], check=True, stdout=subprocess.PIPE
                ).stdout
            )
            for product, python in (("ringfence", sys.executable), ("phone", f"{name}/bin/python"))
        }
    print("| | before MB | loaded MB | after the look-ups MB | on top MB | to load ms |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for product, result in results.items():
        before, loaded, after = result["resident"]
        print(
            f"| {product} | {before:.1f} | {loaded:.1f} | {after:.1f} | {after - before:.1f} | {result['load']:.1f} |"
        )
    print("\n| one look-up | | median µs | p99 µs |\n| --- | --- | ---: | ---: |")
    for product, result in results.items():
        for what, (median, late) in result["times"].items():
            print(f"| {what} | {product} | {median:.2f} | {late:.2f} |")


def ours(count: int) -> None:
    import phonenumbers

    from firmware.call import Number
    from firmware.numbers import prepare, understand

    prepare("CN")
    numbers = {
        CHINA: [Number(digits, f"+86{digits}", digits, True) for digits in mobile(count)],
        "China, landline": [Number(digits, f"+86{digits}", f"0{digits}", True) for digits in landline(count)],
        "abroad": [understand(number, "CN") for number in abroad(count)],
    }

    def load() -> Callable[[Number], object]:
        from firmware.numbers.identity import identify

        identify(numbers[CHINA][0], "CN")
        return lambda number: identify(number, "CN")

    result = measured(load, numbers)
    for what, group in numbers.items():
        parse = timed(lambda number: phonenumbers.parse(number.normal), group)
        result["times"][f"{what}: phonenumbers.parse alone"] = parse
    print(json.dumps(result))


def theirs(count: int) -> None:
    def load() -> Callable[[str], object]:
        from phone import Phone  # type: ignore[import-not-found]

        find: Callable[[str], object] = Phone().find
        return find

    print(json.dumps(measured(load, {CHINA: mobile(count)})))


def mobile(count: int) -> list[str]:
    chance = random.Random(1)
    return [f"1{chance.choice('356789')}{chance.randrange(10**9):09}" for _ in range(count)]


def landline(count: int) -> list[str]:
    chance = random.Random(2)
    return [
        f"{chance.choice(('10', '21', '571', '755', '871'))}{chance.randrange(2 * 10**7, 9 * 10**7)}"
        for _ in range(count)
    ]


def abroad(count: int) -> list[str]:
    """Numbers of every region with a modem's country code: libphonenumber's examples with other last digits."""
    import phonenumbers

    from firmware.lines.modem.dialects import COUNTRIES

    chance = random.Random(3)
    examples = [
        phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
        for region in sorted(set(COUNTRIES) - {"CN"})
        if (example := phonenumbers.example_number(region))
    ]
    return [f"{chance.choice(examples)[:-4]}{chance.randrange(10**4):04}" for _ in range(count)]


def measured(
    load: Callable[[], Callable[[Any], object]], numbers: Mapping[str, Sequence[Any]]
) -> dict[str, Any]:
    """MB resident before, when loaded and after all look-ups; ms to load; median and 99th percentile of a look-up."""
    before = resident()
    began = time.perf_counter()
    look = load()
    took = (time.perf_counter() - began) * 1e3
    loaded = resident()
    for group in numbers.values():
        for number in group:
            look(number)
    after = resident()
    times = {what: timed(look, group) for what, group in numbers.items()}
    return {"resident": (before, loaded, after), "load": took, "times": times}


def timed(look: Callable[[Any], object], numbers: Sequence[Any]) -> tuple[float, float]:
    took = []
    for number in numbers:
        began = time.perf_counter_ns()
        look(number)
        took.append((time.perf_counter_ns() - began) / 1e3)
    took.sort()
    return took[len(took) // 2], took[len(took) * 99 // 100]


def resident() -> float:
    """MB of this process, from the kernel's smaps_rollup."""
    gc.collect()
    lines = Path("/proc/self/smaps_rollup").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Rss:")) * 1024 / 1e6


if __name__ == "__main__":
    main()
