"""By what Light Up boards are compared; "clues" are the walls, with a number or without."""

from ...compare.features import Features, changed, flat, layout_features, shape_features, share, solver_features
from ...generate.files import Record
from .generator import BARE_WALL, WHITE


def features(record: Record) -> Features:
    clues = flat(record['clues'])
    walls = [i for i, clue in enumerate(clues) if clue != WHITE]
    numbers = [clues[i] for i in walls if clues[i] != BARE_WALL]
    bulbs = sum(flat(record['solution'])[i] for i, clue in enumerate(clues) if clue == WHITE)
    return {
        **shape_features(record),
        **layout_features(record['rows'], record['cols'], walls),
        'walls with a number': share(len(numbers), len(walls)),
        **{f'numbers that are {n}': share(numbers.count(n), len(numbers)) for n in range(5)},
        'bulbs a white cell': share(bulbs, len(clues) - len(walls)),
    }


def by_solver(record: Record) -> Features:
    numbered = [i for i, clue in enumerate(flat(record['clues'])) if clue >= 0]
    return solver_features(record, (changed(record, i, BARE_WALL) for i in numbered), 'numbers that are spare')
