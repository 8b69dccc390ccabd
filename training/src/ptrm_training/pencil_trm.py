"""What the TRMs of 10x10 pencil boards have in common: embedding, states, heads, and how revealed answers are shown."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .layers import DenseTrm

SIDE = 10
CELLS = SIDE * SIDE


def weight(*shape: int, std: float) -> nn.Parameter:
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


class PencilTrm(nn.Module):
    """The whole model of one pencil kind but for its blocks. Token 0 is outside the board; answers are tokens 1 to `answers`."""

    seq_len = CELLS

    def __init__(self, kind: str, vocab_size: int, answers: int, d: int, prefix: int, features: Tensor | None):
        """features [vocab, n]: tokens embed as the sums of their features; None: each by itself."""
        super().__init__()
        self.kind, self.vocab_size, self.d, self.prefix_len = kind, vocab_size, d, prefix
        self.answer_tokens = tuple(range(1, answers + 1))
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

    @staticmethod
    def reveal_tokens(tokens: Tensor, revealed: Tensor) -> Tensor:
        return tokens

    def reveal_input(self, x: Tensor, revealed: Tensor) -> Tensor:
        """Adds what is revealed (answer tokens, 0 = hidden) to the cells of x."""
        hidden = (revealed > 0)[..., None]
        shown = math.sqrt(self.d) * F.embedding(revealed, self.revealed) * hidden
        return torch.cat([x[:, : self.prefix_len], x[:, self.prefix_len :] + shown], 1)
