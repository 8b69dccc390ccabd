"""Light Up puzzles: random walls, a greedy solution, a wall more wherever a second solution differs, then as few numbers as do.

Walls are mostly symmetric, as people set them. Cell i is variable i + 1: a bulb stands there.
"""

import itertools
import random

from .board import Board, board
from .sat import Clause, LazySolver, exactly, minimise

MOST_WALLS = 0.34
MOST_REPAIRS = 14
SYMMETRIES = ('half turn', 'half turn', 'quarter turn', 'mirror', 'none')


def make(rows: int, cols: int, rng: random.Random) -> dict | None:
    """A record, or None if this try led nowhere."""
    here = board(rows, cols)
    walls = random_walls(here, rng)
    kept_bulbs: list[int] = []
    for _ in range(MOST_REPAIRS):
        if len(walls) > len(here) * MOST_WALLS:
            return None
        bulbs = greedy_bulbs(here, walls, kept_bulbs + rng.sample(here.cells, len(here)))
        numbers = {w: sum(n in bulbs for n in here.neighbours[w]) for w in walls}
        variables, clauses, selectors = encode(here, walls, numbers)
        other = variables + 1
        clauses.append([-other, *(-(i + 1) if i in bulbs else i + 1 for i in here.cells if i not in walls)])
        with LazySolver(other, clauses) as solver:
            second = solver.solve([other, *selectors])
            if second is None:
                kept = {selectors[s] for s in minimise(solver, list(selectors), other, rng)}
                return _record(here, walls, {w: numbers[w] for w in kept}, bulbs)
        differing = [i for i in here.cells if i not in walls and (second[i] > 0) != (i in bulbs)]
        walls = walls | {rng.choice(differing)}
        kept_bulbs = [i for i in sorted(bulbs) if i not in walls]
        rng.shuffle(kept_bulbs)
    return None


def encode(here: Board, walls: set[int], numbers: dict[int, int]) -> tuple[int, list[Clause], dict[int, int]]:
    """Variables used, clauses of the rules, and the selector of each wall's number (selector -> wall)."""
    segments, sees = sight(here, walls)
    clauses = [[-(w + 1)] for w in sorted(walls)]
    for segment in segments:
        clauses += [[-(a + 1), -(b + 1)] for a, b in itertools.combinations(segment, 2)]
    clauses += [[i + 1 for i in sorted(sees[cell])] for cell in here.cells if cell not in walls]
    variables, selectors = len(here), {}
    for wall in sorted(numbers):
        variables += 1
        selectors[variables] = wall
        open_cells = [i + 1 for i in here.neighbours[wall] if i not in walls]
        clauses += exactly(open_cells, numbers[wall], unless=[-variables])
    return variables, clauses, selectors


def solver_of(record: dict) -> tuple[LazySolver, list[int], list[int]]:
    """A solver for a record, what to assume, and the variables that tell its solutions apart."""
    here = board(record['rows'], record['cols'])
    clues = [v for row in record['clues'] for v in row]
    walls = {i for i in here.cells if clues[i] != -2}
    variables, clauses, selectors = encode(here, walls, {i: clues[i] for i in walls if clues[i] >= 0})
    return LazySolver(variables, clauses), list(selectors), [i + 1 for i in here.cells]


def random_walls(here: Board, rng: random.Random) -> set[int]:
    wanted = int(len(here) * rng.uniform(0.08, 0.30))
    symmetry = rng.choice(SYMMETRIES)
    walls: set[int] = set()
    while len(walls) < wanted:
        row, col = rng.randrange(here.rows), rng.randrange(here.cols)
        below, beyond = here.rows - 1 - row, here.cols - 1 - col
        placed = [(row, col)]
        if symmetry in ('half turn', 'quarter turn'):
            placed.append((below, beyond))
        if symmetry == 'quarter turn' and here.rows == here.cols:
            placed += [(col, below), (beyond, row)]
        if symmetry == 'mirror':
            placed.append((row, beyond))
        walls |= {here.at(r, c) for r, c in placed}
    return walls


def sight(here: Board, walls: set[int]) -> tuple[list[list[int]], list[set[int]]]:
    """The stretches of cells between walls, and for each cell all those it sees, itself included."""
    segments = []
    for line in here.lines:
        for is_wall, group in itertools.groupby(line, key=lambda i: i in walls):
            if not is_wall:
                segments.append(list(group))
    sees: list[set[int]] = [set() for _ in here.cells]
    for segment in segments:
        for cell in segment:
            sees[cell].update(segment)
    return segments, sees


def greedy_bulbs(here: Board, walls: set[int], order: list[int]) -> set[int]:
    """Bulbs wherever, in this order, a cell is still dark: nobody sees another, and all is lit."""
    _, sees = sight(here, walls)
    bulbs, lit = set(), set()
    for cell in order:
        if cell not in walls and cell not in lit:
            bulbs.add(cell)
            lit |= sees[cell]
    return bulbs


def _record(here: Board, walls: set[int], numbers: dict[int, int], bulbs: set[int]) -> dict:
    clues = [numbers.get(i, -1) if i in walls else -2 for i in here.cells]
    solution = [int(i in bulbs) for i in here.cells]
    return {
        'type': 'lightup',
        'rows': here.rows,
        'cols': here.cols,
        'clues': here.grid(clues),
        'solution': here.grid(solution),
    }
