"""The symmetries in which people lay clues out: which cells go with which."""

from collections.abc import Callable
from functools import cache

from .board import board

Move = Callable[[int, int, int, int], tuple[int, int]]  # (row, column, last row, last column) -> row, column
Twin = Callable[[int], int]
HALF_TURN: Move = lambda r, c, bottom, right: (bottom - r, right - c)
QUARTER_TURN: Move = lambda r, c, bottom, right: (c, right - r)
LEFT_RIGHT: Move = lambda r, c, bottom, right: (r, right - c)
UP_DOWN: Move = lambda r, c, bottom, right: (bottom - r, c)
DIAGONAL: Move = lambda r, c, bottom, right: (c, r)
OTHER_DIAGONAL: Move = lambda r, c, bottom, right: (right - c, bottom - r)
NONE: Move = lambda r, c, bottom, right: (r, c)

# The moves that make each symmetry; what it is on a board that is no square, where cells can't turn by a quarter.
SYMMETRIES: dict[str, tuple[Move, ...]] = {
    'none': (),
    'point': (HALF_TURN,),
    'quarter': (QUARTER_TURN,),
    'mirror': (LEFT_RIGHT,),
    'mirrors': (LEFT_RIGHT, UP_DOWN),
    'diagonal': (DIAGONAL,),
    'diagonals': (DIAGONAL, HALF_TURN),
    'all': (QUARTER_TURN, LEFT_RIGHT),
}
ON_RECTANGLES = {'quarter': 'point', 'diagonal': 'none', 'diagonals': 'point', 'all': 'mirrors'}


def twin_by(move: Move, rows: int, cols: int) -> Twin:
    """To which cell a move takes each."""

    def twin(cell: int) -> int:
        r, c = move(*divmod(cell, cols), rows - 1, cols - 1)
        return r * cols + c

    return twin


@cache
def orbits(rows: int, cols: int, name: str) -> list[tuple[int, ...]]:
    """For each cell all cells that the symmetry takes it to, itself among them, in order."""
    if rows != cols:
        name = ON_RECTANGLES.get(name, name)
    twins = [twin_by(move, rows, cols) for move in SYMMETRIES[name]]
    found = []
    for start in board(rows, cols).cells:
        reached = [start]
        for cell in reached:  # grows while it is walked
            for twin in twins:
                if twin(cell) not in reached:
                    reached.append(twin(cell))
        found.append(tuple(sorted(reached)))
    return found
