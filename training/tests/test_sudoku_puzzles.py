"""Sudoku generation and twins."""

import itertools
import json
import random
import shutil

import numpy as np
import pytest
from pysat.solvers import Solver

from ptrm_training.generate.__main__ import main
from ptrm_training.kinds.sudoku import generator as sudoku
from ptrm_training.kinds.sudoku.tokens import invariant
from ptrm_training.puzzles import build

needs_compiler = pytest.mark.skipif(not (shutil.which('g++') or shutil.which('clang++')), reason='needs g++ or clang++')


def solutions(puzzle: str, most: int = 2) -> list[str]:
    """By plain backtracking, fewest candidates first."""
    row_column_box = lambda i: (i // 9, 9 + i % 9, 18 + i // 27 * 3 + i % 9 // 3)
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
        free = lambda i: [d for d in '123456789' if not any(d in used[u] for u in row_column_box(i))]
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


def solutions_by_sat(puzzle: str, most: int = 2) -> list[str]:
    """The same by SAT, for puzzles of few clues: backtracking takes minutes there."""
    var = lambda r, c, d: 81 * r + 9 * c + d + 1
    nine = range(9)
    groups = [[var(r, c, d) for d in nine] for r in nine for c in nine]
    for d in nine:
        groups += [[var(r, c, d) for c in nine] for r in nine] + [[var(r, c, d) for r in nine] for c in nine]
        groups += [[var(b // 3 * 3 + i // 3, b % 3 * 3 + i % 3, d) for i in nine] for b in nine]
    clauses = [clause for g in groups for clause in [g, *([-a, -b] for a, b in itertools.combinations(g, 2))]]
    clauses += [[var(i // 9, i % 9, int(digit) - 1)] for i, digit in enumerate(puzzle) if digit != '.']
    found = []
    with Solver('cadical153', bootstrap_with=clauses) as solver:
        while len(found) < most and solver.solve():
            chosen = [v for v in solver.get_model() if v > 0]
            found.append(''.join(str((v - 1) % 9 + 1) for v in chosen))
            solver.add_clause([-v for v in chosen])
    return found


def twin(puzzle: str, rng: random.Random) -> str:
    def order() -> list[int]:
        return [3 * band + line for band in rng.sample(range(3), 3) for line in rng.sample(range(3), 3)]

    rows, columns = order(), order()
    grid = [[puzzle[9 * r + c] for c in columns] for r in rows]
    if rng.random() < 0.5:
        grid = [list(column) for column in zip(*grid, strict=True)]
    names = dict(zip('123456789', rng.sample('123456789', 9), strict=True))
    return ''.join(names.get(d, d) for row in grid for d in row)


@needs_compiler
def test_puzzles_are_minimal_with_one_solution():
    for record in sudoku.records(seed=1, first=0, count=3):
        puzzle = record['puzzle']
        assert solutions(puzzle) == [record['solution']] == solutions_by_sat(puzzle)
        for cell in [i for i, digit in enumerate(puzzle) if digit != '.'][::6]:
            assert len(solutions(puzzle[:cell] + '.' + puzzle[cell + 1 :])) > 1


@needs_compiler
def test_a_puzzle_depends_on_seed_and_index_alone():
    whole = list(sudoku.records(seed=2, first=0, count=8))
    assert list(sudoku.records(seed=2, first=5, count=3)) == whole[5:]
    assert next(sudoku.records(seed=3, first=0, count=1))['puzzle'] != whole[0]['puzzle']
    assert all(r['guesses'] >= 5 for r in sudoku.records(seed=2, first=0, count=5, least_guesses=5))


@needs_compiler
def test_few_clues_are_minimal_with_one_solution_and_depend_on_seed_and_index_alone():
    few = list(sudoku.records(seed=6, first=0, count=4, most_clues=21))
    for record in few:
        puzzle = record['puzzle']
        given = [i for i, digit in enumerate(puzzle) if digit != '.']
        assert 17 <= len(given) <= 21
        assert solutions_by_sat(puzzle) == [record['solution']]
        for cell in given[::5]:
            assert len(solutions_by_sat(puzzle[:cell] + '.' + puzzle[cell + 1 :])) > 1
    assert list(sudoku.records(seed=6, first=2, count=2, most_clues=21)) == few[2:]
    assert len({record['solution'] for record in few}) == 4


@needs_compiler
def test_puzzles_that_need_no_walk_are_the_same_with_a_limit_as_without():
    plain = list(sudoku.records(seed=7, first=0, count=30))
    clues = [sum(digit != '.' for digit in record['puzzle']) for record in plain]
    limited = list(sudoku.records(seed=7, first=0, count=30, most_clues=24))
    same = [a == b for a, b in zip(plain, limited, strict=True)]
    assert same == [n <= 24 for n in clues]
    assert 0 < sum(same) < 30


def test_fewer_clues_than_can_be_had_are_refused(capsys, tmp_path):
    with pytest.raises(SystemExit):
        main(['sudoku', '--max-clues', '17', '--count', '1', '-o', str(tmp_path / 'a.jsonl')])
    assert '--max-clues 17' in capsys.readouterr().err


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
    committed = tmp_path / 'test.jsonl'
    committed.write_text(''.join(json.dumps(r) + '\n' for r in records[:4]))
    arrays = build([source], [excluded])
    assert all((build([source], [committed])[name] == arrays[name]).all() for name in arrays)
    assert sum(len(arrays[f'{s}_size']) for s in ('train', 'dev', 'test')) == 16
    tokens, answers = arrays['train_tokens'], arrays['train_answers']
    assert tokens.shape[1:] == (1, 81)
    assert ((tokens == 0) | (tokens == answers)).all()
    assert (np.sort(answers.reshape(-1, 9, 9), -1) == np.arange(1, 10)).all()
