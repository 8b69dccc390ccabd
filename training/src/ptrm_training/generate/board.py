"""A board's cells as one row-major list, and what pencil rules ask of them: neighbours, lines, squares, components."""

from collections.abc import Sequence
from functools import cache

STEPS = ((-1, 0), (1, 0), (0, -1), (0, 1))
# The eight cells around one, clockwise: Tapa's clues read them as a ring.
RING = ((-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1))


class Board:
    """rows x cols cells; cell (r, c) is number r * cols + c."""

    def __init__(self, rows: int, cols: int):
        self.rows, self.cols = rows, cols
        self.cells = range(rows * cols)
        self.neighbours = [self._around(i, STEPS) for i in self.cells]
        # Tapa: where each of the eight cells around lies, None beyond the edge.
        self.rings = [[self.at(i // cols + dr, i % cols + dc) for dr, dc in RING] for i in self.cells]
        self.row_lines = [[r * cols + c for c in range(cols)] for r in range(rows)]
        self.col_lines = [[r * cols + c for r in range(rows)] for c in range(cols)]
        self.lines = self.row_lines + self.col_lines
        self.squares = [(i, i + 1, i + cols, i + cols + 1) for i in self.cells if i % cols + 1 < cols and i // cols + 1 < rows]

    def __len__(self) -> int:
        return len(self.cells)

    def at(self, row: int, col: int) -> int | None:
        return row * self.cols + col if 0 <= row < self.rows and 0 <= col < self.cols else None

    def _around(self, cell: int, steps: Sequence[tuple[int, int]]) -> list[int]:
        row, col = divmod(cell, self.cols)
        found = [self.at(row + dr, col + dc) for dr, dc in steps]
        return [i for i in found if i is not None]

    def grid(self, values: Sequence) -> list[list]:
        """A flat list as rows, as records hold it."""
        return [list(values[r * self.cols : (r + 1) * self.cols]) for r in range(self.rows)]

    def components(self, inside: Sequence[bool]) -> list[list[int]]:
        """The connected groups of the cells that are inside."""
        seen = [not value for value in inside]
        found = []
        for start in self.cells:
            if seen[start]:
                continue
            seen[start] = True
            group = [start]
            for cell in group:  # grows while it is walked
                for near in self.neighbours[cell]:
                    if not seen[near]:
                        seen[near] = True
                        group.append(near)
            found.append(group)
        return found

    def border(self, group: Sequence[int]) -> set[int]:
        """The cells that touch a group without belonging to it."""
        members = set(group)
        return {near for cell in group for near in self.neighbours[cell]} - members


@cache
def board(rows: int, cols: int) -> Board:
    """The one Board of a size; nothing changes it."""
    return Board(rows, cols)
