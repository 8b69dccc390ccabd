"""What the TRMs of 10x10 pencil boards have in common: embedding, states, heads, and how revealed answers are shown."""

import math
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .layers import DenseTrm
from .tied_trm import TiedTrm

if TYPE_CHECKING:
    from .kinds.record import Kind


def features_of(kind: 'Kind') -> Tensor | None:
    """[vocab, n], 1 where a token has a feature; None where tokens are single things."""
    return None if kind.features is None else torch.from_numpy(kind.features)


def weight(*shape: int, std: float) -> nn.Parameter:
    return nn.Parameter(torch.randn(*shape) * std)


class PencilTrm(TiedTrm):
    """The whole model of one pencil kind but for its blocks. Token 0 is outside the board."""

    features: Tensor | None
    h_init: Tensor
    l_init: Tensor

    def __init__(self, kind: 'Kind', d: int, prefix: int, features: Tensor | None):
        """features [vocab, n]: tokens embed as the sums of their features; None: each by itself."""
        super().__init__(kind)
        self.d, self.prefix_len = d, prefix
        vocab_size, answers = kind.vocab_size, len(kind.answer_tokens)
        self.token_text = f'0 outside the board, 1-{answers} answers, then what the puzzle shows (docs/kinds.md)'
        std = 1 / math.sqrt(d)
        self.register_buffer('features', features, persistent=False)
        self.embedding = weight(vocab_size if features is None else features.shape[1], d, std=std)
        self.prefix = weight(prefix, d, std=std)
        # Revealed answers are added to the input in training alone; the export has no trace of this.
        self.revealed = weight(answers + 1, d, std=std)
        self.register_buffer('h_init', torch.randn(d))
        self.register_buffer('l_init', torch.randn(d))
        self.head = weight(answers, d, std=std)
        self.q_weight = nn.Parameter(torch.zeros(1, d))
        self.q_bias = nn.Parameter(torch.tensor([-5.0]))  # nothing is right at the start

    def ends(self) -> DenseTrm:
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

    @torch.no_grad()
    def load_ends(self, trm: DenseTrm) -> None:
        own = self.features
        self.embedding.copy_(trm.embedding if own is None else torch.linalg.lstsq(own, trm.embedding).solution)
        for name in ('prefix', 'h_init', 'l_init', 'q_weight', 'q_bias'):
            getattr(self, name).copy_(getattr(trm, name))
        self.head.copy_(trm.lm_head[list(self.answer_tokens)])

    def reveal_input(self, x: Tensor, revealed: Tensor) -> Tensor:
        """Adds what is revealed (answer tokens, 0 = hidden) to the cells of x."""
        hidden = (revealed > 0)[..., None]
        shown = math.sqrt(self.d) * F.embedding(revealed, self.revealed) * hidden
        return torch.cat([x[:, : self.prefix_len], x[:, self.prefix_len :] + shown], 1)
