"""The boards that `generate --size` makes: one size, rectangles, ranges from which each puzzle draws its own."""

import random
import shutil

import pytest

from pencil_records import PENCIL
from ptrm_training.compare.features import solutions_by_sat
from ptrm_training.generate.__main__ import main
from ptrm_training.generate.batches import batch, puzzles
from ptrm_training.generate.sizes import read_sizes
from ptrm_training.kinds import KINDS

needs_rustc = pytest.mark.skipif(not shutil.which('rustc'), reason='needs rustc')
MADE = [pytest.param(kind, marks=needs_rustc) if kind == 'nurikabe' else kind for kind in PENCIL]


def shape(record: dict) -> tuple[int, int]:
    assert {len(row) for row in (*record['clues'], *record['solution'])} == {record['cols']}
    assert len(record['clues']) == len(record['solution']) == record['rows']
    return record['rows'], record['cols']


@pytest.mark.parametrize(
    ('text', 'written', 'drawn'),
    (
        ('10', '10', {(10, 10)}),
        ('10x10', '10', {(10, 10)}),
        ('8x12', '8x12', {(8, 12)}),
        ('7-7', '7', {(7, 7)}),
        ('5-7', '5-7', {(rows, cols) for rows in (5, 6, 7) for cols in (5, 6, 7)}),
    ),
)
def test_sizes_are_read_and_drawn_from(text, written, drawn):
    sizes, rng = read_sizes(text), random.Random(1)
    assert str(sizes) == written
    assert {sizes.draw(rng) for _ in range(200)} == drawn
    assert sizes.largest == max(drawn)
    assert sizes.varied == (len(drawn) > 1)


def test_a_third_of_a_range_are_rectangles():
    sizes, rng = read_sizes('5-15'), random.Random(2)
    drawn = [sizes.draw(rng) for _ in range(3000)]
    assert 0.30 < sum(rows != cols for rows, cols in drawn) / 3000 < 0.37
    assert {rows for rows, _ in drawn} == set(range(5, 16))


def test_one_size_takes_nothing_from_the_random_stream():
    rng, untouched = random.Random(3), random.Random(3)
    read_sizes('9').draw(rng)
    assert rng.random() == untouched.random()


@pytest.mark.parametrize(
    ('text', 'said'),
    (
        ('ten', "no board size 'ten': say 10, 8x12"),
        ('8x', "no board size '8x'"),
        ('-5', "no board size '-5'"),
        ('2', 'at least 3 cells'),
        ('4x2', 'at least 3 cells'),
        ('12-5', 'the smaller side of a range comes first, 5-12'),
    ),
)
def test_other_sizes_are_refused(text, said, tmp_path):
    with pytest.raises(ValueError, match=said):
        main(['lightup', f'--size={text}', '--count', '1', '-o', str(tmp_path / 'a.jsonl')])
    assert not (tmp_path / 'a.jsonl').exists()


@pytest.mark.parametrize('kind', MADE)
def test_rectangles_and_ranges_of_every_kind(kind):
    for size, wanted in (('4x6', {(4, 6)}), ('5-6', {(5, 5), (5, 6), (6, 5), (6, 6)})):
        found = batch(kind, size, 1, 0, 6)
        assert {shape(record) for record in found} <= wanted
        for index, record in enumerate(found):
            assert record['id'] == f'{kind}-{size}-1-{index}'
            assert KINDS[kind].keeps_rules(record, record['solution'])
            assert solutions_by_sat(record) == 1


@pytest.mark.parametrize('kind', MADE)
def test_a_puzzle_of_a_range_depends_on_seed_and_index_alone(kind):
    alone = [batch(kind, '5-8', 3, index, 1)[0] for index in range(6)]
    assert alone == list(puzzles(kind, '5-8', 3, range(6), workers=2))
    assert len({shape(record) for record in alone}) > 1


@needs_rustc
def test_a_range_that_reaches_past_the_largest_nurikabe_is_refused_at_once():
    with pytest.raises(ValueError, match='at most 576 cells, not 25x25'):
        batch('nurikabe', '5-25', 1, 0, 1)
