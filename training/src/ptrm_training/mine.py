"""Boards that a model misses, to train on: `python -m ptrm_training.mine MODEL FILE.jsonl.gz ... -o OUT.jsonl.gz`.

Of generated files (DATA.md) OUT holds those records, as they were, whose solution the plain run (no noise) does not end with.
MODEL is as `evaluate` takes it. Puzzles that are to judge models are refused: files of testsets/, and people's. OUT appears
when all is done: a stop leaves what was there before, and at most `unfinished-OUT`.
"""

import argparse
import itertools
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch

from .boards import by_size
from .command import count, run_command
from .evaluate import found_device, outcome
from .generate.files import Record, replacing, write_record
from .kinds import KINDS
from .loaded import Loaded, load_model
from .puzzles import TESTSETS, read_records

WINDOW = 512  # records in memory at a time
LINES = ('.jsonl', '.jsonl.gz')


def check_file(path: Path, loaded: Loaded) -> int:
    """How many records a file holds. ValueError where one is not to be trained on, or not for this model."""
    if not path.name.endswith(LINES):
        raise ValueError(f'{path}: boards are mined from .jsonl and .jsonl.gz files')
    if path.resolve().is_relative_to(TESTSETS):
        raise ValueError(f'{path}: test puzzles are never trained on')
    number = 0
    for number, record in enumerate(read_records([path]), 1):
        if 'type' not in record or 'id' not in record or 'source' in record:
            raise ValueError(f'{path}:{number}: no puzzle of our generators; others are measured, never trained on')
        if record['type'] != loaded.kind:
            raise ValueError(f'{path}:{number}: a puzzle of {record["type"]}, for a model of {loaded.kind}')
        try:
            loaded.place(record.get('rows', 1), record.get('cols', 1))  # Sudokus have neither, and fit
        except ValueError as error:
            raise ValueError(f'{path}:{number}: {error}') from error
    return number


def missed(loaded: Loaded, records: Sequence[Record], steps: int) -> Iterator[list[int]]:
    """The numbers of the records that the plain run misses, in a list for the boards of each size."""
    grids_of = KINDS[loaded.kind].grids_of
    for boards, numbers in by_size([grids_of(record, 0) for record in records], loaded.place):
        plan = (steps, 0.0, 'zL', torch.float32)
        right = outcome(loaded, boards, 1, plan).right[:, 0]
        yield numbers[~right].tolist()


def mine(loaded: Loaded, paths: Sequence[Path], out: Path, steps: int) -> tuple[int, int]:
    """Writes the records that are missed, in their order; how many these are, and of how many."""
    if out.resolve() in [path.resolve() for path in paths]:
        raise ValueError(f'{out}: would take the place of the boards that it is mined from')
    if not out.name.endswith(LINES):
        raise ValueError(f'{out}: boards are written to .jsonl and .jsonl.gz files')
    total = sum(check_file(path, loaded) for path in paths)
    done, kept, started = 0, 0, time.monotonic()
    records = read_records(paths)
    with replacing(out) as file:
        while window := list(itertools.islice(records, WINDOW)):
            found = sorted(itertools.chain.from_iterable(missed(loaded, window, steps)))
            for number in found:
                write_record(file, window[number])
            done, kept = done + len(window), kept + len(found)
            rate = done / max(time.monotonic() - started, 1e-9)
            told = f'\r{done} of {total}, {kept} missed, {60 * rate:.0f} a minute, {(total - done) / rate:.0f} s left '
            print(told, end='', file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return kept, done


def main() -> None:
    parser = argparse.ArgumentParser(prog='ptrm_training.mine', description=__doc__)
    parser.add_argument('model', type=Path)
    parser.add_argument('files', type=Path, nargs='+')
    parser.add_argument('-o', '--out', type=Path, required=True)
    parser.add_argument('--steps', type=count, default=8, help='of the plain run')
    parser.add_argument('--threads', type=count, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    kept, done = mine(load_model(args.model, found_device()[0]), args.files, args.out, args.steps)
    print(f'{args.out}: {kept} of {done} boards missed')


if __name__ == '__main__':
    run_command(main)
