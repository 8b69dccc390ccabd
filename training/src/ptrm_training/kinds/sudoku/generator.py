"""Minimal Sudokus with one solution, by the native generator; records of puzzle, solution and how many guesses they ask."""

import subprocess
from collections.abc import Iterator

from ...generate.files import Record
from ...generate.native import compiled

CELLS = 81
FEWEST_CLUES = 18  # 17 are the fewest that there are; the search would run for hours


def records(seed: int, first: int, count: int, least_guesses: int = 0, most_clues: int = CELLS) -> Iterator[Record]:
    """Puzzles `first` to `first + count - 1` of a seed; `most_clues` of 19 to 21 are practical."""
    command = [str(compiled('sudoku')), *map(str, (seed, first, count, least_guesses, most_clues))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            for line in process.stdout or ():
                puzzle, solution, guesses = line.strip().split(',')
                yield {
                    'type': 'sudoku',
                    'puzzle': puzzle,
                    'solution': solution,
                    'guesses': int(guesses),
                }
        finally:
            process.terminate()
