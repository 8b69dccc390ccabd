"""Heyawake, as training knows it."""

from collections.abc import Iterable

from ...generate.files import Record
from ...generate.url_codes import UrlForm
from ..record import Job, one_by_one, pencil_kind
from .rules import keeps_rules
from .tokens import VOCAB_SIZE, encode, token_features
from .url import read_rooms, write_rooms


def _generate(job: Job) -> Iterable[Record]:
    from .generator import make

    return one_by_one(job, make)


KIND = pencil_kind(
    'heyawake',
    vocab_size=VOCAB_SIZE,
    answers=2,
    encode=encode,
    features=token_features(),
    generate=_generate,
    batch=4,
    url=UrlForm('heyawake', write_rooms, read_rooms),
    keeps_rules=keeps_rules,
)
