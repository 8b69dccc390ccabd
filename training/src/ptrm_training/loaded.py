"""A model to evaluate: the EMA weights of a checkpoint, or a model file, on any board that it takes."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import torch

from .checkpoint import load_checkpoint
from .dense_io import read_dense
from .grids import Grids
from .kinds import averaged_model, kind_named
from .layers import DenseTrm, Net
from .model_file import TIED, read_file
from .tied_io import read_tied
from .tied_trm import TiedTrm

Board = tuple[int, int]  # rows and columns


@dataclass
class Loaded:
    """What an evaluation asks of a model."""

    kind: str
    ends: DenseTrm  # embedding, states and heads; the blocks are the network's
    network: Callable[[Grids], Net]
    grids: Callable[[np.ndarray, int, int], Grids]  # of tokens [batch, rows * columns] on boards of rows x columns
    answer_tokens: list[int]
    h_cycles: int
    l_cycles: int
    least: Board  # smaller boards lie at the top left of one of this size
    most: Board | None = None  # None: boards of any size
    plan: dict = field(default_factory=dict)  # what a model file recommends

    def place(self, rows: int, columns: int) -> Board:
        """The board on which a puzzle is run. ValueError for one that is too large for the model."""
        if self.most and (rows > self.most[0] or columns > self.most[1]):
            raise ValueError(f'a board of {rows}x{columns}: this model takes boards of up to {self.most[0]}x{self.most[1]}')
        return max(rows, self.least[0]), max(columns, self.least[1])


def load_model(path: Path, device: str = 'cpu') -> Loaded:
    """A model file, or the EMA weights of a checkpoint, on a device."""
    if path.suffix == '.safetensors':
        tied = read_file(path)[1].get('format') == TIED
        return _tied(*read_tied(path), device) if tied else _dense(*read_dense(path), device)
    state = load_checkpoint(path)
    return loaded_from(averaged_model(state).to(device), state['config'])


def _dense(trm: DenseTrm, config: dict, device: str) -> Loaded:
    """For one size of board: that of its file, else a square one."""
    trm = trm.to(device)
    side = math.isqrt(config['seq_len'])
    board = tuple(config.get('least_board', (side, side)))
    return Loaded(
        kind=config['kind'],
        ends=trm,
        network=lambda grids: trm.net,
        grids=lambda tokens, rows, columns: Grids(rows, columns),
        answer_tokens=config['answer_tokens'],
        h_cycles=config['H_cycles'],
        l_cycles=config['L_cycles'],
        least=board,
        most=board,
        plan=config['recommended'],
    )


def _tied(model: TiedTrm, ends: DenseTrm, config: dict, device: str) -> Loaded:
    """With the ends as the file has them, which differ from those of the model by rounding."""
    training = {'kind': config['kind'], 'h_cycles': config['H_cycles'], 'l_cycles': config['L_cycles']}
    found = loaded_from(model.to(device), training)
    least = tuple(config.get('least_board', found.least))
    return replace(found, ends=ends.to(device), least=least, plan=config['recommended'])


def loaded_from(model: TiedTrm, training: dict) -> Loaded:
    """A tied model, with what its training config says of its cycles."""
    side = kind_named(model.kind).side
    least, most = ((1, 1), None) if model.any_size else ((side, side), (side, side))
    with torch.no_grad():
        ends = model.ends()
    return Loaded(
        kind=training['kind'],
        ends=ends,
        network=model.network,
        grids=model.grids,
        answer_tokens=list(model.answer_tokens),
        h_cycles=training['h_cycles'],
        l_cycles=training['l_cycles'],
        least=least,
        most=most,
    )
