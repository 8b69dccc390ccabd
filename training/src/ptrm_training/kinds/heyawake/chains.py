"""What parts the white cells of a Heyawake board: chains of shaded cells, corner to corner, that close or run edge to edge.

Shaded cells are never side by side, so two that touch by a corner have a white cell on either side: the white cells hang
together where there is no such chain. A chain is a far shorter clause than the border of a part, and holds on every board.
"""

from collections.abc import Sequence
from functools import cache

from ...generate.board import Board


@cache
def _corners(here: Board) -> list[list[int]]:
    """The cells that touch a cell by a corner."""
    return [[j for j in ring[::2] if j is not None] for ring in here.rings]


@cache
def _edge(here: Board) -> frozenset[int]:
    return frozenset(i for i in here.cells if None in here.rings[i])


def parting_chains(here: Board, shaded: Sequence[bool]) -> list[list[int]]:
    """A chain for each step that closes one in a breadth-first forest; none if the white cells hang together.

    Rows and columns: at least two each; no two shaded cells side by side. Trees grow from all cells of the edge, then from
    what they leave: a step within a tree closes a ring, one between two trees of the edge runs from edge to edge.
    """
    corners, edge = _corners(here), _edge(here)
    cells = [i for i in here.cells if shaded[i]]
    before: dict[int, int | None] = {i: None for i in cells if i in edge}
    chains = _grow(list(before), before, shaded, corners)
    for root in cells:
        if root not in before:
            before[root] = None
            chains += _grow([root], before, shaded, corners)
    return chains


def _grow(
    queue: list[int], before: dict[int, int | None], shaded: Sequence[bool], corners: Sequence[Sequence[int]]
) -> list[list[int]]:
    chains = []
    for cell in queue:  # grows while it is walked
        for near in corners[cell]:
            if not shaded[near]:
                continue
            if near not in before:
                before[near] = cell
                queue.append(near)
            elif cell < near and before[cell] != near and before[near] != cell:  # each step once, none along the tree
                chains.append(_joined(_way_back(cell, before), _way_back(near, before)))
    return chains


def _way_back(cell: int, before: dict[int, int | None]) -> list[int]:
    way = [cell]
    while (cell_before := before[way[-1]]) is not None:
        way.append(cell_before)
    return way


def _joined(one: list[int], other: list[int]) -> list[int]:
    """The cells of two ways to a root, without what lies behind the place where they meet."""
    meeting = None
    while one and other and one[-1] == other[-1]:
        meeting = one.pop()
        other.pop()
    return [*one, *other] if meeting is None else [*one, meeting, *other]
