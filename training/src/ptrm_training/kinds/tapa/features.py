"""By what Tapa boards are compared."""

from ...compare.features import (
    Features,
    changed,
    flat,
    layout_features,
    shading_features,
    shape_features,
    share,
    solver_features,
)
from ...generate.board import board
from ...generate.files import Record

UNKNOWN = -1


def features(record: Record) -> Features:
    rows, cols = record['rows'], record['cols']
    clued = [i for i, clue in enumerate(flat(record['clues'])) if clue is not None]
    clues = [clue for clue in flat(record['clues']) if clue is not None]
    numbers = [n for clue in clues for n in clue]
    shaded = [bool(v) for v in flat(record['solution'])]
    return {
        **shape_features(record),
        **layout_features(rows, cols, clued),
        'boards with "?"': float(UNKNOWN in numbers),
        'numbers that are "?"': share(numbers.count(UNKNOWN), len(numbers)),
        'numbers a clue': share(len(numbers), len(clues)),
        'clues of one number up to 2': share(sum(len(clue) == 1 and 0 <= clue[0] <= 2 for clue in clues), len(clues)),
        'clues of one number from 5': share(sum(len(clue) == 1 and clue[0] >= 5 for clue in clues), len(clues)),
        **shading_features('shaded', board(rows, cols), shaded),
    }


def by_solver(record: Record) -> Features:
    clued = [i for i, clue in enumerate(flat(record['clues'])) if clue is not None]
    return solver_features(record, (changed(record, i, None) for i in clued), 'clues that are spare')
