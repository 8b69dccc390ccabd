"""The network of a tied board model on a CPU in f32: native/board_net.cpp, forward and backward, on several threads."""

import ctypes
from collections.abc import Iterable
from dataclasses import astuple, dataclass, replace
from functools import cache
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from .generate.native import library
from .grids import Grids

PANEL = 16  # channels, and units of the channel mix, come in whole panels


@dataclass(frozen=True)
class Sizes:
    """Of a model, by their names in board_net.cpp."""

    channels: int
    inner: int
    types: int
    prefix: int
    units: int
    layers: int
    taps: int

    def fit(self) -> bool:
        """Whether the native network takes such a model."""
        return self.channels % PANEL == 0 and self.inner % PANEL == 0 and self.types % 4 == 0


@cache
def _library(sizes: Sizes) -> ctypes.CDLL:
    names = ('CHANNELS', 'INNER', 'TYPES', 'PREFIX', 'UNITS', 'LAYERS', 'TAPS')
    found = ctypes.CDLL(str(library('board_net', dict(zip(names, astuple(sizes), strict=True)))))
    found.weight_floats.restype = found.saved_floats.restype = ctypes.c_long
    return found


def board_net(z: Tensor, weights: Iterable[Tensor], sizes: Sizes, grids: Grids) -> Tensor:
    """One call of the network on z [batch, prefix + cells, channels]; what is outside the boards becomes 0.

    weights: those of each layer in turn: kernels, prefix_in, prefix_out, board_in, board_prefix_in, board_out,
    board_prefix_out, gate_up, down (as in `board_trm.py`). As many threads as PyTorch has.
    """
    flat = torch.cat([w.reshape(-1) for w in weights])
    return _BoardNet.apply(z, flat, sizes, replace(grids, sizes=grids.sizes_of(len(z))))


def _pointer(tensor: Tensor | None) -> ctypes.c_void_p:
    return ctypes.c_void_p(None if tensor is None else tensor.data_ptr())


class _Spare:
    """What a way back has read is where the next way there writes: fresh memory costs the system a tenth of the time."""

    def __init__(self) -> None:
        self._free: list[Tensor] = []

    def take(self, count: int, floats: int) -> Tensor:
        """[count, floats], with whatever numbers."""
        # Of other sizes nothing more will come, or not soon.
        self._free = [found for found in self._free if found.shape == (count, floats)]
        return self._free.pop() if self._free else torch.empty(count, floats)

    def give(self, saved: Tensor) -> None:
        self._free.append(saved)


_spare = _Spare()


class _BoardNet(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, z: Tensor, weights: Tensor, sizes: Sizes, grids: Grids) -> Tensor:
        native = _library(sizes)
        if len(weights) != sizes.layers * native.weight_floats():
            raise ValueError(f'{len(weights)} weights, wanted {sizes.layers * native.weight_floats()} for {sizes}')
        z, out = z.contiguous(), torch.empty_like(z)
        saved = None
        if any(ctx.needs_input_grad):
            saved = _spare.take(len(z), native.saved_floats(grids.rows, grids.columns))
        native.net_forward(*map(_pointer, (z, weights, grids.sizes, grids.rooms, out, saved)), *_counts(z, grids))
        ctx.save_for_backward(weights)
        ctx.saved, ctx.sizes, ctx.grids = saved, sizes, grids
        return out

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, out_grad: Tensor) -> tuple[Tensor | None, ...]:
        (weights,) = ctx.saved_tensors
        if ctx.saved is None:
            raise RuntimeError('the native network goes back once: what it saved is written over')
        saved, ctx.saved = ctx.saved, None
        out_grad, grids = out_grad.contiguous(), ctx.grids
        z_grad, weights_grad = torch.empty_like(out_grad), torch.zeros_like(weights)
        pointers = (out_grad, weights, grids.sizes, grids.rooms, saved, z_grad, weights_grad)
        _library(ctx.sizes).net_backward(*map(_pointer, pointers), *_counts(out_grad, grids))
        _spare.give(saved)
        return z_grad, weights_grad, None, None


def _counts(z: Tensor, grids: Grids) -> list[ctypes.c_int]:
    return [ctypes.c_int(n) for n in (len(z), grids.rows, grids.columns, torch.get_num_threads())]
