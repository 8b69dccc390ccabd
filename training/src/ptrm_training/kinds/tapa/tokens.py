"""Tapa as tokens: 3 no clue, then a token for each clue that can exist; cells with a clue have nothing to answer."""

import itertools

import numpy as np

from ...pencil import FIRST_CLUE_TOKEN, Turned, shaded_answers
from ..record import Pair


def possible_clues() -> list[tuple[int, ...]]:
    """All clues that can exist, in the order of their tokens; -1 is "?"."""
    clues: list[tuple[int, ...]] = [(-1,), *((n,) for n in range(9))]
    for count in (2, 3, 4):
        several = itertools.combinations_with_replacement([-1, *range(1, 8)], count)
        clues += [clue for clue in several if sum(max(n, 1) for n in clue) + count <= 8]
    return clues


TOKENS = {clue: FIRST_CLUE_TOKEN + 1 + i for i, clue in enumerate(possible_clues())}


def encode(puzzle: Turned) -> Pair:
    tokens = np.array(
        [[FIRST_CLUE_TOKEN if clue is None else TOKENS[tuple(sorted(clue))] for clue in row] for row in puzzle.clues]
    )
    return tokens, np.where(tokens == FIRST_CLUE_TOKEN, shaded_answers(puzzle.solution), 0)
