"""Boards that are easily learnt, and small models of them: what tests of training and of evaluation share."""

import numpy as np

from ptrm_training.boards import load_puzzles
from ptrm_training.trainer.config import Config

SIZES = {'d': 16, 'inner': 24, 'types': 2, 'prefix': 2, 'board_units': 2}


def write_toy(path):
    """A set of 4x4 boards whose answer is to light the white cells at the right of a wall: easily learnt."""
    rng = np.random.default_rng(0)
    walls = rng.random((64, 4, 4)) < 0.4
    right_of_wall = np.pad(walls, ((0, 0), (0, 0), (1, 0)))[:, :, :-1]
    tokens, answers = np.zeros((64, 8, 100), np.uint8), np.zeros((64, 8, 100), np.uint8)
    cells = (np.arange(4)[:, None] * 10 + np.arange(4)).reshape(-1)
    tokens[:, :, cells] = np.where(walls, 4, 3).reshape(64, 1, 16)
    answers[:, :, cells] = np.where(walls, 0, np.where(right_of_wall, 2, 1)).reshape(64, 1, 16)
    sets = {f'{split}_{name}': a for split in ('train', 'dev') for name, a in (('tokens', tokens), ('answers', answers))}
    np.savez(path, **sets, train_size=np.full(64, 4, np.uint8), dev_size=np.full(64, 4, np.uint8))


def config(toy, **changes):
    plan = {'updates': 6, 'batch': 8, 'warm_up': 2, 'dtype': 'float32', 'compile': False, 'noisy': 0.5, 'side': 4, 'sizes': SIZES}
    return Config(kind='lightup', data=[str(toy)], **(plan | changes))


def on_10x10(rows, columns):
    return 10, 10


def on_whole_boards(toy, count):
    """The first dev puzzles of the toy set, on 10x10 boards."""
    (found,) = load_puzzles(toy, 'lightup', on_10x10, count=count)
    return found
