"""Heyawake boards laid out as people draw them: the rooms come first, then a shading that fills many of them.

At first all rooms have their numbers. Where a second shading has the same ones, the shading changes around the place where the
two differ, or a room is split so that they part. At the end numbers go, small ones first, and a share of those that could go
stays, as with people. A split only adds to what a shading must keep, so one solver serves a board from its first shading on.
"""

import random
from collections.abc import Iterable, Iterator, Sequence

from ...generate.board import board
from ...generate.sat import Clause, Model, thinned_out
from .chains import parting_chains
from .generator import Shading, Span, line_spans, record_of, spans_of
from .layout import Layout, draw_rooms

FILLED = (0.3, 1.0)  # share of the rooms that are to have as many shaded cells as they hold
MOST_ROUNDS = 60
RINGS = 2  # how far around a difference the shading may change
STAYS_DARK = 0.9  # share of the cells there that are tried as shaded first
MOST_ROOMS = 0.27  # a share of the cells
NO_SPARE = 0.3  # share of the boards whose numbers are all needed
MOST_SPARE = 0.7
CELLS_LIKE_ONE = 4  # so many cells of a room count as one more in its number, when small ones go first
DISORDER = 0.8  # standard deviation of what chance adds

Cut = list[list[int]]  # the rooms that come out of one, or of two that are twins


def make(rows: int, cols: int, rng: random.Random) -> dict | None:
    """A record, or None if this try led nowhere."""
    here = board(rows, cols)
    layout = draw_rooms(here, rng)
    draft = Draft(layout, rng)
    with draft.solver:
        if not draft.shade() or not draft.make_unique():
            return None
        numbered = draft.numbers_to_show()
    return record_of(here, layout.room, {room: draft.counts[room] for room in numbered}, draft.solution)


class ChainShading(Shading):
    """The rules, with chains of shaded cells as the cuts that keep the white cells together."""

    def _cuts(self, model: Model) -> list[Clause]:
        return [[-self.var[i] for i in chain] for chain in parting_chains(self.here, self.shaded(model))]


class Draft:
    """Rooms, a shading that keeps the rules in them, and how many shaded cells each room has."""

    def __init__(self, layout: Layout, rng: random.Random):
        self.layout, self.here, self.rng = layout, layout.here, rng
        self.shading = ChainShading(self.here, rng)
        self.solver, self.var = self.shading.solver, self.shading.var
        self._numbers: dict[tuple[int, int], int] = {}
        self.solution: list[bool] = []
        self.counts: dict[int, int] = {}
        self.other = 0  # the selector of "not this solution"

    def shade(self) -> bool:
        """A shading that fills a share of the rooms as far as it can; False if there is none for these rooms."""
        self._keep(spans_of(self.here, self.layout.room))
        self.solver.prefer(self.var)
        model = self.solver.solve()
        if model is None:
            return False
        shaded = self.shading.shaded(model)
        filled: list[int] = []
        rooms = sorted(self.layout.cells)
        for room in self.rng.sample(rooms, int(self.rng.uniform(*FILLED) * len(rooms))):
            for count in self._high_counts(room, shaded):
                model = self.solver.solve([*filled, self._number(room, count)])
                if model is not None:
                    shaded = self.shading.shaded(model)
                    filled.append(self._number(room, count))
                    self.solver.prefer([v if s or self.rng.random() < 0.5 else -v for v, s in zip(self.var, shaded, strict=True)])
                    break
        self._take(shaded)
        return True

    def _high_counts(self, room: int, shaded: Sequence[bool]) -> list[int]:
        """What a room may be filled to, the highest first: every second cell as on a chessboard, or one less."""
        cells = self.layout.cells[room]
        light = sum(sum(divmod(i, self.here.cols)) % 2 for i in cells)
        most = max(light, len(cells) - light)
        return [count for count in (most, most - 1) if count >= max(1, sum(shaded[i] for i in cells))]

    def make_unique(self) -> bool:
        """Changes shading and rooms until the numbers of all rooms leave one solution; False if that leads nowhere."""
        for _ in range(MOST_ROUNDS):
            self._prefer(self.solution)
            model = self.solver.solve([self.other, *self._selectors(self.counts)])
            if model is None:
                return True
            second = self.shading.shaded(model)
            changed = self._shaded_anew(second)
            if changed and self._unique_near(changed, second):
                self._take(changed)
            elif not self._split_against(second):
                if changed is None:
                    return False
                self._take(changed)
        return False

    def _shaded_anew(self, second: Sequence[bool]) -> list[bool] | None:
        """Another shading that differs from the solution near to where the second one does; None if there is none."""
        near = self._around(second)
        self._prefer([self.rng.random() < STAYS_DARK if i in near else s for i, s in enumerate(self.solution)])
        fixed = [self._literal(i, self.solution[i]) for i in self.here.cells if i not in near]
        model = self.solver.solve([self.other, self.shading.forbid(second), *fixed])
        return None if model is None else self.shading.shaded(model)

    def _unique_near(self, shaded: Sequence[bool], second: Sequence[bool]) -> bool:
        """Whether no other shading with the same numbers differs from this one only around that place."""
        near = self._around(second, RINGS)
        fixed = [self._literal(i, shaded[i]) for i in self.here.cells if i not in near]
        numbers = self._selectors(self._counts_of(shaded))
        return self.solver.solve([self.shading.forbid(shaded), *numbers, *fixed]) is None

    def _around(self, second: Sequence[bool], further: int = 0) -> set[int]:
        """The cells where the second shading differs, and those around them."""
        near = {i for i in self.here.cells if self.solution[i] != second[i]}
        for _ in range(RINGS + further):
            near |= {j for i in near for j in self.here.rings[i] if j is not None}
        return near

    def _split_against(self, second: Sequence[bool]) -> bool:
        """Splits a room so that the solution keeps the rules and the second one doesn't, or gets a number wrong."""
        if len(self.layout.cells) >= MOST_ROOMS * len(self.here):
            return False
        for cut in sorted(self._cuts_near(second), key=self._worth, reverse=True):
            room = list(self.layout.room)
            for number, part in enumerate(cut):
                for i in part:
                    room[i] = -1 - number
            spans = self._spans_at(room, [i for part in cut for i in part])
            if not all(any(self.solution[i] for i in span) for span in spans):
                continue
            parted = any(sum(self.solution[i] for i in part) != sum(second[i] for i in part) for part in cut)
            if parted or not all(any(second[i] for i in span) for span in spans):
                for part in cut:
                    self.layout.place(part)
                self._keep(spans)
                self.counts = self._counts_of(self.solution)
                return True
        return False

    def _worth(self, cut: Cut) -> float:
        """Rooms of one or two cells are worth less, cuts of large rooms more; else by chance."""
        smallest = min(map(len, cut))
        return self.rng.random() + min(smallest, 3) / 2 + (sum(map(len, cut)) > 6) / 2

    def _cuts_near(self, second: Sequence[bool]) -> Iterator[Cut]:
        """Straight cuts of the rooms where the two shadings differ; with symmetric rooms of the twin as well."""
        for room in sorted({self.layout.room[i] for i in self.here.cells if self.solution[i] != second[i]}):
            cells = self.layout.cells[room]
            for line in (lambda i: i // self.here.cols), (lambda i: i % self.here.cols):
                for edge in sorted({line(i) for i in cells})[1:]:
                    parts = [[i for i in cells if line(i) < edge], [i for i in cells if line(i) >= edge]]
                    yield self._with_twin(room, parts) if self.layout.symmetric else parts

    def _with_twin(self, room: int, parts: Cut) -> Cut:
        small = min(parts, key=len)
        twin = self.layout.twin(small)
        twin_room = self.layout.room[twin[0]]
        if twin_room != room:
            return [*parts, twin, [i for i in self.layout.cells[twin_room] if i not in twin]]
        rest = [i for i in self.layout.cells[room] if i not in small and i not in twin]
        return [part for part in (small, twin, rest) if part]

    def _spans_at(self, room: Sequence[int], cells: Iterable[int]) -> list[Span]:
        """The spans in the rows and columns of these cells."""
        rows, cols = zip(*(divmod(i, self.here.cols) for i in cells), strict=True)
        lines = [self.here.row_lines[r] for r in sorted(set(rows))] + [self.here.col_lines[c] for c in sorted(set(cols))]
        return [span for line in lines for span in line_spans(line, room)]

    def numbers_to_show(self) -> list[int]:
        """The rooms whose numbers stay: enough for one solution, and a share of the spare ones."""
        spare = 0 if self.rng.random() < NO_SPARE else self.rng.random() * MOST_SPARE
        rooms = {self._number(room, self.counts[room]): room for room in sorted(self.counts, key=self._interest)}
        spared = {n for n, room in rooms.items() if self.counts[room] and self.rng.random() < spare}
        kept = thinned_out(self.solver, list(rooms), [self.other], spared.__contains__)
        return sorted(rooms[n] for n in kept or ())

    def _interest(self, room: int) -> float:
        """Numbers go in this order: small ones and those of small rooms first."""
        return self.counts[room] + len(self.layout.cells[room]) / CELLS_LIKE_ONE + self.rng.gauss(0, DISORDER)

    def _keep(self, spans: Iterable[Span]) -> None:
        for span in spans:
            self.solver.add([self.var[i] for i in span])

    def _take(self, shaded: list[bool]) -> None:
        self.solution, self.counts, self.other = shaded, self._counts_of(shaded), self.shading.forbid(shaded)

    def _counts_of(self, shaded: Sequence[bool]) -> dict[int, int]:
        return {room: sum(shaded[i] for i in cells) for room, cells in self.layout.cells.items()}

    def _number(self, room: int, count: int) -> int:
        """The selector of "this room has so many shaded cells"; rooms that change get a new name."""
        if (room, count) not in self._numbers:
            self._numbers[room, count] = self.shading.number(self.layout.cells[room], count)
        return self._numbers[room, count]

    def _selectors(self, counts: dict[int, int]) -> list[int]:
        return [self._number(room, count) for room, count in counts.items()]

    def _literal(self, cell: int, shaded: bool) -> int:
        return self.var[cell] if shaded else -self.var[cell]

    def _prefer(self, shaded: Sequence[bool]) -> None:
        self.solver.prefer([self._literal(i, s) for i, s in enumerate(shaded)])
