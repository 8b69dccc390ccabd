"""Heyawake puzzles: random rooms, a shading by SAT; rooms split until it is unique, then merged, and numbers dropped.

Cell i is variable order[i] (a random numbering, so that the solver's choices are random too): it is shaded. Merged rooms are
rectangles, in some puzzles also L, T and other shapes, as people draw them.
"""

import itertools
import random
from collections.abc import Sequence

from pysat.card import CardEnc, EncType

from ...generate.board import Board, board
from ...generate.sat import Clause, LazySolver, Model, exactly

MOST_ROOMS_AT_FIRST, MOST_ROOMS = 0.26, 0.28  # a share of the cells
MOST_SPLITS = 40
MOST_CELLS_OF_A_RECTANGLE, MOST_CELLS_OF_ANOTHER_SHAPE = 20, 10
SHAPED_PUZZLES = 0.5  # share of the puzzles whose rooms need not be rectangles
Span = tuple[int, ...]


class Shading:
    """The rules for one board, with spans and room numbers as selectors that come when first asked for."""

    def __init__(self, here: Board, rng: random.Random):
        self.here = here
        self.rng = rng
        self.var = list(range(1, len(here) + 1))
        rng.shuffle(self.var)
        apart = [[-self.var[i], -self.var[j]] for i in here.cells for j in here.neighbours[i] if i < j]
        self.solver = LazySolver(len(here), apart, self._cuts)
        self._spans: dict[Span, int] = {}

    def shaded(self, model: Model) -> list[bool]:
        return [model[v - 1] > 0 for v in self.var]

    def spans(self, spans: Sequence[Span]) -> list[int]:
        """Selectors: none of these lines of cells, each across two borders, is all white."""
        for span in spans:
            if span not in self._spans:
                self._spans[span] = self.solver.new()
                self.solver.add([-self._spans[span], *(self.var[i] for i in span)])
        return [self._spans[span] for span in spans]

    def number(self, cells: Sequence[int], count: int) -> int:
        """Selector: so many of these cells are shaded."""
        selector = self.solver.new()
        literals = [self.var[i] for i in cells]
        if len(cells) <= 9:
            clauses = exactly(literals, count)
        else:
            encoding = CardEnc.equals(lits=literals, bound=count, top_id=self.solver.variables, encoding=EncType.seqcounter)
            self.solver.variables = max(self.solver.variables, encoding.nv)
            clauses = encoding.clauses
        for clause in clauses:
            self.solver.add([-selector, *clause])
        return selector

    def forbid(self, shaded: Sequence[bool]) -> int:
        """Selector: not this shading."""
        selector = self.solver.new()
        self.solver.add([-selector, *(-v if s else v for v, s in zip(self.var, shaded, strict=True))])
        return selector

    def _cuts(self, model: Model) -> list[Clause]:
        """The white cells hang together: each part has a white cell on its border, or is not white, or is all there is."""
        here = self.here
        parts = here.components([not s for s in self.shaded(model)])
        if len(parts) < 2:
            return []
        clauses = []
        for k, part in enumerate(parts):
            border = here.border(part)
            near = set(part) | border
            # Of two neighbours one is white, so two of them beyond the border mean that this part isn't all there is.
            beyond = any(j not in near for i in here.cells if i not in near for j in here.neighbours[i])
            witness = [] if beyond else [self.var[self.rng.choice(parts[k - 1])]]
            clauses.append([self.var[self.rng.choice(part)], *witness, *(-self.var[i] for i in sorted(border))])
        return clauses


def random_rooms(here: Board, rng: random.Random) -> list[int]:
    """A room id for each cell: rectangles laid row by row."""
    rooms = [-1] * len(here)
    largest = rng.choice((3, 3, 4, 4, 5))
    count = 0
    for cell in here.cells:
        if rooms[cell] >= 0:
            continue
        row, col = divmod(cell, here.cols)
        free = 0
        while free < largest and col + free < here.cols and rooms[cell + free] < 0:
            free += 1
        width = rng.randint(min(free, rng.choice((1, 2, 2))), free)
        height = min(rng.randint(1, largest), here.rows - row)
        if width == height == 1 and rng.random() < 0.8:
            width, height = min(free, 2), min(2, here.rows - row)
        for r in range(row, row + height):
            for c in range(col, col + width):
                rooms[r * here.cols + c] = count
        count += 1
    return rooms


def line_spans(line: Sequence[int], rooms: Sequence[int]) -> list[Span]:
    """Each shortest run of a line's cells that crosses two room borders."""
    borders = [k for k in range(len(line) - 1) if rooms[line[k]] != rooms[line[k + 1]]]
    return [tuple(line[a : b + 2]) for a, b in itertools.pairwise(borders)]


def spans_of(here: Board, rooms: Sequence[int]) -> list[Span]:
    """Each shortest line of cells that crosses two room borders; one of its cells is shaded."""
    return sorted({span for line in here.lines for span in line_spans(line, rooms)})


def make(rows: int, cols: int, rng: random.Random) -> dict | None:
    """A record, or None if this try led nowhere (most do)."""
    here = board(rows, cols)
    rooms = random_rooms(here, rng)
    if max(rooms) + 1 > len(here) * MOST_ROOMS_AT_FIRST:
        return None
    shading = Shading(here, rng)
    with shading.solver:
        shading.solver.prefer([v if rng.random() < 0.97 else -v for v in shading.var])
        model = shading.solver.solve(shading.spans(spans_of(here, rooms)))
        if model is None:
            return None
        solution = shading.shaded(model)
        shading.solver.prefer([v if s else -v for v, s in zip(shading.var, solution, strict=True)])
        plan = RoomPlan(shading, rooms, solution)
        if not plan.split_until_unique():
            return None
        plan.merge(goal=rng.randint(int(len(here) * 0.13), int(len(here) * 0.24)))
        numbered = plan.drop_numbers()
    return record_of(here, plan.rooms, {r: plan.shaded_in(plan.cells[r]) for r in numbered}, solution)


class RoomPlan:
    """Rooms and their numbers around a fixed solution, changed step by step while the solution stays valid."""

    def __init__(self, shading: Shading, rooms: list[int], solution: list[bool]):
        self.shading, self.here, self.rng = shading, shading.here, shading.rng
        self.rooms, self.solution = rooms, solution
        self.other = shading.forbid(solution)
        self.cells = {room: [i for i in self.here.cells if rooms[i] == room] for room in range(max(rooms) + 1)}
        self.numbers = {room: self._number(cells) for room, cells in self.cells.items()}

    def shaded_in(self, cells: Sequence[int]) -> int:
        return sum(self.solution[i] for i in cells)

    def _number(self, cells: Sequence[int]) -> int:
        return self.shading.number(cells, self.shaded_in(cells))

    def second(self, rooms: Sequence[int], numbers: Sequence[int]) -> list[bool] | None:
        """Another solution of these rooms and numbers, if there is one."""
        spans = self.shading.spans(spans_of(self.here, rooms))
        model = self.shading.solver.solve([self.other, *spans, *numbers])
        return None if model is None else self.shading.shaded(model)

    def split_until_unique(self) -> bool:
        """Cuts rooms so that the second solution found gets a number wrong; False if that leads nowhere."""
        for _ in range(MOST_SPLITS):
            second = self.second(self.rooms, list(self.numbers.values()))
            if second is None:
                return True
            if not self._split_against(second) or len(self.cells) > len(self.here) * MOST_ROOMS:
                return False
        return False

    def _split_against(self, second: list[bool]) -> bool:
        cuts = []
        for room in sorted({self.rooms[i] for i in self.here.cells if self.solution[i] != second[i]}):
            cells = self.cells[room]
            for place in (lambda i: i // self.here.cols, lambda i: i % self.here.cols):
                for edge in sorted({place(i) for i in cells})[1:]:
                    part = [i for i in cells if place(i) < edge]
                    if self.shaded_in(part) != sum(second[i] for i in part):
                        cuts.append((room, part, [i for i in cells if i not in part]))
        self.rng.shuffle(cuts)
        old_spans = set(spans_of(self.here, self.rooms))
        for room, part, rest in cuts:
            new = max(self.cells) + 1
            rooms = [new if i in rest else r for i, r in enumerate(self.rooms)]
            new_spans = set(spans_of(self.here, rooms)) - old_spans
            if all(any(self.solution[i] for i in span) for span in new_spans):
                self.rooms = rooms
                for id_, cells in ((room, part), (new, rest)):
                    self.cells[id_], self.numbers[id_] = cells, self._number(cells)
                return True
        return False

    def merge(self, goal: int) -> None:
        """Joins rooms while the solution stays the only one, down to `goal` rooms."""
        shaped = self.rng.random() < SHAPED_PUZZLES
        failed: set[tuple[int, int]] = set()
        while len(self.cells) > goal:
            pairs = [p for p in self._touching() if p not in failed and self._may_merge(*p, shaped)]
            if not pairs:
                return
            a, b = self.rng.choice(pairs)
            rooms = [a if r == b else r for r in self.rooms]
            joined = sorted(self.cells[a] + self.cells[b])
            number = self._number(joined)
            if self.second(rooms, [*(n for r, n in self.numbers.items() if r not in (a, b)), number]) is None:
                self.rooms = rooms
                self.cells[a], self.numbers[a] = joined, number
                del self.cells[b], self.numbers[b]
                failed = {pair for pair in failed if a not in pair and b not in pair}
            else:
                failed.add((a, b))

    def _touching(self) -> list[tuple[int, int]]:
        pairs = set()
        for i in self.here.cells:
            for j in self.here.neighbours[i]:
                if self.rooms[i] < self.rooms[j]:
                    pairs.add((self.rooms[i], self.rooms[j]))
        return sorted(pairs)

    def _may_merge(self, a: int, b: int, shaped: bool) -> bool:
        cells = self.cells[a] + self.cells[b]
        rows, cols = [i // self.here.cols for i in cells], [i % self.here.cols for i in cells]
        if (max(rows) - min(rows) + 1) * (max(cols) - min(cols) + 1) == len(cells):
            return len(cells) <= MOST_CELLS_OF_A_RECTANGLE
        return shaped and len(cells) <= MOST_CELLS_OF_ANOTHER_SHAPE

    def drop_numbers(self) -> list[int]:
        """The rooms whose numbers are needed, a minimal set."""
        order = list(self.numbers)
        self.rng.shuffle(order)
        kept = set(order)
        for room in order:
            if self.second(self.rooms, [self.numbers[r] for r in order if r in kept and r != room]) is None:
                kept.discard(room)
        return sorted(kept)


def solver_of(record: dict) -> tuple[LazySolver, list[int], list[int]]:
    """A solver for a record, what to assume, and the variables that tell its solutions apart."""
    here = board(record['rows'], record['cols'])
    rooms = [r for row in record['rooms'] for r in row]
    clues = [v for row in record['clues'] for v in row]
    shading = Shading(here, random.Random(0))
    assumed = shading.spans(spans_of(here, rooms))
    for cell in here.cells:
        if clues[cell] >= 0:
            assumed.append(shading.number([i for i in here.cells if rooms[i] == rooms[cell]], clues[cell]))
    return shading.solver, assumed, shading.var


def record_of(here: Board, rooms: Sequence[int], numbers: dict[int, int], solution: Sequence[bool]) -> dict:
    """Rooms are numbered in reading order; a number stands in its room's first cell."""
    ids: dict[int, int] = {}
    clues = []
    for room in rooms:
        clues.append(-1 if room in ids else numbers.get(room, -1))
        ids.setdefault(room, len(ids))
    return {
        'type': 'heyawake',
        'rows': here.rows,
        'cols': here.cols,
        'clues': here.grid(clues),
        'rooms': here.grid([ids[room] for room in rooms]),
        'roomnums': [numbers.get(room, -1) for room in ids],
        'solution': here.grid([int(v) for v in solution]),
    }
