"""Models from checkpoints and files on puzzles from any file, figures, and Q heads fitted to rollouts."""

import gzip
import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from ptrm_training.boards import load_puzzles
from ptrm_training.checkpoint import load_checkpoint
from ptrm_training.dense_io import write_dense
from ptrm_training.evaluate import evaluate, main
from ptrm_training.export import config_of, export
from ptrm_training.figures import auroc, figures, mode_of, wilson
from ptrm_training.fit_q import LOSSES, fit, judge, q_of, ranked, roll_out, training_puzzles
from ptrm_training.fit_q import main as fit_q_main
from ptrm_training.generate.batches import batch
from ptrm_training.kinds import averaged_model, make_model
from ptrm_training.loaded import load_model, loaded_from
from ptrm_training.puzzles import TESTSETS, tokens_of
from ptrm_training.trainer.run import run
from ptrm_training.trainer.trainer import Trainer
from toy_boards import config, on_10x10, on_whole_boards


def test_a_run_logs_and_can_be_exported_and_evaluated(toy, tmp_path):
    out = tmp_path / 'run'
    run(Trainer(config(toy, side=0)), out, log_every=0, checkpoint_every=0)
    lines = [json.loads(line) for line in (out / 'log.jsonl').read_text().splitlines()]
    assert [line['update'] for line in lines] == list(range(1, 7))
    model = tmp_path / 'model.safetensors'
    export(out / 'checkpoint.pt', model, {'sigma': 0.2}, torch.float32)
    boards = [on_whole_boards(toy, 8)]
    same = [evaluate(load_model(p), boards, 1, 3, 0.0, dtype=torch.float32) for p in (out / 'checkpoint.pt', model)]
    assert same[0] == same[1]
    assert same[0]['n'] == 8
    assert 'batch' in load_checkpoint(out / 'checkpoint.pt')
    run(Trainer(config(toy, updates=1)), tmp_path / 'slim', log_every=0, checkpoint_every=0, is_slim=True)
    assert 'batch' not in load_checkpoint(tmp_path / 'slim/checkpoint.pt')


def test_a_puzzle_is_reached_when_any_step_of_a_rollout_holds_its_solution(toy, monkeypatch):
    boards = on_whole_boards(toy, 3)
    loaded = loaded_from(Trainer(config(toy, side=0)).model, {'kind': 'lightup', 'h_cycles': 1, 'l_cycles': 1})

    def told(loaded, boards, *_):
        # The first row is right after the first step alone, the second at the end, the third never.
        solutions, wrong = boards.answers, 3 - boards.answers
        for right in ([True, False, False], [False, True, False]):
            yield np.where(np.array(right)[:, None], solutions, wrong), np.zeros(3, np.float32)

    monkeypatch.setattr('ptrm_training.evaluate.rollouts', told)
    shares = evaluate(loaded, [boards], 1, 2, 0.0)
    assert (shares['reached']['percent'], shares['pass']['percent']) == (66.7, 33.3)


def test_the_best_step_is_that_with_the_largest_q_of_all_rollouts(toy, monkeypatch):
    boards = on_whole_boards(toy, 3)
    loaded = loaded_from(Trainer(config(toy, side=0)).model, {'kind': 'lightup', 'h_cycles': 1, 'l_cycles': 1})
    # Two rollouts of each puzzle: the first is believed most, and right, after its first step; of the second the wrong rollout.
    steps = [
        ([True, False, False, False, False, False], [2.0, 0.0, 0.0, 0.0, 0.0, 0.0]),
        ([False, False, False, True, False, False], [1.0, 1.5, 3.0, 2.0, 0.0, -1.0]),
    ]

    def told(loaded, boards, *_):
        for right, q in steps:
            yield np.where(np.array(right)[:, None], boards.answers, 3 - boards.answers), np.array(q, np.float32)

    monkeypatch.setattr('ptrm_training.evaluate.rollouts', told)
    shares = evaluate(loaded, [boards], 2, 2, 0.1)
    names = ('reached', 'pass', 'best_q', 'best_step')
    assert [shares[name]['percent'] for name in names] == [66.7, 33.3, 0.0, 33.3]


def test_puzzles_are_the_same_from_json_lines_as_from_an_npz(tmp_path):
    boards = [record for size in (6, 10) for record in batch('lightup', size, 1, 0, 3)]
    for name, opened in (('a.jsonl', open), ('a.jsonl.gz', gzip.open)):
        path = tmp_path / name
        with opened(path, 'wt') as file:
            file.writelines(json.dumps(record) + '\n' for record in boards)
        (found,) = load_puzzles(path, 'lightup', on_10x10)
        assert found.tokens.shape == (6, 100)
        assert found.tokens.dtype == np.uint8
        assert (found.answers[1] == tokens_of(boards[1])[1]).all()
        assert (found.tokens[5] == tokens_of(boards[5])[0]).all()
        assert (load_puzzles(path, 'lightup', on_10x10, size=10)[0].tokens == found.tokens[3:]).all()
        with pytest.raises(ValueError, match='another kind than tapa'):
            load_puzzles(path, 'tapa', on_10x10)
        with pytest.raises(ValueError, match='size 8'):
            load_puzzles(path, 'lightup', on_10x10, size=8)
    with pytest.raises(ValueError, match=r'\.jsonl\.gz files'):
        load_puzzles(tmp_path / 'a.txt', 'lightup', on_10x10)


def test_puzzles_that_have_a_link_alone_are_read_off_it(tmp_path):
    records = batch('heyawake', 6, 1, 0, 3)
    bare = [{'puzzle_url': r['url'], 'solution': r['solution'], 'source': s} for r, s in zip(records, 'aab', strict=True)]
    for name, found in (('whole.jsonl', records), ('bare.jsonl', bare)):
        (tmp_path / name).write_text(''.join(json.dumps(record) + '\n' for record in found))
    (whole,), (read,) = (load_puzzles(tmp_path / name, 'heyawake', on_10x10) for name in ('whole.jsonl', 'bare.jsonl'))
    assert (read.tokens == whole.tokens).all()
    assert (read.answers == whole.answers).all()
    assert len(load_puzzles(tmp_path / 'bare.jsonl', 'heyawake', on_10x10, source='a')[0]) == 2
    with pytest.raises(ValueError, match="source 'c'"):
        load_puzzles(tmp_path / 'bare.jsonl', 'heyawake', on_10x10, source='c')


def test_boards_of_all_sizes_are_evaluated_as_such(toy, tmp_path):
    records = [
        {'type': 'lightup', 'rows': rows, 'cols': cols, 'clues': [[-2] * cols] * rows, 'solution': [[0] * cols] * rows}
        for rows, cols in ((2, 3), (1, 12), (2, 3))
    ]
    path = tmp_path / 'a.jsonl'
    path.write_text(''.join(json.dumps(record) + '\n' for record in records))
    loaded = loaded_from(Trainer(config(toy)).model, {'kind': 'lightup', 'h_cycles': 1, 'l_cycles': 1})
    boards = load_puzzles(path, 'lightup', loaded.place)
    assert [(b.rows, b.columns, b.tokens.shape) for b in boards] == [(2, 3, (2, 6)), (1, 12, (1, 12))]
    assert len(load_puzzles(path, 'lightup', loaded.place, count=1)[0]) == 1
    assert evaluate(loaded, boards, 2, 2, 0.1)['n'] == 3
    fixed = replace(loaded, least=(10, 10), most=(10, 10))
    with pytest.raises(ValueError, match='a board of 1x12: this model takes boards of up to 10x10'):
        load_puzzles(path, 'lightup', fixed.place)


def test_a_model_is_evaluated_on_a_committed_set(tmp_path, capsys, monkeypatch):
    model = make_model('sudoku', {'m': 3, 's': 4, 'p': 5, 'r': 6, 'c': 2, 'g': 3})
    with torch.no_grad():
        trm = model.dense()
    path = tmp_path / 'model.safetensors'
    plan = {'rollouts': 3, 'steps': 2, 'sigma': 0.1, 'noiseTarget': 'zH'}
    write_dense(path, trm, config_of(model, trm, {'h_cycles': 1, 'l_cycles': 3}, plan), torch.float32)
    data = TESTSETS / 'sudoku-dev.jsonl.gz'
    monkeypatch.setattr(
        'sys.argv', ['evaluate', str(path), '--data', str(data), '--count', '5', '--steps', '2', '--rollouts', '2']
    )
    main()
    found = json.loads(capsys.readouterr().out)
    assert found['n'] == 5
    assert found['data'] == 'sudoku-dev.jsonl.gz'
    assert found['pass']['percent'] == 0
    monkeypatch.setattr('sys.argv', ['evaluate', str(path), '--data', str(data), '--count', '2', '--recommended'])
    main()
    found = json.loads(capsys.readouterr().out)
    assert [found[name] for name in ('n', 'K', 'D', 'sigma', 'noise_target')] == [2, 3, 2, 0.1, 'zH']


def test_figures_count_boards():
    right = np.array([[True, False], [False, False], [False, True]])
    q = np.array([[1.0, 0.0], [0.0, 1.0], [2.0, 1.0]])
    answers = np.array([[[1], [2]], [[1], [1]], [[2], [2]]], np.uint8)
    reached = np.array([[True, True], [False, True], [False, True]])
    found = figures(right, reached, q, mode_of(answers), np.array([True, True, False]))
    names = ('pass', 'best_q', 'reached', 'best_step')
    assert [found[name]['percent'] for name in names] == [66.7, 33.3, 100.0, 66.7]
    assert auroc(np.array([0.1, 0.4, 0.35, 0.8]), np.array([False, False, True, True])) == 0.75
    assert auroc(np.array([-5.0, -5.0, -5.0]), np.array([True, False, True])) == 0.5, 'ties count half'
    assert auroc(np.array([1.0, 1.0, 2.0, 0.0]), np.array([True, False, True, False])) == 0.875
    assert wilson(8, 10) == (49.0, 94.3)


@pytest.mark.parametrize('loss', LOSSES)
def test_fitting_q_ranks_and_leaves_the_trunk(toy, loss):
    model = Trainer(config(toy)).model
    trunk = {k: v.clone() for k, v in model.state_dict().items() if not k.startswith('q_')}
    states = torch.randn(50, 8, model.d, generator=torch.Generator().manual_seed(1))
    right = states[..., 0] - states[..., 1] > 0.5
    judged = lambda: judge(q_of(model, states.flatten(0, 1)).view(50, 8).detach().numpy(), right.numpy())
    before = judged()
    fit(model, states, right, LOSSES[loss])
    after = judged()
    assert after['auroc'] > 0.98
    assert after['auroc_within'] > 0.98
    assert after['best_q'] == after['pass'] == before['pass']
    assert before['best_q'] < before['pass']
    for name, value in trunk.items():
        assert torch.equal(value, model.state_dict()[name]), name


def test_ranking_needs_puzzles_with_right_and_wrong_rollouts(toy):
    model = Trainer(config(toy)).model
    with pytest.raises(ValueError, match='both right and wrong'):
        fit(model, torch.randn(3, 2, model.d), torch.zeros(3, 2, dtype=torch.bool), ranked)


def test_q_is_fitted_to_boards_in_their_own_size(toy):
    loaded = loaded_from(Trainer(config(toy)).model, {'kind': 'lightup', 'h_cycles': 1, 'l_cycles': 3})
    (boards,) = puzzles = training_puzzles(loaded, [toy], 5, np.random.default_rng(0))
    assert (boards.rows, boards.columns, len(boards)) == (4, 4, 5)
    states, right = roll_out(loaded, [*puzzles, *puzzles], 3, (2, 0.0, 'zL'))
    assert (states.shape, right.shape) == ((10, 3, 16), (10, 3))
    # Without noise the rollouts of a puzzle are one, and the same for the second copy of the puzzles.
    assert torch.equal(states[:5], states[5:])
    assert torch.allclose(states, states[:, :1].expand_as(states), atol=1e-5)


def test_fit_q_takes_a_model_file_and_judges_both_heads(tmp_path, capsys, monkeypatch):
    torch.manual_seed(0)
    model = make_model('sudoku')
    with torch.no_grad():
        trm = model.dense()
    path, out, data = tmp_path / 'model.safetensors', tmp_path / 'out.pt', tmp_path / 'a.npz'
    write_dense(path, trm, config_of(model, trm, {'h_cycles': 1, 'l_cycles': 3}, {}), torch.float32)
    (found,) = load_puzzles(TESTSETS / 'sudoku-dev.jsonl.gz', 'sudoku', lambda rows, columns: (rows, columns), count=4)
    np.savez(data, train_tokens=found.tokens[:, None], train_answers=found.answers[:, None], train_size=np.full(4, 9))
    arguments = ['fit_q', path, out, '--data', data, '--judge', TESTSETS / 'sudoku-dev.jsonl.gz', '--judge-count', 3]
    monkeypatch.setattr('sys.argv', [*map(str, arguments), '--count', '4', '--rollouts', '2', '--steps', '2'])
    fit_q_main()
    found = json.loads(capsys.readouterr().out)
    assert found['puzzles'] == {'fitted': 4, 'judged': 3}
    assert found['joint']['judged']['pass'] == 0
    fitted = averaged_model(load_checkpoint(out)).dense()
    assert not torch.equal(fitted.q_weight, trm.q_weight)
    assert all(torch.allclose(a.token_down, b.token_down, atol=1e-6) for a, b in zip(fitted.blocks, trm.blocks, strict=True))


@pytest.mark.parametrize(
    'option',
    (('--steps', '0'), ('--rollouts', '0'), ('--count', '-5'), ('--sigma', '-0.3'), ('--sigma', 'nan'), ('--threads', '0')),
)
def test_options_that_would_give_figures_of_nothing_are_refused(option, monkeypatch, capsys):
    monkeypatch.setattr('sys.argv', ['evaluate', 'model.safetensors', '--data', 'a.npz', '='.join(option)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert f'argument {option[0]}: found {option[1]}, wanted a' in capsys.readouterr().err
