"""The rules of the pencil kinds, read off the page: slow, and written without the generators, which they judge."""

import itertools
from collections.abc import Iterator

Grid = list[list]
SIDES = ((-1, 0), (0, 1), (1, 0), (0, -1))  # north, east, south, west
# The quarters that triangles 2-5 blacken, by their place in SIDES.
BLACK = {0: (), 2: (2, 3), 3: (1, 2), 4: (0, 1), 5: (0, 3)}


def places(grid: Grid) -> Iterator[tuple[int, int]]:
    return itertools.product(range(len(grid)), range(len(grid[0])))


def beside(grid: Grid, r: int, c: int) -> list[tuple[int, int]]:
    return [(r + a, c + b) for a, b in SIDES if 0 <= r + a < len(grid) and 0 <= c + b < len(grid[0])]


def areas(grid: Grid, value: int) -> list[set[tuple[int, int]]]:
    left = {place for place in places(grid) if grid[place[0]][place[1]] == value}
    found = []
    while left:
        area, new = set(), {left.pop()}
        while new:
            area |= new
            new = {near for place in new for near in beside(grid, *place)} & left
            left -= new
        found.append(area)
    return found


def has_square(shaded: Grid) -> bool:
    return any(
        shaded[r][c] and shaded[r + 1][c] and shaded[r][c + 1] and shaded[r + 1][c + 1]
        for r in range(len(shaded) - 1)
        for c in range(len(shaded[0]) - 1)
    )


def lightup(record: dict, bulbs: Grid) -> bool:
    clues = record['clues']
    white = lambda r, c: 0 <= r < len(clues) and 0 <= c < len(clues[0]) and clues[r][c] == -2  # noqa: E731
    for r, c in places(clues):
        if clues[r][c] >= 0 and sum(bulbs[a][b] for a, b in beside(clues, r, c) if white(a, b)) != clues[r][c]:
            return False
        if not white(r, c):
            if bulbs[r][c]:
                return False
            continue
        seen = 0
        for dr, dc in SIDES:
            a, b = r + dr, c + dc
            while white(a, b):
                seen += bulbs[a][b]
                a, b = a + dr, b + dc
        if seen + bulbs[r][c] == 0 or (bulbs[r][c] and seen):
            return False
    return True


def nurikabe(record: dict, shaded: Grid) -> bool:
    clues = record['clues']
    if has_square(shaded) or len(areas(shaded, 1)) != 1 or any(clues[r][c] and shaded[r][c] for r, c in places(clues)):
        return False
    for island in areas(shaded, 0):
        numbers = [clues[r][c] for r, c in island if clues[r][c]]
        if len(numbers) != 1 or numbers[0] not in (-1, len(island)):
            return False
    return True


def tapa(record: dict, shaded: Grid) -> bool:
    clues = record['clues']
    if has_square(shaded) or len(areas(shaded, 1)) != 1:
        return False
    ring = ((-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1))
    for r, c in places(clues):
        if clues[r][c] is None:
            continue
        inside = [0 <= r + a < len(clues) and 0 <= c + b < len(clues[0]) for a, b in ring]
        text = ''.join(str(shaded[r + a][c + b]) if i else '0' for (a, b), i in zip(ring, inside))
        turned = text[text.find('0') :] + text[: text.find('0')] if '0' in text else text
        runs = sorted(len(run) for run in turned.split('0') if run) or [0]
        if shaded[r][c] or runs != sorted(clues[r][c]):
            return False
    return True


def heyawake(record: dict, shaded: Grid) -> bool:
    rooms, clues = record['rooms'], record['clues']
    if any(shaded[r][c] and shaded[a][b] for r, c in places(rooms) for a, b in beside(rooms, r, c)):
        return False
    if len(areas(shaded, 0)) != 1:
        return False
    for r, c in places(rooms):
        if clues[r][c] >= 0 and clues[r][c] != sum(shaded[a][b] for a, b in places(rooms) if rooms[a][b] == rooms[r][c]):
            return False
    lines = [[(r, c) for c in range(len(rooms[0]))] for r in range(len(rooms))]
    lines += [list(line) for line in zip(*lines)]
    for line in lines:
        for is_shaded, run in itertools.groupby(line, key=lambda place: shaded[place[0]][place[1]]):
            entered = [room for room, _ in itertools.groupby(rooms[r][c] for r, c in run)]
            if not is_shaded and len(entered) > 2:
                return False
    return True


def shakashaka(record: dict, shapes: Grid) -> bool:
    """Quarters of cells are joined to white areas; an area is a rectangle if it is as large as the box around it, upright or tilted."""
    clues = record['clues']
    for r, c in places(clues):
        if clues[r][c] != -2 and shapes[r][c]:
            return False
        if clues[r][c] >= 0 and clues[r][c] != sum(shapes[a][b] > 0 for a, b in beside(clues, r, c)):
            return False
    left = {(r, c, q) for r, c in places(clues) if clues[r][c] == -2 for q in range(4) if q not in BLACK[shapes[r][c]]}
    while left:
        area, new = set(), {left.pop()}
        while new:
            area |= new
            near = {(r, c, (q + turn) % 4) for r, c, q in new for turn in (1, 3)}
            near |= {(r + SIDES[q][0], c + SIDES[q][1], (q + 2) % 4) for r, c, q in new}
            new = near & left
            left -= new
        if not is_rectangle(area):
            return False
    return True


def is_rectangle(area: set[tuple[int, int, int]]) -> bool:
    """In half cells a quarter's area is 1; its points are its cell's middle and two of the corners, clockwise."""
    points = set()
    for r, c, q in area:
        corners = [(2 * r, 2 * c), (2 * r, 2 * c + 2), (2 * r + 2, 2 * c + 2), (2 * r + 2, 2 * c)]
        points |= {(2 * r + 1, 2 * c + 1), corners[q], corners[(q + 1) % 4]}
    span = lambda values: max(values) - min(values)  # noqa: E731
    upright = span([y for y, _ in points]) * span([x for _, x in points])
    tilted = span([x + y for y, x in points]) * span([x - y for y, x in points]) / 2
    return len(area) in (upright, tilted)


RULES = {'heyawake': heyawake, 'lightup': lightup, 'nurikabe': nurikabe, 'shakashaka': shakashaka, 'tapa': tapa}


def solutions(record: dict) -> int:
    """How many answers keep the rules, by trying all; only cells that a clue leaves open are tried."""
    kind, clues = record['type'], record['clues']
    blank = {'lightup': -2, 'shakashaka': -2, 'nurikabe': 0, 'tapa': None}
    open_places = [p for p in places(clues) if kind == 'heyawake' or clues[p[0]][p[1]] == blank[kind]]
    values = (0, 2, 3, 4, 5) if kind == 'shakashaka' else (0, 1)
    count = 0
    for answer in itertools.product(values, repeat=len(open_places)):
        grid = [[0] * len(clues[0]) for _ in clues]
        for (r, c), value in zip(open_places, answer):
            grid[r][c] = value
        count += RULES[kind](record, grid)
    return count
