"""The bundled models are what `export` makes of the runs that exports.json names, and figures are of those weights."""

import hashlib
import json
from pathlib import Path

import pytest

from ptrm_training.export import export
from ptrm_training.model_file import read_file

TRAINING = Path(__file__).resolve().parents[1]
BUNDLED = TRAINING.parent / 'packages/models/weights'
EXPORTS = json.loads((TRAINING / 'exports.json').read_text())
FIGURES = [json.loads(line) for line in (TRAINING / 'figures.jsonl').read_text().splitlines()]


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def weights_sha256(path):
    """Of the weights alone, in f32 and in the order of their names, whatever the file says beside them."""
    weights, digest = read_file(path)[0], hashlib.sha256()
    for name in sorted(weights):
        digest.update(weights[name].numpy().tobytes())
    return digest.hexdigest()


def test_every_bundled_model_has_its_run():
    assert sorted(row['model'] for row in EXPORTS) == sorted(path.name for path in BUNDLED.iterdir())


@pytest.mark.parametrize('row', EXPORTS, ids=lambda row: row['model'])
def test_a_bundled_model_is_the_export_of_its_run(row, tmp_path):
    again = tmp_path / 'again.safetensors'
    least = row.get('least_board')
    export(TRAINING / row['checkpoint'], again, row['plan'], least_board=least and tuple(least))
    assert sha256(again) == sha256(BUNDLED / row['model'] / 'model.safetensors') == row['sha256']


@pytest.mark.parametrize('row', [row for row in EXPORTS if 'dense' in row], ids=lambda row: row['model'])
def test_the_dense_file_that_was_measured_holds_the_same_run(row, tmp_path):
    dense = tmp_path / 'dense.safetensors'
    export(TRAINING / row['checkpoint'], dense, row['plan'], dense=tuple(row['dense']['board']))
    assert weights_sha256(dense) == row['dense']['weights']


def test_figures_are_of_the_bundled_weights():
    files = {row['model']: {row['sha256'], row.get('dense', row)['sha256']} for row in EXPORTS}
    for figure in FIGURES:
        name = Path(figure['model']).parent.name
        assert figure['sha256'] in files[name], figure['model']
