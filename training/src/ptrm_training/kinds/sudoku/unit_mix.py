"""The token mix of the Sudoku TRM: hidden units that belong to rows, columns and boxes, or to the whole board."""

import math
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ...layers import rms
from .plane_mix import weight

CELLS = 81
UNITS = 27
ROW_OR_COLUMN, BOX = 0, 1


def unit_cells() -> Tensor:
    """[27, 81], 1 where the cell is in the unit: rows, columns, boxes."""
    cells = torch.zeros(UNITS, CELLS)
    for cell in range(CELLS):
        row, column = divmod(cell, 9)
        for unit in (row, 9 + column, 18 + row // 3 * 3 + column // 3):
            cells[unit, cell] = 1
    return cells


UNIT_TYPE = torch.tensor([ROW_OR_COLUMN] * 18 + [BOX] * 9)


class UnitMix(nn.Module):
    """The token mix: c hidden units for each row, column and box, g for the whole board; one prefix position."""

    cells: Tensor

    def __init__(self, c: int, g: int):
        super().__init__()
        self.c, self.g = c, g
        # [gate or up, row/column or box, ...]. Larger all-cell weights at the start drown the cells in the common mode.
        self.unit_in = weight(2, 2, c, std=0.5)
        self.all_in = weight(2, 2, c, std=0.03)
        self.prefix_in = weight(2, 2, c, std=0.2)
        self.global_in = weight(2, g, std=0.1)
        self.global_prefix_in = weight(2, g, std=0.3)
        self.unit_out = weight(2, c, std=0.5 / math.sqrt(c))
        self.all_out = weight(2, c, std=0.01)
        self.global_out = weight(g, std=0.02)
        self.prefix_out = weight(2, c, std=0.6 / math.sqrt(c))
        self.global_prefix_out = weight(g, std=0.6 / math.sqrt(g))
        self.register_buffer('cells', unit_cells(), persistent=False)

    def dense(self) -> tuple[Tensor, Tensor]:
        """gate_up [2 (27 c + g), 82] and down [82, 27 c + g]."""
        t = UNIT_TYPE
        halves = []
        for k in (0, 1):
            unit = self.unit_in[k][t] / 3
            cells = unit[:, :, None] * self.cells[:, None, :] + (self.all_in[k][t] / 9)[:, :, None]
            units = torch.cat([self.prefix_in[k][t][..., None], cells], 2).reshape(UNITS * self.c, 1 + CELLS)
            board = (self.global_in[k] / 9)[:, None].expand(self.g, CELLS)
            halves += [units, torch.cat([self.global_prefix_in[k][:, None], board], 1)]
        spread = self.unit_out[t][None] * self.cells.T[:, :, None] / math.sqrt(3)
        spread = spread + (self.all_out[t] / math.sqrt(UNITS))[None]
        to_cells = torch.cat([spread.reshape(CELLS, UNITS * self.c), self.global_out.expand(CELLS, self.g)], 1)
        to_prefix = torch.cat([(self.prefix_out[t] / math.sqrt(UNITS)).reshape(1, -1), self.global_prefix_out[None]], 1)
        return torch.cat(halves, 0), torch.cat([to_prefix, to_cells], 0)

    def load_dense(self, gate_up: Tensor, down: Tensor) -> None:
        hidden = UNITS * self.c + self.g
        spread = down[1:, : UNITS * self.c].view(CELLS, UNITS, self.c)
        for shape, unit in ((ROW_OR_COLUMN, 0), (BOX, 18)):
            inside = int(self.cells[unit].argmax())
            outside = int(self.cells[unit].argmin())
            for k in (0, 1):
                rows = gate_up[k * hidden :][: UNITS * self.c].view(UNITS, self.c, 1 + CELLS)[unit]
                self.all_in[k, shape] = rows[:, 1 + outside] * 9
                self.unit_in[k, shape] = (rows[:, 1 + inside] - rows[:, 1 + outside]) * 3
                self.prefix_in[k, shape] = rows[:, 0]
            self.all_out[shape] = spread[outside, unit] * math.sqrt(UNITS)
            self.unit_out[shape] = (spread[inside, unit] - spread[outside, unit]) * math.sqrt(3)
            self.prefix_out[shape] = down[0, : UNITS * self.c].view(UNITS, self.c)[unit] * math.sqrt(UNITS)
        for k in (0, 1):
            board = gate_up[k * hidden + UNITS * self.c :][: self.g]
            self.global_in[k] = board[:, 1] * 9
            self.global_prefix_in[k] = board[:, 0]
        self.global_out.copy_(down[1, UNITS * self.c :])
        self.global_prefix_out.copy_(down[0, UNITS * self.c :])

    def forward(self, z: Tensor) -> Tensor:
        """z and its token mix through the norm, [batch, 82, d]: unit sums first, then hidden units, all pointwise."""
        t = UNIT_TYPE
        member = self.cells.to(z.dtype)
        prefix, cells = z[:, :1], z[:, 1:]
        unit_sum = torch.matmul(member, cells) / 3
        board_sum = cells.sum(1, keepdim=True) / 9
        column = lambda w: w[t][:, None].to(z.dtype)
        to_unit: Any = 0
        to_all: Any = 0
        to_prefix: Any = 0
        for i in range(self.c):
            gate, up = (
                unit_sum * column(self.unit_in[k, :, i])
                + board_sum * column(self.all_in[k, :, i])
                + prefix * column(self.prefix_in[k, :, i])
                for k in (0, 1)
            )
            hidden = F.silu(gate) * up
            to_unit = to_unit + hidden * column(self.unit_out[:, i] / math.sqrt(3))
            to_all = to_all + hidden * column(self.all_out[:, i] / math.sqrt(UNITS))
            to_prefix = to_prefix + hidden * column(self.prefix_out[:, i] / math.sqrt(UNITS))
        row = lambda w: w[:, None].to(z.dtype)
        gate, up = (board_sum * row(self.global_in[k]) + prefix * row(self.global_prefix_in[k]) for k in (0, 1))
        hidden = F.silu(gate) * up
        everywhere = to_all.sum(1, keepdim=True) + (hidden * row(self.global_out)).sum(1, keepdim=True)
        new_prefix = to_prefix.sum(1, keepdim=True) + (hidden * row(self.global_prefix_out)).sum(1, keepdim=True)
        return rms(z + torch.cat([new_prefix, torch.matmul(member.T, to_unit) + everywhere], 1), 1)
