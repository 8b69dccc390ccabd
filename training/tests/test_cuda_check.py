"""One update on two devices: what differs shows, what does not is 0; no tensor stays behind on the CPU."""

import copy
import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from ptrm_training.cuda_check import TOLERANCE, apart, dev_set, first_update, main
from ptrm_training.data import load_set
from ptrm_training.kinds import KINDS
from ptrm_training.layers import recursion_step
from ptrm_training.trainer.config import Config
from small_models import SMALL_BOARD, SMALL_SUDOKU, models

SIZES = {'sudoku': SMALL_SUDOKU, 'tapa': SMALL_BOARD}


@pytest.mark.parametrize('kind', SIZES)
def test_an_update_is_itself_and_no_other(tmp_path, kind):
    data = [str(dev_set(kind, tmp_path))]
    assert len(load_set(data[0], 'train', KINDS[kind])) == 500
    configs = [
        Config(kind=kind, data=data, sizes=SIZES[kind], batch=4, dtype=dtype, compile=False, seed=seed)
        for dtype, seed in (('float32', 1), ('float64', 1), ('float32', 2))
    ]
    one, precise, other = (first_update(config, 'cpu') for config in configs)
    assert {name for name in one if name.startswith('q_')}
    assert max(apart(one, one).values()) == 0
    # Rounding passes; another batch does not.
    assert 0 < max(apart(one, precise).values()) < TOLERANCE < max(apart(one, other).values())


@pytest.mark.parametrize('model', models(), ids=lambda model: model.kind)
def test_no_tensor_of_a_step_stays_behind_on_the_cpu(model):
    # A device without numbers, on which a tensor of another device is an error as on a GPU.
    side = KINDS[model.kind].side
    grids = model.grids(np.ones((2, side * side), np.uint8), side, side, whole=False)
    tokens = torch.ones(2, side * side, dtype=torch.long, device='meta')
    there = {name: value.to('meta') for name in ('sizes', 'rooms') if (value := getattr(grids, name)) is not None}
    moved = replace(grids, **there)
    model = copy.deepcopy(model).to('meta')
    ends = model.ends()
    x = model.reveal_input(ends.embed(model.reveal_tokens(tokens, tokens)), tokens)
    z_h, z_l = recursion_step(model.network(moved), x, ends.h_init.expand_as(x), ends.l_init.expand_as(x), 1, 3)
    logits, q = ends.heads(z_h)
    (logits.sum() + q.sum() + z_l.sum()).backward()
    assert all(p.grad is not None and p.grad.is_meta for name, p in model.named_parameters() if name.startswith('q_'))
    with pytest.raises(RuntimeError, match='meta'):
        model.network(moved)(z_h.detach() + torch.ones(1, 1, model.d))  # what stays behind is found


@pytest.mark.parametrize('other_seed', (False, True))
def test_the_command_tells_and_ends_by_what_it_found(monkeypatch, capsys, other_seed):
    # With the CPU in the place of CUDA, that of another batch if it is to differ.
    def on_cpu(config, device):
        seed = config.seed + (other_seed and device == 'cuda')
        return first_update(replace(config, batch=4, sizes=SMALL_SUDOKU, seed=seed), 'cpu')

    monkeypatch.setattr('ptrm_training.cuda_check.first_update', on_cpu)
    monkeypatch.setattr('ptrm_training.cuda_check.samples_per_second', lambda config, device, seconds: config.batch * seconds)
    monkeypatch.setattr('ptrm_training.cuda_check.there_is_cuda', lambda: True)
    monkeypatch.setattr('sys.argv', ['cuda_check', 'sudoku', '--batch', '16', '--seconds', '2'])
    with pytest.raises(SystemExit) as ended:
        main()
    found, rate = map(json.loads, capsys.readouterr().out.splitlines())
    assert (ended.value.code, found['same'], rate) == (int(other_seed), not other_seed, {'samples_per_s': 32})


def test_what_is_nothing_but_rounding_does_not_count():
    one, other = ({'a': torch.ones(4), 'b': torch.full((4,), rounding)} for rounding in (1e-8, -2e-8))
    assert apart(one, other)['b'] == pytest.approx(3e-5)
    one['a'][0] = 1.1
    assert apart(one, other)['a'] == pytest.approx(0.05)


@pytest.mark.parametrize('which', (0, 1))
def test_what_is_no_number_is_as_far_apart_as_can_be(which):
    pair = [{'loss': torch.ones(1), 'a': torch.ones(4), 'b': torch.ones(4)} for _ in range(2)]
    pair[which]['b'][2] = torch.nan
    found = apart(*pair)
    assert max(found, key=lambda name: found[name]) == 'b'
    assert found['b'] == float('inf')
