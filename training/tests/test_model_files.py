"""What model files keep of a model, dense or tied, and what is refused."""

import json
import math

import pytest
import torch
from safetensors.torch import save_file

from ptrm_training.checkpoint import save_checkpoint
from ptrm_training.command import run_command
from ptrm_training.dense_io import read_dense, write_dense
from ptrm_training.export import board_of, config_of, export, main, tied_config_of
from ptrm_training.grids import Grids
from ptrm_training.kinds import make_model
from ptrm_training.loaded import load_model
from ptrm_training.model_file import read_file
from ptrm_training.tied_io import free_model, read_tied, write_tied
from small_models import SMALL_BOARD, SMALL_SUDOKU, models

TRAINING = {'h_cycles': 1, 'l_cycles': 3}
TIED = [model for model in models() if model.tie_name]
ENDS = ('embedding', 'prefix', 'h_init', 'l_init', 'lm_head', 'q_weight', 'q_bias')


@pytest.mark.parametrize('model', models(), ids=lambda m: m.kind)
def test_a_model_file_keeps_weights_and_config(model, tmp_path):
    path = tmp_path / 'model.safetensors'
    with torch.no_grad():
        trm = model.dense()
        config = config_of(model, trm, TRAINING, {'steps': 16})
        count = write_dense(path, trm, config, torch.float32)
    read, read_config = read_dense(path)
    assert read_config == config
    z = torch.randn(1, model.prefix_len + model.seq_len, model.d)
    assert torch.equal(read.net(z), trm.net(z))
    assert count == sum(t.numel() for t in (read.embedding, read.prefix, read.lm_head, read.h_init, read.l_init)) + 2 * (
        read.q_weight.numel() + 1
    ) + sum(t.numel() for b in read.blocks for t in vars(b).values() if torch.is_tensor(t))


def test_a_model_file_is_for_all_who_may_read_new_files(tmp_path):
    """A service runs as another user than whoever made its model."""
    path, other = tmp_path / 'model.safetensors', tmp_path / 'other'
    model = make_model('lightup', SMALL_BOARD)
    write_tied(path, model, tied_config_of(model, TRAINING, {}))
    other.touch()
    assert path.stat().st_mode == other.stat().st_mode
    assert sorted(tmp_path.iterdir()) == [path, other]


def test_dense_sudoku_weights_load_back():
    first, second = make_model('sudoku', SMALL_SUDOKU), make_model('sudoku', SMALL_SUDOKU)
    with torch.no_grad():
        second.load_dense(first.dense())
    for (name, wanted), found in zip(first.state_dict().items(), second.state_dict().values(), strict=True):
        assert torch.allclose(wanted, found, atol=1e-5), name


def test_plans_with_unknown_fields_are_refused():
    model = make_model('lightup', SMALL_BOARD)
    with pytest.raises(ValueError, match='sigmas'):
        config_of(model, model.dense(), TRAINING, {'sigmas': 1})


def rounded(model):
    """A copy with its weights as f16 keeps them."""
    copy = make_model(model.kind, dict(model.sizes))
    copy.load_state_dict({name: value.half().float() for name, value in model.state_dict().items()})
    return copy


@pytest.mark.parametrize('model', TIED, ids=lambda m: m.kind)
def test_a_file_of_free_weights_becomes_the_tied_model_again(model, tmp_path):
    path = tmp_path / 'model.safetensors'
    config = tied_config_of(model, TRAINING, {'steps': 16})
    count = write_tied(path, model, config)
    read, ends, read_config = read_tied(path)
    assert read_config == config
    assert ('seq_len' in config) == (model.kind == 'sudoku')
    wanted = rounded(model)
    for (name, found), free in zip(read.free_weights().items(), wanted.free_weights().values(), strict=True):
        assert torch.equal(found, free), name
    with torch.no_grad():
        for field in ENDS:
            dense = getattr(model.ends(), field).half().float()
            assert torch.equal(getattr(ends, field), dense), field
            # Read off again and written out once more, an end may round otherwise.
            assert torch.allclose(getattr(read.ends(), field), dense, atol=1e-6, rtol=1e-6), field
        z = torch.randn(2, model.prefix_len + model.seq_len, model.d)
        side = Grids(*[math.isqrt(model.seq_len)] * 2)
        assert torch.equal(read.network(side)(z), wanted.network(side)(z))
    free = sum(weight.numel() for weight in read.free_weights().values())
    assert free < count <= free + 2 * model.vocab_size * model.d + (model.prefix_len + 4) * model.d + 2
    assert free_model(path)[0].sizes == read.sizes


def test_a_tied_file_is_evaluated_as_its_checkpoint(tmp_path):
    _, model, _ = models()
    path = tmp_path / 'model.safetensors'
    write_tied(path, model, tied_config_of(model, TRAINING, {'steps': 3}, (10, 10)), torch.float32)
    loaded = load_model(path)
    assert loaded.plan == {'steps': 3}
    assert (loaded.place(3, 4), loaded.place(3, 14)) == ((10, 10), (10, 14))
    z = torch.randn(1, model.prefix_len + 12, model.d)
    with torch.no_grad():
        assert torch.equal(loaded.network(Grids(3, 4))(z), model.network(Grids(3, 4))(z))
    write_tied(path, model, tied_config_of(model, TRAINING, {}))
    assert load_model(path).place(3, 4) == (3, 4)


def test_features_of_tokens_are_read_off_their_embeddings(tmp_path):
    model = make_model('heyawake', SMALL_BOARD)
    path = tmp_path / 'model.safetensors'
    write_tied(path, model, tied_config_of(model, TRAINING, {}), torch.float32)
    with torch.no_grad():
        assert torch.allclose(read_tied(path)[0].ends().embedding, model.ends().embedding, atol=1e-5)
    assert read_file(path)[0]['borders'][3 + 5].tolist() == [1, 0, 1, 0]


def write_run(path, model):
    config = {'kind': model.kind, 'sizes': dict(model.sizes), **TRAINING}
    save_checkpoint(path, {'config': config, 'ema': model.state_dict(), 'update': 0})


def test_export_writes_free_weights_or_the_trm_of_a_board(tmp_path, capsys, monkeypatch):
    _, board, _ = models()
    run, out = tmp_path / 'run.pt', tmp_path / 'model.safetensors'
    write_run(run, board)
    export(run, out, {})
    assert free_model(out)[0].tie() == {'name': 'board', 'types': 4, 'board_units': 3}
    export(run, out, {}, torch.float32, dense=(3, 12))
    trm, config = read_dense(out)
    assert (config['seq_len'], config['least_board']) == (36, [3, 12])
    with torch.no_grad():
        z = torch.randn(1, board.prefix_len + 36, board.d)
        assert torch.allclose(trm.net(z), board.dense(3, 12).net(z), atol=1e-6)
    assert load_model(out).place(2, 2) == (3, 12)
    monkeypatch.setattr('sys.argv', ['export', str(run), str(out), '--dense', '10x0'])
    with pytest.raises(SystemExit):
        run_command(main)
    assert "'10x0' is no size of a board; wanted ROWSxCOLUMNS" in capsys.readouterr().err
    assert board_of('9x12') == (9, 12)


def test_models_of_one_size_are_exported_for_it_alone(tmp_path):
    sudoku, _, attention = models()
    run, out = tmp_path / 'run.pt', tmp_path / 'model.safetensors'
    write_run(run, sudoku)
    assert 4 * export(run, out, {}) < export(run, out, {}, dense=(9, 9))
    with pytest.raises(ValueError, match='Sudoku is 9x9, not 8x9'):
        export(run, out, {}, dense=(8, 9))
    write_run(run, attention)
    export(run, out, {})
    assert read_dense(out)[1]['format'] == 'ptrm-model/1'
    with pytest.raises(ValueError, match='dense ones are for one size'):
        export(run, out, {}, least_board=(10, 10))


def test_files_of_another_format_or_tie_are_refused_by_name(tmp_path):
    sudoku, board, _ = models()
    path = tmp_path / 'model.safetensors'
    write_tied(path, sudoku, tied_config_of(sudoku, TRAINING, {}))
    with pytest.raises(ValueError, match='holds the free weights of a tied model'):
        read_dense(path)
    config = tied_config_of(board, TRAINING, {})
    write_tied(path, board, config | {'tie': {'name': 'rings'}})
    with pytest.raises(ValueError, match="tie: found 'rings'; a model of lightup has 'board'"):
        read_tied(path)
    with torch.no_grad():
        trm = board.dense()
    write_dense(path, trm, config_of(board, trm, TRAINING, {}))
    with pytest.raises(ValueError, match='no free ones'):
        read_tied(path)
    save_file({'H_init': torch.zeros(2)}, path, {'ptrm': json.dumps(config | {'format': 'ptrm-model/3'})})
    with pytest.raises(ValueError, match='wanted ptrm-model/1 or ptrm-model/2'):
        free_model(path)
