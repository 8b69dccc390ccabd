"""The trainer: it learns, and a stop and start leaves no trace."""

import copy
import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from ptrm_training.checkpoint import load_checkpoint, save_checkpoint
from ptrm_training.checkpoint import main as checkpoint_main
from ptrm_training.command import run_command
from ptrm_training.cuda_check import dev_set
from ptrm_training.data import Mixture, PuzzleSet, by_side, load_set, placed
from ptrm_training.dense_io import read_dense
from ptrm_training.generate.batches import batch
from ptrm_training.kinds import KINDS
from ptrm_training.puzzles import build
from ptrm_training.trainer.config import Config
from ptrm_training.trainer.run import run
from ptrm_training.trainer.trainer import Trainer
from small_models import SMALL_SUDOKU
from toy_boards import SIZES, config


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
    assert second.load_state(load_checkpoint(path))
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


@pytest.mark.parametrize('side', (4, 7, 12))
def test_boards_lie_at_the_top_left_of_any_board_that_holds_them(toy, side):
    whole = load_set(toy, 'train', KINDS['lightup'])
    found = placed(whole, side)
    assert (found.side, len(found), found.size.tolist()) == (side, 64, [4] * 64)
    square = lambda grids, n: grids.reshape(64, 8, n, n)
    for name in ('tokens', 'answers'):
        grids = square(getattr(found, name), side)
        assert (grids[..., :4, :4] == square(getattr(whole, name), 10)[..., :4, :4]).all()
        assert grids[..., 4:, :].sum() == grids[..., 4:].sum() == 0


def test_training_runs_each_board_in_its_own_size(toy):
    first, second = (Trainer(config(toy, side=side, noisy=0.0, reveal=0.0)) for side in (4, 9))
    assert first.slots.sizes.tolist() == second.slots.sizes.tolist() == [[4, 4]] * 8
    assert first.one_update()['loss'] == pytest.approx(second.one_update()['loss'], rel=1e-5)


def test_a_run_of_minutes_ends_with_them_and_its_rate_falls_by_the_time_it_has_had(toy, tmp_path):
    first = Trainer(config(toy, minutes=1.0, warm_up=1, decay_from=0.5))
    first.one_update()
    assert 0 < first.seconds < 60
    first.seconds = 45.0
    assert (first.done(), first.rate()) == (0.75, pytest.approx(first.config.lr / 2))
    second = Trainer(first.config)
    second.load_state(first.state())
    assert second.seconds == 45.0
    second.seconds = 59.999
    run(second, tmp_path, log_every=100, checkpoint_every=100)
    assert second.done() == 1
    assert load_checkpoint(tmp_path / 'checkpoint.pt')['seconds'] == second.seconds > 60


def test_an_empty_set_is_refused(toy):
    with pytest.raises(ValueError, match='empty'):
        Mixture([placed(load_set(toy, 'train', KINDS['lightup']), 3)], [1.0], 0.3)


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
    assert not second.load_state(slim)
    for name, value in first.model.state_dict().items():
        assert torch.equal(value, second.model.state_dict()[name]), name
    second.one_update()
    assert second.update == 4


@pytest.mark.parametrize('changes', ({'batch': 4}, {'dtype': 'bfloat16'}, {'side': 5}), ids=str)
def test_what_a_resumed_run_is_told_anew_holds(toy, changes):
    first = Trainer(config(toy))
    first.one_update()
    second = Trainer(config(toy, weight_decay=0.25, **changes))
    assert not second.load_state(first.state())
    second.one_update()
    told = second.config
    assert second.slots.z_l.shape[0] == told.batch
    assert second.slots.z_l.dtype == getattr(torch, told.dtype)
    assert {group['weight_decay'] for optimizer in second.optimizers for group in optimizer.param_groups} == {0.25}


def test_averaged_weights_alone_start_a_run_and_continue_none(toy, tmp_path, monkeypatch, capsys):
    whole, averages = tmp_path / 'whole.pt', tmp_path / 'averages.pt'
    first = Trainer(config(toy))
    first.one_update()
    save_checkpoint(whole, first.state())
    monkeypatch.setattr('sys.argv', ['checkpoint', str(whole), str(averages), '--averages'])
    checkpoint_main()
    assert 'update 1' in capsys.readouterr().out
    assert averages.stat().st_size < whole.stat().st_size / 3
    started = Trainer(config(toy, init=str(averages)))
    assert all(torch.equal(value, started.model.state_dict()[name]) for name, value in first.ema.items())
    with pytest.raises(ValueError, match='averaged weights alone'):
        started.load_state(load_checkpoint(averages))


def test_muon_is_refused_where_no_matrix_is_for_it(tmp_path):
    data = str(dev_set('sudoku', tmp_path))
    with pytest.raises(ValueError, match=r'muon: .* SudokuTrm'):
        Trainer(Config(kind='sudoku', data=[data], sizes=SMALL_SUDOKU, batch=2, muon=True, compile=False))


HEADS = {'d': 16, 'inner': 24, 'heads': 4}


@pytest.mark.parametrize(
    ('before', 'after', 'told'),
    (
        ({'sizes': SIZES}, {'sizes': {**SIZES, 'types': 3}}, 'sizes: found .*types.: 2.*, wanted .*types.: 3'),
        # Of the same shapes, so that nothing else would tell.
        ({'sizes': HEADS}, {'sizes': {**HEADS, 'heads': 2}}, 'sizes: found .*heads.: 4.*, wanted .*heads.: 2'),
        ({'kind': 'shakashaka'}, {}, 'kind: found shakashaka, wanted lightup'),
    ),
)
def test_weights_of_another_model_are_refused(toy, tmp_path, before, after, told):
    path = tmp_path / 'checkpoint.pt'
    save_checkpoint(path, Trainer(replace(config(toy), **before)).state())
    with pytest.raises(ValueError, match=told):
        Trainer(config(toy, **after)).load_state(load_checkpoint(path))
    with pytest.raises(ValueError, match=f'init: .*checkpoint.pt: {told}'):
        Trainer(config(toy, init=str(path), **after))


def test_a_run_goes_on_with_its_optimizers_alone(toy):
    for muon, told in ((True, 'muon: found true, wanted false'), (False, 'muon: found false, wanted true')):
        with pytest.raises(ValueError, match=told):
            Trainer(config(toy, muon=muon)).load_state(Trainer(config(toy, muon=not muon)).state())


def test_sizes_that_are_the_defaults_may_be_left_unsaid(toy):
    sizes = {'d': 16, 'inner': 32, 'types': 4, 'board_units': 4, 'prefix': 9}
    said = Trainer(config(toy, sizes=sizes | {'layers': 2}))
    assert Trainer(config(toy, sizes=sizes)).load_state(said.state())


def test_boards_of_another_kind_are_refused(tmp_path):
    path = tmp_path / 'boards.jsonl'
    path.write_text(''.join(json.dumps(record) + '\n' for record in batch('lightup', 5, 1, 0, 6)))
    arrays = build([path])
    np.savez(tmp_path / 'new.npz', **arrays)
    np.savez(tmp_path / 'old.npz', **{name: array for name, array in arrays.items() if name != 'kind'})
    for name in ('new.npz', 'old.npz'):
        assert len(load_set(tmp_path / name, 'train', KINDS['lightup'])) == len(arrays['train_size'])
    # Its tokens are also tokens of Shakashaka.
    with pytest.raises(ValueError, match=r'new\.npz: holds puzzles of lightup, not of shakashaka'):
        load_set(tmp_path / 'new.npz', 'train', KINDS['shakashaka'])
    arrays['train_tokens'][0, 0, 0] = 13
    np.savez(tmp_path / 'old.npz', **{name: array for name, array in arrays.items() if name != 'kind'})
    with pytest.raises(ValueError, match=r'old\.npz: holds tokens that shakashaka has not'):
        load_set(tmp_path / 'old.npz', 'train', KINDS['shakashaka'])


def test_a_run_whose_numbers_are_finite_no_more_ends_and_leaves_its_checkpoint(toy, tmp_path):
    path = tmp_path / 'checkpoint.pt'
    run(Trainer(config(toy)), tmp_path, log_every=100, checkpoint_every=100)
    before = path.read_bytes()
    trainer = Trainer(config(toy, updates=40, lr=1e9))
    trainer.load_state(load_checkpoint(path))
    with pytest.raises(ValueError, match=r'update \d+: the loss is .*, the gradient .*, no finite numbers; the last checkpoint'):
        run(trainer, tmp_path, log_every=100, checkpoint_every=100)
    assert path.read_bytes() == before
