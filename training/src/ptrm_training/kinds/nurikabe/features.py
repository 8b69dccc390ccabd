"""By what Nurikabe boards are compared."""

from ...compare.features import (
    Features,
    flat,
    layout_features,
    shading_features,
    shape_features,
    share,
)
from ...generate.board import board
from ...generate.files import Record
from .generator import measured

UNKNOWN = -1


def features(record: Record) -> Features:
    here = board(record['rows'], record['cols'])
    clues = flat(record['clues'])
    clued = [i for i in here.cells if clues[i]]
    sea = [bool(v) for v in flat(record['solution'])]
    islands = [len(group) for group in here.components([not s for s in sea])]
    land = sum(islands)
    squares = sum(not any(sea[i] for i in square) for square in here.squares)
    unknown = sum(clues[i] == UNKNOWN for i in clued)
    return {
        **shape_features(record),
        **layout_features(here.rows, here.cols, clued),
        'boards with "?"': float(unknown > 0),
        'clues that are "?"': share(unknown, len(clued)),
        'cells of an island, mean': land / len(islands),
        'cells of the largest island': max(islands),
        'largest island of all cells': max(islands) / len(here),
        'islands of one cell': islands.count(1) / len(islands),
        'islands of two cells': islands.count(2) / len(islands),
        'islands of more than 8 cells': sum(n > 8 for n in islands) / len(islands),
        '2x2 squares of island a cell': squares / len(here),
        **shading_features('sea', here, sea),
    }


def by_solver(record: Record) -> Features:
    """By the rules of the native solver. A clue is spare here whose number may be "?"; no island can do without any."""
    found = measured(record)
    if found.unique == 0:
        raise ValueError(f'{record.get("url", record)}: the puzzle has more than one solution')
    cells, clues = record['rows'] * record['cols'], sum(v > 0 for v in flat(record['clues']))
    return {
        'cells that rules leave open': found.open_by_rules / cells,
        'boards that rules solve': float(found.open_by_rules == 0),
        'boards that rules and trying each cell solve': float(found.open_by_trying == 0),
        'numbers that are spare': share(found.spare, clues),
    }
