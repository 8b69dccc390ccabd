"""Sudoku as tokens (0 blank, 1-9 digits), and the hash that a puzzle's twins share."""

import hashlib
from collections import Counter

import numpy as np

from ...generate.files import Record
from ..record import Pair


def grids_of(puzzle: Record, variant: int) -> Pair:
    """The one variant there is: digits and cells are tied in the model, so that it needs no others."""
    return _digits(puzzle['puzzle']), _digits(puzzle['solution'])


def _digits(text: str) -> np.ndarray:
    return np.array([0 if c in '.0' else int(c) for c in text], np.uint8).reshape(9, 9)


def invariant(puzzle: str) -> str:
    """A hash that all 2 * 6^8 * 9! twins of a puzzle (81 characters, `.` blank) have in common.

    Twins (digits relabelled; rows, columns, bands, stacks moved; transposed) share it for certain, so keeping one puzzle a
    value keeps no two twins, and a split by it parts no twins. Now and then it drops a puzzle that is no twin.
    """
    given = [(cell // 9, cell % 9, digit) for cell, digit in enumerate(puzzle) if digit not in '.0']
    places = [(row, column) for row, column, _ in given]
    rows, columns = Counter(r for r, _, _ in given), Counter(c for _, c, _ in given)
    boxes = Counter((r // 3, c // 3) for r, c, _ in given)

    # Each line by its clues, and how they fall into its three boxes; lines sort within bands, bands among each other.
    def lines(axis: int) -> list:
        split = Counter((place[axis], place[1 - axis] // 3) for place in places)
        count = (rows, columns)[axis]
        line = [(count[i], sorted(split[i, b] for b in range(3))) for i in range(9)]
        return sorted(sorted(line[i : i + 3]) for i in (0, 3, 6))

    # Each digit by where its clues stand: clues in their row and column (in either order) and box.
    digits = sorted(
        sorted((sorted((rows[r], columns[c])), boxes[r // 3, c // 3]) for r, c, d in given if d == digit) for digit in '123456789'
    )
    return hashlib.sha256(repr((sorted((lines(0), lines(1))), digits)).encode()).hexdigest()
