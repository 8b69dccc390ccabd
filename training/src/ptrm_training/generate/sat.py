"""What the SAT-based generators share: an incremental solver with lazy cuts, and clue sets without a spare clue."""

import random
from collections.abc import Callable, Iterable, Sequence

from pysat.solvers import Solver

Clause = list[int]
# Looks at a model (signed literals) and returns clauses that it breaks; none = accepted.
FindCuts = Callable[[list[int]], Iterable[Clause]]


class LazySolver:
    """Solves clauses under assumptions; constraints with too many clauses (connectivity) come as cuts, when broken."""

    def __init__(self, clauses: Iterable[Clause], find_cuts: FindCuts | None = None):
        self._solver = Solver(name='minisat22', bootstrap_with=clauses)
        self._find_cuts = find_cuts

    def __enter__(self) -> 'LazySolver':
        return self

    def __exit__(self, *_) -> None:
        self._solver.delete()

    def solve(self, assumptions: Sequence[int] = ()) -> list[int] | None:
        """A model, or None if there is none under the assumptions; `core` then says which of them clash."""
        while self._solver.solve(assumptions=assumptions):
            model = self._solver.get_model()
            cuts = list(self._find_cuts(model)) if self._find_cuts else []
            if not cuts:
                return model
            for cut in cuts:
                self._solver.add_clause(cut)
        return None

    def core(self) -> set[int]:
        return set(self._solver.get_core() or ())


def minimal_clues(solver: LazySolver, clues: Sequence[int], other: int, rng: random.Random) -> list[int] | None:
    """A subset of the clue literals, none of which can go, that leaves the solution the only one.

    `other` is the literal that forbids the solution: with enough clues assumed there is no model that has it. None if all
    clues together are not enough.
    """
    if solver.solve([other, *clues]) is not None:
        return None
    kept = [c for c in clues if c in solver.core()]
    for clue in rng.sample(kept, len(kept)):
        if clue not in kept:
            continue
        rest = [c for c in kept if c != clue]
        if solver.solve([other, *rest]) is None:
            core = solver.core()
            kept = [c for c in rest if c in core]
    return kept
