"""Minimal Sudokus with one solution, by the native generator; records of puzzle, solution and how many guesses they ask."""

import subprocess
from collections.abc import Iterator

from .native import compiled


def records(seed: int, first: int, count: int, least_guesses: int = 0) -> Iterator[dict]:
    """Puzzles `first` to `first + count - 1` of a seed."""
    command = [str(compiled('sudoku')), *map(str, (seed, first, count, least_guesses))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            for index, line in enumerate(process.stdout, first):
                puzzle, solution, guesses = line.strip().split(',')
                yield {
                    'type': 'sudoku',
                    'puzzle': puzzle,
                    'solution': solution,
                    'guesses': int(guesses),
                    'id': f'sudoku-{least_guesses}-{seed}-{index}',
                }
        finally:
            process.terminate()
