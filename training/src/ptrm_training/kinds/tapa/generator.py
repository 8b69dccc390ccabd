"""Tapa puzzles: a connected shading without 2x2 squares grows, white cells get clues, as few stay as do.

Cell i is variable i + 1: it is shaded.
"""

import random
from collections.abc import Set as AbstractSet
from functools import cache

from ...generate.board import Board, board
from ...generate.sat import Clause, LazySolver, Model, minimise

LEAST_SHADED = 0.42
Clue = tuple[int, ...]


def make(rows: int, cols: int, rng: random.Random, orders: int = 1) -> dict | None:
    """A record, or None if this try led nowhere; the fewest clues of `orders` orders of giving them up."""
    here = board(rows, cols)
    shaded = random_shading(here, rng)
    if shaded is None:
        return None
    clues = {i: clue_at(here, shaded, i) for i in here.cells if not shaded[i]}
    variables, clauses, selectors = encode(here, clues)
    other = variables + 1
    clauses.append([-other, *(-(i + 1) if shaded[i] else i + 1 for i in here.cells)])
    best: list[int] | None = None
    with LazySolver(other, clauses, lambda model: cuts(here, model, rng)) as solver:
        for _ in range(orders):
            order = sorted(selectors, key=lambda s: _dullness(clues[selectors[s]]) + rng.random())
            kept = minimise(solver, order, other, rng, order)
            if kept is None:
                return None
            if best is None or len(kept) < len(best):
                best = kept
    shown: list[list[int] | None] = [None] * len(here)
    for selector in best or ():
        shown[selectors[selector]] = list(clues[selectors[selector]])
    return {
        'type': 'tapa',
        'rows': rows,
        'cols': cols,
        'clues': here.grid(shown),
        'solution': here.grid([int(v) for v in shaded]),
    }


def _dullness(clue: Clue) -> float:
    """Clues that say much by themselves are given up first, single numbers before several."""
    return (clue in ((0,), (7,), (8,))) * 0.8 + (len(clue) == 1) * 0.25


def runs(ring: list[bool]) -> Clue:
    """The lengths of the shaded runs around a cell, sorted; the ring is closed, places beyond the edge are white."""
    if all(ring):
        return (8,)
    if not any(ring):
        return (0,)
    start = ring.index(False)
    lengths, length = [], 0
    for value in [*ring[start:], *ring[:start], False]:
        if value:
            length += 1
        elif length:
            lengths.append(length)
            length = 0
    return tuple(sorted(lengths))


def clue_at(here: Board, shaded: list[bool], cell: int) -> Clue:
    return runs([i is not None and bool(shaded[i]) for i in here.rings[cell]])


@cache
def clue_clauses(clue: Clue, places: tuple[int, ...]) -> list[list[tuple[int, bool]]]:
    """A clue as clauses of (place in the ring, must be shaded); `places` lie on the board. "?" (-1) is any positive length."""

    def fits(found: Clue) -> bool:
        if -1 not in clue:
            return found == clue
        known, left = [n for n in clue if n != -1], list(found)
        for n in known:
            if n not in left:
                return False
            left.remove(n)
        return len(found) == len(clue) and found != (0,)

    board_mask = sum(1 << p for p in places)
    masks = [m for m in range(256) if m & ~board_mask == 0]
    good = [m for m in masks if fits(runs([bool(m >> p & 1) for p in range(8)]))]
    bad = sorted(set(masks) - set(good))
    covered: set[int] = set()
    clauses = []
    for mask in bad:
        if mask in covered:
            continue
        # Forget places one by one while the pattern still meets no good ring: fewer literals forbid more bad rings.
        care = board_mask
        for place in places:
            less = care & ~(1 << place)
            if all((g ^ mask) & less for g in good):
                care = less
        covered |= {m for m in bad if not (m ^ mask) & care}
        clauses.append([(p, not mask >> p & 1) for p in places if care >> p & 1])
    return clauses


def encode(here: Board, clues: dict[int, Clue]) -> tuple[int, list[Clause], dict[int, int]]:
    """Variables used, clauses of all rules but connectivity, and each clue's selector (selector -> cell)."""
    clauses = [[-(i + 1) for i in square] for square in here.squares]
    variables, selectors = len(here), {}
    for cell, clue in sorted(clues.items()):
        variables += 1
        selectors[variables] = cell
        clauses += selected_clauses(here, cell, clue, variables)
    return variables, clauses, selectors


def selected_clauses(here: Board, cell: int, clue: Clue, selector: int) -> list[Clause]:
    """What a clue says, and that its cell is white, wherever its selector holds."""
    ring = {place: near + 1 for place, near in enumerate(here.rings[cell]) if near is not None}
    said = clue_clauses(clue, tuple(ring))
    clauses = [[-selector, *(ring[p] if shaded else -ring[p] for p, shaded in clause)] for clause in said]
    return [[-selector, -(cell + 1)], *clauses]


def cuts(here: Board, model: Model, rng: random.Random) -> list[Clause]:
    """If the shaded cells fall apart: a cell here and one there are joined through the border between them."""
    groups = here.components([model[i] > 0 for i in here.cells])
    if len(groups) < 2:
        return []
    return [
        [-(rng.choice(group) + 1), -(rng.choice(groups[k - 1]) + 1), *(i + 1 for i in sorted(here.border(group)))]
        for k, group in enumerate(groups)
    ]


def solver_of(record: dict) -> tuple[LazySolver, list[int], list[int]]:
    """A solver for a record, what to assume, and the variables that tell its solutions apart."""
    here = board(record['rows'], record['cols'])
    flat = [v for row in record['clues'] for v in row]
    clues = {i: tuple(sorted(v)) for i, v in enumerate(flat) if v is not None}
    variables, clauses, selectors = encode(here, clues)
    rng = random.Random(0)
    return LazySolver(variables, clauses, lambda m: cuts(here, m, rng)), list(selectors), [i + 1 for i in here.cells]


def random_shading(here: Board, rng: random.Random) -> list[bool] | None:
    """Grows from one cell, closing no 2x2 square; None if it stays too small. Some are thin and winding."""
    target = int(len(here) * rng.uniform(0.46, 0.64))
    thinness = rng.choice((0.25, 0.4, 0.7))
    shaded = grow_shading(here, rng.randrange(len(here)), target, thinness, 4000, rng)
    return shaded if sum(shaded) >= LEAST_SHADED * len(here) else None


def grow_shading(
    here: Board,
    start: int,
    target: int,
    thinness: float,
    patience: int,
    rng: random.Random,
    white: AbstractSet[int] = frozenset(),
) -> list[bool]:
    """Grows from `start` to `target` cells if it can, never into `white`, closing no 2x2 square.

    A cell beside many shaded ones is put off, the more so the smaller `thinness` is, for the first `patience` tries.
    """
    shaded = [False] * len(here)
    shaded[start] = True
    count, tries = 1, 0
    frontier = [i for i in here.neighbours[start] if i not in white]
    squares_at: list[list[tuple[int, ...]]] = [[] for _ in here.cells]
    for square in here.squares:
        for i in square:
            squares_at[i].append(square)
    while frontier and count < target:
        place = rng.randrange(len(frontier))
        cell = frontier[place]
        closes = any(all(shaded[j] or j == cell for j in square) for square in squares_at[cell])
        if not (shaded[cell] or closes):
            crowd = sum(i is not None and shaded[i] for i in here.rings[cell])
            tries += 1
            if crowd > 2 and tries < patience and rng.random() > thinness ** (crowd - 2):
                continue
            shaded[cell] = True
            count += 1
            frontier += [i for i in here.neighbours[cell] if not shaded[i] and i not in white]
        frontier[place] = frontier[-1]
        frontier.pop()
    return shaded
