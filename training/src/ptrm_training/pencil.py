"""What pencil boards have in common as tokens: place on the board of training, eight symmetric variants, the hash of twins."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .generate.files import Record

SIDE = 10  # of the board that models are trained on
VARIANTS = 8
FIRST_CLUE_TOKEN = 3  # of kinds with two answers: 0 is outside the board, 1 and 2 are answers


def turn(grid: np.ndarray, variant: int) -> np.ndarray:
    """One of the eight symmetries: variant % 4 quarter turns (counter-clockwise), transposed first if variant >= 4."""
    if variant >= 4:
        grid = grid.swapaxes(0, 1)
    return np.rot90(grid, variant % 4)


@dataclass(frozen=True)
class Turned:
    """A puzzle as one of its variants: clues [rows, cols] of objects, as in the record, and solution [rows, cols]."""

    record: Record
    variant: int
    clues: np.ndarray
    solution: np.ndarray

    def grid(self, name: str) -> np.ndarray:
        """Another grid of numbers that the record has, turned."""
        return turn(np.array(self.record[name]), self.variant)


def turned(record: Record, variant: int) -> Turned:
    clues = turn(_objects(record['clues']), variant)
    return Turned(record, variant, clues, turn(np.array(record['solution']), variant))


def _objects(rows: Sequence[Sequence]) -> np.ndarray:
    grid = np.empty((len(rows), len(rows[0])), dtype=object)
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            grid[r, c] = value
    return grid


def shaded_answers(solution: np.ndarray) -> np.ndarray:
    """Answers 1 (empty, unshaded) and 2 (shaded, bulb) of solutions 0 and 1."""
    return np.where(solution == 0, 1, np.where(solution == 1, 2, solution))


def on_board(grid: np.ndarray, rows: int = SIDE, columns: int = SIDE) -> np.ndarray:
    """uint8 [rows * columns]: a grid at the top left of a board, 0 outside. ValueError for a grid that is larger."""
    if grid.shape[0] > rows or grid.shape[1] > columns:
        raise ValueError(f'a puzzle of {grid.shape[0]}x{grid.shape[1]} cells, on a board of {rows}x{columns}')
    board = np.zeros((rows, columns), dtype=np.uint8)
    board[: grid.shape[0], : grid.shape[1]] = grid
    return board.reshape(-1)


def canonical_hash(tokens: Sequence[np.ndarray] | np.ndarray) -> str:
    """The same for all variants of a puzzle; tokens uint8 [8, cells] on a square board."""
    return hashlib.sha256(min(t.tobytes() for t in tokens)).hexdigest()
