"""By what Shakashaka boards are compared; "clues" are the walls, with a number or without."""

from ...compare.features import Features, changed, flat, layout_features, shape_features, share, solver_features
from ...generate.files import Record
from .rules import white_areas
from .tokens import WHITE

BARE_WALL = -1
LEAST_TRIANGLE = 2
QUARTERS_OF_A_CELL = 4
SMALLEST_TILTED = 8  # quarters: four half cells around a point
LARGE_TILTED = 24


def features(record: Record) -> Features:
    clues = flat(record['clues'])
    walls = [i for i, clue in enumerate(clues) if clue != WHITE]
    numbers = [clues[i] for i in walls if clues[i] != BARE_WALL]
    white = len(clues) - len(walls)
    triangles = sum(value >= LEAST_TRIANGLE for value in flat(record['solution']))
    areas = white_areas(record, record['solution'])
    tilted = [len(area) for area in areas if any(record['solution'][r][c] >= LEAST_TRIANGLE for r, c, _ in area)]
    return {
        **shape_features(record),
        **layout_features(record['rows'], record['cols'], walls),
        'walls with a number': share(len(numbers), len(walls)),
        **{f'numbers that are {n}': share(numbers.count(n), len(numbers)) for n in range(5)},
        'triangles a white cell': share(triangles, white),
        'white areas a white cell': share(len(areas), white),
        'white areas that are tilted': share(len(tilted), len(areas)),
        'cells of a tilted area, mean': share(sum(tilted), QUARTERS_OF_A_CELL * len(tilted)),
        'tilted areas of the smallest size': share(tilted.count(SMALLEST_TILTED), len(tilted)),
        'tilted areas of 6 cells and more': share(sum(size >= LARGE_TILTED for size in tilted), len(tilted)),
    }


def by_solver(record: Record) -> Features:
    numbered = [i for i, clue in enumerate(flat(record['clues'])) if clue >= 0]
    return solver_features(record, (changed(record, i, BARE_WALL) for i in numbered), 'numbers that are spare')
