"""A Sudoku TRM with weights tied by the puzzle's symmetries: digits (S9) over channels, rows, columns and boxes over cells.

Channels are 9 planes of `plane` channels, one a digit, and `shared` ones. A linear map between such channels has few free
weights: within a plane (A), from the sum of the planes (B), from the shared channels (C), and back (E, D). A hidden unit of
the token mix belongs to one of the 27 units, or to the whole board. `forward` computes on the free weights, about 6.5 times
fewer multiplications than `dense` weights need; `dense` writes them out as the plain TRM that is exported.
"""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from ...grids import Grids
from ...layers import DenseTrm, MlpBlock, Net
from ...tied_trm import TiedTrm
from .plane_mix import DIGITS, PlaneMix, weight
from .unit_mix import UnitMix

if TYPE_CHECKING:
    from ..record import Kind


# The sizes as a model file names them.
TIE_SIZES = {'plane': 'm', 'shared': 's', 'plane_inner': 'p', 'shared_inner': 'r', 'unit_hidden': 'c', 'board_hidden': 'g'}


class SudokuTrm(TiedTrm):
    """The whole tied model. Tokens: 0 blank, 1-9 digits; the blank is never an answer (its logit is 0 in training)."""

    prefix_len = 1
    tie_name = 'units'
    h_plane: Tensor
    h_shared: Tensor
    l_plane: Tensor
    l_shared: Tensor
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
        self.layers = layers
        self.tie_sizes = {'m': m, 's': s, 'p': p, 'r': r, 'c': c, 'g': g}
        self.token_mix = nn.ModuleList(UnitMix(c, g) for _ in range(layers))
        self.channel_mix = nn.ModuleList(PlaneMix(m, s, p, r) for _ in range(layers))
        std = 1 / math.sqrt(self.d)
        self.embed_same, self.embed_other = weight(m, std=3 * std), weight(m, std=std)
        self.embed_shared = weight(s, std=std)
        self.blank_plane, self.blank_shared = weight(m, std=std), weight(s, std=std)
        self.prefix_plane, self.prefix_shared = weight(m, std=std), weight(s, std=std)
        for name in ('h', 'l'):  # the initial states are buffers in TRM: drawn once, never trained
            self.register_buffer(f'{name}_plane', torch.randn(m))
            self.register_buffer(f'{name}_shared', torch.randn(s))
        self.head_same = weight(m, std=1 / math.sqrt(m))
        self.head_other = weight(m, std=0.3 / math.sqrt(m))
        self.head_shared = weight(s, std=0.3 / math.sqrt(s))
        self.q_plane, self.q_shared = nn.Parameter(torch.zeros(m)), nn.Parameter(torch.zeros(s))
        self.q_bias = nn.Parameter(torch.tensor([-5.0]))  # nothing is right at the start

    def _everywhere(self, plane: Tensor, shared: Tensor) -> Tensor:
        return torch.cat([plane.repeat(9), shared])

    def _per_digit(self, same: Tensor, other: Tensor, shared: Tensor) -> Tensor:
        """[9, d]: one row a digit."""
        eye = torch.eye(DIGITS, device=same.device)[:, :, None]
        return torch.cat([(eye * same + (1 - eye) * other).flatten(1), shared.expand(DIGITS, -1)], 1)

    def _layers(self) -> list[tuple[UnitMix, PlaneMix]]:
        return list(zip(self.token_mix, self.channel_mix, strict=True))  # type: ignore[arg-type]  # of nn.ModuleList

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

    def dense(self, rows: int = 9, columns: int = 9) -> DenseTrm:
        if (rows, columns) != (9, 9):
            raise ValueError(f'a board of Sudoku is 9x9, not {rows}x{columns}')
        trm = self.ends()
        trm.blocks = [MlpBlock(*token_mix.dense(), *channel_mix.dense()) for token_mix, channel_mix in self._layers()]
        return trm

    def reveal_tokens(self, tokens: Tensor, revealed: Tensor) -> Tensor:
        """A revealed answer is a given."""
        return torch.where(revealed > 0, revealed, tokens)

    def network(self, grids: Grids) -> Net:
        """The network on the free weights, as a function of z."""
        return self._net

    def _net(self, z: Tensor) -> Tensor:
        for token_mix, channel_mix in self._layers():
            z = channel_mix(token_mix(z))
        return z

    def tie(self) -> dict[str, Any]:
        return {'name': self.tie_name, **{named: self.tie_sizes[short] for named, short in TIE_SIZES.items()}}

    def free_weights(self) -> dict[str, Tensor]:
        found: dict[str, Tensor] = {}
        for i, mixes in enumerate(self._layers()):
            for name, mix in zip(('units', 'planes'), mixes, strict=True):
                found |= {f'L_level.layers.{i}.{name}.{part}': weight for part, weight in mix.named_parameters()}
        return found

    @classmethod
    def sizes_of(cls, config: Mapping[str, Any], weights: Mapping[str, Tensor]) -> dict[str, int]:
        return {short: config['tie'][named] for named, short in TIE_SIZES.items()} | {'layers': config['L_layers']}

    def compile_parts(self) -> None:
        """Compiles each kind of block once; the whole step in one piece takes the compiler ten minutes."""
        for part in (*self.token_mix, *self.channel_mix):
            part.compile()

    @torch.no_grad()
    def load_dense(self, trm: DenseTrm) -> None:
        """Takes over dense weights that obey the ties (reads one entry of each tie)."""
        for block, (token_mix, channel_mix) in zip(trm.blocks, self._layers(), strict=True):
            if not isinstance(block, MlpBlock):
                raise ValueError(f'the weights of {self.kind} have no attention')
            token_mix.load_dense(block.token_gate_up, block.token_down)
            channel_mix.load_dense(block.channel_gate_up, block.channel_down)
        self.load_ends(trm)

    @torch.no_grad()
    def load_ends(self, trm: DenseTrm) -> None:
        m = self.m
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
