"""Tapa, as training knows it."""

from collections.abc import Iterable
from random import Random

from ...generate.files import Record
from ...generate.url_codes import clue_form
from ..record import Compared, Job, Option, one_by_one, pencil_kind
from .rules import keeps_rules
from .tokens import encode
from .url import read_clues, write_clues


def _generate(job: Job) -> Iterable[Record]:
    from . import generator, laid_out

    def make(rows: int, cols: int, rng: Random, like_people: int, **options: int) -> Record | None:
        if like_people:
            return laid_out.make(rows, cols, rng)
        return generator.make(rows, cols, rng, **options)

    return one_by_one(job, make)


def _id_part(job: Job) -> str:
    orders = job.options['orders']
    if job.options['like_people']:
        return f'{job.sizes}-laid-out'
    return f'{job.sizes}-best{orders}' if orders > 1 else str(job.sizes)


def _compared() -> Compared:
    from .features import by_solver, features

    return Compared(features, by_solver)


KIND = pencil_kind(
    'tapa',
    vocab_size=46,
    answers=2,
    encode=encode,
    generate=_generate,
    batch=32,
    options=(
        Option('orders', 1, 'Tapa: best of so many deletion orders (8: fewer clues, slower)'),
        Option('like_people', 0, 'Tapa: 1 for boards as people lay them out: symmetric, few clues, some "?"'),
    ),
    id_part=_id_part,
    url=clue_form('tapa', None, write_clues, read_clues),
    keeps_rules=keeps_rules,
    compared=_compared,
)
