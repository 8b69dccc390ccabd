"""The trainer: it learns, and a stop and start leaves no trace."""

import copy
import gzip
import json

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from ptrm_training.checkpoint import load_checkpoint, save_checkpoint
from ptrm_training.command import run_command
from ptrm_training.data import Mixture, PuzzleSet, by_side, crop, load_set
from ptrm_training.dense_io import read_dense, write_dense
from ptrm_training.evaluate import auroc, evaluate, figures, load_model, load_puzzles, loaded_from, main, wilson
from ptrm_training.export import config_of, export
from ptrm_training.fit_q import LOSSES, fit, judge, q_of, ranked
from ptrm_training.fit_q import main as fit_q_main
from ptrm_training.generate.batches import batch
from ptrm_training.kinds import make_model
from ptrm_training.puzzles import TESTSETS, tokens_of
from ptrm_training.trainer.config import Config
from ptrm_training.trainer.run import run
from ptrm_training.trainer.trainer import Trainer

SIZES = {'d': 16, 'inner': 24, 'types': 2, 'prefix': 2, 'board_units': 2}


@pytest.fixture
def toy(tmp_path):
    """A set of 4x4 boards whose answer is to light the white cells at the right of a wall: easily learnt."""
    rng = np.random.default_rng(0)
    walls = rng.random((64, 4, 4)) < 0.4
    right_of_wall = np.pad(walls, ((0, 0), (0, 0), (1, 0)))[:, :, :-1]
    tokens, answers = np.zeros((64, 8, 100), np.uint8), np.zeros((64, 8, 100), np.uint8)
    cells = (np.arange(4)[:, None] * 10 + np.arange(4)).reshape(-1)
    tokens[:, :, cells] = np.where(walls, 4, 3).reshape(64, 1, 16)
    answers[:, :, cells] = np.where(walls, 0, np.where(right_of_wall, 2, 1)).reshape(64, 1, 16)
    path = tmp_path / 'toy.npz'
    sets = {f'{split}_{name}': a for split in ('train', 'dev') for name, a in (('tokens', tokens), ('answers', answers))}
    np.savez(path, **sets, train_size=np.full(64, 4, np.uint8), dev_size=np.full(64, 4, np.uint8))
    return path


def config(toy, **changes):
    plan = {'updates': 6, 'batch': 8, 'warm_up': 2, 'dtype': 'float32', 'compile': False, 'noisy': 0.5, 'side': 4, 'sizes': SIZES}
    return Config(kind='lightup', data=[str(toy)], **(plan | changes))


def test_loss_falls(toy):
    trainer = Trainer(config(toy, updates=250, batch=32, lr=1e-2, noisy=0.0, seed=3))
    losses = [trainer.one_update()['cell_loss'] for _ in range(250)]
    assert np.mean(losses[-10:]) < 0.5 * np.mean(losses[:10])


@pytest.mark.parametrize('muon', (False, True))
def test_a_resumed_run_is_the_same_run(toy, tmp_path, muon):
    whole = Trainer(config(toy, muon=muon))
    for _ in range(6):
        whole.one_update()
    first = Trainer(config(toy, muon=muon))
    for _ in range(3):
        first.one_update()
    path = tmp_path / 'run' / 'checkpoint.pt'
    save_checkpoint(path, first.state())
    second = Trainer(config(toy, muon=muon))
    second.load_state(load_checkpoint(path))
    for _ in range(3):
        second.one_update()
    assert second.update == 6
    for name, value in whole.ema.items():
        assert torch.equal(value, second.ema[name]), name
    assert torch.equal(whole.slots.z_l, second.slots.z_l)
    assert len(whole.optimizers) == 1 + muon


def test_sides_are_drawn_as_their_shares_say():
    size = np.array([6] * 5 + [10] * 3, np.uint8)
    set_ = PuzzleSet(size[:, None, None].repeat(100, 2), np.ones((8, 1, 100), np.uint8), size)
    parts, weights = by_side([set_], [1.0], {6: 0.25, 10: 0.75})
    assert [len(part) for part in parts] == [5, 3]
    tokens, _, _ = Mixture(parts, weights, reveal=0).sample(2000, np.random.default_rng(1))
    assert 0.7 < (tokens[:, 0] == 10).float().mean() < 0.8
    with pytest.raises(ValueError, match=r'side 8; it has \[6, 10\]'):
        by_side([set_], [1.0], {8: 1.0})


def test_a_run_logs_and_can_be_exported_and_evaluated(toy, tmp_path):
    out = tmp_path / 'run'
    run(Trainer(config(toy, side=0)), out, log_every=0, checkpoint_every=0)
    lines = [json.loads(line) for line in (out / 'log.jsonl').read_text().splitlines()]
    assert [line['update'] for line in lines] == list(range(1, 7))
    model = tmp_path / 'model.safetensors'
    export(out / 'checkpoint.pt', model, {'sigma': 0.2}, torch.float32)
    found = load_set(toy, 'dev')
    tokens, answers = found.tokens[:8, 0], found.answers[:8, 0]
    same = [evaluate(load_model(p), tokens, answers, 1, 3, 0.0, dtype=torch.float32) for p in (out / 'checkpoint.pt', model)]
    assert same[0] == same[1]
    assert same[0]['n'] == 8


def test_a_puzzle_is_reached_when_any_step_of_a_rollout_holds_its_solution(toy, monkeypatch):
    found = load_set(toy, 'dev')
    tokens, answers = found.tokens[:3, 0], found.answers[:3, 0]
    loaded = loaded_from(Trainer(config(toy, side=0)).model, {'kind': 'lightup', 'h_cycles': 1, 'l_cycles': 1})

    def told(loaded, tokens, *_):
        # The first row is right after the first step alone, the second at the end, the third never.
        solutions, wrong = answers[: len(tokens)], 3 - answers[: len(tokens)]
        for right in ([True, False, False], [False, True, False]):
            yield np.where(np.array(right)[:, None], solutions, wrong), np.zeros(3, np.float32)

    monkeypatch.setattr('ptrm_training.evaluate.rollouts', told)
    shares = evaluate(loaded, tokens, answers, 1, 2, 0.0)
    assert (shares['reached']['percent'], shares['pass']['percent']) == (66.7, 33.3)


def test_puzzles_are_the_same_from_json_lines_as_from_an_npz(tmp_path):
    boards = [record for size in (6, 10) for record in batch('lightup', size, 1, 0, 3)]
    for name, opened in (('a.jsonl', open), ('a.jsonl.gz', gzip.open)):
        path = tmp_path / name
        with opened(path, 'wt') as file:
            file.writelines(json.dumps(record) + '\n' for record in boards)
        tokens, answers = load_puzzles(path, 'lightup')
        assert tokens.shape == (6, 100)
        assert tokens.dtype == np.uint8
        assert (answers[1] == tokens_of(boards[1])[1]).all()
        assert (tokens[5] == tokens_of(boards[5])[0]).all()
        assert (load_puzzles(path, 'lightup', size=10)[0] == tokens[3:]).all()
        with pytest.raises(ValueError, match='another kind than tapa'):
            load_puzzles(path, 'tapa')
        with pytest.raises(ValueError, match='size 8'):
            load_puzzles(path, 'lightup', size=8)
    with pytest.raises(ValueError, match=r'\.jsonl\.gz files'):
        load_puzzles(tmp_path / 'a.txt', 'lightup')


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


@pytest.mark.parametrize('load', (load_checkpoint, read_dense))
def test_files_that_are_no_weights_are_refused_by_name(tmp_path, load):
    path = tmp_path / 'notes.pt'
    for content in (b'', b'# Notes\n', b'PK\x03\x04 half a zip'):
        path.write_bytes(content)
        with pytest.raises(ValueError, match=r'notes\.pt: no '):
            load(path)
    torch.save({'weights': torch.zeros(2)}, path)
    with pytest.raises(ValueError, match=r'notes\.pt: no '):
        load(path)
    save_file({'weights': torch.zeros(2)}, path)
    with pytest.raises(ValueError, match=r'notes\.pt: no '):
        load(path)


def test_commands_end_on_bad_input_without_a_traceback(capsys):
    def missing():
        load_checkpoint('nothing.pt')

    with pytest.raises(SystemExit) as ended:
        run_command(missing)
    assert ended.value.code == 2
    assert capsys.readouterr().err == "error: [Errno 2] No such file or directory: 'nothing.pt'\n"
    with pytest.raises(ZeroDivisionError):  # ours, not the user's
        run_command(lambda: 1 / 0)


def test_revealed_answers_are_right_and_not_everywhere():
    answers = np.random.default_rng(1).integers(1, 10, (50, 1, 81)).astype(np.uint8)
    set_ = PuzzleSet(np.zeros_like(answers), answers, np.full(50, 9))
    _, revealed, wanted = Mixture([set_], [1.0], reveal=0.5).sample(400, np.random.default_rng(2))
    shown = revealed > 0
    assert torch.equal(revealed[shown], wanted[shown])
    assert 0.3 < shown.any(1).float().mean() < 0.6


@pytest.mark.parametrize('sizes', ({'d': 16, 'types': 2, 'prefix': 3}, {'d': 16, 'heads': 2}), ids=('board', 'attention'))
def test_pencil_models_train_in_bfloat16(toy, sizes):
    trainer = Trainer(config(toy, dtype='bfloat16', sizes=sizes))
    assert 0 < trainer.one_update()['loss'] < 20
    assert trainer.slots.z_h.dtype == torch.bfloat16


def test_boards_may_stay_longer_later_in_a_run(toy):
    trainer = Trainer(config(toy, updates=12, max_steps=1, later_steps={'0.75': 4, '0.5': 2}, explore=0.0))
    stays = []
    for _ in range(12):
        trainer.one_update()
        stays.append(int(trainer.slots.steps.max()))
    # How many steps a board has behind it that is still there: none, then at most one, then at most three.
    assert stays == [0] * 5 + [1, 0, 1, 2, 3, 0, 1]


def test_an_empty_set_is_refused(toy):
    with pytest.raises(ValueError, match='empty'):
        Mixture([crop(load_set(toy, 'train'), 3, 10)], [1.0], 0.3)


def test_figures_count_boards():
    right = np.array([[True, False], [False, False], [False, True]])
    q = np.array([[1.0, 0.0], [0.0, 1.0], [2.0, 1.0]])
    answers = np.array([[[1], [2]], [[1], [1]], [[2], [2]]], np.uint8)
    reached = np.array([[True, True], [False, True], [False, True]])
    found = figures(right, reached, q, answers)
    assert [found[name]['percent'] for name in ('pass', 'best_q', 'reached')] == [66.7, 33.3, 100.0]
    assert auroc(np.array([0.1, 0.4, 0.35, 0.8]), np.array([False, False, True, True])) == 0.75
    assert wilson(8, 10) == (49.0, 94.3)


def test_averages_of_a_checkpoint_in_another_order_go_on_by_name(toy):
    first, second = Trainer(config(toy)), Trainer(config(toy))
    first.one_update()
    state = copy.deepcopy(first.state())
    state['ema'] = dict(reversed(state['ema'].items()))
    first.one_update()
    second.load_state(state)
    second.one_update()
    assert list(first.ema) != list(second.ema)
    for name, value in first.ema.items():
        assert torch.equal(value, second.ema[name]), name


def test_a_slim_checkpoint_goes_on_with_a_fresh_batch(toy):
    first = Trainer(config(toy))
    for _ in range(3):
        first.one_update()
    slim = first.state()
    del slim['batch']
    second = Trainer(config(toy))
    second.load_state(slim)
    for name, value in first.model.state_dict().items():
        assert torch.equal(value, second.model.state_dict()[name]), name
    second.one_update()
    assert second.update == 4


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


def test_fit_q_takes_a_model_file_and_judges_both_heads(tmp_path, capsys, monkeypatch):
    torch.manual_seed(0)
    model = make_model('sudoku')
    with torch.no_grad():
        trm = model.dense()
    path, out, data = tmp_path / 'model.safetensors', tmp_path / 'out.pt', tmp_path / 'a.npz'
    write_dense(path, trm, config_of(model, trm, {'h_cycles': 1, 'l_cycles': 3}, {}), torch.float32)
    tokens, answers = load_puzzles(TESTSETS / 'sudoku-dev.jsonl.gz', 'sudoku')
    np.savez(data, train_tokens=tokens[:4, None], train_answers=answers[:4, None], train_size=np.full(4, 9))
    arguments = ['fit_q', path, out, '--data', data, '--judge', TESTSETS / 'sudoku-dev.jsonl.gz', '--judge-count', 3]
    monkeypatch.setattr('sys.argv', [*map(str, arguments), '--count', '4', '--rollouts', '2', '--steps', '2'])
    fit_q_main()
    found = json.loads(capsys.readouterr().out)
    assert found['puzzles'] == {'fitted': 4, 'judged': 3}
    assert found['joint']['judged']['pass'] == 0
    fitted = load_model(out).trm
    assert not torch.equal(fitted.q_weight, trm.q_weight)
    assert all(torch.allclose(a.token_down, b.token_down, atol=1e-6) for a, b in zip(fitted.blocks, trm.blocks, strict=True))
