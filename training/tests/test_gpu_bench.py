"""The bench's side of PyTorch: lines in and out, answers that are those of an evaluation, steps that are counted."""

import base64
import io
import json
import time
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from ptrm_training import gpu_bench
from ptrm_training.boards import Boards
from ptrm_training.dense_io import write_dense
from ptrm_training.evaluate import rollouts
from ptrm_training.export import config_of
from ptrm_training.kinds import make_model
from ptrm_training.loaded import load_model
from small_models import SMALL_SUDOKU

STEPS = 3
PLAN = {'name': 'a', 'steps': STEPS, 'sigma': 0.0}


@pytest.fixture
def model(tmp_path):
    torch.manual_seed(0)
    made = make_model('sudoku', SMALL_SUDOKU)
    path = tmp_path / 'model.safetensors'
    with torch.no_grad():
        trm = made.dense()
        trm = replace(trm, q_weight=torch.randn_like(trm.q_weight))  # 0 in a fresh model: q would tell nothing
        write_dense(path, trm, config_of(made, trm, {'h_cycles': 1, 'l_cycles': 3}, {'steps': 16}), torch.float32)
    return path


@pytest.fixture(autouse=True)
def on_the_cpu(monkeypatch):
    monkeypatch.setattr(gpu_bench, 'found_device', lambda: ('cpu', 'cpu'))


def boards() -> list[list[int]]:
    return np.random.default_rng(1).integers(0, 10, (3, 81)).tolist()


def said(*requests):
    """Answers to requests, by the lines that they come in."""
    out = io.StringIO()
    gpu_bench.serve(io.StringIO(''.join(json.dumps({'id': i, **r}) + '\n' for i, r in enumerate(requests))), out)
    answers = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [answer.pop('id') for answer in answers] == list(range(len(requests)))
    return answers


def opened(model, **options):
    return {'op': 'open', 'name': 'a', 'model': str(model), 'boards': boards(), 'rows': 9, 'columns': 9, 'options': options}


def test_answers_are_those_of_an_evaluation(model):
    tokens = np.array(boards(), np.uint8)
    wanted = list(rollouts(load_model(model), Boards(9, 9, tokens, tokens), STEPS, 0.0, 'zL', torch.float32))
    _, answer, half = said(opened(model), {'op': 'answers', **PLAN}, {'op': 'measure', **PLAN, 'slots': 1, 'seconds': 0})
    found = np.frombuffer(base64.b64decode(answer['tokens']), np.uint8).reshape(3, 81)
    assert (found == wanted[-1][0]).all()
    assert answer['q'] == pytest.approx(wanted[-1][1].tolist(), abs=1e-5)
    assert half['rolloutSteps'] == STEPS


def test_the_mix_by_rows_is_the_same_network(model):
    columns, rows = (gpu_bench.Contender(str(model), boards(), {'mix': mix}, 'cpu') for mix in gpu_bench.MIXES)
    (answers, q), (others, other_q) = (one.run(3, STEPS, 0.0) for one in (columns, rows))
    assert (answers == others).all()
    assert np.allclose(q, other_q, atol=1e-5)


def test_half_precision_computes_in_it(model):
    bf16 = gpu_bench.Contender(str(model), boards(), {'dtype': 'bf16'}, 'cpu')
    assert {z.dtype for z in bf16.fresh(2)} == {torch.bfloat16}
    assert bf16.trm.blocks[0].channel_down.dtype == torch.bfloat16
    answers, q = bf16.run(5, 2, 0.3)
    assert (answers.shape, answers.dtype, q.shape, q.dtype) == ((2, 5, 81), np.uint8, (2, 5), np.float32)


def test_noise_is_new_in_every_step_and_slots_take_the_boards_in_turn(model):
    plain = gpu_bench.Contender(str(model), boards(), {}, 'cpu')
    _, quiet = plain.run(6, STEPS, 0.0)
    assert np.allclose(quiet[:, :3], quiet[:, 3:], atol=1e-6)
    _, noisy = plain.run(6, STEPS, 0.3)
    assert not np.isclose(noisy[:, :3], noisy[:, 3:]).any()


def test_a_measure_counts_whole_passes_until_the_time_is_up(model):
    pass_of = {**PLAN, 'slots': 2}
    _, warm, one = said(opened(model), {'op': 'warm', **pass_of}, {'op': 'measure', **pass_of, 'seconds': 0})
    assert warm['ms'] > 0
    assert (one['rolloutSteps'], one['runs']) == (2 * STEPS, 1)
    quick = SimpleNamespace(run=lambda *plan: time.sleep(0.001))
    more = gpu_bench.measure(quick, (2, STEPS, 0.0), 0.1)
    assert more['seconds'] >= 0.1
    assert more['rolloutSteps'] == 2 * STEPS * more['runs'] > 2 * STEPS


def test_what_fails_is_told_and_the_next_is_answered(model):
    missing, dtype, mix, graph, closed, unknown, hello = said(
        opened('/nowhere'),
        opened(model, dtype='int4'),
        opened(model, mix='cells'),
        opened(model, graph=True),
        {'op': 'measure', **PLAN, 'slots': 1, 'seconds': 0},
        {'op': 'dance', 'name': 'a'},
        {'op': 'hello'},
    )
    assert '/nowhere' in missing['error']
    assert "dtype: found 'int4', wanted one of f32, tf32, bf16" in dtype['error']
    assert "mix: found 'cells', wanted one of columns, rows" in mix['error']
    assert 'CUDA graph' in graph['error']
    assert "'a' is not open" in closed['error']
    assert 'error' in unknown
    assert hello == {'device': 'cpu', 'version': f'PyTorch {torch.__version__}'}


def test_closing_forgets(model):
    *_, gone = said(opened(model), {'op': 'close', 'name': 'a'}, {'op': 'answers', **PLAN})
    assert 'is not open' in gone['error']
