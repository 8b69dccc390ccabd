"""Generated puzzles: right, unique, the same again; and what becomes of them as tokens."""

import gzip
import itertools
import json
import random
import shutil

import numpy as np
import pytest

from pencil_records import PENCIL, samples, solutions
from ptrm_training.compare.features import solutions_by_sat
from ptrm_training.generate import native
from ptrm_training.generate.__main__ import main
from ptrm_training.generate.batches import batch, puzzles
from ptrm_training.generate.files import whole_lines
from ptrm_training.generate.urls import puzzle_url, read_url
from ptrm_training.kinds import KINDS
from ptrm_training.kinds.record import LIKE_PEOPLE
from ptrm_training.pencil import canonical_hash, turn
from ptrm_training.puzzles import build, split_of, tokens_of, variants_of
from ptrm_training.puzzles import main as puzzles_main

needs_rustc = pytest.mark.skipif(not shutil.which('rustc'), reason='needs rustc')
LAID_OUT = [kind for kind in PENCIL if LIKE_PEOPLE in KINDS[kind].options]
MADE = [pytest.param(kind, marks=needs_rustc) if kind == 'nurikabe' else kind for kind in PENCIL]


def keeps_rules(record: dict, solution: list) -> bool:
    return KINDS[record['type']].keeps_rules(record, solution)


@pytest.mark.parametrize('kind', [kind for kind in MADE if kind != 'shakashaka'])
def test_small_puzzles_have_one_solution_by_trying_everything(kind):
    for record in batch(kind, 4, 1, 0, 2):
        assert keeps_rules(record, record['solution'])
        assert solutions(record) == 1


def test_shakashaka_has_as_many_solutions_by_sat_as_by_trying_everything():
    """Puzzles of the generator are too large to try all: any boards of up to six white cells instead."""
    rng = random.Random(1)
    counts = []
    for rows, cols, walls in [(2, 2, 0), (2, 3, 1), (3, 3, 4)] * 4:
        clues = [-2] * (rows * cols)
        for cell in rng.sample(range(len(clues)), walls):
            clues[cell] = rng.choice((-1, -1, -1, 0, 1, 2))
        grid = [clues[r * cols : (r + 1) * cols] for r in range(rows)]
        record = {'type': 'shakashaka', 'rows': rows, 'cols': cols, 'clues': grid}
        counts.append(solutions(record))
        assert counts[-1] == solutions_by_sat(record, most=counts[-1] + 1)
    assert len(set(counts)) > 2


@pytest.mark.parametrize('kind', MADE)
def test_larger_puzzles_keep_the_rules_and_have_one_solution_by_sat(kind):
    for record in batch(kind, 6, 1, 0, 3):
        assert keeps_rules(record, record['solution'])
        assert solutions_by_sat(record) == 1


@pytest.mark.parametrize('kind', ('heyawake', 'lightup', 'tapa'))
def test_no_clue_is_spare(kind):
    for record in batch(kind, 6, 2, 0, 2):
        for r, c in itertools.product(range(6), range(6)):
            blank = {'heyawake': -1, 'lightup': -1, 'tapa': None}[kind]
            if record['clues'][r][c] in (blank, -2):
                continue
            clues = [list(row) for row in record['clues']]
            clues[r][c] = blank
            assert solutions_by_sat({**record, 'clues': clues}) == 2


@pytest.mark.parametrize('kind', (*MADE, 'sudoku'))
def test_a_puzzle_depends_on_seed_and_index_alone(kind):
    size = 5
    alone = [batch(kind, size, 3, index, 1)[0] for index in range(6)]
    assert alone == list(puzzles(kind, size, 3, range(6), workers=2))
    assert len({record['url'] for record in alone}) == 6
    assert batch(kind, size, 4, 0, 1)[0]['url'] != alone[0]['url']


def test_more_orders_leave_no_more_clues():
    count = lambda record: sum(v is not None for row in record['clues'] for v in row)
    once = batch('tapa', 6, 1, 0, 6)
    best = batch('tapa', 6, 1, 0, 6, {'orders': 8})
    assert sum(map(count, best)) < sum(map(count, once))
    assert [r['solution'] for r in best] == [r['solution'] for r in once]


@pytest.mark.parametrize('name', ('a.jsonl', 'a.jsonl.gz'))
def test_a_file_continued_after_a_stop_holds_what_one_go_gives(name, tmp_path):
    read = lambda path: gzip.decompress(path.read_bytes()) if name.endswith('gz') else path.read_bytes()
    make = lambda path, count: main(['lightup', '--size', '6', '--count', str(count), '--seed', '9', '-o', str(path)])
    whole, path = tmp_path / f'whole-{name}', tmp_path / name
    make(whole, 9)
    make(path, 5)
    path.write_bytes(path.read_bytes()[:-7])
    assert whole_lines(path) == 4 or name.endswith('gz')
    make(path, 9)
    assert read(path) == read(whole)
    make(path, 9)
    assert whole_lines(path) == 9


@pytest.mark.parametrize(
    ('words', 'found'),
    (
        (['lightup', '--seed', '2'], 'lightup-4-1-1'),
        (['lightup', '--size', '5'], 'lightup-4-1-1'),
        (['lightup', '--like-people', '1'], 'lightup-4-1-1'),
        (['tapa'], 'lightup-4-1-1'),
    ),
)
@pytest.mark.parametrize('name', ('a.jsonl', 'a.jsonl.gz'))
def test_a_file_of_another_command_is_left_as_it_is(name, words, found, tmp_path):
    path = tmp_path / name
    rest = lambda count: ['--count', str(count), '-o', str(path)]
    main(['lightup', '--size', '4', '--seed', '1', *rest(2)])
    before = path.read_bytes()
    given = dict(zip(words[1::2], words[2::2], strict=True))
    told = {'--size': '4', '--seed': '1'} | given
    with pytest.raises(ValueError, match=f'puzzle 2 is {found}, where this command goes on from {words[0]}-.*-1;'):
        main([words[0], *itertools.chain.from_iterable(told.items()), *rest(4)])
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ('name', 'held'),
    (
        ('a.jsonl', b'{"mine": 1}\n'),
        ('a.jsonl', b'{"mine": 1}'),
        ('a.txt', b'one\ntwo'),
        ('a.jsonl.gz', b'no gzip'),
        ('a.jsonl.gz', gzip.compress(b'[1]\n', mtime=0)),
    ),
)
def test_a_file_that_no_generator_began_is_left_as_it_is(name, held, tmp_path):
    path = tmp_path / name
    path.write_bytes(held)
    with pytest.raises(ValueError, match=rf'{name}: (no gzip|its last line|puzzle 1 is none)'):
        main(['lightup', '--size', '4', '--count', '3', '-o', str(path)])
    assert path.read_bytes() == held


def test_tapa_without_an_order_of_clues_is_refused(tmp_path, capsys):
    """It would have no clue at all."""
    with pytest.raises(SystemExit):
        main(['tapa', '--size', '4', '--orders', '0', '--count', '1', '-o', str(tmp_path / 'a.jsonl')])
    assert '--orders 0: without an order no clue is left' in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_set_is_of_one_kind(tmp_path):
    path = tmp_path / 'a.jsonl'
    path.write_text(''.join(json.dumps(batch(kind, 4, 1, 0, 1)[0]) + '\n' for kind in ('lightup', 'tapa')))
    with pytest.raises(ValueError, match=r'puzzles of lightup and tapa in .*a\.jsonl: a set is of one kind'):
        build([path])


def test_a_set_is_written_to_the_file_that_comes_first(tmp_path, monkeypatch, capsys):
    path, out = tmp_path / 'a.jsonl', tmp_path / 'a.npz'
    path.write_text(''.join(json.dumps(record) + '\n' for record in batch('lightup', 4, 1, 0, 3)))
    for wrong, told in ((path, 'comes first'), (tmp_path / 'missing/a.npz', 'no folder')):
        monkeypatch.setattr('sys.argv', ['puzzles', str(wrong), str(path)])
        with pytest.raises((ValueError, OSError), match=told):
            puzzles_main()
    assert list(tmp_path.iterdir()) == [path]
    monkeypatch.setattr('sys.argv', ['puzzles', str(out), str(path)])
    puzzles_main()
    assert sorted(tmp_path.iterdir()) == [path, out]
    with np.load(out) as file:
        assert str(file['kind']) == 'lightup'


def test_a_missing_compiler_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(native.shutil, 'which', lambda name: None)
    for name, advice in (('nurikabe', 'rustc'), ('sudoku', r'C\+\+20 compiler')):
        source = next((native.TRAINING / 'native').glob(f'{name}.*'))
        with pytest.raises(FileNotFoundError, match=advice):
            native._command(source, tmp_path / name)


@pytest.mark.parametrize('kind', PENCIL)
def test_rule_checkers_accept_solutions_and_refuse_changed_ones(kind):
    for record in samples(kind)[::12]:
        solution = record['solution']
        assert keeps_rules(record, solution)
        for r, c in ((0, 0), (2, 3), (5, 5)):
            changed = [list(row) for row in solution]
            changed[r][c] = {0: 2, 2: 3}.get(changed[r][c], 0) if kind == 'shakashaka' else 1 - changed[r][c]
            assert not keeps_rules(record, changed)


@pytest.mark.parametrize('kind', PENCIL)
def test_urls_round_trip(kind):
    for record in samples(kind)[::4]:
        assert puzzle_url(record) == record['url']
        read = read_url(record['url'])
        assert read == {key: record[key] for key in read}


def test_sudoku_urls_and_damaged_ones():
    puzzle = '1' + '.' * 21 + '9' + '.' * 58
    url = puzzle_url({'type': 'sudoku', 'puzzle': puzzle})
    assert url == 'https://puzz.link/p?sudoku/9/9/1zg9zzx'
    assert read_url(url) == {'type': 'sudoku', 'puzzle': puzzle}
    with pytest.raises(ValueError, match='more than the board of 4 cells'):
        read_url('https://puzz.link/p?nurikabe/2/2/11111')


def twin_of(record: dict, variant: int) -> dict:
    """A symmetric variant as a record of its own; shakashaka's triangles turn with the board, heyawake's rooms are named anew."""
    twin = {**record}
    for name in {'clues', 'solution', 'rooms'} & set(record):
        grid = np.empty((record['rows'], record['cols']), dtype=object)
        for place in np.ndindex(grid.shape):
            grid[place] = record[name][place[0]][place[1]]
        twin[name] = turn(grid, variant).tolist()
    twin['rows'], twin['cols'] = len(twin['clues']), len(twin['clues'][0])
    if record['type'] == 'shakashaka':
        answers = tokens_of(record, variant)[1].reshape(10, 10)[: twin['rows'], : twin['cols']]
        twin['solution'] = np.where(answers <= 1, 0, answers).tolist()
    return twin


@pytest.mark.parametrize('kind', PENCIL)
def test_variants_keep_the_rules_and_the_verdict(kind):
    for record in samples(kind)[:80:20]:
        wrong = [list(row) for row in record['solution']]
        wrong[2][3] = {0: 2, 2: 3}.get(wrong[2][3], 0) if kind == 'shakashaka' else 1 - wrong[2][3]
        for variant in range(8):
            twin = twin_of(record, variant)
            assert keeps_rules(twin, twin['solution'])
            changed = twin_of({**record, 'solution': wrong}, variant)
            assert not keeps_rules(changed, changed['solution'])


@pytest.mark.parametrize('kind', PENCIL)
def test_twins_share_their_hash_and_their_split(kind):
    rng = random.Random(5)
    for record in samples(kind)[::15]:
        wanted = canonical_hash(variants_of(record)[0])
        variant = rng.randrange(1, 8)
        twin = twin_of(record, variant)
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
    # Borders at the right (1) and left (4) of every cell, below the lower row (2), above the upper one (8); the number 1 in
    # both cells of the right room.
    assert tokens[[0, 1, 10, 11]].tolist() == [3 + 13, 3 + 13 + 16 * 2, 3 + 7, 3 + 7 + 16 * 2]
    assert answers[[0, 1, 10, 11]].tolist() == [1, 1, 1, 2]
    # Turned, the right room is the upper row.
    assert tokens_of(record, 1)[0][[0, 1, 10, 11]].tolist() == [3 + 14 + 16 * 2, 3 + 11 + 16 * 2, 3 + 14, 3 + 11]


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
    assert arrays['train_tokens'].shape[1:] == (8, 100)
    assert arrays['test_tokens'].shape[1:] == (1, 100)
    for record in records[:10]:
        digest = canonical_hash(variants_of(record)[0])
        split = split_of(digest)
        assert (arrays[f'{split}_tokens'][:, 0] == tokens_of(record)[0]).all(1).any()


def test_damaged_records_are_named(tmp_path):
    path = tmp_path / 'a.jsonl'
    path.write_text('{"type": "lightup"\n')
    with pytest.raises(ValueError, match=r'a\.jsonl:1'):
        build([path])


@pytest.mark.parametrize('kind', LAID_OUT)
def test_boards_as_people_lay_them_out_keep_the_rules_and_have_one_solution(kind):
    for size, count in (('4', 2), ('7', 4), ('6x9', 4)):
        for record in batch(kind, size, 1, 0, count, {'like_people': 1}):
            assert f'{record["rows"]}x{record["cols"]}'.startswith(size)
            assert keeps_rules(record, record['solution'])
            assert solutions_by_sat(record) == 1
            assert read_url(puzzle_url(record))['clues'] == record['clues']


@pytest.mark.parametrize('kind', LAID_OUT)
def test_a_board_as_people_lay_it_out_depends_on_seed_and_index_alone(kind):
    options = {'like_people': 1}
    alone = [batch(kind, '5-8', 3, index, 1, options)[0] for index in range(6)]
    assert alone == list(puzzles(kind, '5-8', 3, range(6), 2, options))
    assert alone[0]['id'] == f'{kind}-5-8-laid-out-3-0'
    assert len({record['url'] for record in alone}) == 6


def test_tapa_as_people_lay_it_out_is_often_symmetric_and_has_question_marks():
    records = batch('tapa', 7, 1, 0, 12, {'like_people': 1})
    cells = [[clue is not None for row in record['clues'] for clue in row] for record in records]
    assert sum(clued == clued[::-1] for clued in cells) > len(records) / 4, 'many are the same turned by 180 degrees'
    loops = [KINDS['tapa'].compared().features(record)['shaded loops a cell'] for record in records]
    assert sum(loops) / len(loops) < 0.01, 'shadings are trees, or nearly'
    assert any(-1 in clue for record in records for row in record['clues'] for clue in row if clue), 'some have "?"'
