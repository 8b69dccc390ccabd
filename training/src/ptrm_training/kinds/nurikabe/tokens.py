"""Nurikabe as tokens: 3 no clue, 4 "?", 5-63 the numbers 1 to 59; cells with a clue have nothing to answer."""

import numpy as np

from ...pencil import FIRST_CLUE_TOKEN, Turned, shaded_answers
from ..record import Pair

MOST = 59


def encode(puzzle: Turned) -> Pair:
    numbers = puzzle.clues.astype(int)
    if numbers.max() > MOST:
        raise ValueError(f'no token for the clue {numbers.max()}')
    tokens = np.where(numbers == 0, FIRST_CLUE_TOKEN, FIRST_CLUE_TOKEN + 1 + np.maximum(numbers, 0))
    return tokens, np.where(numbers == 0, shaded_answers(puzzle.solution), 0)
