"""The six kinds' generators behind one call: `batch(kind, size, seed, first, count, options)`.

Puzzle i of a seed depends on kind, size, options, seed and i alone, so batches may be made anywhere in any order.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

from . import heyawake, lightup, nurikabe, shakashaka, sudoku, tapa
from .urls import puzzle_url

MAKERS: dict[str, Callable[..., dict | None]] = {
    'heyawake': heyawake.make,
    'lightup': lightup.make,
    'shakashaka': shakashaka.make,
    'tapa': tapa.make,
}
KINDS = sorted([*MAKERS, 'nurikabe', 'sudoku'])
# Puzzles a batch: a tenth of a second to some seconds of work.
BATCH = {'sudoku': 200, 'lightup': 32, 'tapa': 32, 'shakashaka': 8, 'heyawake': 4, 'nurikabe': 4}


@dataclass(frozen=True)
class Options:
    """What changes the puzzles beside their seed."""

    orders: int = 1  # Tapa: the fewest clues of so many orders of giving them up
    min_guesses: int = 0  # Sudoku: only puzzles as hard as this
    max_clues: int = sudoku.CELLS  # Sudoku: only puzzles with as few clues as this


def puzzle(kind: str, size: int, seed: int, index: int, options: Options = Options()) -> dict:
    """Puzzle `index` of a seed, for the kinds whose generators are Python."""
    rng = random.Random(f'{kind} {size} {seed} {index}')
    extra = {'orders': options.orders} if kind == 'tapa' else {}
    while (record := MAKERS[kind](size, size, rng, **extra)) is None:
        pass
    return record


def batch(kind: str, size: int, seed: int, first: int, count: int, options: Options = Options()) -> list[dict]:
    """Puzzles `first` to `first + count - 1` as records with `id` and `url`."""
    if kind == 'sudoku':
        records = list(sudoku.records(seed, first, count, options.min_guesses, options.max_clues))
    elif kind == 'nurikabe':
        records = list(nurikabe.records(size, size, seed, first, count))
    else:
        records = [puzzle(kind, size, seed, index, options) for index in range(first, first + count)]
    variant = f'{options.min_guesses}-' if kind == 'sudoku' else f'{size}-'
    if kind == 'sudoku' and options.max_clues < sudoku.CELLS:
        variant += f'max{options.max_clues}-'
    if kind == 'tapa' and options.orders > 1:
        variant += f'best{options.orders}-'
    return [
        {**record, 'id': f'{kind}-{variant}{seed}-{index}', 'url': puzzle_url(record)}
        for index, record in enumerate(records, first)
    ]
