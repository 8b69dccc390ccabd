"""What kinds share of the features by which boards are compared: shape, layout of clues, shading, and what a solver finds.

A feature is a number a board, 0 or 1 where it is a yes or no, by a name that a table can show. One that doesn't apply to a
board is left out of it.
"""

import math
from collections.abc import Collection, Iterable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from .. import kinds
from ..generate.board import Board, board
from ..generate.files import Record
from ..generate.symmetry import DIAGONAL, HALF_TURN, LEFT_RIGHT, OTHER_DIAGONAL, UP_DOWN, twin_by

if TYPE_CHECKING:
    from ..generate.sat import LazySolver

Features = dict[str, float]


def shape_features(record: Record) -> Features:
    rows, cols = record['rows'], record['cols']
    return {'side': (rows + cols) / 2, 'boards that are rectangles': float(rows != cols)}


def share(some: int, of: int) -> float:
    return some / of if of else 0.0


def layout_features(rows: int, cols: int, clued: Collection[int]) -> Features:
    """Where the clues stand: how dense, how near each other and the edge, how symmetric. `clued`: the cells with a clue."""
    here, clues = board(rows, cols), set(clued)
    beside = sum(bool(clues.intersection(here.neighbours[i])) for i in clues)
    corner = sum(any(j in clues for j in here.rings[i][::2]) for i in clues)
    edge = sum(i // cols in (0, rows - 1) or i % cols in (0, cols - 1) for i in clues)
    return {
        'clues a cell': len(clues) / len(here),
        'clues beside another': share(beside, len(clues)),
        'clues that touch another by a corner': share(corner, len(clues)),
        'clues at the edge': share(edge, len(clues)),
        **_symmetry_features(rows, cols, clues),
    }


def _symmetry_features(rows: int, cols: int, clues: set[int]) -> Features:
    """Which symmetries of the board keep the layout, and how much of it the nearest one keeps."""
    diagonals = (DIAGONAL, OTHER_DIAGONAL) if rows == cols else ()
    twins = [twin_by(move, rows, cols) for move in (HALF_TURN, UP_DOWN, LEFT_RIGHT, *diagonals)]
    point, *mirrors = (share(sum(twin(i) in clues for i in clues), len(clues)) for twin in twins)
    most = max(point, *mirrors)
    return {
        'layouts with point symmetry': float(point == 1),
        'layouts with a mirror': float(max(mirrors) == 1),
        'layouts without symmetry': float(most < 1),
        'clues that have a twin': most,
    }


def shading_features(name: str, here: Board, shaded: Sequence[bool]) -> Features:
    """How much is shaded, and whether in thin lines or thick lumps; `name` is the word for a shaded cell."""
    cells = [i for i in here.cells if shaded[i]]
    near = [sum(shaded[j] for j in here.neighbours[i]) for i in cells]
    edges, groups = sum(near) // 2, len(here.components(shaded))
    return {
        f'{name} cells a cell': len(cells) / len(here),
        f'{name} cells that end a line': share(sum(n <= 1 for n in near), len(cells)),
        f'{name} cells where lines part': share(sum(n >= 3 for n in near), len(cells)),
        f'{name} loops a cell': (edges - len(cells) + groups) / len(here),
    }


def solver_of(record: Record) -> 'tuple[LazySolver, list[int], list[int]]':
    """A solver of the record's rules, what to assume, and the variables that tell solutions apart."""
    return import_module(f'{kinds.__name__}.{record["type"]}.generator').solver_of(record)


def solutions_by_sat(record: Record, most: int = 2) -> int:
    """How many solutions there are, counted no further than `most`."""
    solver, assumed, shown = solver_of(record)
    with solver:
        for count in range(most):
            model = solver.solve(assumed)
            if model is None:
                return count
            solver.add([-model[v - 1] for v in shown])
    return most


def solver_features(record: Record, weaker: Iterable[Record], spare: str) -> Features:
    """How hard the proof of uniqueness is, and what share of the records in `weaker`, each a clue poorer, stay unique."""
    solver, assumed, shown = solver_of(record)
    with solver:
        known = len(set(map(abs, solver.implied(assumed))).intersection(shown))
        model = solver.solve(assumed)
        if model is None:
            raise ValueError(f'{record.get("url", record)}: the puzzle has no solution')
        solver.add([-model[v - 1] for v in shown])
        if solver.solve(assumed) is not None:
            raise ValueError(f'{record.get("url", record)}: the puzzle has more than one solution')
        conflicts = solver.conflicts()
    unique = [solutions_by_sat(poorer) == 1 for poorer in weaker]
    return {
        'cells known by unit propagation': known / len(shown),
        'log10(1 + conflicts) of the proof': math.log10(1 + conflicts),
        **({spare: sum(unique) / len(unique)} if unique else {}),
    }


def changed(record: Record, cell: int, clue: object) -> Record:
    """The record with another clue in a cell."""
    clues = [list(row) for row in record['clues']]
    clues[cell // record['cols']][cell % record['cols']] = clue
    return {**record, 'clues': clues}


def flat(grid: Sequence[Sequence]) -> list:
    return [value for row in grid for value in row]
