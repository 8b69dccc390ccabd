"""The committed dev and test sets: right, apart from each other, and in no training set."""

import csv
import gzip
import json
from collections import Counter
from pathlib import Path

import pytest

from pencil_records import PENCIL
from ptrm_training.compare.features import solutions_by_sat
from ptrm_training.generate.batches import batch
from ptrm_training.kinds import KINDS, kind_of
from ptrm_training.kinds.sudoku.tokens import invariant
from ptrm_training.pick import pick
from ptrm_training.puzzles import TESTSETS, build, digest_of, read_records, split_of

SIZED = sorted(TESTSETS.glob('*-[0-9]*-test.jsonl.gz'))


def records(kind: str, split: str) -> list[dict]:
    return list(read_records([TESTSETS / f'{kind}-{split}.jsonl.gz']))


def is_right(record: dict) -> bool:
    return kind_of(record).keeps_rules(record, record['solution'])


def turned(record: dict) -> dict:
    """A pencil puzzle's mirror image, top to bottom; not for kinds whose values turn with the board."""
    return {**record, 'clues': record['clues'][::-1], 'solution': record['solution'][::-1]}


def write(path: Path, found: list[dict]) -> Path:
    with gzip.open(path, 'wt') as file:
        file.writelines(json.dumps(record) + '\n' for record in found)
    return path


@pytest.mark.parametrize('kind', KINDS)
def test_committed_puzzles_keep_the_rules_and_dev_and_test_share_no_twins(kind):
    dev, test = records(kind, 'dev'), records(kind, 'test')
    assert {record['type'] for record in dev + test} == {kind}
    assert all(is_right(record) for record in (dev + test)[::10])
    digests = [digest_of(record) for record in dev + test]
    assert len(set(digests)) == len(digests)


@pytest.mark.parametrize('path', SIZED, ids=lambda path: path.name)
def test_sets_of_a_size_hold_different_puzzles_of_that_size_with_one_solution_each(path):
    kind, side, _ = path.name.split('-')
    found = list(read_records([path]))
    assert len(found) >= 50
    assert {(record['type'], record['rows'], record['cols']) for record in found} == {(kind, int(side), int(side))}
    assert all(is_right(record) for record in found[::10])
    assert all(solutions_by_sat(record) == 1 for record in found[::50])
    assert len({digest_of(record) for record in found}) == len(found), 'a twin, or a clue without a token'
    if int(side) < KINDS[kind].side:
        assert {split_of(digest_of(record)) for record in found} == {'test'}, 'such boards are in training sets too'


def test_hard_sudokus_are_right_and_none_is_a_twin_of_another():
    with open(TESTSETS / 'sudoku-hard-test.csv', newline='') as file:
        hard = list(csv.DictReader(file))
    assert Counter(record['source'] for record in hard) == {'17 clues': 300, 'forum hardest 11+': 300}
    assert all(is_right({**record, 'type': 'sudoku'}) for record in hard[::10])
    others = [record for split in ('dev', 'test') for record in records('sudoku', split)]
    assert len({invariant(record['puzzle']) for record in hard + others}) == len(hard) + len(others)


@pytest.mark.parametrize('kind', PENCIL)
def test_training_sets_leave_committed_puzzles_out(kind, tmp_path):
    some = [record for split in ('dev', 'test') for record in records(kind, split)[:5]]
    file = write(tmp_path / 'some.jsonl.gz', some)
    assert all(len(array) == 0 for name, array in build([file]).items() if name != 'kind')
    kept = build([file], exclude=[])
    assert sum(len(kept[f'{split}_size']) for split in ('train', 'dev', 'test')) == len(some)


def test_twins_of_excluded_puzzles_are_left_out(tmp_path):
    found = batch('lightup', 6, 7, 0, 4)
    out = write(tmp_path / 'out.jsonl.gz', found[:2])
    mirrored = write(tmp_path / 'mirrored.jsonl.gz', [turned(record) for record in found])
    arrays = build([mirrored], exclude=[out])
    assert sum(len(arrays[f'{split}_size']) for split in ('train', 'dev', 'test')) == 2
    assert pick('any', 4, [mirrored], exclude=[out]) == [turned(record) for record in found[2:]]


def test_a_split_is_picked_by_hash_alone(tmp_path):
    found = batch('sudoku', 9, 7, 0, 200)
    file = write(tmp_path / 'all.jsonl.gz', found)
    by_split = {split: pick(split, 200, [file]) for split in ('train', 'dev', 'test')}
    assert sorted(r['id'] for part in by_split.values() for r in part) == sorted(r['id'] for r in found)
    assert len(by_split['train']) > 150
    assert pick('any', 3, [file]) == found[:3]
    assert {invariant(r['puzzle']) for r in by_split['test']}.isdisjoint(invariant(r['puzzle']) for r in by_split['train'])
