"""What a puzzle kind is to training: one frozen record of its board, tokens, models, generator, notation and rules.

Nothing here knows a particular kind, and a record imports neither PyTorch nor a SAT solver before it is asked for a model
or a puzzle: generating needs no PyTorch, training no python-sat.
"""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..generate.files import Record
from ..generate.sizes import Sizes
from ..generate.url_codes import UrlForm
from ..pencil import SIDE, VARIANTS, Turned, canonical_hash, on_board, turned

if TYPE_CHECKING:
    from ..tied_trm import TiedTrm

Pair = tuple[np.ndarray, np.ndarray]  # input tokens and answer tokens
Make = Callable[..., Record | None]  # of (rows, cols, rng, **options); None: this attempt came to nothing


@dataclass(frozen=True)
class Option:
    """A whole number that changes a kind's puzzles beside their seed: `--max-clues` is `max_clues` here."""

    name: str
    default: int
    help: str
    least: int | None = None
    too_small: str = ''  # why there is a least value

    @property
    def flag(self) -> str:
        return '--' + self.name.replace('_', '-')


LIKE_PEOPLE = Option('like_people', 0, '1: boards as people lay them out, of kinds that have them')


@dataclass(frozen=True)
class Job:
    """Puzzles to generate: those of `indices` of a seed, on boards of these sizes, by all of the kind's options."""

    kind: str
    sizes: Sizes
    seed: int
    indices: range
    options: Mapping[str, int]

    def stream(self, index: int) -> random.Random:
        """The random stream of a puzzle, the same whatever batch it is made in."""
        return random.Random(f'{self.kind} {self.sizes} {self.seed} {index}')


@dataclass(frozen=True)
class Compared:
    """By what boards of a kind are compared: numbers by name, cheap ones and those that take a solver (compare/)."""

    features: Callable[[Record], dict[str, float]]
    by_solver: Callable[[Record], dict[str, float]]


@dataclass(frozen=True, eq=False)
class Kind:
    """One puzzle genre: all that training asks of it."""

    name: str
    side: int  # of the board that its models are trained on
    smaller_boards: bool  # boards of a smaller side lie at the top left of it
    vocab_size: int  # tokens, by docs/kinds.md
    answer_tokens: tuple[int, ...]
    variants: int  # symmetric variants of a puzzle in a training set
    grids_of: Callable[[Record, int], Pair]  # (puzzle, variant): each uint8 [rows, cols]; an answer of 0: nothing to answer
    digest_of: Callable[[Record, Sequence[np.ndarray] | None], str]  # the hash of its twins; token grids of all, if at hand
    side_of: Callable[[Record], int]  # of a puzzle's board: its longer side
    model: Callable[[Mapping[str, Any]], 'type[TiedTrm]']  # which class models of these sizes are
    generate: Callable[[Job], Iterable[Record]]
    batch: int  # puzzles a batch: a tenth of a second to some seconds of work
    url: UrlForm
    keeps_rules: Callable[[Record, Any], bool]  # (puzzle, solution), by the slow reading of the rules
    options: tuple[Option, ...] = ()
    id_part: Callable[[Job], str] = lambda job: str(job.sizes)  # what an id says between the kind and the seed
    features: np.ndarray | None = None  # [vocab, n], 1 where a token has a feature; None: tokens are single things
    compared: Callable[[], Compared] | None = None  # None: no features of its boards are known
    borders: np.ndarray | None = None  # [vocab, 4], 1 where a token has a border at the right, below, at the left, above

    def tokens_of(self, puzzle: Record, variant: int) -> Pair:
        """The same, on the board that models are trained on: each uint8 [side^2], 0 outside the puzzle."""
        tokens, answers = self.grids_of(puzzle, variant)
        return on_board(tokens, self.side, self.side), on_board(answers, self.side, self.side)


def pencil_model(sizes: Mapping[str, Any]) -> 'type[TiedTrm]':
    """Sizes that have `heads` are those of a model with attention."""
    from ..attention_trm import AttentionTrm
    from ..board_trm import BoardTrm

    return AttentionTrm if 'heads' in sizes else BoardTrm


def pencil_kind(name: str, *, answers: int, encode: Callable[[Turned], Pair], **rest: Any) -> Kind:
    """A kind of pencil boards: answers are tokens 1 to `answers`, `encode` gives tokens and answers [rows, cols]."""

    def grids_of(puzzle: Record, variant: int) -> Pair:
        tokens, answered = encode(turned(puzzle, variant))
        return tokens.astype(np.uint8), answered.astype(np.uint8)

    def digest_of(puzzle: Record, tokens: Sequence[np.ndarray] | None) -> str:
        side = max(SIDE, puzzle['rows'], puzzle['cols'])
        grids = [grids_of(puzzle, v)[0] for v in range(VARIANTS)] if tokens is None else tokens
        return canonical_hash([on_board(grid, side, side) for grid in grids])

    return Kind(
        name=name,
        side=SIDE,
        smaller_boards=True,
        answer_tokens=tuple(range(1, answers + 1)),
        variants=VARIANTS,
        grids_of=grids_of,
        digest_of=digest_of,
        side_of=lambda puzzle: max(puzzle['rows'], puzzle['cols']),
        model=pencil_model,
        **rest,
    )


def plain_or_laid_out(plain: Make, laid_out: Make) -> Make:
    """A `make` for kinds with the option LIKE_PEOPLE: one or the other."""

    def make(rows: int, cols: int, rng: random.Random, like_people: int, **options: int) -> Record | None:
        return laid_out(rows, cols, rng) if like_people else plain(rows, cols, rng, **options)

    return make


def size_and_layout(job: Job) -> str:
    """What ids of such kinds say of size and options."""
    return f'{job.sizes}-laid-out' if job.options[LIKE_PEOPLE.name] else str(job.sizes)


def one_by_one(job: Job, make: Make) -> Iterable[Record]:
    """Puzzles, each from a random stream of its own."""
    for index in job.indices:
        rng = job.stream(index)
        rows, cols = job.sizes.draw(rng)
        while (record := make(rows, cols, rng, **job.options)) is None:
            pass
        yield record
