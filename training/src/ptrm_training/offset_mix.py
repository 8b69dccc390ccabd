"""A token mix tied by translation: a hidden unit sits on a cell and has one of `types` types, and its weights depend on the
offset between two cells alone (19 x 19 offsets), so that what is learnt in one corner holds in all.
"""

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from .layers import swiglu_rows

SIDE = 10
CELLS = SIDE * SIDE
OFFSETS = 2 * SIDE - 1


def weight(*shape: int, std: float) -> nn.Parameter:
    return nn.Parameter(torch.randn(*shape) * std)


def offset_index(side: int = SIDE) -> Tensor:
    """[side^2, side^2]: the number of the offset from the first cell to the second."""
    cells = torch.arange(side * side)
    row, column = cells // side, cells % side
    rows = row[None, :] - row[:, None] + SIDE - 1
    columns = column[None, :] - column[:, None] + SIDE - 1
    return rows * OFFSETS + columns


def _initial_kernel(*lead: int, std: float) -> nn.Parameter:
    """Weights by offset: strong on the cell itself and beside it, weaker along its row and column, faint elsewhere."""
    row = torch.arange(OFFSETS)[:, None] - (SIDE - 1)
    column = torch.arange(OFFSETS)[None, :] - (SIDE - 1)
    far = torch.maximum(row.abs(), column.abs()).float()
    scale = torch.where(far <= 1, 1.0, torch.where((row == 0) | (column == 0), 0.3, 0.05 + 0.3 * (far == 2)))
    return nn.Parameter(torch.randn(*lead, OFFSETS * OFFSETS) * scale.flatten() * std)


class OffsetMix(nn.Module):
    """The token mix over prefix + 100 cells with weights by offset; `board_units` see all cells alike."""

    apply = staticmethod(lambda z, matrices: swiglu_rows(z, *matrices))

    def __init__(self, types: int, prefix: int, board_units: int):
        super().__init__()
        self.types, self.prefix, self.board_units = types, prefix, board_units
        self.kernel_in = _initial_kernel(2, types, std=0.35)
        self.kernel_out = _initial_kernel(types, std=0.35 / math.sqrt(types))
        self.prefix_in = weight(2, types, prefix, std=0.2)
        self.prefix_out = weight(prefix, types, std=0.6 / math.sqrt(types))
        self.board_in = weight(2, board_units, std=0.1)
        self.board_prefix_in = weight(2, board_units, prefix, std=0.3)
        self.board_out = weight(board_units, std=0.02)
        self.board_prefix_out = weight(prefix, board_units, std=0.6 / math.sqrt(board_units))

    def kernels(self) -> tuple[Tensor, Tensor]:
        """Weights by offset: into hidden units [gate or up, types, OFFSETS^2], and out of them [types, OFFSETS^2]."""
        return self.kernel_in, self.kernel_out

    def matrices(self, side: int) -> Sequence[Tensor]:
        """What `apply(z, matrices)` needs beside z; made once for all calls of an update."""
        return self.dense(side)

    def dense(self, side: int = SIDE) -> tuple[Tensor, Tensor]:
        """gate_up [2 (side^2 types + board_units), prefix + side^2] and down, its shape but for the halves turned.

        A smaller side gives the same model on a smaller board, for the first stages of training.
        """
        cells, offsets = side * side, offset_index(side)
        kernel_in, kernel_out = self.kernels()
        hidden = cells * self.types
        halves = []
        for k in (0, 1):
            from_cells = kernel_in[k][:, offsets].reshape(hidden, cells)
            from_prefix = self.prefix_in[k][:, None].expand(-1, cells, -1).reshape(hidden, self.prefix)
            board = (self.board_in[k] / side)[:, None].expand(self.board_units, cells)
            halves += [torch.cat([from_prefix, from_cells], 1), torch.cat([self.board_prefix_in[k], board], 1)]
        to_cells = kernel_out[:, offsets].permute(2, 0, 1).reshape(cells, hidden)
        to_cells = torch.cat([to_cells, self.board_out.expand(cells, -1)], 1)
        to_prefix = (self.prefix_out / side)[:, :, None].expand(-1, -1, cells).reshape(self.prefix, hidden)
        to_prefix = torch.cat([to_prefix, self.board_prefix_out], 1)
        return torch.cat(halves, 0), torch.cat([to_prefix, to_cells], 0)
