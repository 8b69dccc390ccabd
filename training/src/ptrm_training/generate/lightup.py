"""Light Up: walls, then bulbs that light everything, then as few numbers as leave that the only way."""

import itertools
import random

from .sat import LazySolver, minimal_clues

WHITE, BARE_WALL = -2, -1
MOST_REPAIRS = 60


def make(rows: int, cols: int, rng: random.Random) -> dict | None:
    """A puzzle with one solution, or None where this attempt came to nothing."""
    walls = _draw_walls(rows, cols, rng)
    kept: list[int] = []
    for _ in range(MOST_REPAIRS):
        bulbs, sight = _place_bulbs(rows, cols, walls, kept, rng)
        puzzle = _number(rows, cols, walls, bulbs, sight, rng)
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


def _place_bulbs(
    rows: int, cols: int, walls: frozenset[int], kept: list[int], rng: random.Random
) -> tuple[list[int], list[set[int]]]:
    """A bulb on every cell that no earlier one lights: `kept` cells first, then in random order; and who sees whom."""
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
    return bulbs, sight


def neighbours(rows: int, cols: int, cell: int) -> list[int]:
    r, c = divmod(cell, cols)
    places = ((r - 1, c), (r, c + 1), (r + 1, c), (r, c - 1))
    return [a * cols + b for a, b in places if 0 <= a < rows and 0 <= b < cols]


def _number(
    rows: int, cols: int, walls: frozenset[int], bulbs: list[int], sight: list[set[int]], rng: random.Random
) -> dict | list[int]:
    """The puzzle with as few numbers as will do, or the cells where another solution differs even with all of them.

    Literal cell + 1: a bulb is there. Then one literal a wall: its number counts; and one: the bulbs are not these.
    """
    cells = range(rows * cols)
    white = [cell for cell in cells if cell not in walls]
    clauses = [[-(a + 1), -(b + 1)] for run in sight_runs(rows, cols, walls) for a, b in itertools.combinations(run, 2)]
    clauses += [[other + 1 for other in sight[cell]] for cell in white]
    numbers: dict[int, tuple[int, int]] = {}
    literal = len(cells)
    for wall in sorted(walls):
        literal += 1
        beside = [cell for cell in neighbours(rows, cols, wall) if cell not in walls]
        number = sum(cell in bulbs for cell in beside)
        numbers[literal] = (wall, number)
        too_many = itertools.combinations(beside, number + 1)
        too_few = itertools.combinations(beside, len(beside) - number + 1)
        clauses += [[-literal, *(-(cell + 1) for cell in group)] for group in too_many]
        clauses += [[-literal, *(cell + 1 for cell in group)] for group in too_few]
    other = literal + 1
    clauses.append([-other, *(-(cell + 1) if cell in bulbs else cell + 1 for cell in white)])
    with LazySolver(clauses) as solver:
        second = solver.solve([other, *numbers])
        if second is not None:
            return [cell for cell in white if (second[cell] > 0) != (cell in bulbs)]
        kept = minimal_clues(solver, list(numbers), other, rng)
    clues = [BARE_WALL if cell in walls else WHITE for cell in cells]
    for clue in kept or ():
        wall, number = numbers[clue]
        clues[wall] = number
    grid = lambda values: [values[r * cols : (r + 1) * cols] for r in range(rows)]  # noqa: E731
    solution = [int(cell in bulbs) for cell in cells]
    return {'type': 'lightup', 'rows': rows, 'cols': cols, 'clues': grid(clues), 'solution': grid(solution)}
