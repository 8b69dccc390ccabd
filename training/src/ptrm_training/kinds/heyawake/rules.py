"""Heyawake's rules, read off the page."""

import itertools

from ...generate.files import Record
from ...rules import Grid, Place, areas, beside, places


def keeps_rules(puzzle: Record, shaded: Grid) -> bool:
    rooms, clues = puzzle['rooms'], puzzle['clues']
    if any(shaded[r][c] and shaded[a][b] for r, c in places(rooms) for a, b in beside(rooms, r, c)):
        return False
    if len(areas(shaded, 0)) != 1:
        return False
    for r, c in places(rooms):
        room = [shaded[a][b] for a, b in places(rooms) if rooms[a][b] == rooms[r][c]]
        if clues[r][c] >= 0 and clues[r][c] != sum(room):
            return False
    rows = [[(r, c) for c in range(len(rooms[0]))] for r in range(len(rooms))]
    columns = [list(line) for line in zip(*rows, strict=True)]
    return not any(_crosses_two_borders(line, rooms, shaded) for line in rows + columns)


def _crosses_two_borders(line: list[Place], rooms: Grid, shaded: Grid) -> bool:
    """Whether a run of white cells of the line lies in more than two rooms."""
    for is_shaded, run in itertools.groupby(line, key=lambda place: shaded[place[0]][place[1]]):
        entered = [room for room, _ in itertools.groupby(rooms[r][c] for r, c in run)]
        if not is_shaded and len(entered) > 2:
            return True
    return False
