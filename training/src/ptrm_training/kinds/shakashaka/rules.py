"""Shakashaka's rules, read off the page."""

from collections.abc import Sequence

from ...generate.files import Record
from ...rules import SIDES, Grid, beside, places

Quarter = tuple[int, int, int]  # row, column, place in SIDES
# The quarters that triangles 2-5 blacken, by their place in SIDES.
BLACK: dict[int, tuple[int, ...]] = {0: (), 2: (2, 3), 3: (1, 2), 4: (0, 1), 5: (0, 3)}


def keeps_rules(puzzle: Record, shapes: Grid) -> bool:
    """Quarters of cells are joined to white areas; an area is a rectangle if it is as large as the box around it."""
    clues = puzzle['clues']
    for r, c in places(clues):
        if clues[r][c] != -2 and shapes[r][c]:
            return False
        if clues[r][c] >= 0 and clues[r][c] != sum(shapes[a][b] > 0 for a, b in beside(clues, r, c)):
            return False
    return all(is_rectangle(area) for area in white_areas(puzzle, shapes))


def white_areas(puzzle: Record, shapes: Grid) -> list[set[Quarter]]:
    """The quarters of each white area; in `shapes` all that is no triangle (2-5) leaves a white cell whole."""
    clues = puzzle['clues']
    white = [(r, c) for r, c in places(clues) if clues[r][c] == -2]
    left = {(r, c, q) for r, c in white for q in range(4) if q not in BLACK.get(shapes[r][c], ())}
    areas = []
    while left:
        area: set[Quarter] = set()
        new = {left.pop()}
        while new:
            area |= new
            near = {(r, c, (q + turn) % 4) for r, c, q in new for turn in (1, 3)}
            near |= {(r + SIDES[q][0], c + SIDES[q][1], (q + 2) % 4) for r, c, q in new}
            new = near & left
            left -= new
        areas.append(area)
    return areas


def is_rectangle(area: set[Quarter]) -> bool:
    """Upright or tilted. In half cells a quarter's area is 1; its points are its cell's middle and two corners, clockwise."""
    points = set()
    for r, c, q in area:
        corners = [(2 * r, 2 * c), (2 * r, 2 * c + 2), (2 * r + 2, 2 * c + 2), (2 * r + 2, 2 * c)]
        points |= {(2 * r + 1, 2 * c + 1), corners[q], corners[(q + 1) % 4]}
    upright = _span([y for y, _ in points]) * _span([x for _, x in points])
    tilted = _span([x + y for y, x in points]) * _span([x - y for y, x in points]) / 2
    return len(area) in (upright, tilted)


def _span(values: Sequence[int]) -> int:
    return max(values) - min(values)
