"""A TRM for 10x10 pencil boards whose token mix is tied by translation.

A hidden unit of the token mix sits on a cell and has one of `types` types; its weights depend on the offset between two
cells alone (19 x 19 offsets), so that what is learnt in one corner holds in all. The eight symmetries come from the data:
a TRM's token mix is the same for all channels, so that turning filters with channels is not possible inside it.
"""

import math

import torch
from torch import Tensor, nn

from .layers import DenseBlock, DenseTrm, rms, swiglu, swiglu_rows

SIDE = 10
CELLS = SIDE * SIDE
OFFSETS = 2 * SIDE - 1


def _weight(*shape: int, std: float) -> nn.Parameter:
    return nn.Parameter(torch.randn(*shape) * std)


def offset_index(side: int = SIDE) -> Tensor:
    """[side^2, side^2]: the number of the offset from the first cell to the second."""
    cells = torch.arange(side * side)
    row, column = cells // side, cells % side
    rows = row[None, :] - row[:, None] + SIDE - 1
    columns = column[None, :] - column[:, None] + SIDE - 1
    return rows * OFFSETS + columns


def _initial_kernel(*lead: int, std: float) -> nn.Parameter:
    """Weights by offset: strong on the cell itself and beside it, weaker along its row and column, faint elsewhere."""
    row = torch.arange(OFFSETS)[:, None] - (SIDE - 1)
    column = torch.arange(OFFSETS)[None, :] - (SIDE - 1)
    far = torch.maximum(row.abs(), column.abs()).float()
    scale = torch.where(far <= 1, 1.0, torch.where((row == 0) | (column == 0), 0.3, 0.05 + 0.3 * (far == 2)))
    return nn.Parameter(torch.randn(*lead, OFFSETS * OFFSETS) * scale.flatten() * std)


class OffsetMix(nn.Module):
    """The token mix over prefix + 100 cells with weights by offset."""

    def __init__(self, types: int, prefix: int, board_units: int):
        super().__init__()
        self.types, self.prefix, self.board_units = types, prefix, board_units
        self.kernel_in = _initial_kernel(2, types, std=0.35)
        self.kernel_out = _initial_kernel(types, std=0.35 / math.sqrt(types))
        self.prefix_in = _weight(2, types, prefix, std=0.2)
        self.prefix_out = _weight(prefix, types, std=0.6 / math.sqrt(types))
        self.board_in = _weight(2, board_units, std=0.1)
        self.board_prefix_in = _weight(2, board_units, prefix, std=0.3)
        self.board_out = _weight(board_units, std=0.02)
        self.board_prefix_out = _weight(prefix, board_units, std=0.6 / math.sqrt(board_units))

    def dense(self, side: int = SIDE) -> tuple[Tensor, Tensor]:
        """gate_up [2 (side^2 types + board_units), prefix + side^2] and down, its shape but for the halves turned.

        A smaller side gives the same model on a smaller board, for the first stages of training.
        """
        cells, offsets = side * side, offset_index(side)
        hidden = cells * self.types
        halves = []
        for k in (0, 1):
            from_cells = self.kernel_in[k][:, offsets].reshape(hidden, cells)
            from_prefix = self.prefix_in[k][:, None].expand(-1, cells, -1).reshape(hidden, self.prefix)
            board = (self.board_in[k] / side)[:, None].expand(self.board_units, cells)
            halves += [torch.cat([from_prefix, from_cells], 1), torch.cat([self.board_prefix_in[k], board], 1)]
        to_cells = self.kernel_out[:, offsets].permute(2, 0, 1).reshape(cells, hidden)
        to_cells = torch.cat([to_cells, self.board_out.expand(cells, -1)], 1)
        to_prefix = (self.prefix_out / side)[:, :, None].expand(-1, -1, cells).reshape(self.prefix, hidden)
        to_prefix = torch.cat([to_prefix, self.board_prefix_out], 1)
        return torch.cat(halves, 0), torch.cat([to_prefix, to_cells], 0)


def _block(z: Tensor, token_gate_up: Tensor, token_down: Tensor, channel_gate_up: Tensor, channel_down: Tensor) -> Tensor:
    z = rms(z + swiglu_rows(z, token_gate_up, token_down), 1)
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
    ):
        super().__init__()
        self._block = _block
        self.kind, self.vocab_size, self.d, self.prefix_len = kind, vocab_size, d, prefix
        self.answer_tokens = tuple(range(1, answers + 1))
        self.token_text = f'0 outside the board, 1-{answers} answers, then what the puzzle shows (docs/kinds.md)'
        self.token_mix = nn.ModuleList(OffsetMix(types, prefix, board_units) for _ in range(layers))
        std = 1 / math.sqrt(d)
        self.gate_up = nn.ParameterList(_weight(2 * inner, d, std=std) for _ in range(layers))
        self.down = nn.ParameterList(_weight(d, inner, std=1 / math.sqrt(inner)) for _ in range(layers))
        self.embedding = _weight(vocab_size, d, std=std)
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
        """The network of these weights as a function of z, quicker than `dense().net` by its layout alone."""
        blocks = self.dense(side).blocks

        def net(z: Tensor) -> Tensor:
            for b in blocks:
                z = self._block(z, b.token_gate_up, b.token_down, b.channel_gate_up, b.channel_down)
            return z

        return net

    def compile_parts(self) -> None:
        """Compiles the block once, for all layers and calls."""
        self._block = torch.compile(_block)
