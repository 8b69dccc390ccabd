"""Light Up boards laid out as people draw them: symmetric walls, seldom at the edge, and few zeros and threes.

Where a second solution has the same numbers, bulbs around the difference are placed anew, or walls are added there, together
with all that the symmetry asks for. At the end numbers go, these first, and a share of those that could go stays.
"""

import random

from ...generate.board import Board, board
from ...generate.sat import LazySolver, thinned_out
from ...generate.symmetry import orbits
from .generator import BARE_WALL, WHITE, encode, place_bulbs

# Shares of people's boards.
SYMMETRIES = {'point': 0.47, 'quarter': 0.12, 'mirrors': 0.17, 'diagonals': 0.1, 'all': 0.05, 'mirror': 0.02, 'none': 0.07}
WALLS = (0.08, 0.30, 0.20)  # of the cells, before any are added: least, most, mode
MOST_WALLS = 0.40
# How often a wall that comes to stand beside another does; a board's own share is drawn between these.
BESIDE_ANOTHER = (0.0, 1.0)
AT_EDGE = 0.75  # how often a wall that comes to stand at the edge does
MOST_ROUNDS = 40
WALL_ADDED = 0.5  # how often a second solution is met by walls rather than by other bulbs
NO_SPARE = 0.45  # share of the boards whose numbers are all needed
MOST_SPARE = 0.5
# How much sooner these numbers go than others, which go in random order within 0 to 1: people have fewer of them.
SOONER = {0: 0.9, 3: 0.7, 4: 0.7}


def make(rows: int, cols: int, rng: random.Random) -> dict | None:
    """A record, or None if this try led nowhere."""
    here = board(rows, cols)
    twins = orbits(rows, cols, rng.choices(list(SYMMETRIES), list(SYMMETRIES.values()))[0])
    walls = _draw_walls(here, twins, rng)
    kept: list[int] = []
    for _ in range(MOST_ROUNDS):
        bulbs = place_bulbs(rows, cols, walls, kept, rng)
        numbers, second = _numbered(here, walls, bulbs, rng)
        if second is None:
            return _record(here, walls, numbers, bulbs)
        differs = sorted(set(bulbs) ^ second)
        if rng.random() < WALL_ADDED:
            walls |= set(twins[rng.choice(differs)])
            if len(walls) > MOST_WALLS * len(here):
                return None
            kept = [i for i in bulbs if i not in walls]
        else:
            kept = [i for i in bulbs if i in second]
        rng.shuffle(kept)
    return None


def _draw_walls(here: Board, twins: list[tuple[int, ...]], rng: random.Random) -> frozenset[int]:
    wanted = len(here) * rng.triangular(*WALLS)
    beside = rng.uniform(*BESIDE_ANOTHER)
    walls: set[int] = set()
    while len(walls) < wanted:
        new = twins[rng.randrange(len(here))]
        if any(near in walls or near in new for i in new for near in here.neighbours[i]) and rng.random() > beside:
            continue
        if len(here.neighbours[new[0]]) < 4 and rng.random() > AT_EDGE:
            continue
        walls.update(new)
    return frozenset(walls)


def _numbered(here: Board, walls: frozenset[int], bulbs: list[int], rng: random.Random) -> tuple[dict[int, int], set[int] | None]:
    """The numbers to show, or the bulbs of a second solution that even all numbers leave."""
    numbers = {wall: sum(cell in bulbs for cell in here.neighbours[wall]) for wall in walls}
    variables, clauses, switches = encode(here.rows, here.cols, walls, numbers)
    other = variables + 1  # the bulbs are not these
    clauses.append([-other, *(-(i + 1) if i in bulbs else i + 1 for i in here.cells if i not in walls)])
    spare = 0 if rng.random() < NO_SPARE else rng.random() * MOST_SPARE
    order = sorted(switches, key=lambda switch: rng.random() - SOONER.get(numbers[switches[switch]], 0))
    with LazySolver(other, clauses) as solver:
        kept = thinned_out(solver, order, [other], lambda _: rng.random() < spare)
        if kept is None:
            second = solver.solve([other, *switches])
            return {}, {i for i in here.cells if i not in walls and second and second[i] > 0}
    return {switches[switch]: numbers[switches[switch]] for switch in kept}, None


def _record(here: Board, walls: frozenset[int], numbers: dict[int, int], bulbs: list[int]) -> dict:
    clues = [numbers.get(i, BARE_WALL) if i in walls else WHITE for i in here.cells]
    solution = [int(i in bulbs) for i in here.cells]
    return {
        'type': 'lightup',
        'rows': here.rows,
        'cols': here.cols,
        'clues': here.grid(clues),
        'solution': here.grid(solution),
    }
