"""Puzzles to evaluate a model on, in groups of boards of one size."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .data import load_set
from .generate.urls import with_clues
from .grids import sizes_of
from .kinds import KINDS, UNTYPED
from .kinds.record import Kind, Pair
from .pencil import on_board
from .puzzles import read_records

Place = Callable[[int, int], tuple[int, int]]  # rows and columns of a puzzle -> those of the board that it is run on


@dataclass(frozen=True)
class Boards:
    """Puzzles on boards of one size: tokens and answers uint8 [n, rows * columns]; an answer of 0: nothing to answer."""

    rows: int
    columns: int
    tokens: np.ndarray
    answers: np.ndarray

    def __len__(self) -> int:
        return len(self.tokens)

    def at(self, which: np.ndarray | slice) -> 'Boards':
        """Some of them, by their places; one may be there several times."""
        return Boards(self.rows, self.columns, self.tokens[which], self.answers[which])


def load_puzzles(
    path: Path,
    kind: str,
    place: Place,
    split: str = 'dev',
    source: str | None = None,
    size: int | None = None,
    count: int | None = None,
) -> list[Boards]:
    """The first `count` puzzles of a file, by the size of the board on which `place` puts them.

    `split` is that of an npz, `source` how that of a row or record begins; `size` keeps boards with that longer side alone.
    Raises ValueError where nothing is left, the puzzles are not of this kind, or one has no place.
    """
    if path.suffix == '.npz':
        pairs = grids_of_set(path, KINDS[kind], split, size)
    else:
        pairs = _of_records(_records(path, source), path, KINDS[kind], size)
    found = [boards for boards, _ in by_size(pairs[:count], place)]
    if not found:
        raise ValueError(f'{path}: no puzzle to evaluate (split {split!r}, source {source!r}, size {size})')
    return found


def by_size(pairs: Sequence[Pair], place: Place) -> list[tuple[Boards, np.ndarray]]:
    """Grids of puzzles by the size of the board on which `place` puts them; of each group also the numbers of its puzzles."""
    groups: dict[tuple[int, int], list[int]] = {}
    for number, (tokens, _) in enumerate(pairs):
        groups.setdefault(place(*tokens.shape), []).append(number)
    laid = lambda board, numbers, part: np.stack([on_board(pairs[n][part], *board) for n in numbers])
    return [(Boards(*board, laid(board, ns, 0), laid(board, ns, 1)), np.array(ns)) for board, ns in groups.items()]


def grids_of_set(path: Path, kind: Kind, split: str, size: int | None = None) -> list[Pair]:
    """Grids of an npz, whose boards lie at the top left of one that all share; the first variant of each puzzle."""
    found = load_set(path, split, kind)
    side = found.side
    tokens, answers = (grids[:, 0].reshape(-1, side, side) for grids in (found.tokens, found.answers))
    sizes = sizes_of(found.tokens[:, 0], side, side).tolist() if kind.smaller_boards else [[side, side]] * len(found)
    return [
        (tokens[n, :rows, :columns], answers[n, :rows, :columns])
        for n, (rows, columns) in enumerate(sizes)
        if size in (None, max(rows, columns))
    ]


def _of_records(records: list[dict], path: Path, kind: Kind, size: int | None) -> list[Pair]:
    if any(record.get('type', UNTYPED) != kind.name for record in records):
        raise ValueError(f"{path}: holds puzzles of another kind than {kind.name}, the model's")
    return [kind.grids_of(record, 0) for record in records if size in (None, kind.side_of(record))]


def _records(path: Path, source: str | None) -> list[dict]:
    if path.suffix == '.csv':
        with open(path, newline='') as file:
            return [r for r in csv.DictReader(file) if not source or r['source'].startswith(source)]
    if not path.name.endswith(('.jsonl', '.jsonl.gz')):
        raise ValueError(f'{path}: puzzles are read from .npz, .csv, .jsonl and .jsonl.gz files')
    records = map(with_clues, read_records([path]))
    return [r for r in records if not source or str(r.get('source', '')).startswith(source)]
