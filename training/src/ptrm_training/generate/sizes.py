"""The boards that `--size` asks for: `10` and `8x12` are one size, from `5-15` each puzzle draws its own."""

import random
import re
from dataclasses import dataclass

LEAST_SIDE = 3  # of 2x2 cells some kinds have no puzzle with one solution
SQUARES = 2 / 3  # of the boards of a range; the others are rectangles
WRITTEN = re.compile(r'(\d+)(?:([x-])(\d+))?')


@dataclass(frozen=True)
class Sizes:
    """Boards of `rows` x `columns` cells, inclusive ranges of each; both are the same range unless they hold one size alone."""

    rows: range
    columns: range

    def __str__(self) -> str:
        """As `--size` takes it: part of an id and of a random stream, so a square is `10`, never `10x10`."""
        if self.varied:
            return f'{self.rows[0]}-{self.rows[-1]}'
        return f'{self.rows[0]}' if self.rows == self.columns else f'{self.rows[0]}x{self.columns[0]}'

    @property
    def varied(self) -> bool:
        """Whether each puzzle draws its own size."""
        return len(self.rows) > 1

    @property
    def largest(self) -> tuple[int, int]:
        """Rows and columns of the largest board."""
        return self.rows[-1], self.columns[-1]

    def draw(self, rng: random.Random) -> tuple[int, int]:
        """Rows and columns of a puzzle: from a range mostly a square. One size takes nothing from the random stream."""
        if not self.varied:
            return self.largest
        rows = rng.choice(self.rows)
        if rng.random() < SQUARES:
            return rows, rows
        return rows, rng.choice([side for side in self.columns if side != rows])


def read_sizes(text: str) -> Sizes:
    """What a `--size` says. ValueError for anything else."""
    found = WRITTEN.fullmatch(text)
    if not found:
        raise ValueError(f'no board size {text!r}: say 10, 8x12 (rows x columns) or 5-15 (each puzzle draws its own)')
    first, sign, second = int(found[1]), found[2], int(found[3] or found[1])
    if min(first, second) < LEAST_SIDE:
        raise ValueError(f'board size {text!r}: a side has at least {LEAST_SIDE} cells')
    if sign == '-':
        if first > second:
            raise ValueError(f'board size {text!r}: the smaller side of a range comes first, {second}-{first}')
        return Sizes(range(first, second + 1), range(first, second + 1))
    return Sizes(range(first, first + 1), range(second, second + 1))
