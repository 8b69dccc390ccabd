"""Boards laid out as people draw them: the parts of their generators, each against a slow way."""

import random

import pytest

from ptrm_training.compare.features import flat
from ptrm_training.generate.batches import batch
from ptrm_training.generate.board import board
from ptrm_training.generate.sat import LazySolver, thinned_out
from ptrm_training.generate.symmetry import SYMMETRIES, orbits
from ptrm_training.kinds.heyawake.chains import parting_chains
from ptrm_training.kinds.heyawake.layout import Layout, draw_rooms, is_rectangle
from ptrm_training.kinds.shakashaka.laid_out import tilted_rectangle
from ptrm_training.kinds.shakashaka.rules import is_rectangle as is_rectangle_of_quarters
from ptrm_training.kinds.shakashaka.rules import white_areas


def random_shading(here, rng: random.Random) -> list[bool]:
    """No two shaded cells side by side."""
    shaded = [False] * len(here)
    for cell in rng.sample(here.cells, rng.randint(0, len(here))):
        shaded[cell] = not any(shaded[j] for j in here.neighbours[cell])
    return shaded


@pytest.mark.parametrize(('rows', 'cols'), ((2, 2), (2, 7), (5, 5), (6, 9)))
def test_chains_part_the_white_cells_and_are_found_where_these_are_parted(rows, cols):
    here, rng = board(rows, cols), random.Random(1)
    parted = 0
    for _ in range(300):
        shaded = random_shading(here, rng)
        chains = parting_chains(here, shaded)
        parts = len(here.components([not s for s in shaded]))
        assert bool(chains) == (parts > 1)
        parted += parts > 1
        for chain in chains:
            assert all(shaded[i] for i in chain)
            assert len(set(chain)) == len(chain)
            assert len(here.components([i not in chain for i in here.cells])) > 1, 'a chain parts them on its own'
    assert 30 < parted < 300


def test_rooms_cover_the_board_each_in_one_piece_and_twins_with_their_twins():
    rng = random.Random(2)
    symmetric = shaped = 0
    for _ in range(150):
        here = board(rng.randint(4, 12), rng.randint(4, 12))
        layout = draw_rooms(here, rng)
        assert sorted(i for cells in layout.cells.values() for i in cells) == list(here.cells)
        for room, cells in layout.cells.items():
            assert cells == sorted(cells)
            assert {layout.room[i] for i in cells} == {room}
            assert len(here.components([i in cells for i in here.cells])) == 1
            if layout.symmetric:
                assert layout.twin(cells) in layout.cells.values()
        symmetric += layout.symmetric
        shaped += not all(is_rectangle(here, cells) for cells in layout.cells.values())
    assert symmetric > 15
    assert shaped > 5


def test_a_room_that_loses_all_its_cells_is_gone():
    layout = Layout(board(2, 3), symmetric=False)
    layout.place([0, 1])
    layout.place([2, 3, 4, 5])
    layout.place([1, 2])
    assert layout.cells == {0: [0], 1: [3, 4, 5], 2: [1, 2]}
    layout.place([0, 3])
    assert layout.cells == {1: [4, 5], 2: [1, 2], 3: [0, 3]}
    assert layout.room == [3, 2, 2, 3, 1, 1]


def test_heyawake_boards_like_peoples_fill_rooms_and_keep_spare_numbers():
    """People's numbers are higher than those of rooms drawn at random: 0.34 a cell of the rooms that have one, against 0.27."""
    records = batch('heyawake', 8, 1, 0, 12, {'like_people': 1})
    numbered = [(n, flat(r['rooms']).count(room)) for r in records for room, n in enumerate(r['roomnums']) if n >= 0]
    assert 0.29 < sum(n for n, _ in numbered) / sum(size for _, size in numbered) < 0.37
    assert any(n == 0 for n, _ in numbered)


def test_symmetric_cells_are_each_others_twins():
    for rows, cols in ((5, 5), (4, 4), (3, 6)):
        for name in SYMMETRIES:
            twins = orbits(rows, cols, name)
            assert all(i in twins[i] and all(twins[j] == twins[i] for j in twins[i]) for i in range(rows * cols))
    assert orbits(3, 3, 'point')[0] == (0, 8)
    assert orbits(3, 3, 'quarter')[1] == (1, 3, 5, 7)
    assert orbits(3, 3, 'mirrors')[0] == (0, 2, 6, 8)
    assert orbits(3, 3, 'diagonals')[1] == (1, 3, 5, 7)
    assert orbits(4, 4, 'all')[1] == (1, 2, 4, 7, 8, 11, 13, 14)
    assert orbits(2, 3, 'quarter')[0] == orbits(2, 3, 'point')[0] == (0, 5), 'a rectangle does not turn by a quarter'


def test_clues_are_thinned_out_in_their_order():
    """The selectors 4 to 6 say: 1 or 2, 2 or 3, 3 or 1. Where two of 1 to 3 are false, the clue of these two is needed."""
    clauses = [[-4, 1, 2], [-5, 2, 3], [-6, 3, 1]]
    none_spared = lambda clue: False
    thinned = lambda clues, fixed, spared=none_spared: thinned_out(LazySolver(6, clauses), clues, fixed, spared)
    assert thinned([4, 5, 6], [-2, -3]) == [5]
    assert thinned([6, 4, 5], [-1, -2]) == [4]
    assert thinned([4, 5, 6], [-1, -2, -3]) == [6]
    assert thinned([6, 5, 4], [-1, -2, -3]) == [4], 'the first ones go first'
    assert thinned([4, 5, 6], [-1, -2, -3], lambda clue: clue == 4) == [4]
    assert thinned([4, 5, 6], [-1]) is None


def test_light_up_walls_are_mostly_symmetric():
    records = batch('lightup', 8, 1, 0, 20, {'like_people': 1})
    walls = [[clue != -2 for clue in flat(record['clues'])] for record in records]
    assert sum(wall == wall[::-1] for wall in walls) > len(records) / 2


def test_tilted_rectangles_are_white_areas():
    for height, width in ((1, 1), (1, 3), (3, 2)):
        side = height + width
        sides, inside = tilted_rectangle(0, height - 1, height, width)
        clues = [[-2] * side for _ in range(side)]
        shapes = [[sides.get((r, c), 0) for c in range(side)] for r in range(side)]
        within = [area for area in white_areas({'clues': clues}, shapes) if any((r, c) in sides for r, c, _ in area)]
        areas = [area for area in within if len(area) == 8 * height * width]
        assert len(sides) == 2 * side
        assert len(areas) >= 1, 'each cell along a side gives half of it'
        assert all(is_rectangle_of_quarters(area) for area in areas)
        assert inside == {(r, c) for area in areas[:1] for r, c, _ in area} - set(sides)


def test_shakashaka_walls_are_few_and_triangles_keep_to_their_tokens():
    records = batch('shakashaka', 8, 1, 0, 8, {'like_people': 1})
    for record in records:
        assert sum(clue != -2 for clue in flat(record['clues'])) <= 0.22 * 64
        assert set(flat(record['solution'])) <= {0, 2, 3, 4, 5}
