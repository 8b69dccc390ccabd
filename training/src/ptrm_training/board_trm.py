"""A TRM for 10x10 pencil boards whose token mix is tied by translation.

A hidden unit of the token mix sits on a cell and has one of `types` types; its weights on the cell, its eight neighbours and
the rays along its row and column (`local_mix.py`) depend on the type alone, so that what is learnt in one corner holds in all,
and on smaller boards. The eight symmetries come from the data: a TRM's token mix is one matrix for all channels, so that
filters can't turn with channels inside it. What a prefix position holds in a channel adds to each type's gate there, so that
channels choose among the types.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .layers import DenseBlock, DenseTrm, rms, swiglu
from .local_mix import TAPS, local_mix, tap_matrices

SIDE = 10
CELLS = SIDE * SIDE


def _weight(*shape: int, std: float) -> nn.Parameter:
    return nn.Parameter(torch.randn(*shape) * std)


def token_features(kind: str, vocab_size: int) -> Tensor | None:
    """[vocab, features], 1 where a token has a feature: tokens that say several things embed as the sum of these.

    Heyawake's are 3 + border + 16 (number + 1): a number, and up to four borders. None where tokens are single things.
    """
    if kind != 'heyawake':
        return None
    tokens = torch.arange(vocab_size)
    shown = tokens - 3
    single = torch.where(shown < 0, tokens, 3 + shown.clamp(min=0) // 16)
    borders = (shown[:, None] >> torch.arange(4)) & 1
    features = F.one_hot(single).float()
    return torch.cat([features, borders * (shown >= 0)[:, None]], 1)


class BoardMix(nn.Module):
    """The token mix over prefix + cells: types that sit on cells, and units of the whole board."""

    def __init__(self, types: int, prefix: int, board_units: int):
        super().__init__()
        self.types, self.prefix, self.board_units = types, prefix, board_units
        self.kernels = _weight(3, types, TAPS, std=0.35)
        with torch.no_grad():
            self.kernels[2] /= math.sqrt(types)
        self.prefix_in = _weight(2 * types, prefix, std=0.4)
        self.prefix_out = _weight(prefix, types, std=0.6 / math.sqrt(types))
        self.board_in = _weight(2 * board_units, std=0.1)
        self.board_prefix_in = _weight(2 * board_units, prefix, std=0.3)
        self.board_out = _weight(board_units, std=0.02)
        self.board_prefix_out = _weight(prefix, board_units, std=0.6 / math.sqrt(board_units))

    def dense(self, side: int = SIDE) -> tuple[Tensor, Tensor]:
        """gate_up [2 (side^2 types + board_units), prefix + side^2] and down, its shape but for the halves turned."""
        cells, taps = side * side, tap_matrices(side)
        hidden = self.types * cells
        halves = []
        for kernel, prefix_in, board_in, board_prefix_in in zip(
            self.kernels, *(w.chunk(2) for w in (self.prefix_in, self.board_in, self.board_prefix_in))
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


def _rest_of_block(z, mix, sums, prefix_out, board_in, board_prefix_in, board_out, board_prefix_out, gate_up, down) -> Tensor:
    """Adds the local mix [batch, cells, d] and that of the whole board to z, then the channel mix."""
    side = math.isqrt(mix.shape[1])
    prefix = prefix_out.shape[0]
    board = (z[:, prefix:].sum(1) / side)[:, None]
    gate, up = (board_in[:, None] * board + torch.matmul(board_prefix_in, z[:, :prefix])).chunk(2, 1)
    units = F.silu(gate) * up
    to_cells = mix + (board_out[:, None] * units).sum(1, keepdim=True)
    to_prefix = torch.matmul(prefix_out / side, sums) + torch.matmul(board_prefix_out, units)
    z = rms(z + torch.cat([to_prefix, to_cells], 1), 1)
    return rms(z + swiglu(z, gate_up, down))


class BoardTrm(nn.Module):
    """The whole model of one pencil kind. Token 0 is outside the board; answers are tokens 1 to `answers`."""

    seq_len = CELLS

    def __init__(
        self,
        kind: str,
        vocab_size: int,
        answers: int,
        d: int = 96,
        inner: int = 256,
        types: int = 8,
        prefix: int = 9,
        board_units: int = 8,
        layers: int = 2,
    ):
        super().__init__()
        self._rest = _rest_of_block
        self.kind, self.vocab_size, self.d, self.prefix_len = kind, vocab_size, d, prefix
        self.answer_tokens = tuple(range(1, answers + 1))
        self.token_text = f'0 outside the board, 1-{answers} answers, then what the puzzle shows (docs/kinds.md)'
        self.token_mix = nn.ModuleList(BoardMix(types, prefix, board_units) for _ in range(layers))
        std = 1 / math.sqrt(d)
        self.gate_up = nn.ParameterList(_weight(2 * inner, d, std=std) for _ in range(layers))
        self.down = nn.ParameterList(_weight(d, inner, std=1 / math.sqrt(inner)) for _ in range(layers))
        features = token_features(kind, vocab_size)
        self.register_buffer('features', features, persistent=False)
        self.embedding = _weight(vocab_size if features is None else features.shape[1], d, std=std)
        self.prefix = _weight(prefix, d, std=std)
        # Revealed answers are added to the input in training alone; the export has no trace of this.
        self.revealed = _weight(answers + 1, d, std=std)
        self.register_buffer('h_init', torch.randn(d))
        self.register_buffer('l_init', torch.randn(d))
        self.head = _weight(answers, d, std=std)
        self.q_weight = nn.Parameter(torch.zeros(1, d))
        self.q_bias = nn.Parameter(torch.tensor([-5.0]))  # nothing is right at the start

    def ends(self) -> DenseTrm:
        """Embedding, states and heads as dense weights, without the blocks."""
        rest = self.vocab_size - 1 - len(self.answer_tokens)
        zero = self.head.new_zeros
        return DenseTrm(
            embedding=self.embedding if self.features is None else self.features @ self.embedding,
            prefix=self.prefix,
            h_init=self.h_init,
            l_init=self.l_init,
            blocks=[],
            lm_head=torch.cat([zero(1, self.d), self.head, zero(rest, self.d)]),
            q_weight=self.q_weight,
            q_bias=self.q_bias,
        )

    def dense(self, side: int = SIDE) -> DenseTrm:
        """The same weights without ties; a smaller side gives the same model on a smaller board."""
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
        shown = math.sqrt(self.d) * F.embedding(revealed, self.revealed) * hidden
        return torch.cat([x[:, : self.prefix_len], x[:, self.prefix_len :] + shown], 1)

    def network(self, side: int = SIDE):
        """The network as a function of z: what a cell sees is looked up, not multiplied by zeros."""

        def net(z: Tensor) -> Tensor:
            for m, gate_up, down in zip(self.token_mix, self.gate_up, self.down):
                bias = torch.matmul(m.prefix_in, z[:, : self.prefix_len])
                mix, sums = local_mix(z, bias, m.kernels, side)
                z = self._rest(
                    *(z, mix, sums, m.prefix_out, m.board_in, m.board_prefix_in, m.board_out, m.board_prefix_out),
                    *(gate_up, down),
                )
            return z

        return net

    def compile_parts(self) -> None:
        """Compiles what follows the local mix, once for all layers and calls."""
        self._rest = torch.compile(_rest_of_block)
