"""By what Heyawake boards are compared: sizes and shapes of rooms, which rooms have a number, and how full these are."""

from ...compare.features import Features, changed, flat, shape_features, share, solver_features
from ...generate.board import board
from ...generate.files import Record
from .layout import is_rectangle

NO_NUMBER = -1
# Names and least cells of sizes of rooms; a size ends where the next begins.
SIZES = {'1': 1, '2': 2, '3': 3, '4': 4, '5 or 6': 5, '7 to 9': 7, '10 to 15': 10, '16 and more': 16}
SMALL, LARGE = 3, 9
HIGH = 4  # numbers from here on are counted together


def features(record: Record) -> Features:
    here = board(record['rows'], record['cols'])
    room = flat(record['rooms'])
    cells: dict[int, list[int]] = {}
    for i in here.cells:
        cells.setdefault(room[i], []).append(i)
    numbered = {name: number for name, number in enumerate(record['roomnums']) if number != NO_NUMBER}
    numbers, sizes = list(numbered.values()), [len(group) for group in cells.values()]
    has_number = lambda fits: [name in numbered for name, group in cells.items() if fits(len(group))]
    small, large = has_number(lambda size: size <= SMALL), has_number(lambda size: size >= LARGE)
    shapes = sum(not is_rectangle(here, group) for group in cells.values())
    return {
        **shape_features(record),
        'rooms a cell': len(cells) / len(here),
        **_size_features(sizes),
        'cells of the largest room': max(sizes),
        'rooms that are no rectangle': shapes / len(cells),
        'boards with rooms that are no rectangle': float(shapes > 0),
        'rooms with point symmetry': float(_same_turned_by_half(room)),
        'rooms with a number': len(numbered) / len(cells),
        'numbers a cell': len(numbered) / len(here),
        **({'rooms up to 3 cells with a number': sum(small) / len(small)} if small else {}),
        **({'rooms from 9 cells with a number': sum(large) / len(large)} if large else {}),
        **{f'numbers that are {n}': share(numbers.count(n), len(numbers)) for n in range(HIGH)},
        'numbers from 4': share(sum(n >= HIGH for n in numbers), len(numbers)),
        'number a cell of its room': share(sum(numbers), sum(len(cells[name]) for name in numbered)),
        'shaded cells a cell': sum(value == 1 for value in flat(record['solution'])) / len(here),
    }


def _size_features(sizes: list[int]) -> Features:
    least = list(SIZES.values())
    ends = [*least[1:], max(sizes) + 1]
    return {
        f'rooms of {name}': sum(first <= size < end for size in sizes) / len(sizes)
        for name, first, end in zip(SIZES, least, ends, strict=True)
    }


def _same_turned_by_half(room: list[int]) -> bool:
    """Whether the borders are the same: names of rooms and of those that come to lie there go one to one."""
    pairs = set(zip(room, reversed(room), strict=True))
    return len(pairs) == len(set(room))


def by_solver(record: Record) -> Features:
    numbered = [i for i, clue in enumerate(flat(record['clues'])) if clue >= 0]
    return solver_features(record, (changed(record, i, NO_NUMBER) for i in numbered), 'numbers that are spare')
