"""Nurikabe puzzles by the native generator (native/nurikabe.rs): only puzzles in which it proves every cell."""

import subprocess
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from ...generate.board import Board, board
from ...generate.files import Record
from ...generate.native import compiled

if TYPE_CHECKING:
    from ...generate.sat import Clause, LazySolver, Model

MOST_CELLS = 576
MOST_LAID_OUT = 448  # with a column more, which boards as people lay them out are computed with: 20x21
UNKNOWN = -1  # the clue "?": an island of any size


def check_size(rows: int, cols: int, like_people: bool = False) -> None:
    """ValueError for a board that is too large."""
    most, cells = (MOST_LAID_OUT, rows * (cols + 1)) if like_people else (MOST_CELLS, rows * cols)
    if cells > most:
        raise ValueError(f'nurikabe boards have at most {most} cells, not {rows}x{cols}: choose a smaller --size')


def records(rows: int, cols: int, seed: int, first: int, count: int, like_people: bool = False) -> Iterator[Record]:
    """Puzzles `first` to `first + count - 1` of a seed; at most 24x24 cells, as people lay them out 20x21."""
    check_size(rows, cols, like_people)
    here = board(rows, cols)
    command = [str(compiled('nurikabe_laid_out' if like_people else 'nurikabe')), *map(str, (rows, cols, seed, first, count))]
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


class Measured(NamedTuple):
    """What the native solver finds: open cells by rules alone and by trying each, 1 where it proves that the solution is the
    only one (-1: gave up), and how many numbers could be "?" with that."""

    open_by_rules: int
    open_by_trying: int
    unique: int
    spare: int


def measured(record: Record) -> Measured:
    """ValueError for a board that is too large."""
    rows, cols = record['rows'], record['cols']
    check_size(rows, cols, like_people=True)
    clues = ','.join(str(v) for row in record['clues'] for v in row)
    solution = ''.join(str(v) for row in record['solution'] for v in row)
    command = [str(compiled('nurikabe_laid_out')), str(rows), str(cols), clues, solution]
    found = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    return Measured(*map(int, found))


def solver_of(record: Record) -> tuple['LazySolver', list[int], list[int]]:
    """A solver for a record, what to assume, and the variables that tell its solutions apart. Cell + 1: it is sea.

    The generator proves its puzzles by deduction, without this.
    """
    from ...generate.sat import LazySolver  # the native generator does without python-sat

    here = board(record['rows'], record['cols'])
    clues = [v for row in record['clues'] for v in row]
    squares = [[-(i + 1) for i in square] for square in here.squares]
    fixed = [[-(i + 1)] for i, clue in enumerate(clues) if clue]
    solver = LazySolver(len(here), squares + fixed, lambda model: _cuts(here, clues, model))
    return solver, [], [i + 1 for i in here.cells]


def _cuts(here: Board, clues: list[int], model: 'Model') -> list['Clause']:
    """What a model gets wrong with the sea or an island, as clauses."""
    sea = [model[i] > 0 for i in here.cells]
    seas = here.components(sea)
    found: list[Clause] = []
    if len(seas) > 1:
        for k, part in enumerate(seas):
            found.append([-(part[0] + 1), -(seas[k - 1][0] + 1), *(i + 1 for i in sorted(here.border(part)))])
    for island in here.components([not s for s in sea]):
        numbers = [clues[i] for i in island if clues[i]]
        if len(numbers) > 1 or (numbers and UNKNOWN not in numbers and len(island) > numbers[0]):
            found.append([i + 1 for i in island])
        elif not numbers or len(island) < numbers[0]:
            found.append([*(i + 1 for i in island), *(-(i + 1) for i in sorted(here.border(island)))])
    return found
