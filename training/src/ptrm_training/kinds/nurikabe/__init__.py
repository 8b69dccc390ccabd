"""Nurikabe, as training knows it."""

from collections.abc import Iterable

from ...generate.files import Record
from ...generate.url_codes import clue_form, number16, read_number16
from ..record import Compared, Job, pencil_kind
from .rules import keeps_rules
from .tokens import encode


def _generate(job: Job) -> Iterable[Record]:
    from .generator import check_size, records

    check_size(*job.sizes.largest)
    if job.sizes.varied:
        for index in job.indices:
            rows, cols = job.sizes.draw(job.stream(index))
            yield from records(rows, cols, job.seed, index, 1)
    else:
        yield from records(*job.sizes.largest, job.seed, job.indices.start, len(job.indices))


def _compared() -> Compared:
    from .features import features

    return Compared(features, by_solver=lambda record: {})


KIND = pencil_kind(
    'nurikabe',
    vocab_size=64,
    answers=2,
    encode=encode,
    generate=_generate,
    batch=4,
    url=clue_form('nurikabe', 0, number16, read_number16),
    keeps_rules=keeps_rules,
    compared=_compared,
)
