"""Tapa boards laid out as people lay them out: where the clues stand comes first, then a shading that leaves them room.

Clue cells are few, mostly symmetric and seldom side by side. Where a second solution differs, clues are added, again in
pairs; some pairs go while the solution stays the only one, so that boards keep a part of their spare clues; and in every
third board numbers become "?" while it does.
"""

import random
from collections.abc import Callable, Iterable

from ...generate.board import Board, board
from ...generate.sat import LazySolver
from .generator import Clue, clue_at, cuts, encode, grow_shading, selected_clauses

# Shares of people's boards: layouts by symmetry, boards with "?"; shares of the cells: clues, shaded cells.
SYMMETRIES = {'point': 0.6, 'mirror': 0.1, 'diagonal': 0.05, 'none': 0.25}
WITH_UNKNOWNS = 0.3
CLUES = (0.07, 0.22, 0.11)
MOST_CLUES = 0.3
SHADED = (0.42, 0.62)
LEAST_SHADED = 0.36
# How often a clue is put beside another: none of people's layouts to few of them.
MOST_CLUSTERED = 0.2
BESIDE_ANOTHER = 0.25
ROUNDS = 14
FEW_SPARE = 0.25
UNKNOWN = -1

Twin = Callable[[int], int]


def make(rows: int, cols: int, rng: random.Random) -> dict | None:
    """A record, or None if this try led nowhere."""
    here = board(rows, cols)
    twin = _symmetry(here, rng)
    clue_cells = _layout(here, twin, rng)
    shaded = _shading(here, clue_cells, rng)
    if shaded is None:
        return None
    clues = {i: clue_at(here, shaded, i) for i in here.cells if not shaded[i]}
    puzzle = _Puzzle(here, shaded, clues, rng)
    with puzzle.solver:
        kept = _until_unique(puzzle, set(clue_cells), twin, rng)
        if kept is None or len(kept) > MOST_CLUES * len(here):
            return None
        _drop_spare(puzzle, kept, twin, rng)
        unknown = _forget_numbers(puzzle, kept, rng) if rng.random() < WITH_UNKNOWNS else set()
    shown: list[list[int] | None] = [None] * len(here)
    for i in kept:
        shown[i] = list(puzzle.unknown[i] if i in unknown else clues[i])
    return {
        'type': 'tapa',
        'rows': rows,
        'cols': cols,
        'clues': here.grid(shown),
        'solution': here.grid([int(v) for v in shaded]),
    }


class _Puzzle:
    """A shading with all clues that it has, switched one by one."""

    def __init__(self, here: Board, shaded: list[bool], clues: dict[int, Clue], rng: random.Random):
        self.here, self.shaded = here, shaded
        variables, clauses, selectors = encode(here, clues)
        self.selector = {cell: selector for selector, cell in selectors.items()}
        self.unknown = {i: _with_unknowns(clue, rng) for i, clue in clues.items() if clue != (0,)}
        self.unknown_selector: dict[int, int] = {}
        for cell, clue in self.unknown.items():
            variables += 1
            self.unknown_selector[cell] = variables
            clauses += selected_clauses(here, cell, clue, variables)
        self.other = variables + 1
        clauses.append([-self.other, *(-(i + 1) if shaded[i] else i + 1 for i in here.cells)])
        self.solver = LazySolver(self.other, clauses, lambda model: cuts(here, model, rng))

    def other_solution(self, kept: Iterable[int], unknown: Iterable[int] = ()) -> list[int] | None:
        """A model of the clues in `kept` that is another solution; None if there is none."""
        forgotten = set(unknown)
        assumed = [self.unknown_selector[i] if i in forgotten else self.selector[i] for i in kept]
        return self.solver.solve([self.other, *assumed])


def _with_unknowns(clue: Clue, rng: random.Random) -> Clue:
    """The clue with some of its numbers, or all, as "?"."""
    count = len(clue) if rng.random() < 0.5 else rng.randint(1, len(clue))
    forgotten = set(rng.sample(range(len(clue)), count))
    return tuple(sorted(UNKNOWN if i in forgotten else number for i, number in enumerate(clue)))


def _symmetry(here: Board, rng: random.Random) -> Twin:
    rows, cols = here.rows, here.cols
    kind = rng.choices(list(SYMMETRIES), list(SYMMETRIES.values()))[0]
    if kind == 'diagonal' and rows != cols:
        kind = 'point'
    twins: dict[str, Twin] = {
        'point': lambda i: rows * cols - 1 - i,
        'mirror': lambda i: i // cols * cols + cols - 1 - i % cols,
        'diagonal': lambda i: i % cols * cols + i // cols,
        'none': lambda i: i,
    }
    return twins[kind]


def _layout(here: Board, twin: Twin, rng: random.Random) -> set[int]:
    """The cells of the clues, with the twin of each."""
    wanted = len(here) * rng.triangular(*CLUES)
    clustered = rng.random() * MOST_CLUSTERED
    chosen: list[int] = []
    inside: set[int] = set()
    while len(inside) < wanted:
        if chosen and rng.random() < clustered:
            cell = rng.choice(here.neighbours[rng.choice(chosen)])
        else:
            cell = rng.randrange(len(here))
            if inside.intersection(here.neighbours[cell]) and rng.random() > BESIDE_ANOTHER:
                continue
        for each in {cell, twin(cell)} - inside:
            inside.add(each)
            chosen.append(each)
    return inside


def _shading(here: Board, white: set[int], rng: random.Random) -> list[bool] | None:
    """A shading around the clues; None if it stays too small. Some are thin and winding."""
    target = int(len(here) * rng.uniform(*SHADED))
    thinness = rng.choice((0.2, 0.4, 0.7, 1.0))
    start = rng.choice([i for i in here.cells if i not in white])
    shaded = grow_shading(here, start, target, thinness, 3000, rng, white)
    return shaded if sum(shaded) >= LEAST_SHADED * len(here) else None


def _until_unique(puzzle: _Puzzle, kept: set[int], twin: Twin, rng: random.Random) -> set[int] | None:
    """The layout with clues added, in pairs where both cells are white, where another solution differs; None if that fails."""
    here, shaded = puzzle.here, puzzle.shaded
    for _ in range(ROUNDS):
        model = puzzle.other_solution(sorted(kept))
        if model is None:
            return kept
        differs = [i for i in here.cells if (model[i] > 0) != shaded[i]]
        near = {j for i in differs for j in (i, *(k for k in here.rings[i] if k is not None))}
        free = sorted(i for i in near if not shaded[i] and i not in kept)
        if not free:
            return None
        cell = rng.choice([i for i in free if not shaded[twin(i)]] or free)
        kept.add(cell)
        if not shaded[twin(cell)]:
            kept.add(twin(cell))
    return None


def _drop_spare(puzzle: _Puzzle, kept: set[int], twin: Twin, rng: random.Random) -> None:
    """Drops pairs of clues that are spare, a random share of them: mostly nearly all."""
    share = rng.random() ** FEW_SPARE
    for cell in rng.sample(sorted(kept), len(kept)):
        if cell not in kept or rng.random() > share:
            continue
        pair = {cell, twin(cell)} & kept
        if puzzle.other_solution(sorted(kept - pair)) is None:
            kept -= pair


def _forget_numbers(puzzle: _Puzzle, kept: set[int], rng: random.Random) -> set[int]:
    """The clues whose numbers may be unknown with the solution still the only one: a random share of those that may."""
    share = rng.random()
    unknown: set[int] = set()
    for cell in rng.sample(sorted(kept), len(kept)):
        if cell not in puzzle.unknown or rng.random() > share:
            continue
        if puzzle.other_solution(sorted(kept), {*unknown, cell}) is None:
            unknown.add(cell)
    return unknown
