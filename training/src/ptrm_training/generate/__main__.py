"""`python -m ptrm_training.generate KIND --size 10 --count N --seed S -o FILE.jsonl`: puzzles with one solution each.

Puzzle i of a seed is the same whatever the number of workers, and a file that is there is continued.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator
from functools import partial
from multiprocessing import Pool
from pathlib import Path

from . import lightup, sudoku
from .urls import puzzle_url

MAKERS = {'lightup': lightup.make}


def puzzle(kind: str, size: int, seed: int, index: int) -> dict:
    """Puzzle `index` of a seed."""
    rng = random.Random(f'{kind} {size} {seed} {index}')
    while (record := MAKERS[kind](size, size, rng)) is None:
        pass
    return {**record, 'id': f'{kind}-{size}-{seed}-{index}', 'url': puzzle_url(record)}


def puzzles(kind: str, size: int, seed: int, indices: range, workers: int) -> Iterator[dict]:
    make = partial(puzzle, kind, size, seed)
    if workers == 1:
        yield from map(make, indices)
        return
    with Pool(workers) as pool:
        yield from pool.imap(make, indices, chunksize=16)


def whole_lines(path: Path) -> int:
    """How many records a file holds; a last line that a stop cut short is taken off."""
    if not path.exists():
        return 0
    text = path.read_bytes()
    whole = text[: text.rfind(b'\n') + 1]
    if len(whole) < len(text):
        path.write_bytes(whole)
    return whole.count(b'\n')


def main() -> None:
    parser = argparse.ArgumentParser(prog='ptrm_training.generate', description=__doc__)
    parser.add_argument('kind', choices=['sudoku', *sorted(MAKERS)])
    parser.add_argument('--size', type=int, default=10, help='rows and columns; Sudoku is always 9x9')
    parser.add_argument('--min-guesses', type=int, default=0, help='Sudoku: only puzzles as hard as this')
    parser.add_argument('--count', type=int, required=True)
    parser.add_argument('--seed', type=int, default=0)
    parser.add_argument('--workers', type=int, default=1)
    parser.add_argument('-o', '--out', type=Path, required=True)
    args = parser.parse_args()
    done = whole_lines(args.out)
    started = shown = time.monotonic()
    todo = range(done, args.count)
    if args.kind == 'sudoku':
        found = sudoku.records(args.seed, done, len(todo), args.min_guesses)
    else:
        found = puzzles(args.kind, args.size, args.seed, todo, args.workers)
    with open(args.out, 'a') as file:
        for count, record in enumerate(found, 1):
            file.write(json.dumps(record) + '\n')
            now = time.monotonic()
            if now - shown > 1 or count == len(todo):
                rate = count / (now - started)
                left = (len(todo) - count) / rate
                print(f'\r{done + count} of {args.count}, {60 * rate:.0f} a minute, {left:.0f} s left ', end='', file=sys.stderr)
                shown = now
    print(file=sys.stderr)


if __name__ == '__main__':
    main()
