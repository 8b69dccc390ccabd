"""Shakashaka as tokens: 6 a white cell, 7 a wall, 8-12 a wall with its number; answers 2-5 are triangles, which turn."""

import numpy as np

from ...pencil import Turned, turn
from ..record import Pair

WHITE = -2  # in records; -1 is a wall without a number
WHITE_TOKEN = 6


def turned_triangles(variant: int) -> np.ndarray:
    """Where answers 2-5 go: black corners lower left, lower right, upper right, upper left, as a quarter turn moves them."""
    corners = np.array([[5, 4], [2, 3]])  # the token whose black corner lies there
    moved = turn(corners, variant)
    table = np.arange(6)
    table[corners.reshape(-1)] = 0
    # The corner that stands at place p of the turned board came from token moved[p]; there it reads as corners[p].
    for came, reads in zip(moved.reshape(-1), corners.reshape(-1), strict=True):
        table[came] = reads
    return table


def encode(puzzle: Turned) -> Pair:
    numbers = puzzle.clues.astype(int)
    answers = turned_triangles(puzzle.variant)[np.where(puzzle.solution == 0, 1, puzzle.solution)]
    return WHITE_TOKEN - WHITE + numbers, np.where(numbers == WHITE, answers, 0)
