"""Light Up as tokens: 3 a white cell, 4 a wall, 5-9 a wall with its number; walls have nothing to answer."""

import numpy as np

from ...pencil import Turned, shaded_answers
from ..record import Pair

WHITE = -2  # in records; -1 is a wall without a number
WHITE_TOKEN = 3


def encode(puzzle: Turned) -> Pair:
    numbers = puzzle.clues.astype(int)
    return WHITE_TOKEN - WHITE + numbers, np.where(numbers == WHITE, shaded_answers(puzzle.solution), 0)
