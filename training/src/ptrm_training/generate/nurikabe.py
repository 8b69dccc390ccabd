"""Nurikabe puzzles by the native generator (native/nurikabe.rs): only puzzles in which it proves every cell."""

import subprocess
from collections.abc import Iterator

from .board import board
from .native import compiled

MOST_CELLS = 144


def records(rows: int, cols: int, seed: int, first: int, count: int) -> Iterator[dict]:
    """Puzzles `first` to `first + count - 1` of a seed; at most 144 cells."""
    if rows * cols > MOST_CELLS:
        raise ValueError(f'nurikabe boards have at most {MOST_CELLS} cells, not {rows}x{cols}: choose a smaller --size')
    here = board(rows, cols)
    command = [str(compiled('nurikabe')), *map(str, (rows, cols, seed, first, count))]
    made = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
    if len(made) != count:
        raise RuntimeError(f'{" ".join(command)} gave {len(made)} puzzles instead of {count}')
    for line in made:
        clues, solution = line.split(';')
        yield {
            'type': 'nurikabe',
            'rows': rows,
            'cols': cols,
            'clues': here.grid([int(n) for n in clues.split(',')]),
            'solution': here.grid([int(n) for n in solution]),
        }
