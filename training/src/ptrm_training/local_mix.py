"""The part of a board's token mix that has weights on neighbours and rays: compiled C++ for f32 on CPUs, else PyTorch."""

import ctypes
import itertools
import math
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
def tap_matrices(rows: int, columns: int, device: torch.device | str = 'cpu') -> Tensor:
    """[13, cells, cells]: what a cell sees of another through each tap. A ray sees the n-th cell with DECAY^(n - 1)."""
    cells = torch.arange(rows * columns, device=device)
    down = cells[None] // columns - cells[:, None] // columns
    right = cells[None] % columns - cells[:, None] % columns
    near = [((down == r) & (right == c)).float() for r, c in NEIGHBOURS]
    far = []
    for r, c in RAYS:
        along = down * r + right * c
        far.append(((down * c == right * r) & (along > 0)) * DECAY ** (along - 1.0))
    return torch.stack(near + far)


def local_mix_reference(cells: Tensor, bias: Tensor, kernels: Tensor, rows: int, columns: int) -> tuple[Tensor, Tensor]:
    """What the compiled one computes, with dense matrices.

    cells [batch, rows * columns, d]; bias [batch, 2 types, d], the gates' first; kernels [3, types, 13]: gate, up, down.
    Returns the mix [batch, rows * columns, d] and each type's hidden units summed over the board [batch, types, d].
    """
    taps = tap_matrices(rows, columns, cells.device).to(cells.dtype)
    dense = torch.einsum('ntk,kij->ntij', kernels.to(cells.dtype), taps)
    gate_bias, up_bias = bias.unsqueeze(2).chunk(2, 1)
    cells = cells.unsqueeze(1)
    hidden = F.silu(dense[0] @ cells + gate_bias) * (dense[1] @ cells + up_bias)
    return (dense[2] @ hidden).sum(1), hidden.sum(2)


@cache
def _library(rows: int, columns: int) -> ctypes.CDLL:
    return ctypes.CDLL(str(compiled('local_mix', board=(rows, columns))))


def _pointer(tensor: Tensor) -> ctypes.c_void_p:
    return ctypes.c_void_p(tensor.data_ptr())


class _LocalMix(torch.autograd.Function):
    """z [batch, prefix + rows * columns, d], of which it mixes the cells; z's gradient is 0 at the prefix."""

    @staticmethod
    def forward(ctx: Any, z: Tensor, bias: Tensor, kernels: Tensor, rows: int, columns: int) -> tuple[Tensor, Tensor]:
        z, bias, kernels = z.contiguous(), bias.contiguous(), kernels.contiguous()
        batch, length, d = z.shape
        types, cells = kernels.shape[1], rows * columns
        mix, sums = z.new_empty(batch, cells, d), z.new_empty(batch, types, d)
        first = z[:, length - cells :]
        sizes = [ctypes.c_int(n) for n in (batch, types, d)]
        pointers = (_pointer(t) for t in (bias, kernels, mix, sums))
        _library(rows, columns).forward(_pointer(first), ctypes.c_long(length * d), *pointers, *sizes)
        ctx.save_for_backward(z, bias, kernels)
        ctx.board = rows, columns
        return mix, sums

    @staticmethod
    def backward(ctx: Any, mix_grad: Tensor, sums_grad: Tensor) -> tuple[Tensor | None, ...]:
        z, bias, kernels = ctx.saved_tensors
        batch, length, d = z.shape
        types, cells = kernels.shape[1], math.prod(ctx.board)
        prefix = length - cells
        z_grad, bias_grad, kernel_grad = torch.empty_like(z), torch.empty_like(bias), torch.zeros_like(kernels)
        z_grad[:, :prefix] = 0
        mix_grad, sums_grad = mix_grad.contiguous(), sums_grad.contiguous()
        pointers = (z[:, prefix:], bias, kernels, mix_grad, sums_grad, z_grad[:, prefix:], bias_grad, kernel_grad)
        first, *rest = (_pointer(t) for t in pointers)
        sizes = [ctypes.c_int(n) for n in (batch, types, d)]
        _library(*ctx.board).backward(first, ctypes.c_long(length * d), *rest, *sizes)
        return z_grad, bias_grad, kernel_grad, None, None


def local_mix(z: Tensor, bias: Tensor, kernels: Tensor, rows: int, columns: int) -> tuple[Tensor, Tensor]:
    """The same as `local_mix_reference` of z's cells, z [batch, prefix + rows * columns, d]."""
    if z.device.type == 'cpu' and z.dtype == torch.float32 and z.shape[-1] % LANES == 0:
        return _LocalMix.apply(z, bias, kernels, rows, columns)
    return local_mix_reference(z[:, z.shape[1] - rows * columns :], bias, kernels, rows, columns)
