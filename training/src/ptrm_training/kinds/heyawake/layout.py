"""Rooms as people draw them: mostly rectangles of their sizes, in some boards the same turned by half, in some also other shapes.

Rectangles are laid in reading order, then small ones are joined with a neighbour to larger rectangles.
"""

import random
from collections.abc import Sequence

from ...generate.board import Board

SYMMETRIC = 0.25  # share of the boards that look the same turned by half
SHAPED = 0.15  # share of the boards, of those that don't, with rooms that are no rectangles
JOINED_TO_SHAPES = 0.15  # share of such a board's rooms
ROOMS = (0.09, 0.21, 0.14)  # rooms a cell of 10x10 before any is split: least, most, mode
LARGER_BOARDS = -0.15  # power of the cells by which rooms grow with the board
MOST_CELLS, MOST_CELLS_OF_A_SHAPE = 18, 12
# Sides of rooms, either way round, by how often they are tried.
SIDES = {
    (1, 1): 4, (1, 2): 5, (1, 3): 7, (1, 4): 3, (1, 5): 2, (1, 6): 1, (1, 8): 1,
    (2, 2): 16, (2, 3): 24, (2, 4): 14, (2, 5): 5, (2, 6): 2,
    (3, 3): 14, (3, 4): 7, (3, 5): 2, (3, 6): 1, (4, 4): 1.5, (4, 5): 0.5,
}  # fmt: skip
SMALL_SIDES = ((1, 2), (1, 2), (1, 3), (2, 2))  # where none of the others fits
TRIES, SMALL_TRIES = 6, 10
CENTRE_TRIES = 12
MOST_JOINS = 400
SMALLEST = 6  # so many of the smallest rooms, or nearly so, are next to be joined

Rooms = dict[int, list[int]]  # cells of each room, by its name


class Layout:
    """Rooms of a board; with `symmetric` every room has its twin, turned by half around the middle, or is its own."""

    def __init__(self, here: Board, symmetric: bool):
        self.here, self.symmetric = here, symmetric
        self.room = [-1] * len(here)  # of each cell
        self.cells: Rooms = {}
        self._named = 0

    def twin(self, cells: Sequence[int]) -> list[int]:
        return sorted(len(self.here) - 1 - i for i in cells)

    def place(self, cells: Sequence[int]) -> int:
        """A new room, by a name that no room had before; rooms that lose all their cells are gone."""
        name, self._named = self._named, self._named + 1
        for old in {self.room[i] for i in cells} - {-1}:
            self.cells[old] = [i for i in self.cells[old] if i not in cells]
            if not self.cells[old]:
                del self.cells[old]
        for i in cells:
            self.room[i] = name
        self.cells[name] = sorted(cells)
        return name


def draw_rooms(here: Board, rng: random.Random) -> Layout:
    layout = Layout(here, rng.random() < SYMMETRIC)
    _lay_rectangles(layout, rng)
    rooms_a_cell = rng.triangular(*ROOMS) * (len(here) / 100) ** LARGER_BOARDS
    _join_to_rectangles(layout, int(len(here) * rooms_a_cell), rng)
    if not layout.symmetric and rng.random() < SHAPED:
        _join_to_shapes(layout, rng)
    return layout


def _rectangle(here: Board, row: int, col: int, height: int, width: int) -> list[int] | None:
    """Its cells; None where it doesn't fit the board."""
    if row + height > here.rows or col + width > here.cols:
        return None
    return [r * here.cols + c for r in range(row, row + height) for c in range(col, col + width)]


def _sides(attempt: int, rng: random.Random) -> tuple[int, int]:
    """Height and width to try; after many attempts the smallest, which always fit."""
    if attempt < TRIES:
        sides = rng.choices(list(SIDES), list(SIDES.values()))[0]
    else:
        sides = rng.choice(SMALL_SIDES) if attempt < TRIES + SMALL_TRIES else (1, 1)
    return sides if rng.random() < 0.5 else (sides[1], sides[0])


def _lay_rectangles(layout: Layout, rng: random.Random) -> None:
    here = layout.here
    if layout.symmetric:
        _lay_the_centre(layout, rng)
    by_columns = [i for line in here.col_lines for i in line]
    for cell in rng.choice((here.cells, by_columns)):
        attempt = 0
        while layout.room[cell] < 0:
            found = _rectangle(here, *divmod(cell, here.cols), *_sides(attempt, rng))
            if found and _free(layout, found):
                layout.place(found)
                if layout.symmetric and layout.twin(found) != found:
                    layout.place(layout.twin(found))
            attempt += 1


def _free(layout: Layout, cells: list[int]) -> bool:
    """Whether no room is there yet, nor where the twin comes; one that overlaps its twin in part doesn't fit."""
    if any(layout.room[i] >= 0 for i in cells):
        return False
    if not layout.symmetric:
        return True
    twin = layout.twin(cells)
    return twin == cells or not (set(twin) & set(cells) or any(layout.room[i] >= 0 for i in twin))


def _lay_the_centre(layout: Layout, rng: random.Random) -> None:
    """A room around the middle, its own twin, if one of the right parity is drawn."""
    here = layout.here
    for _ in range(CENTRE_TRIES):
        height, width = _sides(0, rng)
        if height <= here.rows and width <= here.cols and (here.rows - height) % 2 == (here.cols - width) % 2 == 0:
            found = _rectangle(here, (here.rows - height) // 2, (here.cols - width) // 2, height, width)
            if found:
                layout.place(found)
            return


def is_rectangle(here: Board, cells: Sequence[int]) -> bool:
    rows, cols = [i // here.cols for i in cells], [i % here.cols for i in cells]
    return (max(rows) - min(rows) + 1) * (max(cols) - min(cols) + 1) == len(cells)


def _join_to_rectangles(layout: Layout, goal: int, rng: random.Random) -> None:
    """Small rooms with a neighbour, down to `goal` rooms where that many can be joined."""
    for _ in range(MOST_JOINS):
        if len(layout.cells) <= goal:
            return
        by_size = sorted(layout.cells, key=lambda room: len(layout.cells[room]) * rng.random())
        pair = _some_pair(layout, rng.choice(by_size[:SMALLEST]), rng)
        if pair is None:
            continue
        joined = layout.cells[pair[0]] + layout.cells[pair[1]]
        if len(joined) <= MOST_CELLS and is_rectangle(layout.here, joined):
            _join(layout, sorted(joined))


def _some_pair(layout: Layout, room: int, rng: random.Random) -> tuple[int, int] | None:
    """A room with one beside it, if the first place looked at has one."""
    cell = rng.choice(layout.cells[room])
    other = layout.room[rng.choice(layout.here.neighbours[cell])]
    return None if other == room else (room, other)


def _join(layout: Layout, joined: list[int]) -> None:
    """Makes these cells one room, and their twins another; nothing where the two overlap in part."""
    if not layout.symmetric:
        layout.place(joined)
        return
    twin = layout.twin(joined)
    if twin == joined or not set(twin) & set(joined):
        layout.place(joined)
        if twin != joined:
            layout.place(twin)


def _join_to_shapes(layout: Layout, rng: random.Random) -> None:
    """L, T and other shapes: a share of the rooms, each with a neighbour."""
    for room in rng.sample(sorted(layout.cells), 1 + int(JOINED_TO_SHAPES * len(layout.cells))):
        pair = _some_pair(layout, room, rng) if room in layout.cells else None
        if pair is None:
            continue
        joined = layout.cells[pair[0]] + layout.cells[pair[1]]
        if len(joined) <= MOST_CELLS_OF_A_SHAPE:
            layout.place(joined)
