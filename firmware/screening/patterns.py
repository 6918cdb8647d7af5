"""Many patterns over digits tried at once: a trie in which ? stands for one digit and * for any number of them."""

from __future__ import annotations


class Node:
    """What may come next; `loops` where a * stands: any digit leads back here."""

    __slots__ = ("here", "loops", "next")

    def __init__(self, *, loops: bool = False) -> None:
        self.next: dict[str, Node] = {}
        self.here: list[str] = []
        self.loops = loops


class Patterns:
    """Patterns of which any number can be matched against a number in time linear in its length."""

    def __init__(self, patterns: tuple[str, ...] = ()) -> None:
        self._root = Node()
        for pattern in patterns:
            node = self._root
            for sign in pattern:
                node = node.next.setdefault(sign, Node(loops=sign == "*"))
            node.here.append(pattern)

    def matching(self, digits: str) -> list[str]:
        """The patterns that match all of `digits`."""
        nodes: dict[Node, None] = {}
        _reach(nodes, self._root)
        for digit in digits:
            if not nodes:
                return []
            before, nodes = nodes, {}
            signs = (digit, "?") if digit.isdecimal() else (digit,)
            for node in before:
                if node.loops:
                    _reach(nodes, node)
                for sign in signs:
                    if sign in node.next:
                        _reach(nodes, node.next[sign])
        return [pattern for node in nodes for pattern in node.here]


def _reach(nodes: dict[Node, None], node: Node) -> None:
    """Add a node, and the one behind a * that stands for nothing."""
    nodes[node] = None
    if "*" in node.next:
        _reach(nodes, node.next["*"])
