"""What tests of several parts need."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# The same examples on every machine, however busy; `--hypothesis-profile=default` draws others.
settings.register_profile(
    "suite", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("suite")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", type=int, default=12, help="how often test_killed.py kills the appliance")


@pytest.fixture
def wait_until() -> Callable[..., None]:
    """Waits until a condition holds, and fails after `within` seconds."""

    def wait(condition: Callable[[], object], within: float = 60.0) -> None:
        until = time.monotonic() + within
        while not condition():
            assert time.monotonic() < until, "it did not happen in time"
            time.sleep(0.005)

    return wait


@pytest.fixture
def level(tmp_path: Path) -> Callable[[str], int | None]:
    """The level of a pin now, from the trace that `mock:tmp_path/pins` writes; None before its first edge."""

    def read(pin: str) -> int | None:
        trace = tmp_path / "pins"
        edges = trace.read_text("ascii").splitlines() if trace.exists() else []
        levels = [int(edge.split()[2]) for edge in edges if edge.split()[1] == pin]
        return levels[-1] if levels else None

    return read
