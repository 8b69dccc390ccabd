"""The plain TRM of the paper: dense weights in, states out. The oracle for every tied model, and the form they export to."""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

RMS_EPS = 1e-5


def rms(x: Tensor, dim: int = -1) -> Tensor:
    """x / sqrt(mean(x^2) + eps) over `dim`, without weights."""
    return x * torch.rsqrt(x.float().pow(2).mean(dim, keepdim=True) + RMS_EPS).to(x.dtype)


def swiglu(x: Tensor, gate_up: Tensor, down: Tensor) -> Tensor:
    """down(silu(gate) * up) over the last axis; gate_up [2 * inner, in], down [out, inner]."""
    gate, up = F.linear(x, gate_up.to(x.dtype)).chunk(2, -1)
    return F.linear(F.silu(gate) * up, down.to(x.dtype))


def swiglu_rows(x: Tensor, gate_up: Tensor, down: Tensor) -> Tensor:
    """The same over axis 1 of [batch, rows, channels], without a transpose."""
    gate, up = torch.matmul(gate_up.to(x.dtype), x).chunk(2, 1)
    return torch.matmul(down.to(x.dtype), F.silu(gate) * up)


@dataclass
class DenseBlock:
    """One MLP block: over the sequence (L = prefix + cells), then over the channels (d)."""

    token_gate_up: Tensor  # [2 * token_inner, L]
    token_down: Tensor  # [L, token_inner]
    channel_gate_up: Tensor  # [2 * channel_inner, d]
    channel_down: Tensor  # [d, channel_inner]


@dataclass
class DenseTrm:
    """All weights of a TRM-MLP, by the roles they have in the paper."""

    embedding: Tensor  # [vocab, d]
    prefix: Tensor  # [prefix, d]
    h_init: Tensor  # [d]
    l_init: Tensor  # [d]
    blocks: list[DenseBlock]
    lm_head: Tensor  # [vocab, d]
    q_weight: Tensor  # [1, d]
    q_bias: Tensor  # [1]

    def embed(self, tokens: Tensor) -> Tensor:
        """x of shape [batch, prefix + cells, d]."""
        d = self.embedding.shape[1]
        cells = F.embedding(tokens.long(), self.embedding)
        return math.sqrt(d) * torch.cat([self.prefix.expand(len(tokens), -1, -1), cells], 1)

    def net(self, z: Tensor) -> Tensor:
        """One call of the network, [batch, L, d]; written as the paper writes it."""
        for block in self.blocks:
            t = z.transpose(1, 2)
            z = rms(t + swiglu(t, block.token_gate_up, block.token_down)).transpose(1, 2)
            z = rms(z + swiglu(z, block.channel_gate_up, block.channel_down))
        return z

    def heads(self, z_h: Tensor) -> tuple[Tensor, Tensor]:
        """Logits [batch, cells, vocab] and the halt logit [batch]."""
        prefix = self.prefix.shape[0]
        return F.linear(z_h[:, prefix:], self.lm_head), F.linear(z_h[:, 0], self.q_weight, self.q_bias)[:, 0]


def recursion_step(net, x: Tensor, z_h: Tensor, z_l: Tensor, h_cycles: int, l_cycles: int) -> tuple[Tensor, Tensor]:
    """One deep recursion step as in the paper; only the last of the H cycles carries gradient."""
    for cycle in range(h_cycles):
        with torch.set_grad_enabled(torch.is_grad_enabled() and cycle == h_cycles - 1):
            for _ in range(l_cycles):
                z_l = net(z_l + (z_h + x))
            z_h = net(z_h + z_l)
    return z_h, z_l
