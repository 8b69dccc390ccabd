"""`python -m ptrm_training.generate KIND --size 10 --count N --seed S -o FILE.jsonl.gz`: puzzles with one solution each.

Puzzle i of a seed is the same whatever the number of workers, and a file that is there is continued, if this command began it.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from ..command import run_command
from ..kinds import KINDS
from .batches import ids, puzzles
from .files import Record, appending, whole_lines, write_record
from .sizes import read_sizes


def check_continued(args: argparse.Namespace, lines: list[bytes]) -> None:
    """ValueError where the last of a file's lines is not the puzzle before the next one of this command.

    Puzzles of another seed, size, layout or kind among those of a file are seen by nobody until a model has learnt from them.
    """
    if not lines:
        return
    last = range(len(lines) - 1, len(lines))
    (wanted,) = ids(args.kind, args.size, args.seed, last, args.options)
    try:
        found = json.loads(lines[-1])['id']
    except (ValueError, KeyError, TypeError):
        found = None
    if found != wanted:
        told = f'{args.out}: puzzle {len(lines)} is {found or "none of a generator"}, where this command goes on from {wanted}'
        raise ValueError(f'{told}; name another file, or take this one away')


def write(found: Iterator[Record], done: int, count: int, path: Path) -> None:
    """Appends the records, says how far it is every second, and has them on the disk by then."""
    started = shown = time.monotonic()
    with appending(path) as file:
        for made, record in enumerate(found, 1):
            write_record(file, record)
            now = time.monotonic()
            if now - shown > 1 or done + made == count:
                rate = made / max(now - started, 1e-9)
                left = (count - done - made) / rate
                print(f'\r{done + made} of {count}, {60 * rate:.0f} a minute, {left:.0f} s left ', end='', file=sys.stderr)
                file.flush()
                shown = now
    print(file=sys.stderr)


def parsed(argv: list[str] | None) -> argparse.Namespace:
    """The command line; every kind's options are there for all kinds, and change their own kind's puzzles alone."""
    parser = argparse.ArgumentParser(prog='ptrm_training.generate', description=__doc__)
    parser.add_argument('kind', choices=sorted(KINDS))
    size_help = '10, 8x12 (rows x columns), or 5-15: each puzzle draws its own, every third a rectangle; not for Sudoku'
    parser.add_argument('--size', default='10', help=size_help)
    options = {option.name: option for kind in KINDS.values() for option in kind.options}.values()  # some kinds share one
    for option in options:
        parser.add_argument(option.flag, type=int, default=option.default, help=option.help)
    parser.add_argument('--count', type=int, required=True, help='puzzles in the file at the end, those there included')
    parser.add_argument('--seed', type=int, default=0)
    parser.add_argument('--workers', type=int, default=1)
    parser.add_argument('-o', '--out', type=Path, required=True)
    args = parser.parse_args(argv)
    for option in options:
        if option.least is not None and getattr(args, option.name) < option.least:
            parser.error(f'{option.flag} {getattr(args, option.name)}: {option.too_small}')
    args.options = {option.name: getattr(args, option.name) for option in options}
    return args


def main(argv: list[str] | None = None) -> None:
    args = parsed(argv)
    read_sizes(args.size)  # a wrong one is refused before the file is touched
    done = whole_lines(args.out, partial(check_continued, args))
    found = puzzles(args.kind, args.size, args.seed, range(done, args.count), args.workers, args.options)
    write(found, done, args.count, args.out)


if __name__ == '__main__':
    run_command(main)
