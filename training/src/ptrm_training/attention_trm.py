"""A TRM for 10x10 pencil boards that mixes cells by attention, as the paper's models of pencil puzzles do.

What a cell takes from another may depend on what both hold, so that it can ask for its room alone; a mix by fixed weights
can't. Heads start out on the eight cells around: queries and keys of a constant direction, which every embedding holds, are
turned by RoPE so that they match at one offset. Training moves them freely.
"""

import math
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .grids import Grids
from .layers import AttentionBlock, DenseTrm, Net, attention, rms, rope, rotate, swiglu
from .pencil import SIDE
from .pencil_trm import PencilTrm, features_of, weight

if TYPE_CHECKING:
    from .kinds.record import Kind

AROUND = [1, -1, SIDE, -SIDE, SIDE + 1, SIDE - 1, 1 - SIDE, -SIDE - 1]  # how far away in the sequence
CONSTANT = 1.5  # of what all tokens have in common; each of their features has 1
SHARPNESS = 3 * math.sqrt(2)  # at it, a head starts with a fifth to two thirds of its weight on its cell


def _block(z: Tensor, qkv: Tensor, out: Tensor, gate_up: Tensor, down: Tensor, heads: int, cos: Tensor, sin: Tensor) -> Tensor:
    z = rms(z + attention(z, qkv, out, heads, cos, sin))
    return rms(z + swiglu(z, gate_up, down))


class AttentionTrm(PencilTrm):
    """The whole model of one pencil kind. A head has d / heads channels, an even number."""

    def __init__(
        self,
        kind: 'Kind',
        d: int = 64,
        inner: int = 192,
        heads: int = 8,
        prefix: int = 2,
        theta: float = 30.0,  # small: boards have 100 cells, and an offset of one must turn far enough to be told apart
        layers: int = 2,
    ):
        found = features_of(kind)
        features = torch.eye(kind.vocab_size) if found is None else found
        super().__init__(kind, d, prefix, torch.cat([features, torch.ones(kind.vocab_size, 1)], 1))
        self.block, self.heads, self.theta, self.layers = _block, heads, theta, layers
        std = 1 / math.sqrt(d)
        self.qkv = nn.ParameterList(weight(3 * d, d, std=std) for _ in range(layers))
        self.out = nn.ParameterList(weight(d, d, std=std) for _ in range(layers))
        self.gate_up = nn.ParameterList(weight(2 * inner, d, std=std) for _ in range(layers))
        self.down = nn.ParameterList(weight(d, inner, std=1 / math.sqrt(inner)) for _ in range(layers))
        self._look_around()

    @torch.no_grad()
    def _look_around(self) -> None:
        constant = F.normalize(self.embedding[-1], dim=0)
        self.embedding[-1] = CONSTANT * constant
        width = self.d // self.heads
        key = torch.zeros(1, width)
        key[:, : width // 2] = 1
        turn = rope(torch.tensor(AROUND), width, self.theta)
        for qkv in self.qkv:
            queries, keys, _ = qkv.view(3, self.heads, width, self.d)
            for head in range(self.heads):
                query = rotate(key, *(part[[head % len(AROUND)]] for part in turn))
                queries[head] = queries[head] / 2 + SHARPNESS / math.sqrt(self.d) * torch.outer(query[0], constant)
                keys[head] = keys[head] / 2 + SHARPNESS / math.sqrt(self.d) * torch.outer(key[0], constant)

    def dense(self, rows: int = SIDE, columns: int = SIDE) -> DenseTrm:
        """The same weights: nothing is tied, but a token's embedding is the sum of its features.

        ValueError for a board that isn't 10x10: as a plain TRM its positions follow each other, as they do on that one alone.
        """
        if (rows, columns) != (SIDE, SIDE):
            raise ValueError(f'a {rows}x{columns} board: models with attention are written out for {SIDE}x{SIDE} boards alone')
        trm = self.ends()
        trm.blocks = [
            AttentionBlock(*weights, self.heads, self.theta)
            for weights in zip(self.qkv, self.out, self.gate_up, self.down, strict=True)
        ]
        return trm

    def network(self, grids: Grids) -> Net:
        """The network as a function of z [batch, prefix + cells, d]; cells turn as they do on the 10x10 board.

        What is beyond a board is a part of it here, whose tokens say so. ValueError for boards beyond 10x10, on which cells
        would share positions.
        """
        if max(grids.rows, grids.columns) > SIDE:
            found = f'boards of {grids.rows}x{grids.columns}'
            raise ValueError(f'{found}: models with attention take {SIDE}x{SIDE} at most (side={SIDE} trains on those alone)')
        cells = (torch.arange(grids.rows)[:, None] * SIDE + torch.arange(grids.columns)).reshape(-1)
        positions = torch.cat([torch.arange(self.prefix_len), self.prefix_len + cells]).to(self.embedding.device)
        turn = rope(positions, self.d // self.heads, self.theta)

        def net(z: Tensor) -> Tensor:
            for weights in zip(self.qkv, self.out, self.gate_up, self.down, strict=True):
                z = self.block(z, *weights, self.heads, *turn)
            return z

        return net

    def compile_parts(self) -> None:
        """Compiles the block, once for all layers and calls."""
        self.block = torch.compile(_block)
