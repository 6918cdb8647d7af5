"""Many patterns tried at once."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.screening import patterns as module
from firmware.screening.patterns import Patterns

PATTERN = st.text("12?*", min_size=1, max_size=8).filter(lambda text: "**" not in text)


def fits(pattern: str, digits: str) -> bool:
    return re.fullmatch(pattern.replace("?", "[0-9]").replace("*", "[0-9]*"), digits) is not None


@given(st.sets(PATTERN, max_size=12), st.text("12", max_size=10))
def test_it_finds_what_trying_each_alone_finds(patterns: set[str], digits: str) -> None:
    assert sorted(Patterns(tuple(patterns)).matching(digits)) == sorted(
        p for p in patterns if fits(p, digits)
    )


@pytest.mark.parametrize(
    ("pattern", "digits", "found"),
    [
        ("162????8888", "16212348888", True),
        ("162????8888", "1621238888", False),
        ("162????8888", "162123488889", False),
        ("*8888", "8888", True),
        ("*8888", "+448888", True),
        ("?8888", "+8888", False),
        ("+44*88", "+4420788", True),
        ("?", "x", False),
        ("1*1", "1", False),
        ("1*1", "11", True),
    ],
)
def test_a_question_mark_is_one_digit_and_a_star_any_number_of_them(
    pattern: str, digits: str, found: bool
) -> None:
    assert Patterns((pattern,)).matching(digits) == [pattern] * found


@pytest.mark.parametrize("sign", ["?", "*", "1", "+", "x"])
@pytest.mark.parametrize(
    "patterns",
    [
        ("?" * 32,),
        tuple("?" * length + "*" for length in range(1, 31)),
        tuple(f"*{'1' * ones}{'?' * rest}*" for ones in range(15) for rest in range(1, 15)),
    ],
)
def test_no_number_takes_more_steps_than_there_are_places_in_the_patterns(
    patterns: tuple[str, ...], sign: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = 0
    reach = module._reach

    def counted(nodes: dict[module.Node, None], node: module.Node) -> None:
        nonlocal steps
        steps += 1
        reach(nodes, node)

    monkeypatch.setattr(module, "_reach", counted)
    Patterns(patterns).matching(sign * 32)
    places = sum(len(pattern) + 1 for pattern in patterns)
    assert 0 < steps <= 4 * places * 32
