"""Finds the board's tracks: a search over a grid of 0.635 mm on two layers, net by net.

That they are good is for KiCad's check of the design rules to say.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from hw.electronics.circuit import Circuit, load
from hw.electronics.placed import HEIGHT, LINE_AREA, PI_AREA, WIDTH, PlacedPad, holes, net_class, pads

PITCH = 0.635
COLUMNS, ROWS = round(WIDTH / PITCH) + 1, round(HEIGHT / PITCH) + 1
VIA = 0.8
"""Diameter in mm."""
EDGE = 0.5
"""From tracks to edges and holes, in mm."""
VIA_COST, WRONG_WAY, DIAGONAL, TRIES = 14.0, 1.5, 1.6, 60
"""A step along a layer's own way costs 1: across on the upper one, up and down on the lower one."""
WAYS = [(right, down) for right in (-1, 0, 1) for down in (-1, 0, 1) if right or down]

Node = int
"""Layer, row and column in one number."""


def node(layer: int, row: int, column: int) -> Node:
    return (layer * ROWS + row) * COLUMNS + column


def place(at: Node) -> tuple[int, float, float]:
    """Layer, x and y in mm."""
    rest, column = divmod(at, COLUMNS)
    layer, row = divmod(rest, ROWS)
    return layer, column * PITCH, row * PITCH


@dataclass(frozen=True, slots=True)
class Track:
    net: str
    layer: int
    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class Via:
    net: str
    x: float
    y: float


class NoWay(Exception):
    """A net that cannot be completed; the message is its name."""


class Router:
    """One attempt, with the nets in a given order."""

    def __init__(self, circuit: Circuit, pads_of: dict[str, list[PlacedPad]]) -> None:
        self._circuit = circuit
        self._pads_of = pads_of
        self._classes = {name: net_class(name, owned[0].on_line) for name, owned in pads_of.items()}
        widths = {cls.width for cls in self._classes.values()} | {VIA}
        self._claims: dict[float, dict[Node, str]] = {width: {} for width in sorted(widths)}
        self._no_via: set[Node] = set()
        self.tracks: list[Track] = []
        self.vias: list[Via] = []
        for name, owned in pads_of.items():
            for pad in owned:
                square = 1.3 if pad.number == "1" and pad.width == pad.height else 1
                self._claim(name, (0, 1), pad.x, pad.y, pad.x, pad.y, square * max(pad.width, pad.height))
                reach = pad.width / 2 + VIA / 2
                self._no_via |= {
                    at for at, off in self._near(0, pad.x, pad.y, pad.x, pad.y, reach) if off < reach
                }

    def _claim(
        self, net: str, layers: tuple[int, ...], x1: float, y1: float, x2: float, y2: float, width: float
    ) -> None:
        """Keep the other nets off the copper from one point to the other."""
        clearance = self._classes[net].clearance
        for other, claims in self._claims.items():
            reach = width / 2 + clearance + other / 2 - 1e-6
            for layer in layers:
                for at, distance in self._near(layer, x1, y1, x2, y2, reach):
                    if distance < reach:
                        claims[at] = net if claims.get(at, net) == net else ""

    @staticmethod
    def _near(
        layer: int, x1: float, y1: float, x2: float, y2: float, reach: float
    ) -> Iterator[tuple[Node, float]]:
        left, right, top, bottom = min(x1, x2), max(x1, x2), min(y1, y2), max(y1, y2)
        for row in range(
            max(0, math.ceil((top - reach) / PITCH)), min(ROWS - 1, int((bottom + reach) / PITCH)) + 1
        ):
            for column in range(
                max(0, math.ceil((left - reach) / PITCH)), min(COLUMNS - 1, int((right + reach) / PITCH)) + 1
            ):
                x, y = column * PITCH, row * PITCH
                length = (x2 - x1) ** 2 + (y2 - y1) ** 2
                along = ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length if length else 0
                along = min(1, max(0, along))
                off = math.hypot(x - x1 - along * (x2 - x1), y - y1 - along * (y2 - y1))
                yield node(layer, row, column), off

    def route(self, name: str) -> None:
        """Join the net's pads. Raises NoWay."""
        width, on_line = self._classes[name].width, self._circuit.nets[name].on_line
        waiting = [set(self._inside(pad)) for pad in self._pads_of[name]]
        tree = waiting.pop(0)
        while waiting:
            waiting.sort(key=lambda goal: min(self._apart(a, b) for a in tree for b in list(goal)[:1]))
            goal = waiting.pop(0)
            path = self._search(name, width, tree, goal, on_line)
            self._lay(name, width, path)
            tree |= goal | set(path)

    @staticmethod
    def _apart(a: Node, b: Node) -> float:
        row_a, column_a = divmod(a % (ROWS * COLUMNS), COLUMNS)
        row_b, column_b = divmod(b % (ROWS * COLUMNS), COLUMNS)
        across, along = abs(column_a - column_b), abs(row_a - row_b)
        return max(across, along) + 0.4 * min(across, along)

    def _inside(self, pad: PlacedPad) -> Iterator[Node]:
        """The grid's points that a track may end in."""
        reach = min(pad.width, pad.height) / 2 - 0.1
        for layer in (0, 1):
            for at, distance in self._near(layer, pad.x, pad.y, pad.x, pad.y, reach):
                if distance < reach:
                    yield at

    def _search(self, name: str, width: float, tree: set[Node], goal: set[Node], on_line: bool) -> list[Node]:
        claims, via_claims = self._claims[width], self._claims[VIA]
        target, layer_size = next(iter(goal)), ROWS * COLUMNS

        def free(at: Node) -> bool:
            return at in goal or (claims.get(at, name) == name and allowed(at % layer_size, width, on_line))

        best: dict[Node, float] = dict.fromkeys(tree, 0.0)
        came: dict[Node, Node] = {}
        queue = [(self._apart(at, target), at) for at in tree]
        heapq.heapify(queue)
        while queue:
            _, at = heapq.heappop(queue)
            if at in goal:
                path = [at]
                while at in came:
                    at = came[at]
                    path.append(at)
                return path[::-1]
            layer, spot = divmod(at, layer_size)
            row, column = divmod(spot, COLUMNS)
            steps = []
            for right, down in WAYS:
                next_ = at + right + COLUMNS * down
                if 0 <= column + right < COLUMNS and 0 <= row + down < ROWS and free(next_):
                    if not (right and down):
                        steps.append((next_, WRONG_WAY if bool(right) == bool(layer) else 1.0))
                    elif free(at + right) and free(at + COLUMNS * down):
                        steps.append((next_, DIAGONAL))
            across = spot + (1 - layer) * layer_size
            clear = via_claims.get(at, name) == name == via_claims.get(across, name)
            if clear and free(across) and spot not in self._no_via:
                steps.append((across, VIA_COST))
            for next_, cost in steps:
                total = best[at] + cost
                if total < best.get(next_, math.inf):
                    best[next_] = total
                    came[next_] = at
                    heapq.heappush(queue, (total + self._apart(next_, target), next_))
        raise NoWay(name)

    def _lay(self, name: str, width: float, path: list[Node]) -> None:
        start = 0
        for index in range(1, len(path) + 1):
            if index < len(path) and self._straight(path[start : index + 1]):
                continue
            end = index - 1
            (layer, x1, y1), (_, x2, y2) = place(path[start]), place(path[end])
            if end > start:
                self.tracks.append(Track(name, layer, x1, y1, x2, y2))
                self._claim(name, (layer,), x1, y1, x2, y2, width)
            start = end
            if index < len(path) and place(path[index])[1:] == place(path[end])[1:]:
                self.vias.append(Via(name, x2, y2))
                self._claim(name, (0, 1), x2, y2, x2, y2, VIA)
                start = index

    @staticmethod
    def _straight(path: list[Node]) -> bool:
        steps = {b - a for a, b in pairwise(path)}
        return len(steps) == 1 and abs(steps.pop()) in (1, COLUMNS - 1, COLUMNS, COLUMNS + 1)


@cache
def allowed(spot: int, width: float, on_line: bool) -> bool:
    """Whether a track of that side may be there: off the edges, the holes and the barrier."""
    row, column = divmod(spot, COLUMNS)
    x, y, edge = column * PITCH, row * PITCH, EDGE + width / 2
    if not (edge <= x <= WIDTH - edge and edge <= y <= HEIGHT - edge):
        return False
    if any(math.hypot(x - hx, y - hy) < d / 2 + edge for hx, hy, d in holes(load())):
        return False
    half = width / 2
    return any(
        left <= x - half and top <= y - half and x + half <= right and y + half <= bottom
        for left, top, right, bottom in (LINE_AREA if on_line else PI_AREA)
    )


def attempt(circuit: Circuit, pads_of: dict[str, list[PlacedPad]], order: list[str]) -> Router:
    router = Router(circuit, pads_of)
    for name in order:
        router.route(name)
    return router


@cache
def found() -> Router:
    """The copper of `circuit.toml`: all nets, those first that failed before. Raises NoWay when no attempt succeeds."""
    circuit = load()
    pads_of: dict[str, list[PlacedPad]] = {}
    for pad in pads(circuit):
        pads_of.setdefault(pad.net, []).append(pad)

    def span(name: str) -> float:
        xs, ys = [pad.x for pad in pads_of[name]], [pad.y for pad in pads_of[name]]
        return max(xs) - min(xs) + max(ys) - min(ys)

    order = sorted(circuit.nets, key=lambda name: (span(name) > 30, len(pads_of[name]) < 8, span(name)))
    for _ in range(TRIES):
        try:
            return attempt(circuit, pads_of, order)
        except NoWay as failed:
            name = str(failed)
            was = order.index(name)
            order.insert(max(0, was - max(3, was // 2)), order.pop(was))
    raise NoWay(name)
