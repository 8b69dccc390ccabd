"""Sudoku generation and twins."""

import json
import random
import shutil

import numpy as np
import pytest

from ptrm_training.generate import sudoku
from ptrm_training.sudoku_puzzles import build, invariant

needs_compiler = pytest.mark.skipif(not (shutil.which('g++') or shutil.which('clang++')), reason='needs g++ or clang++')


def solutions(puzzle: str, most: int = 2) -> list[str]:
    """By plain backtracking, fewest candidates first."""
    row_column_box = lambda i: (i // 9, 9 + i % 9, 18 + i // 27 * 3 + i % 9 // 3)  # noqa: E731
    used = [set() for _ in range(27)]
    cells = list(puzzle)
    for i, digit in enumerate(cells):
        if digit != '.':
            for unit in row_column_box(i):
                assert digit not in used[unit]
                used[unit].add(digit)
    found = []

    def search() -> None:
        blank = [i for i, digit in enumerate(cells) if digit == '.']
        if not blank:
            found.append(''.join(cells))
            return
        free = lambda i: [d for d in '123456789' if not any(d in used[u] for u in row_column_box(i))]  # noqa: E731
        cell = min(blank, key=lambda i: len(free(i)))
        for digit in free(cell):
            cells[cell] = digit
            for unit in row_column_box(cell):
                used[unit].add(digit)
            search()
            for unit in row_column_box(cell):
                used[unit].discard(digit)
            cells[cell] = '.'
            if len(found) >= most:
                return

    search()
    return found


def twin(puzzle: str, rng: random.Random) -> str:
    def order() -> list[int]:
        return [3 * band + line for band in rng.sample(range(3), 3) for line in rng.sample(range(3), 3)]

    rows, columns = order(), order()
    grid = [[puzzle[9 * r + c] for c in columns] for r in rows]
    if rng.random() < 0.5:
        grid = [list(column) for column in zip(*grid)]
    names = dict(zip('123456789', rng.sample('123456789', 9)))
    return ''.join(names.get(d, d) for row in grid for d in row)


@needs_compiler
def test_puzzles_are_minimal_with_one_solution():
    for record in sudoku.records(seed=1, first=0, count=3):
        puzzle = record['puzzle']
        assert solutions(puzzle) == [record['solution']]
        for cell in [i for i, digit in enumerate(puzzle) if digit != '.'][::6]:
            assert len(solutions(puzzle[:cell] + '.' + puzzle[cell + 1 :])) > 1


@needs_compiler
def test_a_puzzle_depends_on_seed_and_index_alone():
    whole = list(sudoku.records(seed=2, first=0, count=8))
    assert list(sudoku.records(seed=2, first=5, count=3)) == whole[5:]
    assert next(sudoku.records(seed=3, first=0, count=1))['puzzle'] != whole[0]['puzzle']
    assert all(r['guesses'] >= 5 for r in sudoku.records(seed=2, first=0, count=5, least_guesses=5))


@needs_compiler
def test_twins_share_the_invariant_and_others_hardly_ever_do():
    rng = random.Random(1)
    puzzles = [r['puzzle'] for r in sudoku.records(seed=4, first=0, count=300)]
    for puzzle in puzzles[:50]:
        assert invariant(twin(puzzle, rng)) == invariant(puzzle)
    assert len({invariant(p) for p in puzzles}) == len(puzzles)


@needs_compiler
def test_sets_leave_out_twins_and_what_is_excluded(tmp_path):
    rng = random.Random(2)
    records = list(sudoku.records(seed=5, first=0, count=20))
    excluded = tmp_path / 'test.csv'
    excluded.write_text('id,puzzle\n' + ''.join(f'{i},{twin(r["puzzle"], rng)}\n' for i, r in enumerate(records[:4])))
    source = tmp_path / 'a.jsonl'
    again = [{**r, 'puzzle': twin(r['puzzle'], rng)} for r in records[4:10]]
    source.write_text(''.join(json.dumps(r) + '\n' for r in records + again))
    arrays = build([source], [excluded])
    assert sum(len(arrays[f'{s}_size']) for s in ('train', 'dev', 'test')) == 16
    tokens, answers = arrays['train_tokens'], arrays['train_answers']
    assert tokens.shape[1:] == (1, 81) and ((tokens == 0) | (tokens == answers)).all()
    assert (np.sort(answers.reshape(-1, 9, 9), -1) == np.arange(1, 10)).all()
