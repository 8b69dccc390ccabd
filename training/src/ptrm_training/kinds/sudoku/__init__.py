"""Sudoku, as training knows it: boards of one side, records of 81 characters, a model of its own."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ...generate.files import Record
from ...generate.url_codes import UrlForm
from ..record import Job, Kind, Option
from .generator import CELLS, FEWEST_CLUES, records
from .rules import keeps_rules
from .tokens import grids_of, invariant
from .url import read_digits, write_digits

if TYPE_CHECKING:
    from .trm import SudokuTrm


def _model(sizes: Mapping[str, Any]) -> 'type[SudokuTrm]':
    from .trm import SudokuTrm

    return SudokuTrm


def _digest_of(puzzle: Record, tokens: Sequence[np.ndarray] | None) -> str:
    return invariant(puzzle['puzzle'])


def _generate(job: Job) -> Iterable[Record]:
    first, count = job.indices.start, len(job.indices)
    return records(job.seed, first, count, job.options['min_guesses'], job.options['max_clues'])


def _id_part(job: Job) -> str:
    most = job.options['max_clues']
    return str(job.options['min_guesses']) + (f'-max{most}' if most < CELLS else '')


KIND = Kind(
    name='sudoku',
    side=9,
    smaller_boards=False,
    vocab_size=10,
    answer_tokens=tuple(range(1, 10)),
    variants=1,
    grids_of=grids_of,
    digest_of=_digest_of,
    side_of=lambda puzzle: 9,
    model=_model,
    generate=_generate,
    batch=200,
    options=(
        Option('min_guesses', 0, 'Sudoku: only puzzles as hard as this'),
        Option(
            'max_clues',
            CELLS,
            'Sudoku: at most so many clues; 19 to 21 are practical',
            least=FEWEST_CLUES,
            too_small=f'the search hardly ever gets below {FEWEST_CLUES}',
        ),
    ),
    id_part=_id_part,
    url=UrlForm('sudoku', write_digits, read_digits),
    keeps_rules=keeps_rules,
)
