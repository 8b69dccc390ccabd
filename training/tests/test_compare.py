"""Boards compared: features of boards drawn by hand, distances of samples, the command on files."""

import json
import random

import pytest

from pencil_records import PENCIL, samples
from ptrm_training.compare.__main__ import main
from ptrm_training.compare.distance import chance_gap, kolmogorov_smirnov
from ptrm_training.compare.features import changed, flat, layout_features, shading_features, solutions_by_sat, solver_features
from ptrm_training.generate.batches import batch
from ptrm_training.generate.board import board
from ptrm_training.generate.urls import with_clues
from ptrm_training.kinds import KINDS

COMPARED = [name for name in PENCIL if KINDS[name].compared]


def cells(drawing: str) -> tuple[int, int, list[int]]:
    """Rows, columns and the places marked in a drawing."""
    rows = drawing.split()
    return len(rows), len(rows[0]), [i for i, mark in enumerate(''.join(rows)) if mark == '#']


@pytest.mark.parametrize(
    ('drawing', 'point', 'mirror', 'none', 'twins'),
    (
        ('#.. ... ..#', 1, 1, 0, 1),  # both diagonals keep it too
        ('#... .... ...#', 1, 0, 0, 1),
        ('#.# ... ...', 0, 1, 0, 1),
        ('.#. ..# ...', 0, 1, 0, 1),  # a mirror along a diagonal
        ('##.. .... #...', 0, 0, 1, 2 / 3),
    ),
)
def test_symmetry_of_layouts(drawing, point, mirror, none, twins):
    found = layout_features(*cells(drawing))
    assert found['layouts with point symmetry'] == point
    assert found['layouts with a mirror'] == mirror
    assert found['layouts without symmetry'] == none
    assert found['clues that have a twin'] == pytest.approx(twins)


def test_clues_side_by_side_and_at_the_edge():
    found = layout_features(*cells('##.. ..#. .... ....'))
    assert found['clues a cell'] == 3 / 16
    assert found['clues beside another'] == found['clues at the edge'] == pytest.approx(2 / 3)
    assert found['clues that touch another by a corner'] == pytest.approx(2 / 3)


def test_thin_and_thick_shadings():
    rows, cols, shaded = cells('### #.# ##. .#.')
    found = shading_features('sea', board(rows, cols), [i in shaded for i in range(rows * cols)])
    assert found == {
        'sea cells a cell': 8 / 12,
        'sea cells that end a line': 2 / 8,
        'sea cells where lines part': 0,
        'sea loops a cell': 0,
    }
    ring = shading_features('sea', board(3, 3), [i != 4 for i in range(9)])
    assert ring['sea loops a cell'] == 1 / 9


def test_distance_is_the_largest_gap_between_the_shares_up_to_a_bound():
    rng = random.Random(1)
    for _ in range(20):
        a, b = ([rng.randrange(6) for _ in range(rng.randint(1, 9))] for _ in range(2))
        gaps = [abs(sum(x <= n for x in a) / len(a) - sum(x <= n for x in b) / len(b)) for n in range(6)]
        assert kolmogorov_smirnov(a, b) == pytest.approx(max(gaps))
    assert kolmogorov_smirnov([0, 0, 1, 1], [0, 1, 1, 1]) == 0.25


def test_chance_gap_is_passed_by_one_pair_of_samples_in_twenty():
    rng = random.Random(2)
    sample = lambda n: [rng.random() for _ in range(n)]
    passed = sum(kolmogorov_smirnov(sample(80), sample(120)) > chance_gap(80, 120) for _ in range(1000))
    assert 20 < passed < 80


def test_spare_clues_are_those_without_which_the_solution_stays_the_only_one():
    record = batch('tapa', 5, 1, 0, 1)[0]
    clued = [i for i, clue in enumerate(flat(record['clues'])) if clue is not None]
    poorer = [changed(record, i, None) for i in clued]
    assert solver_features(record, poorer, 'spare')['spare'] == 0  # its generator keeps none
    blank = next(i for i, v in enumerate(flat(record['solution'])) if not v and i not in clued)
    shaded = flat(record['solution'])
    ring = [i is not None and bool(shaded[i]) for i in board(5, 5).rings[blank]]
    richer = changed(record, blank, runs(ring))
    assert solver_features(richer, [changed(richer, blank, None)], 'spare')['spare'] == 1


def runs(ring: list[bool]) -> list[int]:
    text = ''.join('#' if v else '.' for v in ring)
    start = text.find('.')
    return sorted(len(run) for run in (text[start:] + text[:start]).split('.') if run) or [0]


def test_a_puzzle_with_two_solutions_is_named():
    record = samples('tapa')[0]
    bare = {**record, 'clues': [[None] * record['cols'] for _ in range(record['rows'])]}
    assert solutions_by_sat(bare) == 2
    with pytest.raises(ValueError, match='more than one solution'):
        solver_features(bare, [], 'spare')


@pytest.mark.parametrize('kind', COMPARED)
def test_files_are_compared_and_records_read_by_their_url(kind, tmp_path, capsys):
    records = [r for r in samples(kind) if r['rows'] == 6][:6]
    bare = [{'puzzle_url': r['url'], 'solution': r['solution'], 'source': 'people'} for r in records]
    assert [with_clues(r)['clues'] for r in bare] == [r['clues'] for r in records]
    paths = [tmp_path / 'people.jsonl', tmp_path / 'made.jsonl']
    for path, found in zip(paths, (bare, records), strict=True):
        path.write_text(''.join(json.dumps(record) + '\n' for record in found))
    main([*map(str, paths), '--sample', '2', '--json'])
    for row in json.loads(capsys.readouterr().out)['rows']:
        assert row['mean'][0] == row['mean'][1], row
        assert row['distance'] == [0], row
    main([*map(str, paths), '--sample', '2', '--size', '6'])
    assert 'people (6)' in capsys.readouterr().out
    with pytest.raises(ValueError, match=r'people\.jsonl: no board of size 7-9'):
        main([str(paths[0]), '--size', '7-9'])


def test_a_file_of_several_kinds_is_refused_and_one_without_features_named(tmp_path):
    path = tmp_path / 'a.jsonl'
    path.write_text(''.join(json.dumps(batch(kind, 4, 1, 0, 1)[0]) + '\n' for kind in ('tapa', 'lightup')))
    with pytest.raises(ValueError, match=r'a\.jsonl: holds boards of lightup and tapa'):
        main([str(path), str(path)])
    path.write_text(json.dumps(batch('sudoku', 9, 1, 0, 1)[0]) + '\n')
    with pytest.raises(ValueError, match='sudoku: no features'):
        main([str(path), str(path), '--size', '9'])
