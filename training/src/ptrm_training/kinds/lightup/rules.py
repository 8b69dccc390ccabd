"""Light Up's rules, read off the page."""

from ...generate.files import Record
from ...rules import SIDES, Grid, beside, places


def keeps_rules(puzzle: Record, bulbs: Grid) -> bool:
    clues = puzzle['clues']

    def white(r: int, c: int) -> bool:
        return 0 <= r < len(clues) and 0 <= c < len(clues[0]) and clues[r][c] == -2

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
