"""Shakashaka, as training knows it."""

from collections.abc import Iterable

from ...generate.files import Record
from ...generate.url_codes import clue_form, number4, read_number4
from ..record import Job, one_by_one, pencil_kind
from .rules import keeps_rules
from .tokens import WHITE, encode


def _generate(job: Job) -> Iterable[Record]:
    from .generator import make

    return one_by_one(job, make)


KIND = pencil_kind(
    'shakashaka',
    vocab_size=13,
    answers=5,
    encode=encode,
    generate=_generate,
    batch=8,
    url=clue_form('shakashaka', WHITE, number4, read_number4),
    keeps_rules=keeps_rules,
)
