"""Tapa, as training knows it."""

from collections.abc import Iterable

from ...generate.files import Record
from ...generate.url_codes import clue_form
from ..record import Job, Option, one_by_one, pencil_kind
from .rules import keeps_rules
from .tokens import encode
from .url import read_clues, write_clues


def _generate(job: Job) -> Iterable[Record]:
    from .generator import make

    return one_by_one(job, make)


def _id_part(job: Job) -> str:
    orders = job.options['orders']
    return f'{job.size}-best{orders}' if orders > 1 else str(job.size)


KIND = pencil_kind(
    'tapa',
    vocab_size=46,
    answers=2,
    encode=encode,
    generate=_generate,
    batch=32,
    options=(Option('orders', 1, 'Tapa: best of so many deletion orders (8: fewer clues, slower)'),),
    id_part=_id_part,
    url=clue_form('tapa', None, write_clues, read_clues),
    keeps_rules=keeps_rules,
)
