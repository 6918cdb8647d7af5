"""Many patterns over digits tried at once: a trie in which ? stands for one digit and * for any number of them."""

from __future__ import annotations

from collections.abc import Iterator


class Node:
    """What may come next; `loops` where a * stands: any digit leads back here."""

    __slots__ = ("here", "loops", "next")

    def __init__(self, *, loops: bool = False) -> None:
        self.next: dict[str, Node] = {}
        self.here: list[str] = []
        self.loops = loops

    def steps(self, digit: str) -> Iterator[Node]:
        """Where `digit` leads."""
        if self.loops:
            yield self
        for sign in (digit,) if digit == "+" else (digit, "?"):
            if sign in self.next:
                yield self.next[sign]


class Patterns:
    """Patterns of which any number can be matched against a number in time linear in its length."""

    def __init__(self, patterns: tuple[str, ...] = ()) -> None:
        self._root = Node()
        for pattern in patterns:
            node = self._root
            for sign in pattern:
                node = node.next.setdefault(sign, Node(loops=sign == "*"))
            node.here.append(pattern)

    def matching(self, digits: str) -> Iterator[str]:
        """The patterns that match all of `digits`."""
        nodes = _reached({self._root})
        for digit in digits:
            nodes = _reached({step for node in nodes for step in node.steps(digit)})
        for node in nodes:
            yield from node.here


def _reached(nodes: set[Node]) -> set[Node]:
    """The nodes, and those behind a * that stands for nothing."""
    return nodes | {node.next["*"] for node in nodes if "*" in node.next}
