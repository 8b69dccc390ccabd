"""A TRM for pencil boards of any size whose token mix is tied by translation.

A hidden unit of the token mix sits on a cell and has one of `types` types; its weights on what the cell sees (`taps.py`: the
cell, its eight neighbours, the rays along its row and column and, in kinds with borders, its room) depend on the type alone,
so that what is learnt in one corner holds in all, and on boards of any size. The eight symmetries come from the data: a TRM's
token mix is one matrix for all channels, so that filters can't turn with channels inside it. What a prefix position holds in a
channel adds to each type's gate there, so that channels choose among the types.
"""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .board_net import Sizes, board_net
from .grids import Grids, rooms_of, sizes_of
from .layers import RMS_EPS, DenseTrm, MlpBlock, Net, rms, swiglu
from .pencil import SIDE
from .pencil_trm import PencilTrm, features_of, weight
from .taps import ROOM_TAPS, TAPS, room_tap_matrices, tap_matrices

if TYPE_CHECKING:
    from .kinds.record import Kind


class BoardMix(nn.Module):
    """The token mix over prefix + cells: types that sit on cells, and units of the whole board."""

    def __init__(self, types: int, prefix: int, board_units: int, taps: int = TAPS):
        super().__init__()
        self.types, self.prefix, self.board_units = types, prefix, board_units
        self.kernels = weight(3, types, taps, std=0.35)
        with torch.no_grad():
            self.kernels[2] /= math.sqrt(types)
        self.prefix_in = weight(2 * types, prefix, std=0.4)
        self.prefix_out = weight(prefix, types, std=0.6 / math.sqrt(types))
        self.board_in = weight(2 * board_units, std=0.1)
        self.board_prefix_in = weight(2 * board_units, prefix, std=0.3)
        self.board_out = weight(board_units, std=0.02)
        self.board_prefix_out = weight(prefix, board_units, std=0.6 / math.sqrt(board_units))

    def rest(self) -> tuple[Tensor, ...]:
        """The weights beside the kernels."""
        return (
            self.prefix_in,
            self.prefix_out,
            self.board_in,
            self.board_prefix_in,
            self.board_out,
            self.board_prefix_out,
        )

    def dense(self, rows: int = SIDE, columns: int = SIDE) -> tuple[Tensor, Tensor]:
        """gate_up [2 (cells types + board_units), prefix + cells] and down, its shape but for the halves turned."""
        cells, taps = rows * columns, tap_matrices(rows, columns, self.kernels.device)
        side = math.sqrt(cells)
        hidden = self.types * cells
        halves = []
        for kernel, prefix_in, board_in, board_prefix_in in zip(
            self.kernels.unbind()[:2], *(w.chunk(2) for w in (self.prefix_in, self.board_in, self.board_prefix_in)), strict=True
        ):
            from_cells = torch.einsum('tk,kij->tij', kernel, taps).reshape(hidden, cells)
            from_prefix = prefix_in[:, None].expand(-1, cells, -1).reshape(hidden, self.prefix)
            board = (board_in / side)[:, None].expand(-1, cells)
            halves += [torch.cat([from_prefix, from_cells], 1), torch.cat([board_prefix_in, board], 1)]
        to_cells = torch.einsum('tk,kij->itj', self.kernels[2], taps).reshape(cells, hidden)
        to_cells = torch.cat([to_cells, self.board_out.expand(cells, -1)], 1)
        to_prefix = (self.prefix_out / side)[:, :, None].expand(-1, -1, cells).reshape(self.prefix, hidden)
        to_prefix = torch.cat([to_prefix, self.board_prefix_out], 1)
        return torch.cat(halves, 0), torch.cat([to_prefix, to_cells], 0)


def _times(weights: Tensor, z: Tensor) -> Tensor:
    """weights [rows, length] for all boards, or [batch, rows, length], times z [length, batch, d]: [rows, batch, d]."""
    if weights.dim() == 2:
        return (weights @ z.flatten(1)).unflatten(1, z.shape[1:])
    return torch.bmm(weights, z.transpose(0, 1)).transpose(0, 1)


def _mix(z: Tensor, mask: Tensor, sides: Tensor, gates: Tensor, downs: Tensor, m: tuple[Tensor, ...]) -> Tensor:
    """rms(z + mix(z)) over the sequence, for z [prefix + cells, batch, d] and mask [cells, batch, 1], 1 on the boards.

    sides [1, batch, 1] roots of the numbers of cells; gates ([batch,] 2 types cells, cells) and downs (cells, types cells):
    what cells see, written out; m: the weights beside these, in the order of `BoardMix.rest`. The sequence comes first, so
    that a product that all boards share is one of two matrices, with boards and channels as its columns.
    """
    prefix_in, prefix_out, board_in, board_prefix_in, board_out, board_prefix_out = m
    types, length = prefix_out.shape[1], prefix_out.shape[0]
    prefix, cells = z[:length], z[length:] * mask
    seen = _times(gates, cells).unflatten(0, (2 * types, -1)) + _times(prefix_in, prefix)[:, None]
    gate, up = seen.chunk(2)
    hidden = F.silu(gate) * up * mask
    board = cells.sum(0, keepdim=True) / sides
    gate, up = (board_in[:, None, None] * board + _times(board_prefix_in, prefix)).chunk(2)
    units = F.silu(gate) * up
    to_cells = _times(downs, hidden.flatten(0, 1)) + (board_out[:, None, None] * units).sum(0, keepdim=True)
    to_prefix = _times(prefix_out, hidden.sum(1)) / sides + _times(board_prefix_out, units)
    z = torch.cat([prefix + to_prefix, (cells + to_cells) * mask])
    squares = z.float().pow(2).sum(0, keepdim=True) / (length + mask.float().sum(0, keepdim=True))
    return z * torch.rsqrt(squares + RMS_EPS).to(z.dtype)


def _layer(z: Tensor, mask: Tensor, sides: Tensor, block: tuple[Tensor, ...], m: tuple[Tensor, ...]) -> Tensor:
    """A layer of the network, its arguments as `_mix` has them; block: gates, downs, and gate_up and down of the channel mix."""
    gates, downs, gate_up, down = block
    z = _mix(z, mask, sides, gates, downs, m)
    z = rms(z + swiglu(z, gate_up, down))
    length = len(z) - len(mask)
    return torch.cat([z[:length], z[length:] * mask])


class BoardTrm(PencilTrm):
    """The whole model of one pencil kind."""

    any_size = True
    tie_name = 'board'

    def __init__(
        self,
        kind: 'Kind',
        d: int = 96,
        inner: int = 256,
        types: int = 8,
        prefix: int = 9,
        board_units: int = 8,
        layers: int = 2,
    ):
        super().__init__(kind, d, prefix, features_of(kind))
        self.types, self.board_units, self.layers, self.inner = types, board_units, layers, inner
        self._layer = _layer
        self.borders = kind.borders
        self.taps = TAPS if kind.borders is None else ROOM_TAPS
        self.token_mix = nn.ModuleList(BoardMix(types, prefix, board_units, self.taps) for _ in range(layers))
        self.gate_up = nn.ParameterList(weight(2 * inner, d, std=1 / math.sqrt(d)) for _ in range(layers))
        self.down = nn.ParameterList(weight(d, inner, std=1 / math.sqrt(inner)) for _ in range(layers))

    def _layers(self) -> list[tuple[BoardMix, Tensor, Tensor]]:
        return list(zip(self.token_mix, self.gate_up, self.down, strict=True))  # type: ignore[arg-type]  # of nn.ModuleList

    def dense(self, rows: int = SIDE, columns: int = SIDE) -> DenseTrm:
        """The same weights without ties, for a board of this size. ValueError where the mix asks the puzzle for its rooms."""
        if self.borders is not None:
            raise ValueError(f'a model of {self.kind} is no plain TRM: what its cells see depends on the borders of the puzzle')
        trm = self.ends()
        trm.blocks = [MlpBlock(*mix.dense(rows, columns), gate_up, down) for mix, gate_up, down in self._layers()]
        return trm

    def grids(self, tokens: np.ndarray, rows: int, columns: int, whole: bool = True) -> Grids:
        sizes = None if whole else torch.from_numpy(sizes_of(tokens, rows, columns))
        rooms = None if self.borders is None else torch.from_numpy(rooms_of(tokens, self.borders, rows, columns))
        return Grids(rows, columns, sizes, rooms)

    def network(self, grids: Grids) -> Net:
        """The network as a function of z [batch, prefix + cells, d]: native on a CPU in f32, else by dense products."""
        if self.borders is not None:
            self._rooms(grids)
        written_out = self.written_out(grids)
        sizes = Sizes(self.d, self.inner, self.types, self.prefix_len, self.board_units, self.layers, self.taps)

        def net(z: Tensor) -> Tensor:
            if z.device.type == 'cpu' and z.dtype == torch.float32 and sizes.fit():
                return board_net(z, self._in_order(), sizes, grids)
            return written_out(z)

        return net

    def _rooms(self, grids: Grids) -> Tensor:
        if grids.rooms is None:
            raise ValueError(f'a model of {self.kind} asks for the rooms of its boards')
        return grids.rooms

    def _in_order(self) -> list[Tensor]:
        """The weights of the blocks, as the native network takes them."""
        return [w for mix, gate_up, down in self._layers() for w in (mix.kernels, *mix.rest(), gate_up, down)]

    def written_out(self, grids: Grids) -> Net:
        """The network by dense products, most of them with zeros: plain to read, and quick on a GPU."""
        blocks: list[tuple[Tensor, ...]] = []

        def net(z: Tensor) -> Tensor:
            if not blocks:
                blocks.extend(self._written_out(grids, z))
            ones = z.new_ones(len(z), grids.cells)
            inside = grids.inside()
            mask = (ones if inside is None else inside.to(z)).T[..., None]
            sides = mask.float().sum(0, keepdim=True).sqrt().to(z.dtype)
            # One layout in memory whatever comes, or the compiler makes code for two.
            z = z.transpose(0, 1).contiguous()
            for block, (m, *_) in zip(blocks, self._layers(), strict=True):
                z = self._layer(z, mask, sides, block, tuple(w.to(z.dtype) for w in m.rest()))
            return z.transpose(0, 1)

        return net

    def _written_out(self, grids: Grids, z: Tensor) -> list[tuple[Tensor, ...]]:
        """Of each layer: what gates and ups see ([batch,] 2 types cells, cells), what types send, the channel mix."""
        taps = tap_matrices(grids.rows, grids.columns, z.device)
        if self.borders is not None:
            own = room_tap_matrices(self._rooms(grids).to(z.device), grids.rows, grids.columns)
            taps = torch.cat([taps.expand(len(own), -1, -1, -1), own], 1)
        found: list[tuple[Tensor, ...]] = []
        taps = taps.to(self.down[0].dtype)
        for mix, gate_up, down in self._layers():
            gates = torch.einsum('tk,...kij->...tij', mix.kernels[:2].flatten(0, 1), taps).flatten(-3, -2)
            downs = torch.einsum('tk,...kij->...itj', mix.kernels[2], taps).flatten(-2)
            found.append((gates.to(z.dtype), downs.to(z.dtype), gate_up, down))
        return found

    def tie(self) -> dict[str, Any]:
        rooms = {} if self.borders is None else {'rooms': True}
        return {'name': self.tie_name, 'types': self.types, 'board_units': self.board_units, **rooms}

    def free_weights(self) -> dict[str, Tensor]:
        found: dict[str, Tensor] = {}
        for i, (mix, gate_up, down) in enumerate(self._layers()):
            at = f'L_level.layers.{i}'
            found |= {f'{at}.board.{part}': weight for part, weight in mix.named_parameters()}
            found |= {f'{at}.mlp.gate_up_proj.weight': gate_up, f'{at}.mlp.down_proj.weight': down}
        return found

    def tables(self) -> dict[str, Tensor]:
        return {} if self.borders is None else {'borders': torch.from_numpy(self.borders)}

    @classmethod
    def sizes_of(cls, config: Mapping[str, Any], weights: Mapping[str, Tensor]) -> dict[str, int]:
        inner = weights['L_level.layers.0.mlp.down_proj.weight'].shape[1]
        tie = {name: config['tie'][name] for name in ('types', 'board_units')}
        return tie | {
            'd': config['hidden_size'],
            'inner': inner,
            'prefix': config['puzzle_emb_len'],
            'layers': config['L_layers'],
        }

    def compile_parts(self) -> None:
        """Compiles a layer of `written_out`, once for all layers and calls."""
        self._layer = torch.compile(_layer)
