"""Tapa boards laid out as people lay them out: where the clues stand comes first, then a shading that leaves them room.

Clue cells are few, mostly symmetric and seldom side by side on small boards, and the other way round on large ones. The
shading is a tree of long lines, as people's nearly always is. Where a second solution differs, clues are added, again in
pairs; in every third board numbers become "?" while the solution stays the only one, and then some pairs go while it does,
so that boards keep a part of their spare clues.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass

from ...generate.board import Board, board
from ...generate.sat import LazySolver
from ...generate.symmetry import DIAGONAL, HALF_TURN, LEFT_RIGHT, NONE, Twin, twin_by
from .generator import Clue, clue_at, cuts, encode, selected_clauses


@dataclass(frozen=True)
class Style:
    """How a board is laid out, as shares of its cells unless said otherwise."""

    symmetries: dict[str, float]  # of layouts, by name: how often each is tried
    broken: float  # how often a layout goes on when its symmetry breaks
    clues: tuple[float, float, float]  # at first: least, most, most often
    clustered: float  # how often, at most, a clue is put beside another
    beside: float  # how often one that happens to be beside another stays
    at_edge: float  # how often a clue that could stand at the edge does
    shaded: tuple[float, float]  # least and most
    fewest_spare: float  # the smaller, the fewer spare clues are kept
    dull: float  # how often clues that say much by themselves are kept as long as others


# Set by what people's boards are like (DATA.md): of 10x10, and of 15x15, which have more clues and hardly any symmetry.
SPARSE = Style(
    symmetries={'point': 0.65, 'mirror': 0.1, 'diagonal': 0.05, 'none': 0.2},
    broken=0.3,
    clues=(0.05, 0.17, 0.08),
    clustered=0.2,
    beside=0.25,
    at_edge=0.6,
    shaded=(0.42, 0.61),
    fewest_spare=0.1,
    dull=0.0,
)
DENSE = Style(
    symmetries={'point': 0.05, 'none': 0.95},
    broken=0.4,
    clues=(0.17, 0.25, 0.2),
    clustered=0.6,
    beside=0.8,
    at_edge=1.0,
    shaded=(0.41, 0.52),
    fewest_spare=0.8,
    dull=1.0,
)
DENSE_AT_LEAST = 0.06
SPARSE_UP_TO, DENSE_FROM = 100, 225  # cells
MOST_CLUES = 0.3
LEAST_SHADED = 0.36
BRANCHING = (0.03, 0.1, 0.25)
LOOPS = (0.0, 0.0, 0.0, 0.1)
ROUNDS = 20  # of clues added, for 100 cells
WITH_UNKNOWNS = 0.33
MANY_UNKNOWN = 0.4  # the smaller, the more numbers become "?" in boards that have any
UNKNOWN = -1

MOVES = {'point': HALF_TURN, 'mirror': LEFT_RIGHT, 'diagonal': DIAGONAL, 'none': NONE}


def make(rows: int, cols: int, rng: random.Random) -> dict | None:
    """A record, or None if this try led nowhere."""
    here = board(rows, cols)
    style = _style(here, rng)
    twin = _symmetry(here, style, rng)
    clue_cells = _layout(here, style, twin, rng)
    shaded = _shading(here, style, clue_cells, rng)
    if shaded is None:
        return None
    clues = {i: clue_at(here, shaded, i) for i in here.cells if not shaded[i]}
    puzzle = _Puzzle(here, shaded, clues, rng)
    with puzzle.solver:
        kept = _until_unique(puzzle, style, set(clue_cells), twin, rng)
        if kept is None or len(kept) > MOST_CLUES * len(here):
            return None
        unknown = _forget_numbers(puzzle, kept, rng) if rng.random() < WITH_UNKNOWNS else set()
        _drop_spare(puzzle, style, kept, unknown, twin, rng)
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
        self.here, self.shaded, self.clues = here, shaded, clues
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
        # Models near the solution mostly hang together, so few cuts are asked for: half the time.
        self.solver.prefer([i + 1 if shaded[i] else -(i + 1) for i in here.cells])

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


def _style(here: Board, rng: random.Random) -> Style:
    """The larger the board, the more often a dense one."""
    large = (len(here) - SPARSE_UP_TO) / (DENSE_FROM - SPARSE_UP_TO)
    return DENSE if rng.random() < max(large, DENSE_AT_LEAST) else SPARSE


def _symmetry(here: Board, style: Style, rng: random.Random) -> Twin:
    rows, cols = here.rows, here.cols
    kind = rng.choices(list(style.symmetries), list(style.symmetries.values()))[0]
    if kind == 'diagonal' and rows != cols:
        kind = 'point'
    return twin_by(MOVES[kind], rows, cols)


def _layout(here: Board, style: Style, twin: Twin, rng: random.Random) -> set[int]:
    """The cells of the clues, with the twin of each."""
    wanted = len(here) * rng.triangular(*style.clues)
    clustered = rng.random() * style.clustered
    chosen: list[int] = []
    inside: set[int] = set()
    while len(inside) < wanted:
        if chosen and rng.random() < clustered:
            cell = rng.choice(here.neighbours[rng.choice(chosen)])
        else:
            cell = rng.randrange(len(here))
            if len(here.neighbours[cell]) < 4 and rng.random() > style.at_edge:
                continue
            if inside.intersection(here.neighbours[cell]) and rng.random() > style.beside:
                continue
        for each in {cell, twin(cell)} - inside:
            inside.add(each)
            chosen.append(each)
    return inside


def _shading(here: Board, style: Style, white: set[int], rng: random.Random) -> list[bool] | None:
    """A shading around the clues; None if it stays too small. Some are thin and winding."""
    target = int(len(here) * rng.uniform(*style.shaded))
    start = rng.choice([i for i in here.cells if i not in white])
    shaded = grow_lines(here, start, target, rng.choice(BRANCHING), rng.choice(LOOPS), rng, white)
    return shaded if sum(shaded) >= LEAST_SHADED * len(here) else None


def grow_lines(
    here: Board, start: int, target: int, branching: float, loops: float, rng: random.Random, white: set[int]
) -> list[bool]:
    """Grows from `start` to `target` cells if it can, never into `white`, closing no 2x2 square.

    Lines go on from their ends: a cell that would make one part grows with probability `branching` when its turn comes, and
    one that would close a loop with probability `loops`.
    """
    shaded = [False] * len(here)
    lines = [0] * len(here)  # of each shaded cell, how many shaded neighbours it has
    frontier = [start]
    count = 0
    while frontier and count < target:
        place = rng.randrange(len(frontier))
        cell = frontier[place]
        near = [i for i in here.neighbours[cell] if shaded[i]]
        if len(near) == 1 and lines[near[0]] >= 2 and rng.random() > branching:
            continue
        frontier[place] = frontier[-1]
        frontier.pop()
        if shaded[cell] or (len(near) > 1 and (rng.random() >= loops or _in_square(here, shaded, cell))):
            continue
        shaded[cell] = True
        count += 1
        for i in near:
            lines[i] += 1
        lines[cell] = len(near)
        frontier += [i for i in here.neighbours[cell] if not shaded[i] and i not in white]
    return shaded


def _in_square(here: Board, shaded: list[bool], cell: int) -> bool:
    """Whether the cell would be the fourth of a 2x2 square."""
    ring = [i is not None and shaded[i] for i in here.rings[cell]]
    return any(ring[k] and ring[(k + 1) % 8] and ring[(k + 2) % 8] for k in (1, 3, 5, 7))


def _until_unique(puzzle: _Puzzle, style: Style, kept: set[int], twin: Twin, rng: random.Random) -> set[int] | None:
    """The layout with clues added, in pairs where both cells are white, where another solution differs; None if that fails."""
    here, shaded = puzzle.here, puzzle.shaded
    for _ in range(ROUNDS * max(1, len(here) // 100)):
        model = puzzle.other_solution(sorted(kept))
        if model is None:
            return kept
        differs = [i for i in here.cells if (model[i] > 0) != shaded[i]]
        near = {j for i in differs for j in (i, *(k for k in here.rings[i] if k is not None))}
        free = sorted(i for i in near if not shaded[i] and i not in kept)
        if not free:
            return None
        paired = [i for i in free if not shaded[twin(i)]]
        if not paired and rng.random() > style.broken:
            return None
        cell = _good_place(puzzle, paired or free, kept, rng)
        kept.add(cell)
        if not shaded[twin(cell)]:
            kept.add(twin(cell))
    return None


def _good_place(puzzle: _Puzzle, cells: list[int], kept: set[int], rng: random.Random) -> int:
    """One of the cells; of two drawn rather the one whose clue is no dull one, not at the edge and has no clue near."""
    here = puzzle.here

    def faults(cell: int) -> float:
        crowd = sum(near in kept for near in here.rings[cell])
        return crowd + (len(here.neighbours[cell]) < 4) + _dullness(puzzle.clues[cell])

    return min((rng.choice(cells) for _ in range(2)), key=faults)


def _drop_spare(puzzle: _Puzzle, style: Style, kept: set[int], unknown: set[int], twin: Twin, rng: random.Random) -> None:
    """Drops pairs of clues that are spare, a random share of them: mostly nearly all."""
    share = rng.random() ** style.fewest_spare
    picky = rng.random() >= style.dull
    for cell in sorted(kept, key=lambda i: rng.random() - picky * _dullness(puzzle.clues[i])):
        if cell not in kept or rng.random() > share:
            continue
        pair = {cell, twin(cell)} & kept
        if puzzle.other_solution(sorted(kept - pair), unknown) is None:
            kept -= pair


def _dullness(clue: Clue) -> float:
    """Single numbers, large ones above all, say much by themselves: people show others, so these go first."""
    return 0.0 if len(clue) > 1 else 2.0 if clue[0] >= 5 else 1.0


def _forget_numbers(puzzle: _Puzzle, kept: set[int], rng: random.Random) -> set[int]:
    """The clues whose numbers may be unknown with the solution still the only one: a random share of those that may."""
    share = rng.random() ** MANY_UNKNOWN
    unknown: set[int] = set()
    for cell in rng.sample(sorted(kept), len(kept)):
        if cell not in puzzle.unknown or rng.random() > share:
            continue
        if puzzle.other_solution(sorted(kept), {*unknown, cell}) is None:
            unknown.add(cell)
    return unknown
