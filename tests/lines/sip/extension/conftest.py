"""One registrar for the tests of a module, and lines of its house."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from house import House
from registrar import Registrar, running


@pytest.fixture(scope="module")
def registrar(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registrar]:
    with running(tmp_path_factory.mktemp("registrar")) as registrar:
        yield registrar


@pytest.fixture
def house(tmp_path: Path, registrar: Registrar) -> Iterator[Callable[..., House]]:
    """Makes a line that is registered with the module's registrar."""
    with ExitStack() as stack:
        yield lambda **wishes: stack.enter_context(House(tmp_path, registrar, **wishes)).ready()
