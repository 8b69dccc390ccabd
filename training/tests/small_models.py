"""One small model of each sort, which tests of models and of their files share."""

import torch

from ptrm_training.kinds import make_model

# Of sizes that the native network takes.
SMALL_BOARD = {'d': 16, 'inner': 32, 'types': 4, 'prefix': 3, 'board_units': 3}
SMALL_ATTENTION = {'d': 16, 'inner': 24, 'heads': 2, 'prefix': 3}
SMALL_SUDOKU = {'m': 3, 's': 4, 'p': 5, 'r': 6, 'c': 2, 'g': 3}


def models():
    torch.manual_seed(0)
    return [
        make_model('sudoku', SMALL_SUDOKU),
        make_model('lightup', SMALL_BOARD),
        make_model('heyawake', SMALL_ATTENTION),
    ]
