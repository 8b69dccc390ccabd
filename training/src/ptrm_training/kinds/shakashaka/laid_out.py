"""Shakashaka boards laid out as people draw them: large tilted squares and rectangles, few walls, seldom side by side.

The search for an answer is led by random tilted rectangles. Where a second answer has the same walls and numbers, a wall comes to
a cell where the two differ, and the answer changes around it. Then walls go again, one by one, where the answer can change
around them and stays the only one. At the end numbers go, zeros first, and a share of those that could go stays.
"""

import random
from collections.abc import Iterable, Sequence

from ...generate.board import Board, board
from ...generate.sat import LazySolver, Model, thinned_out
from .generator import (
    BLANK,
    BLOCK,
    TRIANGLES,
    WALL,
    answer_of,
    covered,
    literals,
    record_of,
    rules,
    variable,
    wall_literals,
)

SIDES_BESIDE = (0.0, 0.7)  # of a board's pairs of neighbours, the share that may both be walls
TILTED_SIDES = (1, 2, 2, 3, 3)  # of the rectangles that lead the search, in half diagonals of a cell
LOOSE_TRIANGLES = 0.6  # share of the cells between them where the search tries a triangle first
WALLS = (0.07, 0.19, 0.09)  # a cell: least, most and mode of what a board is reduced to, if it can be
MOST_WALLS = 0.22
ROUNDS = 0.6  # at most, a cell
RINGS = 2  # how far around a cell the answer may change
NO_SPARE = 0.25  # share of the boards whose numbers are all needed
MOST_SPARE = 0.9
ZERO_SOONER = 0.5  # zeros go so much sooner than other numbers, which go in random order within 0 to 1

Filling = list[int]  # what each cell holds: BLANK, BLOCK or a triangle


def make(rows: int, cols: int, rng: random.Random) -> dict | None:
    """A record, or None if this try led nowhere."""
    here = board(rows, cols)
    draft = Draft(here, rng)
    with draft.solver:
        if not draft.fill() or not draft.make_unique():
            return None
        draft.remove_walls()
        numbers = draft.numbers_to_show()
    if draft.answer.count(BLOCK) > MOST_WALLS * len(here):
        return None
    walls = [value == BLOCK for value in draft.answer]
    return record_of(here, walls, numbers, [0 if wall else value for value, wall in zip(draft.answer, walls, strict=True)])


def tilted_rectangle(row: int, col: int, height: int, width: int) -> tuple[dict[tuple[int, int], int], set[tuple[int, int]]]:
    """The triangles (2-5) along its four sides, and the blank cells inside; (row, col): the upper end of its upper left side.

    `height` cells lie along the sides that go down to the left, `width` along those that go down to the right.
    """
    sides = {(row + k, col - k): 5 for k in range(height)}  # upper left; lower right
    sides |= {(row + width + k, col + width - k): 3 for k in range(height)}
    sides |= {(row + k, col + 1 + k): 4 for k in range(width)}  # upper right; lower left
    sides |= {(row + height + k, col - height + 1 + k): 2 for k in range(width)}
    inside = set()
    for r in range(row, row + height + width):
        ends = [c for a, c in sides if a == r]
        inside |= {(r, c) for c in range(min(ends) + 1, max(ends))}
    return sides, inside - set(sides)


class Draft:
    """An answer and its walls; the numbers are those of all walls."""

    def __init__(self, here: Board, rng: random.Random):
        self.here, self.rng = here, rng
        variables, clauses, self._numbers = rules(here.rows, here.cols)
        both = rng.uniform(*SIDES_BESIDE)
        pairs = [(i, j) for i in here.cells for j in here.neighbours[i] if i < j]
        apart = [[-variable(i, WALL), -variable(j, WALL)] for i, j in pairs if rng.random() >= both]
        self.solver = LazySolver(variables, [*clauses, *apart], search='glucose4')  # half as fast again as minisat22 here
        self._literals = literals(len(here))
        self.answer: Filling = []
        self.other = 0  # the selector of "other triangles"

    def fill(self) -> bool:
        self._prefer(self._wished(self.here.cells))
        model = self.solver.solve()
        if model is None:
            return False
        self._take(self._filling(model))
        return True

    def make_unique(self) -> bool:
        """Adds walls until their numbers leave one answer; False if that leads nowhere."""
        for _ in range(int(ROUNDS * len(self.here))):
            second = self._second(self.answer, self.other)
            if second is None:
                return True
            differs = [i for i in self.here.cells if self.answer[i] != second[i]]
            new = self._changed(differs, variable(self.rng.choice(differs), WALL))
            if new is None:
                return False
            self._take(new)
        return False

    def remove_walls(self) -> None:
        """Takes walls away where the answer can change around them, has fewer walls then and is still the only one."""
        wanted = self.rng.triangular(*WALLS) * len(self.here)
        for wall in self.rng.sample(self.here.cells, len(self.here)):
            walls = self.answer.count(BLOCK)
            if walls <= wanted:
                return
            if self.answer[wall] != BLOCK:
                continue
            new = self._changed([wall], -variable(wall, WALL))
            if new and new.count(BLOCK) < walls:
                other = self._unlike(new)
                if self._second(new, other) is None:
                    self.answer, self.other = new, other

    def numbers_to_show(self) -> dict[int, int]:
        """The walls with a number: enough for one answer, and a share of the spare ones."""
        spare = 0 if self.rng.random() < NO_SPARE else self.rng.random() * MOST_SPARE
        counts = self._counts(self.answer)
        cell_of = {self._numbers[cell, count]: cell for cell, count in counts.items()}
        sooner = lambda selector: self.rng.random() - ZERO_SOONER * (counts[cell_of[selector]] == 0)
        order = sorted(cell_of, key=sooner)
        fixed = [self.other, *self._walls(self.answer)]
        kept = thinned_out(self.solver, order, fixed, lambda _: self.rng.random() < spare)
        return {cell_of[selector]: counts[cell_of[selector]] for selector in kept or ()}

    def _second(self, answer: Filling, other: int) -> Filling | None:
        """Another answer with the same walls and numbers."""
        self._prefer(answer)
        numbers = [self._numbers[cell, count] for cell, count in self._counts(answer).items()]
        model = self.solver.solve([other, *self._walls(answer), *numbers])
        return None if model is None else self._filling(model)

    def _changed(self, cells: Iterable[int], literal: int) -> Filling | None:
        """An answer for which the literal holds, changed around these cells alone, if there is one."""
        near = set(cells)
        for _ in range(RINGS):
            near |= {j for i in near for j in self.here.rings[i] if j is not None}
        wished = self._wished(sorted(near))
        self._prefer([value if i not in near else wish for i, (value, wish) in enumerate(zip(self.answer, wished, strict=True))])
        fixed = [x for i, value in enumerate(self.answer) if i not in near for x in self._holds(i, value)]
        model = self.solver.solve([literal, *fixed])
        return None if model is None else self._filling(model)

    def _holds(self, cell: int, value: int) -> list[int]:
        """The fewest literals that say what a cell holds: each one assumed takes the search its time."""
        if value == BLANK:
            return [-variable(cell, WALL), -covered(len(self.here), cell)]
        return [variable(cell, WALL if value == BLOCK else value - 1)]

    def _wished(self, cells: Sequence[int]) -> Filling:
        """What the search tries first: random tilted rectangles that fit into these cells, random triangles between them."""
        rng, cols = self.rng, self.here.cols
        free = set(cells)
        wished = [rng.choice(TRIANGLES) + 1 if rng.random() < LOOSE_TRIANGLES else BLANK for _ in self.here.cells]
        for _ in cells:
            row, col = divmod(rng.choice(cells), cols)
            sides, inside = tilted_rectangle(row, col, rng.choice(TILTED_SIDES), rng.choice(TILTED_SIDES))
            if all(0 <= c < cols and r * cols + c in free for r, c in (*sides, *inside)):
                for (r, c), triangle in sides.items():
                    wished[r * cols + c] = triangle
                for r, c in inside:
                    wished[r * cols + c] = BLANK
                free -= {r * cols + c for r, c in (*sides, *inside)}
        return wished

    def _filling(self, model: Model) -> Filling:
        return [BLOCK if wall else shape for wall, shape in zip(*answer_of(self.here, model), strict=True)]

    def _take(self, answer: Filling) -> None:
        self.answer, self.other = answer, self._unlike(answer)

    def _unlike(self, answer: Filling) -> int:
        """The selector of "not these triangles", for the same walls."""
        other = self.solver.new()
        triangles = [-variable(i, value - 1) for i, value in enumerate(answer) if value > BLOCK]
        blanks = [covered(len(answer), i) for i, value in enumerate(answer) if value == BLANK]
        self.solver.add([-other, *triangles, *blanks])
        return other

    def _counts(self, answer: Filling) -> dict[int, int]:
        """The number of each wall."""
        return {i: sum(answer[j] > BLOCK for j in self.here.neighbours[i]) for i in self.here.cells if answer[i] == BLOCK}

    def _walls(self, answer: Filling) -> list[int]:
        return wall_literals([value == BLOCK for value in answer])

    def _prefer(self, answer: Filling) -> None:
        self.solver.prefer([x for i, value in enumerate(answer) for x in self._literals[i][value]])
