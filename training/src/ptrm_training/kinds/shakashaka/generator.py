"""Shakashaka puzzles: a random answer of one SAT problem, walls where a second one differs, then as few numbers as do.

The problem's literals are walls, triangles and numbers.

A cell is cut by its two diagonals into four quarters (north, east, south, west), each white or black. "All white areas are
rectangles" is a rule about corners alone: eight eighths of a turn meet at a grid point, two of each cell, and every run of
white ones must be 2, 4 or all 8 of them (a right angle, a straight edge, inside an area). With no other angles a white
area has four convex corners and no hole, so it is a rectangle, upright or at 45 degrees.
"""

import random
from collections.abc import Sequence
from functools import cache

from ...generate.board import Board, board
from ...generate.sat import Clause, LazySolver, Model, exactly

WALL, TRIANGLES, NORTH = 0, (1, 2, 3, 4), 5  # offsets of a cell's variables; then east, south, west
VARIABLES_OF_A_CELL = 9
# The black quarters (0 north, 1 east, 2 south, 3 west) of the triangles 2-5: lower left, lower right, upper right, upper left.
BLACK_QUARTERS = ((2, 3), (2, 1), (0, 1), (0, 3))
BLACK_OF = dict(enumerate(BLACK_QUARTERS, 2))
BLANK, BLOCK = 0, 1  # what a cell may hold beside the triangles 2-5: nothing, or a wall
TRIANGLE_SHARE = (0.7, 1.0)  # of the cells, are wished to be triangles
LEAST_WALLS, MOST_WALLS = 0.06, 0.20
MOST_REPAIRS = 30
FIRST_ANSWERS = 3
SPARE_NUMBERS = 0.15  # share of the numbers that stay though the answer needs them not: people leave some


def variable(cell: int, offset: int) -> int:
    return cell * VARIABLES_OF_A_CELL + offset + 1


def covered(cells: int, cell: int) -> int:
    """The variable that says: a triangle, whichever, stands here."""
    return cells * VARIABLES_OF_A_CELL + cell + 1


@cache
def rules(rows: int, cols: int) -> tuple[int, tuple[tuple[int, ...], ...], dict[tuple[int, int], int]]:
    """Variables used, clauses, and the selectors of numbers: (cell, number) -> literal. Any cell may be a wall."""
    here = board(rows, cols)
    clauses: list[Clause] = []
    for cell in here.cells:
        clauses += _cell_rules(cell)
    for row in range(rows + 1):
        for col in range(cols + 1):
            clauses += _corner_rules(_eighths(here, row, col))
    for cell in here.cells:
        some, kinds = covered(len(here), cell), [variable(cell, t) for t in TRIANGLES]
        clauses += [[-some, *kinds], *([some, -t] for t in kinds)]
    variables, numbers = covered(len(here), len(here)) - 1, {}
    for cell in here.cells:
        around = [covered(len(here), i) for i in here.neighbours[cell]]
        for number in range(len(around) + 1):
            variables += 1
            numbers[cell, number] = variables
            clauses += [[-variables, variable(cell, WALL)], *exactly(around, number, unless=[-variables])]
    return variables, tuple(map(tuple, clauses)), numbers


def _cell_rules(cell: int) -> list[Clause]:
    """At most one of wall and triangles; a quarter is white unless one of them covers it."""
    covers = [variable(cell, o) for o in (WALL, *TRIANGLES)]
    clauses = [[-a, -b] for k, a in enumerate(covers) for b in covers[:k]]
    for quarter in range(4):
        white = variable(cell, NORTH + quarter)
        black = [covers[0], *(covers[1 + t] for t in range(4) if quarter in BLACK_QUARTERS[t])]
        clauses += [[white, *black], *([-white, -b] for b in black)]
    return clauses


def _eighths(here: Board, row: int, col: int) -> list[int | None]:
    """The quarters that meet at the corner above and left of (row, col), clockwise; None is beyond the edge, so black."""
    around = []
    # The cell above right meets the corner with its west and south quarters, and so on clockwise.
    for dr, dc, quarters in ((-1, 0, (3, 2)), (0, 0, (0, 3)), (0, -1, (1, 0)), (-1, -1, (2, 1))):
        cell = here.at(row + dr, col + dc)
        around += [None if cell is None else variable(cell, NORTH + q) for q in quarters]
    return around


def _corner_rules(eighths: Sequence[int | None]) -> list[Clause]:
    """No run of 1, 3, 5, 6 or 7 white eighths."""
    clauses = []
    for start in range(8):
        for length in (1, 3, 5, 6, 7):
            run = [v for k in range(length) if (v := eighths[(start + k) % 8]) is not None]
            ends = [eighths[e] for e in sorted({(start - 1) % 8, (start + length) % 8})]
            if len(run) == length:
                clauses.append([*(-v for v in run), *(v for v in ends if v is not None)])
    return clauses


def answer_of(here: Board, model: Model) -> tuple[list[bool], list[int]]:
    """Walls, and 0 or the triangle (2-5) of each cell."""
    first = range(0, VARIABLES_OF_A_CELL * len(here), VARIABLES_OF_A_CELL)  # a cell's first variable is model[first]
    walls = [model[i + WALL] > 0 for i in first]
    shapes = [next((t + 1 for t in TRIANGLES if model[i + t] > 0), 0) for i in first]
    return walls, shapes


def wall_literals(walls: Sequence[bool]) -> list[int]:
    return [variable(i, WALL) if wall else -variable(i, WALL) for i, wall in enumerate(walls)]


def make(rows: int, cols: int, rng: random.Random) -> dict | None:
    """A record, or None if this try led nowhere."""
    here = board(rows, cols)
    variables, clauses, numbers = rules(rows, cols)
    with LazySolver(variables, clauses) as solver:
        model: Model | None = _first_answer(solver, here, rng)
        forced: list[int] = []
        for _ in range(MOST_REPAIRS):
            if model is None:
                return None
            walls, shapes = answer_of(here, model)
            if not LEAST_WALLS * len(here) <= sum(walls) <= MOST_WALLS * len(here):
                return None
            clues = {i: sum(shapes[j] > 0 for j in here.neighbours[i]) for i in here.cells if walls[i]}
            selectors = [numbers[i, n] for i, n in clues.items()]
            other = _forbid(solver, walls, shapes)
            fixed = wall_literals(walls)
            second = solver.solve([other, *fixed, *selectors])
            if second is None:
                kept = _needed_numbers(solver, selectors, [other, *fixed], rng)
                return record_of(here, walls, {i: n for i, n in clues.items() if numbers[i, n] in kept}, shapes)
            differing = [i for i, shape in enumerate(answer_of(here, second)[1]) if shape != shapes[i]]
            forced.append(variable(rng.choice(differing), WALL))
            solver.prefer(_literals(walls, shapes))
            model = solver.solve(forced)
    return None


def _first_answer(solver: LazySolver, here: Board, rng: random.Random) -> Model:
    """The one with the fewest walls among several random ones: each second solution to come adds walls."""
    models = []
    for _ in range(FIRST_ANSWERS):
        solver.prefer(_literals([False] * len(here), _random_triangles(here, rng)))
        models.append(solver.solve())
    # Walls everywhere are an answer, so that there is always one.
    return min((model for model in models if model is not None), key=lambda model: sum(answer_of(here, model)[0]))


def _random_triangles(here: Board, rng: random.Random) -> list[int]:
    """What the search tries first: random triangles in most cells and no walls; it mends them with walls where it must."""
    share = rng.uniform(*TRIANGLE_SHARE)
    return [rng.choice(TRIANGLES) + 1 if rng.random() < share else 0 for _ in here.cells]


def _literals(walls: Sequence[bool], shapes: Sequence[int]) -> list[int]:
    """The values of all variables but the numbers' selectors in this answer, which need not keep the rules."""
    held = literals(len(walls))
    return [x for i, wall in enumerate(walls) for x in held[i][BLOCK if wall else shapes[i]]]


@cache
def literals(cells: int) -> list[dict[int, list[int]]]:
    """For each cell what is true of all its variables, by what it holds: nothing, a wall or a triangle."""
    return [{value: _cell_literals(cells, cell, value) for value in (BLANK, BLOCK, *BLACK_OF)} for cell in range(cells)]


def _cell_literals(cells: int, cell: int, value: int) -> list[int]:
    black = range(4) if value == BLOCK else BLACK_OF.get(value, ())
    held = {variable(cell, WALL): value == BLOCK, covered(cells, cell): value in BLACK_OF}
    held |= {variable(cell, t): value == t + 1 for t in TRIANGLES}
    held |= {variable(cell, NORTH + q): q not in black for q in range(4)}
    return [v if true else -v for v, true in held.items()]


def _forbid(solver: LazySolver, walls: Sequence[bool], shapes: Sequence[int]) -> int:
    """A literal that says: not these triangles."""
    other = solver.new()
    cells = [i for i, wall in enumerate(walls) if not wall]
    triangles = [-variable(i, shapes[i] - 1) for i in cells if shapes[i]]
    empty = [variable(i, t) for i in cells if not shapes[i] for t in TRIANGLES]
    solver.add([-other, *triangles, *empty])
    return other


def _needed_numbers(solver: LazySolver, selectors: list[int], fixed: list[int], rng: random.Random) -> set[int]:
    """The numbers to show: a minimal set, and some of those it does without."""
    kept = rng.sample(selectors, len(selectors))
    for selector in list(kept):
        if rng.random() < SPARE_NUMBERS:
            continue
        without = [s for s in kept if s != selector]
        if solver.solve([*fixed, *without]) is None:
            kept = without
    return set(kept)


def record_of(here: Board, walls: Sequence[bool], numbers: dict[int, int], shapes: Sequence[int]) -> dict:
    clues = [numbers.get(i, -1) if wall else -2 for i, wall in enumerate(walls)]
    return {
        'type': 'shakashaka',
        'rows': here.rows,
        'cols': here.cols,
        'clues': here.grid(clues),
        'solution': here.grid(shapes),
    }


def solver_of(record: dict) -> tuple[LazySolver, list[int], list[int]]:
    """A solver for a record, what to assume, and the variables that tell its solutions apart."""
    here = board(record['rows'], record['cols'])
    variables, clauses, numbers = rules(here.rows, here.cols)
    clues = [v for row in record['clues'] for v in row]
    assumed = wall_literals([v != -2 for v in clues])
    assumed += [numbers[i, v] for i, v in enumerate(clues) if v >= 0]
    shown = [variable(i, t) for i in here.cells for t in TRIANGLES]
    return LazySolver(variables, clauses), assumed, shown
