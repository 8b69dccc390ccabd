"""A token mix by offset whose units see a strip of the board, computed on the strips instead of the dense matrices.

A hidden unit of an upright type sees its column and `reach` columns on each side, of a lying type the same of rows; offsets
beyond have no weight. A strip is one product with a short matrix, so that a type costs 2 (2 reach + 1) side^3 multiplications
in place of the 2 side^4 of `dense`, which writes out the same weights for the plain TRM that is exported.
"""

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .offset_mix import OFFSETS, SIDE, OffsetMix, weight


def _along() -> Tensor:
    """Scale of the first weights by offset along the strip: strong nearby, weaker far away."""
    far = (torch.arange(OFFSETS) - (SIDE - 1)).abs()
    return torch.where(far <= 1, 1.0, 0.3)


def _toeplitz(kernel: Tensor, side: int) -> Tensor:
    """[..., OFFSETS] to [..., side, side]: entry (unit, cell) is the weight of offset cell - unit."""
    place = torch.arange(side, device=kernel.device)
    return kernel[..., place[None, :] - place[:, None] + SIDE - 1]


def _strips(cells: Tensor, reach: int) -> Tensor:
    """[batch, row, column, d] to [batch, (across, row), (column, d)]: cell (i, row, column) is `cells` at column + i - reach."""
    side = cells.shape[2]
    wide = F.pad(cells, (0, 0, reach, reach))
    return torch.cat([wide[:, :, i : i + side] for i in range(2 * reach + 1)], 1).flatten(2)


def _merge(strips: Tensor, reach: int, side: int) -> Tensor:
    """The reverse of `_strips`, overlaps added up; [batch, row, column, d]."""
    parts = strips.unflatten(1, (2 * reach + 1, side)).unflatten(-1, (side, -1))
    total = parts[:, reach]
    for i in range(2 * reach + 1):
        away = i - reach
        if away != 0:
            total = total + F.pad(parts[:, i], (0, 0, away, -away))
    return total


def mix(z: Tensor, matrices: Sequence[Tensor]) -> Tensor:
    """The token mix of z [batch, prefix + side^2, d], without the residual and the norm."""
    *directions, prefix_in, prefix_out, board_in, board_out = (m.to(z.dtype) for m in matrices)
    length = prefix_in.shape[2]
    side = math.isqrt(z.shape[1] - length)
    half, reach = directions[1].shape[1] // side, directions[1].shape[0] // side // 2
    prefix, cells = z[:, :length], z[:, length:].unflatten(1, (side, side))
    bias = torch.matmul(prefix_in.flatten(0, 1), prefix).unflatten(1, (2, 2, half))  # [batch, 2, direction, half, d]
    seen, given = 0, 0
    for direction in (0, 1):
        turned = cells.transpose(1, 2) if direction else cells
        pre = torch.matmul(directions[2 * direction], _strips(turned, reach)).unflatten(1, (2, half, side)).unflatten(-1, (side, -1))
        gate, up = (pre + bias[:, :, direction, :, None, None]).unbind(1)  # [batch, half, side, side, d]
        hidden = F.silu(gate) * up
        out = _merge(torch.matmul(directions[2 * direction + 1], hidden.flatten(1, 2).flatten(2)), reach, side)
        seen = seen + (out.transpose(1, 2) if direction else out)
        types = slice(direction * half, (direction + 1) * half)
        given = given + torch.matmul(prefix_out[:, types], hidden.sum((2, 3)))
    whole = torch.cat([prefix, cells.sum((1, 2))[:, None]], 1)
    gate, up = torch.matmul(board_in.flatten(0, 1), whole).chunk(2, 1)
    board = torch.matmul(board_out, F.silu(gate) * up)
    return torch.cat([given + board[:, :length], seen.flatten(1, 2) + board[:, length:]], 1)


class StripMix(OffsetMix):
    """Half of the types are upright, half lying. Kernels are [..., across, along], across = 2 reach + 1."""

    apply = staticmethod(mix)

    def __init__(self, types: int, prefix: int, board_units: int, reach: int):
        if types % 2:
            raise ValueError(f'{types} types: strips need an even number, half upright and half lying')
        super().__init__(types, prefix, board_units)
        self.reach, self.across, self.half = reach, 2 * reach + 1, types // 2
        self.kernel_in = nn.Parameter(torch.randn(2, types, self.across, OFFSETS) * 0.35 * _along())
        self.kernel_out = nn.Parameter(torch.randn(types, self.across, OFFSETS) * 0.35 / math.sqrt(types) * _along())

    def kernels(self) -> tuple[Tensor, Tensor]:
        return self._by_offset(self.kernel_in), self._by_offset(self.kernel_out)

    def _by_offset(self, kernel: Tensor) -> Tensor:
        """[..., types, across, along] to weights by row and column offset [..., types, OFFSETS^2]."""
        beyond = SIDE - 1 - self.reach
        wide = F.pad(kernel, (0, 0, beyond, beyond))  # [..., types, column offset, row offset] of the upright types
        upright, lying = wide.split(self.half, -3)
        return torch.cat([upright.transpose(-1, -2), lying], -3).flatten(-2)

    def matrices(self, side: int) -> list[Tensor]:
        """What `mix` needs, made once for all calls of an update: gate_up [2 half side, across side] and down
        [across side, half side] of each direction, then weights of prefix and board.
        """
        found = []
        for types in (slice(None, self.half), slice(self.half, None)):
            into = _toeplitz(self.kernel_in[:, types], side)  # [2, half, across, unit, cell]
            found.append(into.transpose(2, 3).reshape(2 * self.half * side, self.across * side))
            out = _toeplitz(self.kernel_out[types], side)  # [half, across, unit, cell]
            found.append(out.permute(1, 3, 0, 2).reshape(self.across * side, self.half * side))
        board = torch.stack([torch.cat([self.board_prefix_in[k], self.board_in[k, :, None] / side], 1) for k in (0, 1)])
        board_out = torch.cat([self.board_prefix_out, self.board_out[None]], 0)
        return [*found, self.prefix_in, self.prefix_out / side, board, board_out]
