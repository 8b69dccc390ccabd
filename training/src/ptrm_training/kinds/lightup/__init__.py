"""Light Up, as training knows it."""

from collections.abc import Iterable

from ...generate.files import Record
from ...generate.url_codes import clue_form, number4, read_number4
from ..record import LIKE_PEOPLE, Compared, Job, one_by_one, pencil_kind, plain_or_laid_out, size_and_layout
from .rules import keeps_rules
from .tokens import WHITE, encode


def _generate(job: Job) -> Iterable[Record]:
    from . import generator, laid_out

    return one_by_one(job, plain_or_laid_out(generator.make, laid_out.make))


def _compared() -> Compared:
    from .features import by_solver, features

    return Compared(features, by_solver)


KIND = pencil_kind(
    'lightup',
    vocab_size=10,
    answers=2,
    encode=encode,
    generate=_generate,
    batch=32,
    options=(LIKE_PEOPLE,),
    id_part=size_and_layout,
    url=clue_form('akari', WHITE, number4, read_number4),
    keeps_rules=keeps_rules,
    compared=_compared,
)
