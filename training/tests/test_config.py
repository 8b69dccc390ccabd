"""A run's configuration: what it takes, and the one line that says what is wrong with it."""

import sys
from pathlib import Path

import pytest

from ptrm_training.command import run_command
from ptrm_training.train import main
from ptrm_training.trainer.config import Config
from ptrm_training.trainer.read_config import read_config

CONFIGS = sorted((Path(__file__).resolve().parents[1] / 'configs').glob('*.toml'))


def test_a_config_names_files_by_the_kind(tmp_path):
    path = tmp_path / 'board.toml'
    path.write_text('data = ["data/{kind}.npz"]\ninit = "runs/{kind}-6/checkpoint.pt"\nsides = { 6 = 0.2, 10 = 0.8 }\n')
    found = read_config(path, ['kind = "tapa"', 'updates = 7'])
    assert (found.data, found.init, found.updates) == (['data/tapa.npz'], 'runs/tapa-6/checkpoint.pt', 7)
    assert found.sides == {'6': 0.2, '10': 0.8}


def test_overrides_win_over_the_file(tmp_path):
    file = tmp_path / 'a.toml'
    file.write_text('kind = "sudoku"\ndata = ["x.npz"]\nlr = 1e-3\n')
    assert read_config(file, ['lr=2e-3', 'sizes={m=3}']) == Config('sudoku', ['x.npz'], lr=2e-3, sizes={'m': 3})


@pytest.mark.parametrize(
    ('overrides', 'said'),
    (
        ([], r'a.toml: says no kind; give it on the command line, as kind="sudoku"'),
        (['kind=tapa'], r"'kind=tapa' \(KEY=VALUE, text in quotes: kind=\"tapa\"\): Invalid value"),
        (['kind="tapa"', 'lrr=3'], r"'lrr=3': no such field: lrr \(did you mean lr\?\); there are kind, data,"),
    ),
)
def test_a_config_that_is_wrong_says_where(tmp_path, overrides, said):
    file = tmp_path / 'a.toml'
    file.write_text('data = ["x.npz"]\n')
    with pytest.raises(ValueError, match=said):
        read_config(file, overrides)


# What is on the command line, and what the line says from the field on.
WRONG = [
    ('updates="many"', 'updates: found "many", wanted a whole number'),
    ('updates=true', 'updates: found true, wanted a whole number'),
    ('updates=10.0', 'updates: found 10.0, wanted a whole number'),
    ('updates=0', 'updates: found 0, wanted at least 1'),
    ('minutes=-1', 'minutes: found -1, wanted at least 0'),
    ('batch=-4', 'batch: found -4, wanted at least 1'),
    ('lr="fast"', 'lr: found "fast", wanted a number'),
    ('lr=false', 'lr: found false, wanted a number'),
    ('lr=-1e-3', 'lr: found -0.001, wanted more than 0'),
    ('lr=nan', 'lr: found NaN, wanted a finite number'),
    ('reveal=1.5', 'reveal: found 1.5, wanted at most 1'),
    ('muon=1', 'muon: found 1, wanted true or false'),
    ('compile="no"', 'compile: found "no", wanted true or false'),
    ('init=3', 'init: found 3, wanted text in quotes'),
    ('data="a.npz"', 'data: found "a.npz", wanted a list in [ ]'),
    ('data=[]', 'data: found [], wanted at least 1 in it'),
    ('data=["a.npz", 2]', 'data[1]: found 2, wanted text in quotes'),
    ('weights=[1, true]', 'weights[1]: found true, wanted a number'),
    ('weights=[1, 2]', 'weights: found 2 numbers, wanted 1, one for each file of data'),
    ('weights=[0]', 'weights: found nothing but 0, wanted one above 0'),
    ('sides=[6, 10]', 'sides: found [6, 10], wanted a table in { }'),
    ('sides={six=1}', "sides.six: found 'six' as a key, wanted sides, as in { 6 = 0.25, 10 = 0.75 }"),
    ('sides={6=-1}', 'sides.6: found -1, wanted at least 0'),
    ('later_steps={"2"=8}', "later_steps.2: found '2' as a key, wanted shares of the run from 0 to 1"),
    ('later_steps={"0.5"=8.5}', 'later_steps.0.5: found 8.5, wanted a whole number'),
    ('sizes={dd=64}', 'sizes: no such size: dd (did you mean d?); there are d, inner, types,'),
    ('sizes={d=64.5}', 'sizes.d: found 64.5, wanted a whole number above 0'),
    ('sizes={d=true}', 'sizes.d: found True, wanted a whole number above 0'),
    ('sizes={heads=8, theta="far"}', "sizes.theta: found 'far', wanted a number above 0"),
    ('dtype="float8"', "dtype: found \"float8\", wanted 'bfloat16', 'float16', 'float32' or 'float64'"),
    ('kind="tappa"', "kind: no kind 'tappa' (did you mean tapa?); known: sudoku,"),
    ('warmup=5', 'no such field: warmup (did you mean warm_up?); there are kind, data,'),
]  # fmt: skip


@pytest.mark.parametrize(('override', 'said'), WRONG, ids=[override for override, _ in WRONG])
def test_a_wrong_value_ends_the_command_with_one_line(override, said, tmp_path, capsys, monkeypatch):
    file = tmp_path / 'a.toml'
    file.write_text('kind = "tapa"\ndata = ["x.npz"]\n')
    monkeypatch.setattr(sys, 'argv', ['train', str(file), override, '--out', str(tmp_path / 'run')])
    with pytest.raises(SystemExit) as ended:
        run_command(main)
    told = capsys.readouterr().err
    assert ended.value.code == 2
    assert told.count('\n') == 1
    assert told.startswith('error: ')
    assert said in told
    assert repr(override) in told or str(file) in told
    assert not (tmp_path / 'run').exists()


def test_wrong_values_of_the_file_are_all_told_with_its_name(tmp_path):
    file = tmp_path / 'a.toml'
    file.write_text('kind = "tapa"\ndata = ["x.npz"]\nlr = "fast"\nseed = -1\n')
    with pytest.raises(ValueError, match=r'a\.toml: lr: found "fast", wanted a number; .*a\.toml: seed: found -1') as raised:
        read_config(file, [])
    assert '\n' not in str(raised.value)
    file.write_bytes(b'kind = "\xff"')
    with pytest.raises(ValueError, match=r"a\.toml: 'utf-8' codec"):
        read_config(file, [])


def test_whole_numbers_are_numbers_and_a_fixed_side_may_be_said(tmp_path):
    file = tmp_path / 'a.toml'
    file.write_text('kind = "sudoku"\ndata = ["a.npz", "b.npz"]\nweights = [1, 2]\nside = 9\nlr = 1\n')
    found = read_config(file, [])
    assert (found.weights, found.lr, found.side) == ([1.0, 2.0], 1.0, 9)
    with pytest.raises(ValueError, match='side: found 8, wanted 9'):
        read_config(file, ['side=8'])


def test_every_committed_configuration_is_right():
    for file in CONFIGS:
        read_config(file, ['kind="tapa"'] if 'kind =' not in file.read_text() else [])
