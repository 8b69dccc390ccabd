"""What `ptrm export` writes, on the other side: onnx.checker and Python's onnxruntime for graphs, PyTorch for weights."""

import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from safetensors.torch import load_file

from ptrm_training.boards import load_puzzles
from ptrm_training.dense_io import write_dense
from ptrm_training.export import config_of
from ptrm_training.grids import Grids
from ptrm_training.layers import recursion_step
from ptrm_training.loaded import load_model
from ptrm_training.puzzles import TESTSETS
from ptrm_training.tied_io import read_tied

ROOT = Path(__file__).resolve().parents[2]
PTRM = ROOT / 'packages/cli/bin/ptrm.js'
MODEL = ROOT / 'packages/models/weights/sudoku-2/model.safetensors'
TRAINING = {'h_cycles': 1, 'l_cycles': 3}
TOLERANCE = 2e-4  # of the largest value
STEPS = 4
BATCH = 3

pytestmark = pytest.mark.skipif(
    not (shutil.which('node') and (ROOT / 'packages/cli/dist/js/main.js').exists()),
    reason='needs node and the built packages: npm run setup',
)


def export(*flags: str) -> None:
    subprocess.run(['node', str(PTRM), 'export', 'sudoku-2', *flags], check=True, capture_output=True, timeout=120)


@pytest.fixture(scope='module')
def reference() -> dict[str, np.ndarray]:
    """Inputs, and what PyTorch makes of them in STEPS noisy steps."""
    loaded = load_model(MODEL)
    ends, net = loaded.ends, loaded.network(Grids(9, 9))
    torch.manual_seed(3)
    # Real puzzles: on a board that contradicts itself rounding grows from step to step.
    (boards,) = load_puzzles(TESTSETS / 'sudoku-dev.jsonl.gz', loaded.kind, loaded.place, count=BATCH)
    tokens = torch.from_numpy(boards.tokens.astype(np.int64))
    x = ends.embed(tokens)
    noise = 0.3 * torch.randn(STEPS, *x.shape)
    z_h, z_l = (init.expand_as(x).contiguous() for init in (ends.h_init, ends.l_init))
    found = {'tokens': tokens.numpy(), 'noise': noise.numpy(), 'z_H': z_h.numpy(), 'z_L': z_l.numpy()}
    logits, q = [], []
    for step in range(STEPS):
        with torch.no_grad():
            z_h, z_l = recursion_step(net, x, z_h, z_l + noise[step], loaded.h_cycles, loaded.l_cycles)
            for outputs, values in zip((logits, q), ends.heads(z_h), strict=True):
                outputs.append(values.numpy())
    return found | {'logits': np.stack(logits), 'q': np.stack(q)}


def open_checked(path: Path) -> onnxruntime.InferenceSession:
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    batches = {
        value.type.tensor_type.shape.dim[axis].dim_param
        for value in [*model.graph.input, *model.graph.output]
        for axis, dim in enumerate(value.type.tensor_type.shape.dim)
        if dim.dim_param
    }
    assert batches == {'batch'}
    return onnxruntime.InferenceSession(path, providers=['CPUExecutionProvider'])


def error(found: np.ndarray, wanted: np.ndarray) -> float:
    return float(np.abs(found - wanted).max() / np.abs(wanted).max())


def inputs(reference: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {name: reference[name] for name in ('tokens', 'z_H', 'z_L')}


def test_the_one_step_graph(reference, tmp_path):
    export('--onnx', str(tmp_path / 'one.onnx'))
    session = open_checked(tmp_path / 'one.onnx')
    feeds = inputs(reference)
    for step in range(STEPS):
        out = dict(
            zip(
                [o.name for o in session.get_outputs()],
                session.run(None, feeds | {'noise': reference['noise'][step]}),
                strict=True,
            )
        )
        assert error(out['logits'], reference['logits'][step]) <= TOLERANCE
        assert error(out['q'][:, 0], reference['q'][step]) <= TOLERANCE
        # The blank is no answer, whatever its logit.
        assert (out['answer'] == 1 + out['logits'][..., 1:].argmax(-1)).all()
        feeds |= {'z_H': out['z_H_out'], 'z_L': out['z_L_out']}


def test_the_graph_of_several_steps(reference, tmp_path):
    export('--onnx', str(tmp_path / 'steps.onnx'), '--steps', str(STEPS))
    session = open_checked(tmp_path / 'steps.onnx')
    names = [o.name for o in session.get_outputs()]
    out = dict(zip(names, session.run(None, inputs(reference) | {'noise': reference['noise']}), strict=True))
    assert error(out['logits'], reference['logits']) <= TOLERANCE
    assert error(out['q'][..., 0], reference['q']) <= TOLERANCE


def test_half_precision(reference, tmp_path):
    export('--onnx', str(tmp_path / 'half.onnx'), '--fp16')
    session = open_checked(tmp_path / 'half.onnx')
    out = dict(
        zip(
            [o.name for o in session.get_outputs()],
            session.run(None, inputs(reference) | {'noise': reference['noise'][0]}),
            strict=True,
        )
    )
    assert error(out['logits'], reference['logits'][0]) <= 0.02
    export('--onnx', str(tmp_path / 'whole.onnx'))
    assert (tmp_path / 'half.onnx').stat().st_size < 0.6 * (tmp_path / 'whole.onnx').stat().st_size


def test_the_metadata_tells_how_to_start(reference, tmp_path):
    export('--onnx', str(tmp_path / 'one.onnx'))
    props = {p.key: p.value for p in onnx.load(tmp_path / 'one.onnx').metadata_props}
    assert json.loads(props['ptrm'])['kind'] == 'sudoku'
    for name, z in (('H_init', 'z_H'), ('L_init', 'z_L')):
        assert (np.float32(json.loads(props[name])) == reference[z][0, 0]).all()


def test_weights_go_back_to_pytorch(tmp_path):
    export('--safetensors', str(tmp_path / 'back.safetensors'), '--token-offset', '1')
    model, ends, _ = read_tied(MODEL)
    with torch.no_grad():
        trm = replace(ends, blocks=model.dense().blocks)
        write_dense(tmp_path / 'own.safetensors', trm, config_of(model, trm, TRAINING, {}), torch.float32)
    back, own = (load_file(tmp_path / f'{name}.safetensors') for name in ('back', 'own'))
    prefix = '_orig_mod.model.inner.'
    assert {name.removeprefix(prefix) for name in back} == set(own)
    for name, tensor in own.items():
        found = back[prefix + name]
        if name in ('embed_tokens.embedding_weight', 'lm_head.weight'):
            assert (found[0] == 0).all()
            found = found[1:]
        assert torch.allclose(found, tensor, rtol=1e-6, atol=1e-6), name
