"""`python -m ptrm_training.generate KIND --size 10 --count N --seed S -o FILE.jsonl.gz`: puzzles with one solution each.

Puzzle i of a seed is the same whatever the number of workers, and a file that is there is continued.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from multiprocessing import Pool
from pathlib import Path

from ..command import run_command
from .files import appending, whole_lines, write_record
from .kinds import BATCH, KINDS, Options, batch
from .sudoku import FEWEST_CLUES


def _batch(arguments: tuple) -> list[dict]:
    return batch(*arguments)


def puzzles(kind: str, size: int, seed: int, indices: range, workers: int, options: Options = Options()) -> Iterator[dict]:
    """The puzzles of these indices, in order."""
    step = BATCH[kind]
    work = [
        (kind, size, seed, first, min(step, indices.stop - first), options)
        for first in range(indices.start, indices.stop, step)
    ]
    if workers == 1:
        for arguments in work:
            yield from batch(*arguments)
        return
    with Pool(workers) as pool:
        for records in pool.imap(_batch, work):
            yield from records


def write(found: Iterator[dict], done: int, count: int, path: Path) -> None:
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


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog='ptrm_training.generate', description=__doc__)
    parser.add_argument('kind', choices=KINDS)
    parser.add_argument('--size', type=int, default=10, help='rows and columns; Sudoku is always 9x9')
    parser.add_argument('--orders', type=int, default=1, help='Tapa: best of so many deletion orders (8: fewer clues, slower)')
    parser.add_argument('--min-guesses', type=int, default=0, help='Sudoku: only puzzles as hard as this')
    parser.add_argument('--max-clues', type=int, default=81, help='Sudoku: at most so many clues; 19 to 21 are practical')
    parser.add_argument('--count', type=int, required=True, help='puzzles in the file at the end, those there included')
    parser.add_argument('--seed', type=int, default=0)
    parser.add_argument('--workers', type=int, default=1)
    parser.add_argument('-o', '--out', type=Path, required=True)
    args = parser.parse_args(argv)
    if args.max_clues < FEWEST_CLUES:
        parser.error(f'--max-clues {args.max_clues}: the search hardly ever gets below {FEWEST_CLUES}')
    done = whole_lines(args.out)
    options = Options(orders=args.orders, min_guesses=args.min_guesses, max_clues=args.max_clues)
    found = puzzles(args.kind, args.size, args.seed, range(done, args.count), args.workers, options)
    write(found, done, args.count, args.out)


if __name__ == '__main__':
    run_command(main)
