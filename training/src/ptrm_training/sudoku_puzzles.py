"""Sudokus as tokens, without symmetric twins: `python -m ptrm_training.sudoku_puzzles OUT.npz FILE.jsonl ... --exclude FILE.csv`.

Twins (digits relabelled; rows, columns, bands, stacks moved; transposed) share `invariant` for certain, so keeping one
puzzle a value keeps no two twins, and a split by its hash parts no twins. Now and then it drops a puzzle that is no twin.
"""

import argparse
import csv
import hashlib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from .command import run_command
from .puzzles import read_records, split_of

CELLS = 81


def invariant(puzzle: str) -> str:
    """A hash that all 2 * 6^8 * 9! twins of a puzzle (81 characters, `.` blank) have in common."""
    given = [(cell // 9, cell % 9, digit) for cell, digit in enumerate(puzzle) if digit not in '.0']
    rows, columns = Counter(r for r, _, _ in given), Counter(c for _, c, _ in given)
    boxes = Counter((r // 3, c // 3) for r, c, _ in given)
    # Each line by its clues, and how they fall into its three boxes; lines sort within bands, bands among each other.
    def lines(axis: int) -> list:
        split = Counter((clue[axis], clue[1 - axis] // 3) for clue in given)
        count = (rows, columns)[axis]
        line = [(count[i], sorted(split[i, b] for b in range(3))) for i in range(9)]
        return sorted(sorted(line[i : i + 3]) for i in (0, 3, 6))

    # Each digit by where its clues stand: clues in their row and column (in either order) and box.
    digits = sorted(
        sorted((sorted((rows[r], columns[c])), boxes[r // 3, c // 3]) for r, c, d in given if d == digit)
        for digit in '123456789'
    )
    return hashlib.sha256(repr((sorted((lines(0), lines(1))), digits)).encode()).hexdigest()


def _records(path: Path) -> Iterable[dict]:
    """Rows with `puzzle` and `solution`, of a CSV or of JSON lines."""
    if path.suffix != '.csv':
        yield from read_records([path])
        return
    with open(path, newline='') as file:
        yield from csv.DictReader(file)


def build(paths: Iterable[Path], exclude: Iterable[Path] = ()) -> dict[str, np.ndarray]:
    """Arrays for the trainer, as for pencil puzzles with one variant and L = 81."""
    seen = set()
    for path in exclude:
        seen |= {invariant(record['puzzle']) for record in _records(path)}
    found: dict[str, list] = {'train': [], 'dev': [], 'test': []}
    for record in read_records(paths):
        digest = invariant(record['puzzle'])
        if digest in seen:
            continue
        seen.add(digest)
        found[split_of(digest)].append((record['puzzle'].replace('.', '0'), record['solution']))
    arrays = {}
    for split, pairs in found.items():
        for name, index in (('tokens', 0), ('answers', 1)):
            digits = [[int(d) for d in pair[index]] for pair in pairs]
            arrays[f'{split}_{name}'] = np.array(digits, np.uint8).reshape(len(pairs), 1, CELLS)
        arrays[f'{split}_size'] = np.full(len(pairs), 9, np.uint8)
    return arrays


def main() -> None:
    parser = argparse.ArgumentParser(prog='ptrm_training.sudoku_puzzles', description=__doc__)
    parser.add_argument('out', type=Path)
    parser.add_argument('files', type=Path, nargs='+')
    parser.add_argument('--exclude', type=Path, nargs='*', default=[], help='CSV or JSON lines whose puzzles and twins are left out')
    args = parser.parse_args()
    arrays = build(args.files, args.exclude)
    np.savez_compressed(args.out, **arrays)
    print({split: len(arrays[f'{split}_size']) for split in ('train', 'dev', 'test')})


if __name__ == '__main__':
    run_command(main)
