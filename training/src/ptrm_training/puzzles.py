"""Pencil puzzles as tokens, their eight symmetric variants, and a split that keeps twins together.

Records are those of the JSON lines that the generators write: `type`, `rows`, `cols`, `clues`, `solution`, heyawake also
`rooms`. Tokens are those of docs/kinds.md: 10x10, smaller boards at the top left, 0 outside.
`python -m ptrm_training.puzzles OUT.npz FILE.jsonl ...` writes a set for the trainer, without the puzzles of testsets/.
"""

import argparse
import gzip
import hashlib
import itertools
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from .command import run_command

TESTSETS = Path(__file__).resolve().parents[2] / 'testsets'
SIDE = 10
VARIANTS = 8
# Each kind's first input token; the answers are 1 (empty, unshaded), 2 (shaded, bulb), 2-5 (triangles).
WHITE_TOKEN = {'lightup': 3, 'shakashaka': 6}
FIRST_CLUE_TOKEN = 3  # nurikabe, tapa: "no clue"; heyawake: its first combination
MOST_NURIKABE, MOST_HEYAWAKE = 59, 13


def tapa_clues() -> list[tuple[int, ...]]:
    """All clues that can exist, in the order of their tokens; -1 is "?"."""
    clues = [(-1,), *((n,) for n in range(9))]
    for count in (2, 3, 4):
        for clue in itertools.combinations_with_replacement([-1, *range(1, 8)], count):
            if sum(max(n, 1) for n in clue) + count <= 8:
                clues.append(clue)
    return clues


TAPA_TOKENS = {clue: FIRST_CLUE_TOKEN + 1 + i for i, clue in enumerate(tapa_clues())}


def turn(grid: np.ndarray, variant: int) -> np.ndarray:
    """One of the eight symmetries: variant % 4 quarter turns (counter-clockwise), transposed first if variant >= 4."""
    if variant >= 4:
        grid = grid.swapaxes(0, 1)
    return np.rot90(grid, variant % 4)


def _turned_triangles(variant: int) -> np.ndarray:
    """Where answers 2-5 go: black corners lower left, lower right, upper right, upper left, as a quarter turn moves them."""
    corners = np.array([[5, 4], [2, 3]])  # the token whose black corner lies there
    moved = turn(corners, variant)
    table = np.arange(6)
    table[corners.reshape(-1)] = 0
    # The corner that stands at place p of the turned board came from token moved[p]; there it reads as corners[p].
    for came, reads in zip(moved.reshape(-1), corners.reshape(-1)):
        table[came] = reads
    return table


def _objects(rows: list[list]) -> np.ndarray:
    grid = np.empty((len(rows), len(rows[0])), dtype=object)
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            grid[r, c] = value
    return grid


def tokens_of(record: dict, variant: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Input and answer tokens of a variant, each uint8 [100]; an answer of 0 marks a cell with nothing to answer."""
    kind = record['type']
    solution = turn(np.array(record['solution']), variant)
    clues = turn(_objects(record['clues']), variant)
    answers = np.where(solution == 0, 1, np.where(solution == 1, 2, solution))
    if kind in WHITE_TOKEN:
        numbers = clues.astype(int)
        tokens = WHITE_TOKEN[kind] + 2 + numbers
        if kind == 'shakashaka':
            answers = _turned_triangles(variant)[np.where(solution == 0, 1, solution)]
        answers = np.where(numbers == -2, answers, 0)
    elif kind == 'nurikabe':
        numbers = clues.astype(int)
        if numbers.max() > MOST_NURIKABE:
            raise ValueError(f'no token for the clue {numbers.max()}')
        tokens = np.where(numbers == 0, 3, 4 + np.maximum(numbers, 0))
        answers = np.where(numbers == 0, answers, 0)
    elif kind == 'tapa':
        tokens = np.array([[3 if c is None else TAPA_TOKENS[tuple(sorted(c))] for c in row] for row in clues])
        answers = np.where(tokens == 3, answers, 0)
    elif kind == 'heyawake':
        tokens = _heyawake_tokens(turn(np.array(record['rooms']), variant), clues.astype(int))
    else:
        raise ValueError(f'no tokens for kind {kind!r}')
    return _on_board(tokens), _on_board(answers)


def _heyawake_tokens(rooms: np.ndarray, clues: np.ndarray) -> np.ndarray:
    """3 + border + 16 (n + 1): bits for borders at the right, below, at the left, above; the room's number in all its cells."""
    numbers: dict[int, int] = {}
    for room, clue in zip(rooms.reshape(-1), clues.reshape(-1)):
        numbers[room] = max(numbers.get(room, -1), clue)
    if max(numbers.values()) > MOST_HEYAWAKE:
        raise ValueError(f'no token for the room number {max(numbers.values())}')
    around = np.pad(rooms, 1, constant_values=-1)
    neighbours = (around[1:-1, 2:], around[2:, 1:-1], around[1:-1, :-2], around[:-2, 1:-1])
    border = sum((rooms != other).astype(int) << bit for bit, other in enumerate(neighbours))
    return FIRST_CLUE_TOKEN + border + 16 * (np.vectorize(numbers.get)(rooms) + 1)


def _on_board(grid: np.ndarray) -> np.ndarray:
    board = np.zeros((SIDE, SIDE), dtype=np.uint8)
    board[: grid.shape[0], : grid.shape[1]] = grid
    return board.reshape(-1)


def variants_of(record: dict) -> tuple[np.ndarray, np.ndarray]:
    """Tokens and answers of all eight variants, each uint8 [8, 100]."""
    pairs = [tokens_of(record, v) for v in range(VARIANTS)]
    return np.stack([t for t, _ in pairs]), np.stack([a for _, a in pairs])


def canonical_hash(tokens: np.ndarray) -> str:
    """The same for all variants of a puzzle; tokens uint8 [8, 100]."""
    return hashlib.sha256(min(t.tobytes() for t in tokens)).hexdigest()


def split_of(digest: str) -> str:
    """train, dev or test by the hash alone: 94, 3 and 3 percent, whatever set a puzzle turns up in."""
    share = int(digest[:8], 16) % 100
    return 'test' if share < 3 else 'dev' if share < 6 else 'train'


def read_records(paths: Iterable[Path]) -> Iterator[dict]:
    for path in paths:
        with gzip.open(path, 'rt') if path.suffix == '.gz' else open(path) as file:
            for number, line in enumerate(file, 1):
                try:
                    yield json.loads(line)
                except json.JSONDecodeError as error:
                    raise ValueError(f'{path}:{number}: {error}') from error


def committed_sets() -> list[Path]:
    """The pencil puzzles that reports run on."""
    return sorted(path for path in TESTSETS.glob('*.jsonl.gz') if not path.name.startswith('sudoku'))


def build(paths: Iterable[Path], exclude: Iterable[Path] | None = None) -> dict[str, np.ndarray]:
    """Arrays for the trainer: per split tokens and answers [n, variants, 100] (8 in train, else 1) and sizes [n].

    Puzzles of the files in `exclude` (the committed sets unless said otherwise) and their twins are in no split.
    """
    found: dict[str, list] = {'train': [], 'dev': [], 'test': []}
    excluded = committed_sets() if exclude is None else exclude
    seen = {canonical_hash(variants_of(record)[0]) for record in read_records(excluded)}
    for record in read_records(paths):
        if max(record['rows'], record['cols']) > SIDE:
            continue
        tokens, answers = variants_of(record)
        digest = canonical_hash(tokens)
        if digest in seen:
            continue
        seen.add(digest)
        split = split_of(digest)
        keep = VARIANTS if split == 'train' else 1
        found[split].append((tokens[:keep], answers[:keep], max(record['rows'], record['cols'])))
    arrays = {}
    for split, rows in found.items():
        keep = VARIANTS if split == 'train' else 1
        empty = np.zeros((0, keep, SIDE * SIDE), np.uint8)
        arrays[f'{split}_tokens'] = np.stack([r[0] for r in rows]) if rows else empty
        arrays[f'{split}_answers'] = np.stack([r[1] for r in rows]) if rows else empty
        arrays[f'{split}_size'] = np.array([r[2] for r in rows], np.uint8)
    return arrays


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('out', type=Path)
    parser.add_argument('files', type=Path, nargs='+')
    parser.add_argument('--exclude', type=Path, nargs='*', help='leave these files out instead of those of testsets/')
    args = parser.parse_args()
    arrays = build(args.files, args.exclude)
    np.savez_compressed(args.out, **arrays)
    print({split: len(arrays[f'{split}_size']) for split in ('train', 'dev', 'test')})


if __name__ == '__main__':
    run_command(main)
