"""Sudokus as a set: `python -m ptrm_training.sudoku_puzzles OUT.npz FILE.jsonl ... --exclude FILE.csv`.

As `ptrm_training.puzzles`, but it leaves out only what it is told to: committed Sudokus are held out by their hash alone.
"""

import argparse
from pathlib import Path

from .command import run_command
from .puzzles import build, check_out, write_set


def main() -> None:
    parser = argparse.ArgumentParser(prog='ptrm_training.sudoku_puzzles', description=__doc__)
    parser.add_argument('out', type=Path)
    parser.add_argument('files', type=Path, nargs='+')
    parser.add_argument(
        '--exclude', type=Path, nargs='*', default=[], help='CSV or JSON lines whose puzzles and twins are left out'
    )
    args = parser.parse_args()
    check_out(args.out)
    write_set(args.out, build(args.files, args.exclude))


if __name__ == '__main__':
    run_command(main)
