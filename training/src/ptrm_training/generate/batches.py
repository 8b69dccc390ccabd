"""Puzzles of any kind behind one call: `batch(kind, size, seed, first, count, options)`, the size as `--size` has it.

Puzzle i of a seed depends on kind, size, options, seed and i alone, so batches may be made anywhere in any order.
"""

from collections.abc import Iterator, Mapping
from multiprocessing import Pool

from ..kinds import kind_named
from ..kinds.record import Job
from .files import Record
from .sizes import read_sizes
from .urls import puzzle_url

NO_OPTIONS: Mapping[str, int] = {}


def batch(name: str, size: str | int, seed: int, first: int, count: int, options: Mapping[str, int] = NO_OPTIONS) -> list[Record]:
    """Puzzles `first` to `first + count - 1` as records with `id` and `url`; options of other kinds change nothing."""
    kind = kind_named(name)
    chosen = {option.name: options.get(option.name, option.default) for option in kind.options}
    job = Job(name, read_sizes(str(size)), seed, range(first, first + count), chosen)
    return [
        {**record, 'id': f'{name}-{kind.id_part(job)}-{seed}-{index}', 'url': puzzle_url(record)}
        for index, record in zip(job.indices, kind.generate(job), strict=True)
    ]


def _batch(arguments: tuple) -> list[Record]:
    return batch(*arguments)


def puzzles(
    name: str, size: str | int, seed: int, indices: range, workers: int, options: Mapping[str, int] = NO_OPTIONS
) -> Iterator[Record]:
    """The puzzles of these indices, in order."""
    step = kind_named(name).batch
    work = [
        (name, size, seed, first, min(step, indices.stop - first), options) for first in range(indices.start, indices.stop, step)
    ]
    if workers == 1:
        for arguments in work:
            yield from batch(*arguments)
        return
    with Pool(workers) as pool:
        for records in pool.imap(_batch, work):
            yield from records
