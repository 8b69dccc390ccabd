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


def _job(name: str, size: str | int, seed: int, indices: range, options: Mapping[str, int]) -> Job:
    chosen = {option.name: options.get(option.name, option.default) for option in kind_named(name).options}
    return Job(name, read_sizes(str(size)), seed, indices, chosen)


def ids(name: str, size: str | int, seed: int, indices: range, options: Mapping[str, int] = NO_OPTIONS) -> list[str]:
    """The ids of puzzles, which say all that these depend on."""
    job = _job(name, size, seed, indices, options)
    return [f'{name}-{kind_named(name).id_part(job)}-{seed}-{index}' for index in indices]


def batch(name: str, size: str | int, seed: int, first: int, count: int, options: Mapping[str, int] = NO_OPTIONS) -> list[Record]:
    """Puzzles `first` to `first + count - 1` as records with `id` and `url`; options of other kinds change nothing."""
    indices = range(first, first + count)
    named = ids(name, size, seed, indices, options)
    found = kind_named(name).generate(_job(name, size, seed, indices, options))
    return [{**record, 'id': id_, 'url': puzzle_url(record)} for id_, record in zip(named, found, strict=True)]


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
