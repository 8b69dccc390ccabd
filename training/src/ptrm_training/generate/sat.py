"""SAT for the generators: connectivity comes as cuts when an answer breaks it, clues are switched by selectors.

A clue's clauses hold only while its selector literal is assumed, so one solver serves all subsets of a puzzle's clues.
"""

import itertools
import random
from collections.abc import Callable, Iterable, Sequence

from pysat.solvers import Solver

Clause = list[int]
Model = list[int]


class LazySolver:
    """An incremental solver; `cuts(model)` gives the clauses that a model breaks, none if the model is right."""

    def __init__(
        self,
        variables: int,
        clauses: Iterable[Sequence[int]],
        cuts: Callable[[Model], list[Clause]] | None = None,
        search: str = 'minisat22',
    ):
        self.variables = variables
        self._cuts = cuts
        self._solver = Solver(name=search, bootstrap_with=clauses)

    def __enter__(self) -> 'LazySolver':
        return self

    def __exit__(self, *_: object) -> None:
        self._solver.delete()

    def new(self) -> int:
        self.variables += 1
        return self.variables

    def add(self, clause: Clause) -> None:
        self._solver.add_clause(clause)

    def prefer(self, literals: Sequence[int]) -> None:
        """The values that the search tries first."""
        self._solver.set_phases(literals)

    def solve(self, assumed: Sequence[int] = ()) -> Model | None:
        """A model that no cut forbids (model[v - 1] is v or -v), or None if there is none."""
        while self._solver.solve(assumptions=assumed):
            model = self._solver.get_model()
            cuts = self._cuts(model) if self._cuts else []
            if not cuts:
                return model
            for clause in cuts:
                self._solver.add_clause(clause)
        return None

    def implied(self, assumed: Sequence[int] = ()) -> list[int]:
        """The literals that unit propagation alone finds under these assumptions, themselves included."""
        return self._solver.propagate(assumptions=assumed)[1]

    def conflicts(self) -> int:
        """How often the search has had to turn back so far."""
        return self._solver.accum_stats()['conflicts']

    def core(self) -> list[int]:
        """Some of the last call's assumptions that can't hold together."""
        return self._solver.get_core() or []


def exactly(literals: Sequence[int], count: int, unless: Sequence[int] = ()) -> list[Clause]:
    """`count` of the literals hold, or one of `unless`; every combination written out, so for few literals."""
    few = [[*unless, *(-x for x in chosen)] for chosen in itertools.combinations(literals, count + 1)]
    many = [[*unless, *chosen] for chosen in itertools.combinations(literals, len(literals) - count + 1)]
    return few + many


def minimise(
    solver: LazySolver, clues: Sequence[int], other: int, rng: random.Random, order: Sequence[int] | None = None
) -> list[int] | None:
    """A minimal subset of the clues (selectors) under which the solution stays the only one; None if all of them don't do.

    `other` is the literal that forbids the solution itself. `order`: all clues, the last ones are given up first; without it
    they go in random order, after all that an unsatisfiable core does without.
    """
    if solver.solve([other, *clues]) is not None:
        return None
    core = set(solver.core())
    kept = list(order) if order else [c for c in clues if c in core]
    tried = kept[::-1] if order else rng.sample(kept, len(kept))
    alive = set(kept)
    for clue in tried:
        if clue not in alive:
            continue
        if solver.solve([other, *(c for c in kept if c in alive and c != clue)]) is None:
            alive.discard(clue)
            if not order:
                alive &= set(solver.core())
    return [c for c in kept if c in alive]


def thinned_out(
    solver: LazySolver, clues: Sequence[int], fixed: Sequence[int], spared: Callable[[int], bool]
) -> list[int] | None:
    """The clues (selectors) that are left when one after the other, in their order, goes if no solution comes of it.

    `fixed`: what is assumed beside, with the literal that forbids the solution itself. `spared` ones stay though they need not.
    None if there is a solution with all clues.
    """
    if solver.solve([*fixed, *clues]) is not None:
        return None
    needed = set(solver.core())
    kept = list(clues)
    for clue in clues:
        if spared(clue):
            continue
        without = [c for c in kept if c != clue]
        if clue in needed:  # else the last proof did without it
            if solver.solve([*fixed, *without]) is not None:
                continue
            needed = set(solver.core())
        kept = without
    return kept
