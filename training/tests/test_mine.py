"""Boards that a model misses are written as they were, and nothing that is to judge models is."""

import json

import pytest
import torch

from ptrm_training.boards import by_size
from ptrm_training.evaluate import rollouts
from ptrm_training.export import export
from ptrm_training.generate.batches import batch
from ptrm_training.kinds import KINDS
from ptrm_training.loaded import load_model
from ptrm_training.mine import main
from ptrm_training.puzzles import TESTSETS, build, read_records
from ptrm_training.trainer.run import run
from ptrm_training.trainer.trainer import Trainer
from toy_boards import config


@pytest.fixture
def model(toy, tmp_path):
    run(Trainer(config(toy)), tmp_path / 'run', log_every=0, checkpoint_every=0)
    export(tmp_path / 'run' / 'checkpoint.pt', tmp_path / 'model.safetensors', {}, torch.float32)
    return tmp_path / 'model.safetensors'


def solved_by(model, record, steps):
    """The record, but that its solution is what the model's plain run says."""
    loaded = load_model(model)
    ((boards, _),) = by_size([KINDS['lightup'].grids_of(record, 0)], loaded.place)
    *_, (said, _) = rollouts(loaded, boards, steps, 0.0, 'zL', torch.float32)
    bulbs = (said == 2) & (boards.answers > 0)
    return {**record, 'solution': bulbs.astype(int).reshape(record['rows'], record['cols']).tolist()}


def write(path, records):
    path.write_text(''.join(json.dumps(record) + '\n' for record in records))
    return path


def test_boards_that_the_plain_run_misses_are_kept_as_they_were(model, tmp_path, monkeypatch, capsys):
    boards = [record for size in ('6', '5x7', '6') for record in batch('lightup', size, 1, 0, 3)]
    solved = [0, 4, 5, 8]
    for number in solved:
        boards[number] = solved_by(model, boards[number], 3)
    files = [write(tmp_path / 'a.jsonl', boards[:5]), write(tmp_path / 'b.jsonl', boards[5:])]
    out = tmp_path / 'hard.jsonl.gz'
    monkeypatch.setattr('ptrm_training.mine.WINDOW', 4)
    monkeypatch.setattr('sys.argv', ['mine', str(model), *map(str, files), '-o', str(out), '--steps', '3'])
    main()
    kept = [record for number, record in enumerate(boards) if number not in solved]
    assert list(read_records([out])) == kept
    assert capsys.readouterr().out == f'{out}: 5 of 9 boards missed\n'
    assert sum(len(part) for name, part in build([out]).items() if name.endswith('size')) == len({r['url'] for r in kept})


def test_a_stop_leaves_the_file_that_was_there(model, tmp_path, monkeypatch):
    boards = batch('lightup', 6, 1, 0, 4)
    out = write(tmp_path / 'hard.jsonl', [{'before': True}])

    def stopped(loaded, records, steps):
        if records[0] == boards[2]:
            raise KeyboardInterrupt
        yield [0]

    monkeypatch.setattr('ptrm_training.mine.WINDOW', 2)
    monkeypatch.setattr('ptrm_training.mine.missed', stopped)
    monkeypatch.setattr('sys.argv', ['mine', str(model), str(write(tmp_path / 'a.jsonl', boards)), '-o', str(out)])
    with pytest.raises(KeyboardInterrupt):
        main()
    assert out.read_text() == '{"before": true}\n'


@pytest.mark.parametrize(
    ('named', 'changed', 'told'),
    (
        (TESTSETS / 'lightup-dev.jsonl.gz', {}, 'test puzzles are never trained on'),
        ('a.csv', {}, 'from .jsonl and .jsonl.gz files'),
        ('a.jsonl', {'source': 'people'}, 'a.jsonl:2: no puzzle of our generators'),
        ('a.jsonl', {'type': 'tapa'}, 'a.jsonl:2: a puzzle of tapa, for a model of lightup'),
        ('hard.jsonl', {}, 'would take the place of the boards'),
    ),
)
def test_what_is_not_to_be_mined_is_refused_before_the_work(model, tmp_path, monkeypatch, named, changed, told):
    first, second = batch('lightup', 6, 1, 0, 2)
    file = named if named == TESTSETS / 'lightup-dev.jsonl.gz' else write(tmp_path / named, [first, {**second, **changed}])
    out = tmp_path / 'hard.jsonl'
    monkeypatch.setattr('sys.argv', ['mine', str(model), str(file), '-o', str(out)])
    with pytest.raises(ValueError, match=told):
        main()
    assert not list(tmp_path.glob('unfinished-*'))
