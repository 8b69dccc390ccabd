"""Boards laid out as people draw them: the parts of their generators, each against a slow way."""

import random

import pytest

from ptrm_training.compare.features import flat
from ptrm_training.generate.batches import batch
from ptrm_training.generate.board import board
from ptrm_training.kinds.heyawake.chains import parting_chains
from ptrm_training.kinds.heyawake.layout import Layout, draw_rooms, is_rectangle


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
