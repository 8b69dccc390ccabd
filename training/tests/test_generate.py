"""Generated puzzles: right, unique, the same again; and what becomes of them as tokens."""

import gzip
import itertools
import json
import random
from pathlib import Path

import numpy as np
import pytest

from ptrm_training.generate.__main__ import MAKERS, puzzle, puzzles, whole_lines
from ptrm_training.generate.urls import puzzle_url
from ptrm_training.puzzles import build, canonical_hash, split_of, tokens_of, turn, variants_of

SAMPLE = Path(__file__).resolve().parents[2] / 'packages/orchestrator/test/data/pencil-sample.jsonl.gz'


def samples(kind: str | None = None) -> list[dict]:
    with gzip.open(SAMPLE, 'rt') as file:
        records = [json.loads(line) for line in file]
    return [r for r in records if kind is None or r['type'] == kind]


def lightup_is_right(clues, bulbs) -> bool:
    """Light Up's rules, read off the page."""
    rows, cols = len(clues), len(clues[0])
    white = lambda r, c: 0 <= r < rows and 0 <= c < cols and clues[r][c] == -2  # noqa: E731
    for r, c in itertools.product(range(rows), range(cols)):
        beside = sum(white(a, b) and bulbs[a][b] for a, b in ((r - 1, c), (r + 1, c), (r, c - 1), (r, c + 1)))
        if clues[r][c] >= 0 and beside != clues[r][c]:
            return False
        if not white(r, c):
            continue
        seen = 0
        for dr, dc in ((0, 1), (1, 0), (0, -1), (-1, 0)):
            a, b = r + dr, c + dc
            while white(a, b):
                seen += bulbs[a][b]
                a, b = a + dr, b + dc
        if seen + bulbs[r][c] == 0 or (bulbs[r][c] and seen):
            return False
    return True


RULES = {'lightup': lightup_is_right}


def solutions(kind: str, clues) -> int:
    """By trying everything."""
    places = [(r, c) for r, row in enumerate(clues) for c, clue in enumerate(row) if clue == -2]
    count = 0
    for values in itertools.product((0, 1), repeat=len(places)):
        board = [[0] * len(clues[0]) for _ in clues]
        for (r, c), value in zip(places, values):
            board[r][c] = value
        count += RULES[kind](clues, board)
    return count


@pytest.mark.parametrize('kind', MAKERS)
def test_small_puzzles_have_one_solution_by_trying_everything(kind):
    for index in range(8):
        record = puzzle(kind, 4, 1, index)
        assert RULES[kind](record['clues'], record['solution'])
        assert solutions(kind, record['clues']) == 1


@pytest.mark.parametrize('kind', MAKERS)
def test_large_puzzles_keep_the_rules_and_need_all_their_numbers(kind):
    fewer = 0
    for index in range(5):
        record = puzzle(kind, 10, 1, index)
        assert RULES[kind](record['clues'], record['solution'])
        fewer += sum(clue == -1 for row in record['clues'] for clue in row)
    assert fewer > 0  # numbers were dropped


@pytest.mark.parametrize('kind', MAKERS)
def test_a_puzzle_depends_on_seed_and_index_alone(kind):
    alone = [puzzle(kind, 6, 3, index) for index in range(6)]
    assert alone == list(puzzles(kind, 6, 3, range(6), workers=2))
    assert len({record['url'] for record in alone}) == 6
    assert puzzle(kind, 6, 4, 0) != alone[0]


def test_a_file_that_was_cut_short_is_continued_at_a_whole_line(tmp_path):
    path = tmp_path / 'a.jsonl'
    assert whole_lines(path) == 0
    path.write_text('{"a": 1}\n{"a": 2}\n{"a"')
    assert whole_lines(path) == 2
    assert path.read_text() == '{"a": 1}\n{"a": 2}\n'


@pytest.mark.parametrize('kind', ['lightup', 'shakashaka'])
def test_urls_are_those_of_the_samples(kind):
    for record in samples(kind):
        # Records without a URL are not in the sample; each is spelled as pzpr spells it.
        assert puzzle_url(record) == record['url']


def test_variants_keep_the_rules():
    for record in samples('lightup')[::12]:
        for variant in range(8):
            clues, solution = (turn(np.array(record[name]), variant).tolist() for name in ('clues', 'solution'))
            assert lightup_is_right(clues, solution)


@pytest.mark.parametrize('kind', ['lightup', 'shakashaka', 'nurikabe', 'tapa', 'heyawake'])
def test_twins_share_their_hash_and_their_split(kind):
    rng = random.Random(5)
    for record in samples(kind)[::15]:
        wanted = canonical_hash(variants_of(record)[0])
        variant = rng.randrange(1, 8)
        twin = {**record}
        for name in ('clues', 'solution', 'rooms'):
            if name in record:
                grid = np.empty((record['rows'], record['cols']), dtype=object)
                for r, row in enumerate(record[name]):
                    for c, value in enumerate(row):
                        grid[r, c] = value
                twin[name] = [list(row) for row in turn(grid, variant)]
        assert canonical_hash(variants_of(twin)[0]) == wanted


def test_shakashaka_triangles_turn_with_the_board():
    # One cell, black at the lower left (2). A quarter turn counter-clockwise takes that corner to the lower right (3).
    record = {'type': 'shakashaka', 'rows': 1, 'cols': 1, 'clues': [[-2]], 'solution': [[2]]}
    found = [int(tokens_of(record, variant)[1][0]) for variant in range(8)]
    assert found == [2, 3, 4, 5, 4, 5, 2, 3]


def test_heyawake_borders_and_numbers():
    record = {
        'type': 'heyawake',
        'rows': 2,
        'cols': 2,
        'clues': [[-1, 1], [-1, -1]],
        'rooms': [[0, 1], [0, 1]],
        'solution': [[0, 0], [0, 1]],
    }
    tokens, answers = tokens_of(record)
    # A border at the right of every cell (1), below the lower row (2); the number 1 in the right room's first cell.
    assert tokens[[0, 1, 10, 11]].tolist() == [4, 3 + 1 + 4 * 2, 6, 6]
    assert answers[[0, 1, 10, 11]].tolist() == [1, 1, 1, 2]
    # Turned, the right room is the upper row; its number stays in its first cell.
    assert tokens_of(record, 1)[0][[0, 1, 10, 11]].tolist() == [3 + 2 + 4 * 2, 3 + 3, 3 + 2, 3 + 3]


def test_tokens_outside_and_without_answer_are_0():
    for record in samples()[::30]:
        tokens, answers = tokens_of(record)
        inside = np.zeros((10, 10), bool)
        inside[: record['rows'], : record['cols']] = True
        assert (tokens > 0).tolist() == inside.reshape(-1).tolist()
        assert not answers[~inside.reshape(-1)].any()


def test_a_set_has_no_puzzle_in_two_splits_and_none_twice(tmp_path):
    path = tmp_path / 'a.jsonl'
    records = samples('lightup')
    path.write_text(''.join(json.dumps(r) + '\n' for r in records + records[:20]))
    arrays = build([path])
    assert sum(len(arrays[f'{s}_size']) for s in ('train', 'dev', 'test')) == len(records)
    assert arrays['train_tokens'].shape[1:] == (8, 100) and arrays['test_tokens'].shape[1:] == (1, 100)
    for record in records[:10]:
        digest = canonical_hash(variants_of(record)[0])
        split = split_of(digest)
        assert (arrays[f'{split}_tokens'][:, 0] == tokens_of(record)[0]).all(1).any()


def test_damaged_records_are_named(tmp_path):
    path = tmp_path / 'a.jsonl'
    path.write_text('{"type": "lightup"\n')
    with pytest.raises(ValueError, match='a.jsonl:1'):
        build([path])
