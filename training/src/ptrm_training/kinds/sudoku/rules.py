"""Sudoku's rules, read off the page."""

from ...generate.files import Record


def keeps_rules(puzzle: Record, solution: str) -> bool:
    """solution: 81 digits."""
    digits = [int(d) for d in solution]
    rows = [set(digits[9 * r : 9 * r + 9]) for r in range(9)]
    columns = [set(digits[c::9]) for c in range(9)]
    boxes = [{digits[27 * (b // 3) + 3 * (b % 3) + 9 * (i // 3) + i % 3] for i in range(9)} for b in range(9)]
    given = all(p in ('.', s) for p, s in zip(puzzle['puzzle'], solution, strict=True))
    return given and all(unit == set(range(1, 10)) for unit in rows + columns + boxes)
