"""Heyawake, as training knows it."""

from collections.abc import Iterable

from ...generate.files import Record
from ...generate.url_codes import UrlForm
from ..record import LIKE_PEOPLE, Compared, Job, one_by_one, pencil_kind, plain_or_laid_out, size_and_layout
from .rules import keeps_rules
from .tokens import VOCAB_SIZE, encode, token_borders, token_features
from .url import read_rooms, write_rooms


def _generate(job: Job) -> Iterable[Record]:
    from . import generator, laid_out

    return one_by_one(job, plain_or_laid_out(generator.make, laid_out.make))


def _compared() -> Compared:
    from .features import by_solver, features

    return Compared(features, by_solver)


KIND = pencil_kind(
    'heyawake',
    vocab_size=VOCAB_SIZE,
    answers=2,
    encode=encode,
    features=token_features(),
    borders=token_borders(),
    generate=_generate,
    batch=4,
    options=(LIKE_PEOPLE,),
    id_part=size_and_layout,
    url=UrlForm('heyawake', write_rooms, read_rooms),
    keeps_rules=keeps_rules,
    compared=_compared,
)
