"""The native solver of Nurikabe against trying everything, and boards as people lay them out."""

import random
import shutil

import pytest

from pencil_records import solutions
from ptrm_training.generate.batches import batch
from ptrm_training.generate.board import board
from ptrm_training.kinds.nurikabe.features import by_solver, features
from ptrm_training.kinds.nurikabe.generator import UNKNOWN, measured
from ptrm_training.rules import areas

pytestmark = pytest.mark.skipif(not shutil.which('rustc'), reason='needs rustc')


def any_board(rows: int, cols: int, rng: random.Random) -> dict:
    """A puzzle that has a solution, maybe several: every island of a random sea gets a number or "?" somewhere."""
    here = board(rows, cols)
    while True:
        sea = [rng.random() < 0.55 for _ in here.cells]
        clues = [0] * len(here)
        for island in here.components([not s for s in sea]):
            clues[rng.choice(island)] = UNKNOWN if rng.random() < 0.2 else len(island)
        whole = len(here.components(sea)) == 1 and not any(all(sea[i] for i in square) for square in here.squares)
        if whole and any(clues):
            grids = {'clues': here.grid(clues), 'solution': here.grid([int(s) for s in sea])}
            return {'type': 'nurikabe', 'rows': rows, 'cols': cols, **grids}


def test_one_solution_is_told_from_several_as_by_trying_everything():
    rng = random.Random(1)
    verdicts = []
    for shape in [(3, 3), (3, 4), (4, 3), (3, 5)] * 15:
        record = any_board(*shape, rng)
        found = measured(record)
        verdicts.append(found.unique)
        assert found.unique == (solutions(record) == 1)
        assert found.open_by_trying <= found.open_by_rules
        if not found.open_by_trying:
            assert found.unique == 1
    assert len(set(verdicts)) == 2


def test_spare_numbers_are_those_that_may_be_unknown():
    rng = random.Random(2)
    counts = []
    for _ in range(20):
        record = any_board(3, 4, rng)
        wanted = 0
        for r, row in enumerate(record['clues']):
            for c, clue in enumerate(row):
                if clue > 0:
                    poorer = [list(line) for line in record['clues']]
                    poorer[r][c] = UNKNOWN
                    wanted += solutions({**record, 'clues': poorer}) == 1
        assert measured(record).spare == wanted
        counts.append(wanted)
    assert len(set(counts)) > 1


def test_boards_as_people_lay_them_out_have_larger_islands_a_sea_without_loops_and_take_more_than_rules():
    boards = batch('nurikabe', 9, 1, 0, 12, {'like_people': 1})
    made = [features(record) | by_solver(record) for record in boards]
    plain = [features(record) for record in batch('nurikabe', 9, 1, 0, 12)]
    mean = lambda found, name: sum(f[name] for f in found) / len(found)
    assert mean(made, 'sea loops a cell') < mean(plain, 'sea loops a cell') / 2
    assert mean(made, 'islands of one cell') < mean(plain, 'islands of one cell') + 0.1
    assert any(f['layouts with point symmetry'] for f in made)
    assert any(f['islands of more than 8 cells'] > 0.1 for f in made)
    assert mean(made, 'cells that rules leave open') > 0.2


def test_islands_of_a_solution_are_as_large_as_their_numbers():
    for record in batch('nurikabe', '5x9', 2, 0, 4, {'like_people': 1}):
        for island in areas(record['solution'], 0):
            assert [record['clues'][r][c] for r, c in island if record['clues'][r][c]] == [len(island)]
        assert measured(record).unique == 1
        assert by_solver(record)['numbers that are spare'] <= 1


def test_a_board_that_is_too_large_is_refused():
    with pytest.raises(ValueError, match='at most 448 cells, not 21x21'):
        batch('nurikabe', 21, 1, 0, 1, {'like_people': 1})
