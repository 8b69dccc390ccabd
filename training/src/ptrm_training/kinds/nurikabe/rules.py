"""Nurikabe's rules, read off the page."""

from ...generate.files import Record
from ...rules import Grid, areas, has_square, places


def keeps_rules(puzzle: Record, shaded: Grid) -> bool:
    clues = puzzle['clues']
    if has_square(shaded) or len(areas(shaded, 1)) != 1 or any(clues[r][c] and shaded[r][c] for r, c in places(clues)):
        return False
    for island in areas(shaded, 0):
        numbers = [clues[r][c] for r, c in island if clues[r][c]]
        if len(numbers) != 1 or numbers[0] not in (-1, len(island)):
            return False
    return True
