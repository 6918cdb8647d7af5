"""Ready-made sets of rules: `sets.toml`."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files

Wish = dict[str, str]


@lru_cache(maxsize=8)
def ready_made(region: str) -> dict[str, tuple[Wish, ...]]:
    """The sets for a line in `region` by name, each as the wishes from which rules are made."""
    table = tomllib.loads(files("firmware.screening").joinpath("sets.toml").read_text("utf-8"))
    return {
        name: tuple(
            {"match": match, "action": "block", "of": name} | ({"when": one["when"]} if "when" in one else {})
            for match in one["block"]
        )
        for name, one in {**table.get(region, {}), **table["world"]}.items()
    }
