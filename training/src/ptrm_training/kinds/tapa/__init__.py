"""Tapa, as training knows it."""

from collections.abc import Iterable

from ...generate.files import Record
from ...generate.url_codes import clue_form
from ..record import LIKE_PEOPLE, Compared, Job, Option, one_by_one, pencil_kind, plain_or_laid_out, size_and_layout
from .rules import keeps_rules
from .tokens import encode
from .url import read_clues, write_clues


def _generate(job: Job) -> Iterable[Record]:
    from . import generator, laid_out

    return one_by_one(job, plain_or_laid_out(generator.make, laid_out.make))


def _id_part(job: Job) -> str:
    orders = job.options['orders']
    return f'{job.sizes}-best{orders}' if orders > 1 and not job.options['like_people'] else size_and_layout(job)


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
        Option(
            'orders',
            1,
            'Tapa: best of so many deletion orders (8: fewer clues, slower)',
            least=1,
            too_small='without an order no clue is left, and many solutions are',
        ),
        LIKE_PEOPLE,
    ),
    id_part=_id_part,
    url=clue_form('tapa', None, write_clues, read_clues),
    keeps_rules=keeps_rules,
    compared=_compared,
)
