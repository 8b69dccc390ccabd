"""The part of a board's token mix that has weights on neighbours and rays: compiled C++ for f32 on CPUs, else PyTorch."""

import ctypes
import itertools
from functools import cache
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from .generate.native import compiled

LANES = 16
NEIGHBOURS = list(itertools.product((-1, 0, 1), repeat=2))
RAYS = [(0, 1), (1, 0), (0, -1), (-1, 0)]
TAPS = len(NEIGHBOURS) + len(RAYS)
# With a half, what lies nearest in a ray outweighs all behind it: a sign there says which of two things is seen first.
DECAY = 0.5


@cache
def tap_matrices(side: int, device: torch.device | str = 'cpu') -> Tensor:
    """[13, side^2, side^2]: what a cell sees of another through each tap. A ray sees the n-th cell with DECAY^(n - 1)."""
    cells = torch.arange(side * side, device=device)
    rows = cells[None] // side - cells[:, None] // side
    columns = cells[None] % side - cells[:, None] % side
    near = [((rows == r) & (columns == c)).float() for r, c in NEIGHBOURS]
    far = []
    for r, c in RAYS:
        along = rows * r + columns * c
        far.append(((rows * c == columns * r) & (along > 0)) * DECAY ** (along - 1.0))
    return torch.stack(near + far)


def local_mix_reference(cells: Tensor, bias: Tensor, kernels: Tensor, side: int) -> tuple[Tensor, Tensor]:
    """What the compiled one computes, with dense matrices.

    cells [batch, side^2, d]; bias [batch, 2 types, d], the gates' first; kernels [3, types, 13]: gate, up, down. Returns the
    mix [batch, side^2, d] and each type's hidden units summed over the board [batch, types, d].
    """
    taps = tap_matrices(side, cells.device).to(cells.dtype)
    dense = torch.einsum('ntk,kij->ntij', kernels.to(cells.dtype), taps)
    gate_bias, up_bias = bias.unsqueeze(2).chunk(2, 1)
    cells = cells.unsqueeze(1)
    hidden = F.silu(dense[0] @ cells + gate_bias) * (dense[1] @ cells + up_bias)
    return (dense[2] @ hidden).sum(1), hidden.sum(2)


@cache
def _library(side: int) -> ctypes.CDLL:
    return ctypes.CDLL(str(compiled('local_mix', side=side)))


def _pointer(tensor: Tensor) -> ctypes.c_void_p:
    return ctypes.c_void_p(tensor.data_ptr())


class _LocalMix(torch.autograd.Function):
    """z [batch, prefix + side^2, d], of which it mixes the cells; z's gradient is 0 at the prefix."""

    @staticmethod
    def forward(ctx: Any, z: Tensor, bias: Tensor, kernels: Tensor, side: int) -> tuple[Tensor, Tensor]:
        z, bias, kernels = z.contiguous(), bias.contiguous(), kernels.contiguous()
        batch, length, d = z.shape
        types, cells = kernels.shape[1], side * side
        mix, sums = z.new_empty(batch, cells, d), z.new_empty(batch, types, d)
        first = z[:, length - cells :]
        sizes = [ctypes.c_int(n) for n in (batch, types, d)]
        stride = ctypes.c_long(length * d)
        _library(side).forward(_pointer(first), stride, _pointer(bias), _pointer(kernels), _pointer(mix), _pointer(sums), *sizes)
        ctx.save_for_backward(z, bias, kernels)
        ctx.side = side
        return mix, sums

    @staticmethod
    def backward(ctx: Any, mix_grad: Tensor, sums_grad: Tensor) -> tuple[Tensor | None, ...]:
        z, bias, kernels = ctx.saved_tensors
        batch, length, d = z.shape
        types, cells = kernels.shape[1], ctx.side**2
        prefix = length - cells
        z_grad, bias_grad, kernel_grad = torch.empty_like(z), torch.empty_like(bias), torch.zeros_like(kernels)
        z_grad[:, :prefix] = 0
        mix_grad, sums_grad = mix_grad.contiguous(), sums_grad.contiguous()
        pointers = (z[:, prefix:], bias, kernels, mix_grad, sums_grad, z_grad[:, prefix:], bias_grad, kernel_grad)
        first, *rest = (_pointer(t) for t in pointers)
        sizes = [ctypes.c_int(n) for n in (batch, types, d)]
        _library(ctx.side).backward(first, ctypes.c_long(length * d), *rest, *sizes)
        return z_grad, bias_grad, kernel_grad, None


def local_mix(z: Tensor, bias: Tensor, kernels: Tensor, side: int) -> tuple[Tensor, Tensor]:
    """The same as `local_mix_reference` of z's cells, z [batch, prefix + side^2, d]."""
    if z.device.type == 'cpu' and z.dtype == torch.float32 and z.shape[-1] % LANES == 0:
        return _LocalMix.apply(z, bias, kernels, side)
    return local_mix_reference(z[:, z.shape[1] - side * side :], bias, kernels, side)
