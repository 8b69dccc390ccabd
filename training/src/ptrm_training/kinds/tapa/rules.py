"""Tapa's rules, read off the page."""

from collections.abc import Sequence

from ...generate.files import Record
from ...rules import Grid, areas, has_square, places

RING = ((-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1))
UNKNOWN = -1  # "?" in a clue


def keeps_rules(puzzle: Record, shaded: Grid) -> bool:
    clues = puzzle['clues']
    if has_square(shaded) or len(areas(shaded, 1)) != 1:
        return False
    for r, c in places(clues):
        if clues[r][c] is None:
            continue
        inside = [0 <= r + a < len(clues) and 0 <= c + b < len(clues[0]) for a, b in RING]
        text = ''.join(str(shaded[r + a][c + b]) if i else '0' for (a, b), i in zip(RING, inside, strict=True))
        around = text[text.find('0') :] + text[: text.find('0')] if '0' in text else text
        if shaded[r][c] or not _fits([len(run) for run in around.split('0') if run] or [0], clues[r][c]):
            return False
    return True


def _fits(runs: Sequence[int], clue: Sequence[int]) -> bool:
    """Whether runs of these lengths are what a clue says, in any order; "?" is any length but 0."""
    left = list(runs)
    for length in clue:
        if length != UNKNOWN:
            if length not in left:
                return False
            left.remove(length)
    return len(runs) == len(clue) and 0 not in left
