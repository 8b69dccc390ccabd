"""A TRM for pencil boards of any size whose token mix is tied by translation.

A hidden unit of the token mix sits on a cell and has one of `types` types; its weights on the cell, its eight neighbours and
the rays along its row and column (`local_mix.py`) depend on the type alone, so that what is learnt in one corner holds in all,
and on boards of any size. The eight symmetries come from the data: a TRM's token mix is one matrix for all channels, so that
filters can't turn with channels inside it. What a prefix position holds in a channel adds to each type's gate there, so that
channels choose among the types.
"""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .layers import DenseTrm, MlpBlock, Net, rms, swiglu
from .local_mix import TAPS, local_mix, tap_matrices
from .pencil import SIDE
from .pencil_trm import PencilTrm, features_of, weight

if TYPE_CHECKING:
    from .kinds.record import Kind


ALIGNED = 8  # rows: tensor cores want lengths of whole 16-byte lines in bf16


class BoardMix(nn.Module):
    """The token mix over prefix + cells: types that sit on cells, and units of the whole board."""

    def __init__(self, types: int, prefix: int, board_units: int):
        super().__init__()
        self.types, self.prefix, self.board_units = types, prefix, board_units
        self.kernels = weight(3, types, TAPS, std=0.35)
        with torch.no_grad():
            self.kernels[2] /= math.sqrt(types)
        self.prefix_in = weight(2 * types, prefix, std=0.4)
        self.prefix_out = weight(prefix, types, std=0.6 / math.sqrt(types))
        self.board_in = weight(2 * board_units, std=0.1)
        self.board_prefix_in = weight(2 * board_units, prefix, std=0.3)
        self.board_out = weight(board_units, std=0.02)
        self.board_prefix_out = weight(prefix, board_units, std=0.6 / math.sqrt(board_units))

    def rest(self, dtype: torch.dtype) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """The weights beside the local mix, as `_rest_of_block` takes them."""
        to_prefix, board = self.prefix_out.to(dtype), self.board_in.to(dtype)
        from_prefix, out = self.board_prefix_in.to(dtype), self.board_out.to(dtype)
        return to_prefix, board, from_prefix, out, self.board_prefix_out.to(dtype)

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


def _rest_of_block(
    z: Tensor,
    mix: Tensor,
    sums: Tensor,
    prefix_out: Tensor,
    board_in: Tensor,
    board_prefix_in: Tensor,
    board_out: Tensor,
    board_prefix_out: Tensor,
    gate_up: Tensor,
    down: Tensor,
) -> Tensor:
    """Adds the local mix [batch, cells, d] and that of the whole board to z, then the channel mix."""
    side = math.sqrt(mix.shape[1])
    prefix = prefix_out.shape[0]
    board = (z[:, prefix:].sum(1) / side)[:, None]
    gate, up = (board_in[:, None] * board + torch.matmul(board_prefix_in, z[:, :prefix])).chunk(2, 1)
    units = F.silu(gate) * up
    to_cells = mix + (board_out[:, None] * units).sum(1, keepdim=True)
    to_prefix = torch.matmul(prefix_out / side, sums) + torch.matmul(board_prefix_out, units)
    z = rms(z + torch.cat([to_prefix, to_cells], 1), 1)
    return rms(z + swiglu(z, gate_up, down))


def _block(z: Tensor, token_gate_up: Tensor, token_down: Tensor, gate_up: Tensor, down: Tensor) -> Tensor:
    """A block whose token mix is dense, its rows padded with zeros."""
    t = z.transpose(1, 2)
    padding = token_down.shape[0] - z.shape[1]
    mixed = swiglu(F.pad(t, (0, padding)), token_gate_up, token_down)[..., : z.shape[1]]
    z = rms(t + mixed).transpose(1, 2)
    return rms(z + swiglu(z, gate_up, down))


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
        self.types, self.board_units, self.layers = types, board_units, layers
        self._rest, self._block = _rest_of_block, _block
        self.token_mix = nn.ModuleList(BoardMix(types, prefix, board_units) for _ in range(layers))
        self.gate_up = nn.ParameterList(weight(2 * inner, d, std=1 / math.sqrt(d)) for _ in range(layers))
        self.down = nn.ParameterList(weight(d, inner, std=1 / math.sqrt(inner)) for _ in range(layers))

    def _layers(self) -> list[tuple[BoardMix, Tensor, Tensor]]:
        return list(zip(self.token_mix, self.gate_up, self.down, strict=True))  # type: ignore[arg-type]  # of nn.ModuleList

    def dense(self, rows: int = SIDE, columns: int = SIDE) -> DenseTrm:
        """The same weights without ties, for a board of this size."""
        trm = self.ends()
        trm.blocks = [MlpBlock(*mix.dense(rows, columns), gate_up, down) for mix, gate_up, down in self._layers()]
        return trm

    def network(self, rows: int = SIDE, columns: int = SIDE) -> Net:
        """The network as a function of z [batch, prefix + cells, d]: on a CPU `looked_up`, elsewhere `written_out`."""
        return self.looked_up(rows, columns) if self.embedding.device.type == 'cpu' else self.written_out(rows, columns)

    def written_out(self, rows: int = SIDE, columns: int = SIDE) -> Net:
        """The network by dense products, most of them with zeros: the quickest way on a GPU."""
        blocks = []
        for mix, gate_up, down in self._layers():
            token_gate_up, token_down = mix.dense(rows, columns)
            padding = -token_down.shape[0] % ALIGNED
            blocks.append((F.pad(token_gate_up, (0, padding)), F.pad(token_down, (0, 0, 0, padding)), gate_up, down))

        def net(z: Tensor) -> Tensor:
            for weights in blocks:
                z = self._block(z, *weights)
            return z

        return net

    def looked_up(self, rows: int = SIDE, columns: int = SIDE) -> Net:
        """The network with what a cell sees looked up, not multiplied by zeros."""

        def net(z: Tensor) -> Tensor:
            for m, gate_up, down in self._layers():
                bias = torch.matmul(m.prefix_in.to(z.dtype), z[:, : self.prefix_len])
                mix, sums = local_mix(z, bias, m.kernels, rows, columns)
                z = self._rest(z, mix, sums, *m.rest(z.dtype), gate_up, down)
            return z

        return net

    def tie(self) -> dict[str, Any]:
        return {'name': self.tie_name, 'types': self.types, 'board_units': self.board_units}

    def free_weights(self) -> dict[str, Tensor]:
        found: dict[str, Tensor] = {}
        for i, (mix, gate_up, down) in enumerate(self._layers()):
            at = f'L_level.layers.{i}'
            found |= {f'{at}.board.{part}': weight for part, weight in mix.named_parameters()}
            found |= {f'{at}.mlp.gate_up_proj.weight': gate_up, f'{at}.mlp.down_proj.weight': down}
        return found

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
        """Compiles what follows the local mix, or the whole block, once for all layers and calls."""
        self._rest, self._block = torch.compile(_rest_of_block), torch.compile(_block)
