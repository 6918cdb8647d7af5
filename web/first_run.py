"""How far a household has come with the first steps: kept in the store, so that they can be left and resumed."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask, current_app
from tinydb import TinyDB
from tinydb.table import Document

STEPS = ("place", "line", "board", "sets")
_ONE = 1


class FirstRun:
    """The steps that are still to be taken. A box that was claimed before there were any has none."""

    def __init__(self, db: TinyDB) -> None:
        self._table = db.table("first_run")

    @property
    def open(self) -> tuple[str, ...]:
        """The steps that are left, in their order."""
        found = self._table.get(doc_id=_ONE)
        kept = found["open"] if isinstance(found, Document) else []
        return tuple(step for step in STEPS if step in kept)

    def begin(self) -> None:
        """All steps are to be taken. Raises OSError."""
        self.keep(STEPS)

    def take(self, step: str) -> None:
        """A step was taken, or passed over. Raises OSError."""
        self.keep(one for one in self.open if one != step)

    def finish(self) -> None:
        """No step is to be taken any more. Raises OSError."""
        self.keep(())

    def keep(self, steps: Iterable[str]) -> None:
        """These steps are still to be taken, and no others. Raises OSError."""
        wanted = set(steps)
        self._table.upsert(Document({"open": [step for step in STEPS if step in wanted]}, doc_id=_ONE))


def init_app(app: Flask, db: TinyDB) -> None:
    """Keep the steps in `db`, and let templates know how many are left."""
    app.extensions["first_run"] = FirstRun(db)
    app.jinja_env.globals["steps_left"] = lambda: len(first_run().open)


def first_run() -> FirstRun:
    """The steps of the box that is shown."""
    found: FirstRun = current_app.extensions["first_run"]
    return found
