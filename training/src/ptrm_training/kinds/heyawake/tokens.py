"""Heyawake as tokens: 3 + border + 16 (n + 1), n the number of the cell's room, -1 where it has none."""

import numpy as np

from ...pencil import FIRST_CLUE_TOKEN, Turned, shaded_answers
from ..record import Pair

MOST = 13
BORDERS = 4
COMBINATIONS = 2**BORDERS
VOCAB_SIZE = FIRST_CLUE_TOKEN + COMBINATIONS * (MOST + 2)


def encode(puzzle: Turned) -> Pair:
    return _tokens(puzzle.grid('rooms'), puzzle.clues.astype(int)), shaded_answers(puzzle.solution)


def _tokens(rooms: np.ndarray, clues: np.ndarray) -> np.ndarray:
    """border: bits for borders at the right, below, at the left, above; the room's number in all its cells."""
    if clues.max() > MOST:
        raise ValueError(f'no token for the room number {clues.max()}')
    numbers = np.full(rooms.max() + 1, -1)
    np.maximum.at(numbers, rooms, clues)
    around = np.pad(rooms, 1, constant_values=-1)
    neighbours = (around[1:-1, 2:], around[2:, 1:-1], around[1:-1, :-2], around[:-2, 1:-1])
    border = sum((rooms != other).astype(int) << bit for bit, other in enumerate(neighbours))
    return FIRST_CLUE_TOKEN + border + COMBINATIONS * (numbers[rooms] + 1)


def token_borders() -> np.ndarray:
    """[vocab, 4], 1 where a token has a border: at the right, below, at the left, above."""
    shown = np.arange(VOCAB_SIZE) - FIRST_CLUE_TOKEN
    return ((shown[:, None] >> np.arange(BORDERS)) & 1) * (shown >= 0)[:, None]


def token_features() -> np.ndarray:
    """[vocab, features], 1 where a token has a feature: a number, and up to four borders. Tokens embed as the sum of these."""
    tokens = np.arange(VOCAB_SIZE)
    shown = tokens - FIRST_CLUE_TOKEN
    single = np.where(shown < 0, tokens, FIRST_CLUE_TOKEN + np.maximum(shown, 0) // COMBINATIONS)
    numbers = np.eye(single.max() + 1, dtype=np.float32)[single]
    return np.concatenate([numbers, token_borders()], 1).astype(np.float32)
