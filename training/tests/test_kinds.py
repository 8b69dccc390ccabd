"""What every kind's record must hold, and that nothing else knows a kind."""

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import ptrm_training
from ptrm_training.generate.urls import puzzle_url, read_url
from ptrm_training.kinds import KINDS, NAMES, kind_named, make_model
from ptrm_training.puzzles import SPLITS, TESTSETS, build, digest_of, read_records, variants_of

SRC = Path(ptrm_training.__file__).parent


def committed(kind: str) -> list[dict]:
    return list(read_records([TESTSETS / f'{kind}-dev.jsonl.gz']))[:12]


@pytest.mark.parametrize('name', NAMES)
def test_a_record_goes_by_its_folder_and_its_model_fits_it(name):
    kind = KINDS[name]
    model = make_model(name)
    assert (kind.name, model.kind, model.seq_len) == (name, name, kind.side**2)
    assert (model.vocab_size, model.answer_tokens) == (kind.vocab_size, kind.answer_tokens)
    for option in kind.options:  # a name means the same wherever it is
        assert all(other == option for one in KINDS.values() for other in one.options if other.name == option.name)


@pytest.mark.parametrize('name', NAMES)
def test_tokens_are_of_the_vocabulary_and_answers_of_the_answer_tokens(name):
    kind = KINDS[name]
    for record in committed(name):
        tokens, answers = variants_of(record)
        assert tokens.shape == answers.shape == (kind.variants, kind.side**2)
        assert tokens.dtype == answers.dtype == np.uint8
        assert tokens.max() < kind.vocab_size
        assert set(np.unique(answers)) <= {0, *kind.answer_tokens}
        grids = [kind.grids_of(record, v)[0] for v in range(kind.variants)]
        assert kind.digest_of(record, grids) == digest_of(record)
        assert kind.side_of(record) <= kind.side


@pytest.mark.parametrize('name', NAMES)
def test_committed_puzzles_keep_the_rules_and_their_urls(name):
    for record in committed(name):
        assert KINDS[name].keeps_rules(record, record['solution'])
        assert puzzle_url(record) == record['url']
        read = read_url(record['url'])
        assert read == {key: record[key] for key in read}


@pytest.mark.parametrize('name', NAMES)
def test_a_set_of_any_kind_is_built_by_the_same_command(name, tmp_path):
    path, kind = tmp_path / 'some.jsonl', KINDS[name]
    path.write_text(''.join(json.dumps(record) + '\n' for record in committed(name)))
    arrays = build([path], exclude=[])
    assert arrays['train_tokens'].shape[1:] == (kind.variants, kind.side**2)
    assert sum(len(arrays[f'{split}_size']) for split in SPLITS) == 12
    assert build([path], exclude=[path])['train_tokens'].shape == (0, kind.variants, kind.side**2)


def test_tapa_clues_with_question_marks_are_read_by_the_rules():
    ring = [[1, 1, 1], [1, 0, 0], [1, 1, 0]]  # around the middle: one run of six
    verdict = {
        tuple(clue): KINDS['tapa'].keeps_rules({'clues': [[None] * 3, [None, clue, None], [None] * 3]}, ring)
        for clue in ([6], [-1], [5], [-1, -1], [-1, 6])
    }
    assert verdict == {(6,): True, (-1,): True, (5,): False, (-1, -1): False, (-1, 6): False}


def test_an_unknown_kind_is_named_with_the_one_that_was_meant():
    with pytest.raises(ValueError, match=r"no kind 'heyawaki' \(did you mean heyawake\?\); known: sudoku, lightup,"):
        kind_named('heyawaki')


def test_nothing_but_its_folder_and_the_registry_names_a_kind():
    quoted = re.compile('|'.join(f'[\'"]{name}[\'"]' for name in NAMES))
    for path in SRC.rglob('*.py'):
        inside = path.relative_to(SRC).parts
        if inside[:2] == ('kinds', '__init__.py') or (inside[0] == 'kinds' and inside[1] in NAMES):
            continue
        assert not quoted.search(path.read_text()), path


def test_the_registry_opens_without_pytorch_and_without_a_sat_solver():
    asked = 'import sys, ptrm_training.puzzles; print(sorted({"torch", "pysat"} & set(sys.modules)))'
    done = subprocess.run([sys.executable, '-c', asked], capture_output=True, text=True, check=True, cwd=SRC.parent)
    assert done.stdout == '[]\n'
