"""Pencil puzzles that tests share: which kinds there are, committed samples, and solutions counted."""

import gzip
import itertools
import json
from pathlib import Path

from ptrm_training.kinds import KINDS
from ptrm_training.puzzles import TESTSETS, read_records, tokens_of
from ptrm_training.rules import places

SAMPLE = Path(__file__).resolve().parents[2] / 'packages/puzzles/test/data/pencil-sample.jsonl.gz'
PENCIL = [name for name, kind in KINDS.items() if kind.smaller_boards]


def samples(kind: str | None = None) -> list[dict]:
    """Puzzles of 6x6, 8x8 and 10x10; of a kind that the sample doesn't have, committed ones."""
    with gzip.open(SAMPLE, 'rt') as file:
        records = [json.loads(line) for line in file]
    found = [r for r in records if kind is None or r['type'] == kind]
    return found or list(itertools.islice(read_records([TESTSETS / f'{kind}-dev.jsonl.gz']), 120))


def values_of(kind: str) -> tuple[int, ...]:
    """What a cell of a solution may hold: 0 and 1, or 0 and the triangles, whose numbers are their answer tokens."""
    answers = KINDS[kind].answer_tokens
    return (0, 1) if len(answers) == 2 else (0, *answers[1:])


def solutions(record: dict) -> int:
    """How many answers keep the rules, by trying all; only cells that have something to answer are tried."""
    kind, rows, cols = KINDS[record['type']], len(record['clues']), len(record['clues'][0])
    nothing = [[0] * cols for _ in range(rows)]
    asked = tokens_of({**record, 'solution': nothing})[1].reshape(kind.side, kind.side) > 0
    open_places = [place for place in places(record['clues']) if asked[place]]
    count = 0
    for answer in itertools.product(values_of(kind.name), repeat=len(open_places)):
        grid = [list(row) for row in nothing]
        for (r, c), value in zip(open_places, answer, strict=True):
            grid[r][c] = value
        count += kind.keeps_rules(record, grid)
    return count
