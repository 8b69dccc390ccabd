"""Puzzles as sets of tokens, in which twins keep together: `python -m ptrm_training.puzzles OUT.npz FILE.jsonl ...`.

Records are those of the JSON lines that the generators write (DATA.md), tokens those of docs/kinds.md. The command writes a
set for the trainer, of any kind, without the puzzles of testsets/.
"""

import argparse
import csv
import gzip
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .command import run_command
from .generate.files import Record
from .kinds import kind_of
from .kinds.record import Kind, Pair

TESTSETS = Path(__file__).resolve().parents[2] / 'testsets'
SPLITS = ('train', 'dev', 'test')


def tokens_of(record: Record, variant: int = 0) -> Pair:
    """Input and answer tokens of a variant, each uint8 [cells]; an answer of 0 marks a cell with nothing to answer."""
    return kind_of(record).tokens_of(record, variant)


def variants_of(record: Record) -> Pair:
    """Tokens and answers of all variants, each uint8 [variants, cells]."""
    pairs = [tokens_of(record, v) for v in range(kind_of(record).variants)]
    return np.stack([t for t, _ in pairs]), np.stack([a for _, a in pairs])


def digest_of(record: Record) -> str:
    """The hash that a puzzle's twins share."""
    return kind_of(record).digest_of(record, None)


def split_of(digest: str) -> str:
    """train, dev or test by the hash alone: 94, 3 and 3 percent, whatever set a puzzle turns up in."""
    share = int(digest[:8], 16) % 100
    return 'test' if share < 3 else 'dev' if share < 6 else 'train'


def read_records(paths: Iterable[Path]) -> Iterator[Record]:
    """The puzzles of JSON lines, gzip'd or not, and of CSV files with a header."""
    for path in paths:
        with gzip.open(path, 'rt') if path.suffix == '.gz' else open(path, newline='') as file:
            if path.suffix == '.csv':
                yield from csv.DictReader(file)
                continue
            for number, line in enumerate(file, 1):
                try:
                    yield json.loads(line)
                except json.JSONDecodeError as error:
                    raise ValueError(f'{path}:{number}: {error}') from error


def committed_sets() -> list[Path]:
    """The puzzles that reports run on."""
    return sorted(TESTSETS.glob('*.jsonl.gz'))


class Row(NamedTuple):
    """A puzzle of a set: tokens and answers uint8 [variants, cells], its board's side."""

    tokens: np.ndarray
    answers: np.ndarray
    side: int


def build(paths: Iterable[Path], exclude: Iterable[Path] | None = None) -> dict[str, np.ndarray]:
    """Arrays for the trainer: per split tokens and answers [n, variants, cells] (1 in dev and test) and sizes [n].

    Puzzles of the files in `exclude` (the committed sets unless said otherwise) and their twins are in no split.
    """
    paths = list(paths)
    seen = {digest_of(record) for record in read_records(committed_sets() if exclude is None else exclude)}
    found: dict[str, list[Row]] = {split: [] for split in SPLITS}
    kind = None
    for record in read_records(paths):
        kind = kind_of(record)
        side = kind.side_of(record)
        if side > kind.side:
            continue
        tokens, answers = variants_of(record)
        digest = kind.digest_of(record, tokens)
        if digest in seen:
            continue
        seen.add(digest)
        split = split_of(digest)
        kept = _kept(kind, split)
        found[split].append(Row(tokens[:kept], answers[:kept], side))
    if kind is None:
        raise ValueError(f'no puzzle in {", ".join(map(str, paths))}')
    return _arrays(found, kind)


def _kept(kind: Kind, split: str) -> int:
    """How many variants of a puzzle a split holds."""
    return kind.variants if split == 'train' else 1


def _arrays(found: dict[str, list[Row]], kind: Kind) -> dict[str, np.ndarray]:
    arrays = {}
    for split, rows in found.items():
        empty = np.zeros((0, _kept(kind, split), kind.side**2), np.uint8)
        arrays[f'{split}_tokens'] = np.stack([row.tokens for row in rows]) if rows else empty
        arrays[f'{split}_answers'] = np.stack([row.answers for row in rows]) if rows else empty
        arrays[f'{split}_size'] = np.array([row.side for row in rows], np.uint8)
    return arrays


def write_set(out: Path, arrays: dict[str, np.ndarray]) -> None:
    """Writes an npz and says how many puzzles each split has."""
    np.savez_compressed(out, **arrays)  # type: ignore[arg-type]  # takes the dict for its own options
    print({split: len(arrays[f'{split}_size']) for split in SPLITS})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('out', type=Path)
    parser.add_argument('files', type=Path, nargs='+')
    parser.add_argument('--exclude', type=Path, nargs='*', help='leave these files out instead of those of testsets/')
    args = parser.parse_args()
    write_set(args.out, build(args.files, args.exclude))


if __name__ == '__main__':
    run_command(main)
