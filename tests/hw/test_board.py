"""The board's copper, checked apart from the search that found it and from KiCad."""

import math
from collections.abc import Iterator
from itertools import product

from hw.electronics.circuit import load
from hw.electronics.placed import CREEPAGE, HEIGHT, SLOT, WIDTH, net_class, pads
from hw.electronics.route import PITCH, VIA, Track, found

Point = tuple[float, float]


def width(track: Track) -> float:
    return net_class(track.net, load().nets[track.net].on_line).width


def copper(on_line: bool) -> Iterator[tuple[Point, float]]:
    """Points of one side's copper, half a millimetre apart at most, each with the radius of what is there."""
    for pad in pads(load()):
        if pad.on_line is on_line:
            long, short = max(pad.width, pad.height), min(pad.width, pad.height)
            reach = (long - short) / 2
            for off in (-reach, reach):
                yield (pad.x + off, pad.y) if pad.width > pad.height else (pad.x, pad.y + off), short / 2
    for track in found().tracks:
        if load().nets[track.net].on_line is on_line:
            steps = math.ceil(math.hypot(track.x2 - track.x1, track.y2 - track.y1) / 0.5)
            for step in range(steps + 1):
                part = step / steps
                x, y = track.x1 + part * (track.x2 - track.x1), track.y1 + part * (track.y2 - track.y1)
                yield (x, y), width(track) / 2
    for via in found().vias:
        if load().nets[via.net].on_line is on_line:
            yield (via.x, via.y), VIA / 2


def along_the_surface(a: Point, b: Point) -> float:
    """The way from a, above the slot, to b, below: straight where it misses the slot, else around an end of it."""
    left, top, right, bottom = SLOT
    for y in (top, bottom):
        x = a[0] + (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1])
        if left < x < right:
            break
    else:
        return math.dist(a, b)
    return min(math.dist(a, (x, top)) + bottom - top + math.dist((x, bottom), b) for x in (left, right))


def test_the_sides_are_as_far_apart_along_the_surface_as_the_insulation_demands() -> None:
    nearest = min(
        along_the_surface(a, b) - reach_a - reach_b
        for (a, reach_a), (b, reach_b) in product(
            [spot for spot in copper(True) if spot[0][1] > SLOT[1] - 8],
            [spot for spot in copper(False) if spot[0][1] < SLOT[3] + 8],
        )
    )
    assert nearest >= CREEPAGE


def on_grid(x: float, y: float) -> tuple[int, int]:
    return round(x / PITCH), round(y / PITCH)


def test_each_net_is_of_one_piece() -> None:
    for net in load().nets.values():
        spots = [pad for pad in pads(load()) if pad.net == net.name]
        pieces: list[set[object]] = [{pad} for pad in spots]
        for track in found().tracks:
            if track.net == net.name:
                steps = max(abs(track.x2 - track.x1), abs(track.y2 - track.y1)) / PITCH
                across, along = (track.x2 - track.x1) / steps, (track.y2 - track.y1) / steps
                points = [(track.x1 + across * n, track.y1 + along * n) for n in range(round(steps) + 1)]
                ends = {
                    pad
                    for pad in spots
                    for point in points
                    if math.dist(point, (pad.x, pad.y)) < pad.height / 2
                }
                pieces.append({(*on_grid(*point), track.layer) for point in points} | ends)
        vias = [via for via in found().vias if via.net == net.name]
        pieces += [{(*on_grid(via.x, via.y), layer) for layer in (0, 1)} for via in vias]
        groups: list[set[object]] = []
        for piece in pieces:
            touching = [group for group in groups if group & piece]
            groups = [group for group in groups if not group & piece] + [piece.union(*touching)]
        assert len(groups) == 1, net.name


def test_nothing_leaves_the_board() -> None:
    for track in found().tracks:
        for x, y in ((track.x1, track.y1), (track.x2, track.y2)):
            assert x - width(track) / 2 > 0.3
            assert x + width(track) / 2 < WIDTH - 0.3
            assert y - width(track) / 2 > 0.3
            assert y + width(track) / 2 < HEIGHT - 0.3
