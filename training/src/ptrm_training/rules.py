"""What the rules of pencil kinds share, read off the page: slow, and written without the generators, which they judge."""

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

Place = tuple[int, int]
Grid = Sequence[Sequence[Any]]
SIDES = ((-1, 0), (0, 1), (1, 0), (0, -1))  # north, east, south, west


def places(grid: Grid) -> Iterator[Place]:
    return itertools.product(range(len(grid)), range(len(grid[0])))


def beside(grid: Grid, r: int, c: int) -> list[Place]:
    return [(r + a, c + b) for a, b in SIDES if 0 <= r + a < len(grid) and 0 <= c + b < len(grid[0])]


def areas(grid: Grid, value: int) -> list[set[Place]]:
    """The connected groups of the cells that hold a value."""
    left = {place for place in places(grid) if grid[place[0]][place[1]] == value}
    found = []
    while left:
        area: set[Place] = set()
        new = {left.pop()}
        while new:
            area |= new
            new = {near for place in new for near in beside(grid, *place)} & left
            left -= new
        found.append(area)
    return found


def has_square(shaded: Grid) -> bool:
    """Whether some 2x2 square is all shaded."""
    return any(
        shaded[r][c] and shaded[r + 1][c] and shaded[r][c + 1] and shaded[r + 1][c + 1]
        for r in range(len(shaded) - 1)
        for c in range(len(shaded[0]) - 1)
    )
