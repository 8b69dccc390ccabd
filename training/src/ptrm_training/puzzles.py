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
from .pencil import on_board
from .whole_file import beside

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
            number = 0
            try:
                for line in file:
                    number += 1
                    yield json.loads(line)
            except (json.JSONDecodeError, EOFError) as error:  # a gzip'd file may be cut off
                raise ValueError(f'{path}:{number}: {error}') from error


def committed_sets() -> list[Path]:
    """The puzzles that reports run on."""
    return sorted(TESTSETS.glob('*.jsonl.gz'))


class Row(NamedTuple):
    """A puzzle of a set: the grids of the variants that it keeps there, its board's longer side."""

    pairs: list[Pair]
    side: int


def build(paths: Iterable[Path], exclude: Iterable[Path] | None = None, most: int | None = None) -> dict[str, np.ndarray]:
    """Arrays for the trainer: the kind; per split tokens and answers [n, variants, side^2] (1 in dev and test) and sizes [n].

    The side is that of the largest board, at least the kind's own; boards with one above `most` are left out. Puzzles of the
    files in `exclude` (the committed sets unless said otherwise) and their twins are in no split. ValueError for puzzles of
    several kinds: tokens do not tell them apart.
    """
    paths = list(paths)
    seen = {digest_of(record) for record in read_records(committed_sets() if exclude is None else exclude)}
    found: dict[str, list[Row]] = {split: [] for split in SPLITS}
    kind: Kind | None = None
    for record in read_records(paths):
        if kind is not None and kind_of(record) is not kind:
            both = f'{kind.name} and {kind_of(record).name}'
            raise ValueError(f'puzzles of {both} in {", ".join(map(str, paths))}: a set is of one kind')
        kind = kind_of(record)
        side = kind.side_of(record)
        if most is not None and side > most:
            continue
        pairs = [kind.grids_of(record, v) for v in range(kind.variants)]
        digest = kind.digest_of(record, [tokens for tokens, _ in pairs])
        if digest in seen:
            continue
        seen.add(digest)
        split = split_of(digest)
        found[split].append(Row(pairs[: _kept(kind, split)], side))
    if kind is None:
        raise ValueError(f'no puzzle in {", ".join(map(str, paths))}')
    return _arrays(found, kind)


def _kept(kind: Kind, split: str) -> int:
    """How many variants of a puzzle a split holds."""
    return kind.variants if split == 'train' else 1


def _arrays(found: dict[str, list[Row]], kind: Kind) -> dict[str, np.ndarray]:
    side = max([kind.side, *(row.side for rows in found.values() for row in rows)])
    arrays = {'kind': np.array(kind.name)}
    for split, rows in found.items():
        for part, name in enumerate(('tokens', 'answers')):
            grids = np.zeros((len(rows), _kept(kind, split), side**2), np.uint8)
            for n, row in enumerate(rows):
                for variant, pair in enumerate(row.pairs):
                    grids[n, variant] = on_board(pair[part], side, side)
            arrays[f'{split}_{name}'] = grids
        arrays[f'{split}_size'] = np.array([row.side for row in rows], np.uint8)
    return arrays


def check_out(out: Path) -> None:
    """ValueError for a name that a set is not found under again, OSError for a folder that is not there: before the work."""
    if out.suffix != '.npz':
        raise ValueError(f'{out}: a set is written to an .npz file, which comes first; then the files that it is made of')
    if not out.parent.is_dir():
        raise FileNotFoundError(f'{out}: no folder {out.parent}')


def write_set(out: Path, arrays: dict[str, np.ndarray]) -> None:
    """Writes an npz, which takes its name when it is whole, and says how many puzzles each split has."""
    with beside(out) as unfinished:
        np.savez_compressed(unfinished, **arrays)  # type: ignore[arg-type]  # takes the dict for its own options
    print({split: len(arrays[f'{split}_size']) for split in SPLITS})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('out', type=Path)
    parser.add_argument('files', type=Path, nargs='+')
    parser.add_argument('--exclude', type=Path, nargs='*', help='leave these files out instead of those of testsets/')
    parser.add_argument('--most', type=int, help='leave out boards with a longer side')
    args = parser.parse_args()
    check_out(args.out)
    write_set(args.out, build(args.files, args.exclude, args.most))


if __name__ == '__main__':
    run_command(main)
