"""Nurikabe, as training knows it."""

from collections.abc import Iterable

from ...generate.files import Record
from ...generate.url_codes import clue_form, number16, read_number16
from ..record import LIKE_PEOPLE, Compared, Job, pencil_kind, size_and_layout
from .rules import keeps_rules
from .tokens import encode


def _generate(job: Job) -> Iterable[Record]:
    from .generator import check_size, records

    like_people = bool(job.options[LIKE_PEOPLE.name])
    check_size(*job.sizes.largest, like_people)
    if job.sizes.varied:
        for index in job.indices:
            rows, cols = job.sizes.draw(job.stream(index))
            yield from records(rows, cols, job.seed, index, 1, like_people)
    else:
        yield from records(*job.sizes.largest, job.seed, job.indices.start, len(job.indices), like_people)


def _compared() -> Compared:
    from .features import by_solver, features

    return Compared(features, by_solver)


KIND = pencil_kind(
    'nurikabe',
    vocab_size=64,
    answers=2,
    encode=encode,
    generate=_generate,
    batch=4,
    options=(LIKE_PEOPLE,),
    id_part=size_and_layout,
    url=clue_form('nurikabe', 0, number16, read_number16),
    keeps_rules=keeps_rules,
    compared=_compared,
)
