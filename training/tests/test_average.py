"""The mean of two checkpoints."""

import pytest
import torch

from ptrm_training.average import average
from ptrm_training.checkpoint import averages


def state(value: float, **config: object) -> dict:
    weights = {'w': torch.full((2,), float(value)), 'calls': torch.tensor(int(value))}
    return {
        'config': {'kind': 'tapa', 'sizes': {'d': 64}} | config,
        'model': weights,
        'ema': {'w': torch.full((2,), 10.0 * value)},
        'update': int(value),
        'batch': 'in flight',
    }


def test_lies_between_two_and_can_be_gone_on_from() -> None:
    found = average(state(1), state(5), 0.25)
    assert found['model']['w'].tolist() == [2, 2]
    assert found['ema']['w'].tolist() == [20, 20]
    assert found['model']['calls'].item() == 1
    assert found['update'] == 1
    assert 'batch' not in found


@pytest.mark.parametrize('alone', ((0,), (1,), (0, 1)))
def test_has_the_averages_alone_where_one_of_the_two_has(alone: tuple[int, ...]) -> None:
    states = [averages(whole) if i in alone else whole for i, whole in enumerate((state(1), state(5)))]
    found = average(states[0], states[1], 0.25)
    assert found.keys() == {'config', 'ema', 'update'}
    assert found['ema']['w'].tolist() == [20, 20]


def test_is_either_at_the_ends() -> None:
    assert average(state(1), state(5), 0)['ema']['w'].tolist() == [10, 10]
    assert average(state(1), state(5), 1)['ema']['w'].tolist() == [50, 50]


@pytest.mark.parametrize(
    ('other', 'share', 'message'),
    (
        (state(5, kind='nurikabe'), 0.5, "kind are 'tapa' and 'nurikabe'"),
        (state(5, sizes={'d': 128}), 0.5, 'their sizes are'),
        (state(5), 1.5, '--share: found 1.5'),
    ),
)
def test_refuses_two_models_and_other_shares(other: dict, share: float, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        average(state(1), other, share)
