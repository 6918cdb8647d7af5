"""What a request does, kept as a step, and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from werkzeug.exceptions import Forbidden

from firmware.undo import Step
from web.guard import granted, needed
from web.within import undo


@contextmanager
def kept_as(what: str) -> Iterator[Step]:
    """Keep the way back from what this request changes meanwhile, as `Undo.step`; also around a whole view."""
    with undo().step(what, needed()) as step:
        yield step


def take_back(key: str) -> None:
    """Take a step back, once, for somebody who might have done it.

    Raises LookupError where there is no such step, Changed, Forbidden, OSError.
    """
    needs = dict(undo().lately())[key].needs
    if needs and needs not in granted():
        raise Forbidden(f"This needs the scope {needs}.")
    undo().take_back(key)
