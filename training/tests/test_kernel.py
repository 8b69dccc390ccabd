"""Exported models in the solver's own kernel: the same logits, q and answers as here."""

import itertools
import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import torch

from pencil_records import PENCIL
from ptrm_training.boards import Boards, load_puzzles
from ptrm_training.dense_io import write_dense
from ptrm_training.export import config_of, tied_config_of
from ptrm_training.kinds import KINDS, make_model
from ptrm_training.layers import recursion_step
from ptrm_training.loaded import load_model
from ptrm_training.puzzles import TESTSETS, read_records, tokens_of
from ptrm_training.tied_io import write_tied

ROOT = Path(__file__).resolve().parents[2]
BUNDLED = sorted((ROOT / 'packages/models/weights').glob('*/model.safetensors'))
TRAINING = {'h_cycles': 1, 'l_cycles': 3}
TOLERANCE = 2e-4  # of the largest value, as in the kernel's own parity tests

needs_kernel = pytest.mark.skipif(
    not (shutil.which('node') and (ROOT / 'packages/puzzles/dist/index.js').exists()),
    reason='needs node and the built packages: npm run setup',
)


def run_kernel(path: Path, boards: Boards, steps: int) -> list:
    command = ['node', str(Path(__file__).with_name('run_kernel.mjs')), str(path), str(steps)]
    asked = [{'rows': boards.rows, 'columns': boards.columns, 'tokens': tokens.tolist()} for tokens in boards.tokens]
    done = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def compare(path: Path, steps: int, boards: Boards) -> None:
    loaded = load_model(path)
    ends, allowed = loaded.ends, loaded.answer_tokens
    net = loaded.network(loaded.grids(boards.tokens, boards.rows, boards.columns))
    found = run_kernel(path, boards, steps)
    x = ends.embed(torch.from_numpy(boards.tokens.astype(np.int64)))
    z_h, z_l = ends.h_init.expand_as(x), ends.l_init.expand_as(x)
    for step in range(steps):
        with torch.no_grad():
            z_h, z_l = recursion_step(net, x, z_h, z_l, loaded.h_cycles, loaded.l_cycles)
            logits, q = (t.numpy() for t in ends.heads(z_h))
        for board in range(len(boards)):
            got = found[board][step]
            error = np.abs(np.array(got['logits']) - logits[board].reshape(-1)).max()
            assert error <= TOLERANCE * np.abs(logits).max(), (step, board)
            assert abs(got['q'] - q[board]) <= TOLERANCE * max(1, np.abs(q).max()), (step, board)
            best = np.array(allowed)[logits[board][:, allowed].argmax(-1)]
            assert (np.array(got['tokens']) == best).mean() > 0.98  # near-ties may fall either way


def random_boards(rows: int, columns: int, vocab_size: int, least: int = 0) -> Boards:
    """Two that contradict themselves, of the tokens from `least` on."""
    tokens = np.random.default_rng(1).integers(least, vocab_size, (2, rows * columns)).astype(np.uint8)
    return Boards(rows, columns, tokens, np.zeros_like(tokens))


@needs_kernel
def test_the_solver_reads_puzzles_as_the_same_tokens():
    records = []
    for kind in PENCIL:
        records += itertools.islice(read_records([TESTSETS / f'{kind}-dev.jsonl.gz']), 10)
    command = ['node', str(Path(__file__).with_name('encode.mjs'))]
    asked = json.dumps([[record['type'], record['url']] for record in records])
    done = subprocess.run(command, input=asked, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert len(records) == 10 * len(PENCIL)
    for record, tokens in zip(records, json.loads(done.stdout), strict=True):
        assert tokens == tokens_of(record)[0].tolist(), record['id']


@needs_kernel
@pytest.mark.parametrize(('kind', 'sizes'), (
    ('sudoku', {}),
    *((kind, {'d': 24, 'inner': 32, 'types': 2, 'prefix': 3}) for kind in PENCIL if KINDS[kind].borders is None),
    ('heyawake', {'d': 24, 'inner': 32, 'heads': 3, 'prefix': 3}),
))  # fmt: skip
def test_fresh_models_run_the_same_in_the_kernel(kind, sizes, tmp_path):
    torch.manual_seed(2)
    model = make_model(kind, sizes)
    with torch.no_grad():
        model.q_bias.zero_()
        for name, parameter in model.named_parameters():
            if name.startswith('q_') and name != 'q_bias':
                parameter.normal_(std=0.1)
        trm = model.dense()
    path, side = tmp_path / 'model.safetensors', KINDS[kind].side
    write_dense(path, trm, config_of(model, trm, TRAINING, {}))
    # One step: untrained weights are chaotic, rounding grows tenfold and more a step.
    compare(path, 1, random_boards(side, side, model.vocab_size))
    if model.tie_name:
        write_tied(path, model, tied_config_of(model, TRAINING, {}))
        compare(path, 1, random_boards(side, side, model.vocab_size))
    if model.any_size:
        for rows, columns in ((1, 1), (3, 14), (12, 5)):
            compare(path, 1, random_boards(rows, columns, model.vocab_size))


@needs_kernel
def test_a_fresh_model_that_knows_rooms_runs_the_same_in_the_kernel(tmp_path):
    torch.manual_seed(2)
    model = make_model('heyawake', {'d': 24, 'inner': 32, 'types': 2, 'prefix': 3})
    path = tmp_path / 'model.safetensors'
    write_tied(path, model, tied_config_of(model, TRAINING, {}))
    for rows, columns in ((1, 1), (3, 14), (12, 5)):
        compare(path, 1, random_boards(rows, columns, model.vocab_size, least=1))
    loaded = load_model(path)
    (boards,) = load_puzzles(TESTSETS / 'heyawake-dev.jsonl.gz', loaded.kind, loaded.place, count=2)
    compare(path, 1, boards)


@needs_kernel
@pytest.mark.parametrize('path', BUNDLED, ids=lambda p: p.parent.name)
def test_bundled_models_run_the_same_in_the_kernel(path):
    # Real puzzles: on a board that contradicts itself a trained model may be as chaotic as an untrained one.
    loaded = load_model(path)
    (boards,) = load_puzzles(ROOT / f'training/testsets/{loaded.kind}-dev.jsonl.gz', loaded.kind, loaded.place, count=2)
    compare(path, 3, boards)
