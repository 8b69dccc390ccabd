"""Light Up: walls, then bulbs that light everything, then as few numbers as leave that the only way."""

import itertools
import random

from ...generate.board import board
from ...generate.sat import Clause, LazySolver, exactly, minimise

WHITE, BARE_WALL = -2, -1
MOST_REPAIRS = 60


def make(rows: int, cols: int, rng: random.Random) -> dict | None:
    """A puzzle with one solution, or None where this attempt came to nothing."""
    walls = _draw_walls(rows, cols, rng)
    kept: list[int] = []
    for _ in range(MOST_REPAIRS):
        bulbs = place_bulbs(rows, cols, walls, kept, rng)
        puzzle = _number(rows, cols, walls, bulbs, rng)
        if isinstance(puzzle, dict):
            return puzzle
        # Another solution: a wall where the two differ takes it away, most of the bulbs may stay.
        walls = walls | {rng.choice(puzzle)}
        kept = [cell for cell in bulbs if cell not in walls]
        rng.shuffle(kept)
    return None


def _draw_walls(rows: int, cols: int, rng: random.Random) -> frozenset[int]:
    """8 to 30% of the cells, mostly in a symmetric pattern, as people like it."""
    symmetry = rng.choice(['half turn', 'half turn', 'quarter turn', 'mirror', 'none'])
    wanted = int(rows * cols * rng.uniform(0.08, 0.30))
    walls: set[int] = set()
    while len(walls) < wanted:
        r, c = rng.randrange(rows), rng.randrange(cols)
        places = [(r, c)]
        if symmetry in ('half turn', 'quarter turn'):
            places.append((rows - 1 - r, cols - 1 - c))
        if symmetry == 'quarter turn' and rows == cols:
            places += [(c, cols - 1 - r), (cols - 1 - c, r)]
        if symmetry == 'mirror':
            places.append((r, cols - 1 - c))
        walls |= {a * cols + b for a, b in places}
    return frozenset(walls)


def sight_runs(rows: int, cols: int, walls: frozenset[int]) -> list[list[int]]:
    """The straight runs of white cells between walls, along rows and columns."""
    lines = [[r * cols + c for c in range(cols)] for r in range(rows)]
    lines += [[r * cols + c for r in range(rows)] for c in range(cols)]
    runs = []
    for line in lines:
        for is_wall, run in itertools.groupby(line, key=walls.__contains__):
            if not is_wall:
                runs.append(list(run))
    return runs


def place_bulbs(rows: int, cols: int, walls: frozenset[int], kept: list[int], rng: random.Random) -> list[int]:
    """A bulb on every cell that no earlier one lights: `kept` cells first, then in random order."""
    sight: list[set[int]] = [set() for _ in range(rows * cols)]
    for run in sight_runs(rows, cols, walls):
        for cell in run:
            sight[cell].update(run)
    lit: set[int] = set()
    bulbs = []
    for cell in [*kept, *rng.sample(range(rows * cols), rows * cols)]:
        if cell not in walls and cell not in lit:
            bulbs.append(cell)
            lit |= sight[cell]
    return bulbs


def neighbours(rows: int, cols: int, cell: int) -> list[int]:
    r, c = divmod(cell, cols)
    places = ((r - 1, c), (r, c + 1), (r + 1, c), (r, c - 1))
    return [a * cols + b for a, b in places if 0 <= a < rows and 0 <= b < cols]


def encode(rows: int, cols: int, walls: frozenset[int], numbers: dict[int, int]) -> tuple[int, list[Clause], dict[int, int]]:
    """Variables used (cell + 1: a bulb is there), clauses, and the literal that makes each wall's number count."""
    white = [cell for cell in range(rows * cols) if cell not in walls]
    runs = sight_runs(rows, cols, walls)
    sight: dict[int, set[int]] = {cell: set() for cell in white}
    for run in runs:
        for cell in run:
            sight[cell].update(run)
    clauses = [[-(a + 1), -(b + 1)] for run in runs for a, b in itertools.combinations(run, 2)]
    clauses += [[other + 1 for other in sight[cell]] for cell in white]
    literal, switches = rows * cols, {}
    for wall, number in sorted(numbers.items()):
        literal += 1
        switches[literal] = wall
        beside = [cell + 1 for cell in neighbours(rows, cols, wall) if cell not in walls]
        clauses += exactly(beside, number, unless=[-literal])
    return literal, clauses, switches


def solver_of(record: dict) -> tuple[LazySolver, list[int], list[int]]:
    """A solver for a record, what to assume, and the variables that tell its solutions apart."""
    rows, cols = record['rows'], record['cols']
    clues = [v for row in record['clues'] for v in row]
    walls = frozenset(cell for cell, clue in enumerate(clues) if clue != WHITE)
    numbers = {cell: clues[cell] for cell in walls if clues[cell] >= 0}
    variables, clauses, switches = encode(rows, cols, walls, numbers)
    return LazySolver(variables, clauses), list(switches), [c + 1 for c in range(rows * cols) if c not in walls]


def _number(rows: int, cols: int, walls: frozenset[int], bulbs: list[int], rng: random.Random) -> dict | list[int]:
    """The puzzle with as few numbers as will do, or the cells where another solution differs even with all of them."""
    cells = range(rows * cols)
    white = [cell for cell in cells if cell not in walls]
    numbers = {wall: sum(cell in bulbs for cell in neighbours(rows, cols, wall)) for wall in walls}
    variables, clauses, switches = encode(rows, cols, walls, numbers)
    other = variables + 1  # the bulbs are not these
    clauses.append([-other, *(-(cell + 1) if cell in bulbs else cell + 1 for cell in white)])
    with LazySolver(other, clauses) as solver:
        second = solver.solve([other, *switches])
        if second is not None:
            return [cell for cell in white if (second[cell] > 0) != (cell in bulbs)]
        kept = minimise(solver, list(switches), other, rng)
    clues = [BARE_WALL if cell in walls else WHITE for cell in cells]
    for switch in kept or ():
        clues[switches[switch]] = numbers[switches[switch]]
    here = board(rows, cols)
    solution = [int(cell in bulbs) for cell in cells]
    return {'type': 'lightup', 'rows': rows, 'cols': cols, 'clues': here.grid(clues), 'solution': here.grid(solution)}
