"""A Sudoku TRM with weights tied by the puzzle's symmetries: digits (S9) over channels, rows, columns and boxes over cells.

Channels are 9 planes of `plane` channels, one a digit, and `shared` ones. A linear map between such channels has few free
weights: within a plane (A), from the sum of the planes (B), from the shared channels (C), and back (E, D). A hidden unit of
the token mix belongs to one of the 27 units, or to the whole board. `forward` computes on the free weights, about 6.5 times
fewer multiplications than `dense` weights need; `dense` writes them out as the plain TRM that is exported.
"""

import math
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ...layers import DenseTrm, MlpBlock, rms
from ...tied_trm import TiedTrm

if TYPE_CHECKING:
    from ..record import Kind

CELLS = 81
DIGITS = 9
UNITS = 27
ROW_OR_COLUMN, BOX = 0, 1


def _weight(*shape: int, std: float) -> nn.Parameter:
    return nn.Parameter(torch.randn(*shape) * std)


def unit_cells() -> Tensor:
    """[27, 81], 1 where the cell is in the unit: rows, columns, boxes."""
    cells = torch.zeros(UNITS, CELLS)
    for cell in range(CELLS):
        row, column = divmod(cell, 9)
        for unit in (row, 9 + column, 18 + row // 3 * 3 + column // 3):
            cells[unit, cell] = 1
    return cells


UNIT_TYPE = torch.tensor([ROW_OR_COLUMN] * 18 + [BOX] * 9)


class PlaneLinear(nn.Module):
    """A linear map from (9 planes of m, s shared) to (9 planes of p, r shared) channels that commutes with the digits."""

    def __init__(self, m: int, s: int, p: int, r: int):
        super().__init__()
        self.m, self.s, self.p, self.r = m, s, p, r
        std = 1 / math.sqrt(2 * m + s)
        self.A = _weight(p, m, std=std)
        self.B = _weight(p, m, std=std / 3)
        self.C = _weight(p, s, std=std)
        self.E = _weight(r, m, std=std / 3)
        self.D = _weight(r, s, std=std)

    def dense(self) -> Tensor:
        """[9 p + r, 9 m + s]"""
        eye = torch.eye(DIGITS, device=self.A.device)
        planes = torch.einsum('kj,pm->kpjm', eye, self.A) + self.B[None, :, None, :]
        top = torch.cat([planes.reshape(DIGITS * self.p, DIGITS * self.m), self.C.repeat(DIGITS, 1)], 1)
        return torch.cat([top, torch.cat([self.E.repeat(1, DIGITS), self.D], 1)], 0)

    def load_dense(self, w: Tensor) -> None:
        planes = w[: 9 * self.p, : 9 * self.m].view(9, self.p, 9, self.m)
        self.B.copy_(planes[0, :, 1])
        self.A.copy_(planes[0, :, 0] - planes[0, :, 1])
        self.C.copy_(w[: self.p, 9 * self.m :])
        self.E.copy_(w[9 * self.p :, : self.m])
        self.D.copy_(w[9 * self.p :, 9 * self.m :])

    def from_common(self) -> tuple[Tensor, Tensor]:
        """What planes [p, m + s] and shared channels [r, m + s] take from (sum of planes, shared)."""
        return torch.cat([self.B, self.C], 1), torch.cat([self.E, self.D], 1)


class UnitMix(nn.Module):
    """The token mix: c hidden units for each row, column and box, g for the whole board; one prefix position."""

    def __init__(self, c: int, g: int):
        super().__init__()
        self.c, self.g = c, g
        # [gate or up, row/column or box, ...]. Larger all-cell weights at the start drown the cells in the common mode.
        self.unit_in = _weight(2, 2, c, std=0.5)
        self.all_in = _weight(2, 2, c, std=0.03)
        self.prefix_in = _weight(2, 2, c, std=0.2)
        self.global_in = _weight(2, g, std=0.1)
        self.global_prefix_in = _weight(2, g, std=0.3)
        self.unit_out = _weight(2, c, std=0.5 / math.sqrt(c))
        self.all_out = _weight(2, c, std=0.01)
        self.global_out = _weight(g, std=0.02)
        self.prefix_out = _weight(2, c, std=0.6 / math.sqrt(c))
        self.global_prefix_out = _weight(g, std=0.6 / math.sqrt(g))
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
        to_unit = to_all = to_prefix = 0
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


class PlaneMix(nn.Module):
    """The channel mix: SwiGLU between plane channels."""

    def __init__(self, m: int, s: int, p: int, r: int):
        super().__init__()
        self.gate, self.up = PlaneLinear(m, s, p, r), PlaneLinear(m, s, p, r)
        self.down = PlaneLinear(p, r, m, s)

    def dense(self) -> tuple[Tensor, Tensor]:
        return torch.cat([self.gate.dense(), self.up.dense()], 0), self.down.dense()

    def load_dense(self, gate_up: Tensor, down: Tensor) -> None:
        gate, up = gate_up.chunk(2, 0)
        self.gate.load_dense(gate)
        self.up.load_dense(up)
        self.down.load_dense(down)

    def forward(self, z: Tensor) -> Tensor:
        """z and its channel mix through the norm, [batch, 82, d]."""
        m, p = self.gate.m, self.gate.p
        (gate_plane, gate_shared), (up_plane, up_shared) = self.gate.from_common(), self.up.from_common()
        planes, shared = z[..., : 9 * m].unflatten(-1, (9, m)), z[..., 9 * m :]
        common_weight = torch.cat([gate_plane, up_plane, gate_shared, up_shared], 0).to(z.dtype)
        common = F.linear(torch.cat([planes.sum(-2), shared], -1), common_weight)
        own = F.linear(planes, torch.cat([self.gate.A, self.up.A], 0).to(z.dtype)) + common[..., None, : 2 * p]
        hidden_planes = F.silu(own[..., :p]) * own[..., p:]
        shared_gate, shared_up = common[..., 2 * p :].chunk(2, -1)
        hidden_shared = F.silu(shared_gate) * shared_up
        down_common = F.linear(
            torch.cat([hidden_planes.sum(-2), hidden_shared], -1), torch.cat(self.down.from_common(), 0).to(z.dtype)
        )
        out = F.linear(hidden_planes, self.down.A.to(z.dtype)) + down_common[..., None, :m]
        return rms(z + torch.cat([out.flatten(-2), down_common[..., m:]], -1))


class SudokuTrm(TiedTrm):
    """The whole tied model. Tokens: 0 blank, 1-9 digits; the blank is never an answer (its logit is 0 in training)."""

    prefix_len = 1
    token_text = '0 blank, 1-9 digits; answers are the argmax over tokens 1-9'

    def __init__(
        self,
        kind: 'Kind',
        m: int = 12,
        s: int = 20,
        p: int = 32,
        r: int = 96,
        c: int = 9,
        g: int = 13,
        layers: int = 2,
    ):
        super().__init__(kind)
        self.m, self.s, self.d = m, s, 9 * m + s
        self.token_mix = nn.ModuleList(UnitMix(c, g) for _ in range(layers))
        self.channel_mix = nn.ModuleList(PlaneMix(m, s, p, r) for _ in range(layers))
        std = 1 / math.sqrt(self.d)
        self.embed_same, self.embed_other = _weight(m, std=3 * std), _weight(m, std=std)
        self.embed_shared = _weight(s, std=std)
        self.blank_plane, self.blank_shared = _weight(m, std=std), _weight(s, std=std)
        self.prefix_plane, self.prefix_shared = _weight(m, std=std), _weight(s, std=std)
        for name in ('h', 'l'):  # the initial states are buffers in TRM: drawn once, never trained
            self.register_buffer(f'{name}_plane', torch.randn(m))
            self.register_buffer(f'{name}_shared', torch.randn(s))
        self.head_same = _weight(m, std=1 / math.sqrt(m))
        self.head_other = _weight(m, std=0.3 / math.sqrt(m))
        self.head_shared = _weight(s, std=0.3 / math.sqrt(s))
        self.q_plane, self.q_shared = nn.Parameter(torch.zeros(m)), nn.Parameter(torch.zeros(s))
        self.q_bias = nn.Parameter(torch.tensor([-5.0]))  # nothing is right at the start

    def _everywhere(self, plane: Tensor, shared: Tensor) -> Tensor:
        return torch.cat([plane.repeat(9), shared])

    def _per_digit(self, same: Tensor, other: Tensor, shared: Tensor) -> Tensor:
        """[9, d]: one row a digit."""
        eye = torch.eye(DIGITS, device=same.device)[:, :, None]
        return torch.cat([(eye * same + (1 - eye) * other).flatten(1), shared.expand(DIGITS, -1)], 1)

    def ends(self) -> DenseTrm:
        digits = self._per_digit(self.embed_same, self.embed_other, self.embed_shared)
        head = self._per_digit(self.head_same, self.head_other / 3, self.head_shared)
        return DenseTrm(
            embedding=torch.cat([self._everywhere(self.blank_plane, self.blank_shared)[None], digits]),
            prefix=self._everywhere(self.prefix_plane, self.prefix_shared)[None],
            h_init=self._everywhere(self.h_plane, self.h_shared),
            l_init=self._everywhere(self.l_plane, self.l_shared),
            blocks=[],
            lm_head=torch.cat([head.new_zeros(1, self.d), head]),
            q_weight=self._everywhere(self.q_plane, self.q_shared)[None],
            q_bias=self.q_bias,
        )

    def dense(self) -> DenseTrm:
        trm = self.ends()
        trm.blocks = [MlpBlock(*t.dense(), *c.dense()) for t, c in zip(self.token_mix, self.channel_mix, strict=True)]
        return trm

    def reveal_tokens(self, tokens: Tensor, revealed: Tensor) -> Tensor:
        """A revealed answer is a given."""
        return torch.where(revealed > 0, revealed, tokens)

    def network(self, side: int = 9):
        """The network on the free weights, as a function of z."""
        return self._net

    def _net(self, z: Tensor) -> Tensor:
        for token_mix, channel_mix in zip(self.token_mix, self.channel_mix, strict=True):
            z = channel_mix(token_mix(z))
        return z

    def compile_parts(self) -> None:
        """Compiles each kind of block once; the whole step in one piece takes the compiler ten minutes."""
        for part in (*self.token_mix, *self.channel_mix):
            part.compile()

    @torch.no_grad()
    def load_dense(self, trm: DenseTrm) -> None:
        """Takes over dense weights that obey the ties (reads one entry of each tie)."""
        m = self.m
        for block, token_mix, channel_mix in zip(trm.blocks, self.token_mix, self.channel_mix, strict=True):
            token_mix.load_dense(block.token_gate_up, block.token_down)
            channel_mix.load_dense(block.channel_gate_up, block.channel_down)
        for row, plane, shared in (
            (trm.embedding[0], self.blank_plane, self.blank_shared),
            (trm.prefix[0], self.prefix_plane, self.prefix_shared),
            (trm.h_init, self.h_plane, self.h_shared),
            (trm.l_init, self.l_plane, self.l_shared),
            (trm.q_weight[0], self.q_plane, self.q_shared),
        ):
            plane.copy_(row[:m])
            shared.copy_(row[9 * m :])
        self.q_bias.copy_(trm.q_bias)
        for rows, same, other, shared, scale in (
            (trm.embedding[1:], self.embed_same, self.embed_other, self.embed_shared, 1),
            (trm.lm_head[1:], self.head_same, self.head_other, self.head_shared, 3),
        ):
            same.copy_(rows[0, :m])
            other.copy_(rows[0, m : 2 * m] * scale)
            shared.copy_(rows[0, 9 * m :])
