"""A TRM for 10x10 pencil boards whose token mix is tied by translation (`offset_mix.py`, or on strips `strip_mix.py`).

The eight symmetries come from the data: a TRM's token mix is the same for all channels, so that turning filters with channels
is not possible inside it.
"""

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from .layers import DenseBlock, DenseTrm, rms, swiglu
from .offset_mix import CELLS, SIDE, OffsetMix, weight
from .strip_mix import StripMix

def _block(mix, z: Tensor, token_matrices: Sequence[Tensor], channel_gate_up: Tensor, channel_down: Tensor) -> Tensor:
    z = rms(z + mix(z, token_matrices), 1)
    return rms(z + swiglu(z, channel_gate_up, channel_down))


class GridTrm(nn.Module):
    """The whole model of one pencil kind. Token 0 is outside the board; answers are tokens 1 to `answers`."""

    seq_len = CELLS

    def __init__(
        self,
        kind: str,
        vocab_size: int,
        answers: int,
        d: int = 96,
        inner: int = 256,
        types: int = 4,
        prefix: int = 1,
        board_units: int = 8,
        layers: int = 2,
        reach: int | None = None,  # strips of 2 reach + 1 cells for the token mix; None: the whole board
    ):
        super().__init__()
        self._block = _block
        self.kind, self.vocab_size, self.d, self.prefix_len = kind, vocab_size, d, prefix
        self.answer_tokens = tuple(range(1, answers + 1))
        self.token_text = f'0 outside the board, 1-{answers} answers, then what the puzzle shows (docs/kinds.md)'
        self.token_mix = nn.ModuleList(
            OffsetMix(types, prefix, board_units) if reach is None else StripMix(types, prefix, board_units, reach)
            for _ in range(layers)
        )
        std = 1 / math.sqrt(d)
        self.gate_up = nn.ParameterList(weight(2 * inner, d, std=std) for _ in range(layers))
        self.down = nn.ParameterList(weight(d, inner, std=1 / math.sqrt(inner)) for _ in range(layers))
        self.embedding = weight(vocab_size, d, std=std)
        self.prefix = weight(prefix, d, std=std)
        # Revealed answers are added to the input in training alone; the export has no trace of this.
        self.revealed = weight(answers + 1, d, std=std)
        self.register_buffer('h_init', torch.randn(d))
        self.register_buffer('l_init', torch.randn(d))
        self.head = weight(answers, d, std=std)
        self.q_weight = nn.Parameter(torch.zeros(1, d))
        self.q_bias = nn.Parameter(torch.tensor([-5.0]))  # nothing is right at the start

    def ends(self) -> DenseTrm:
        """Embedding, states and heads as dense weights, without the blocks."""
        rest = self.vocab_size - 1 - len(self.answer_tokens)
        zero = self.head.new_zeros
        return DenseTrm(
            embedding=self.embedding,
            prefix=self.prefix,
            h_init=self.h_init,
            l_init=self.l_init,
            blocks=[],
            lm_head=torch.cat([zero(1, self.d), self.head, zero(rest, self.d)]),
            q_weight=self.q_weight,
            q_bias=self.q_bias,
        )

    def dense(self, side: int = SIDE) -> DenseTrm:
        trm = self.ends()
        trm.blocks = [
            DenseBlock(*mix.dense(side), gate_up, down)
            for mix, gate_up, down in zip(self.token_mix, self.gate_up, self.down)
        ]
        return trm

    @staticmethod
    def reveal_tokens(tokens: Tensor, revealed: Tensor) -> Tensor:
        return tokens

    def reveal_input(self, x: Tensor, revealed: Tensor) -> Tensor:
        """Adds what is revealed (answer tokens, 0 = hidden) to the cells of x."""
        hidden = (revealed > 0)[..., None]
        shown = math.sqrt(self.d) * torch.nn.functional.embedding(revealed, self.revealed) * hidden
        return torch.cat([x[:, : self.prefix_len], x[:, self.prefix_len :] + shown], 1)

    def network(self, side: int = SIDE):
        """The network of these weights as a function of z, quicker than `dense().net` by layout or on strips."""
        blocks = [
            (mix.apply, mix.matrices(side), gate_up, down)
            for mix, gate_up, down in zip(self.token_mix, self.gate_up, self.down)
        ]

        def net(z: Tensor) -> Tensor:
            for apply, matrices, gate_up, down in blocks:
                z = self._block(apply, z, matrices, gate_up, down)
            return z

        return net

    def compile_parts(self) -> None:
        """Compiles the block once, for all layers and calls."""
        self._block = torch.compile(_block)
