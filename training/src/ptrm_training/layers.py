"""The plain TRM of the paper: dense weights in, states out. The oracle for every tied model, and the form they export to."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

Net = Callable[[Tensor], Tensor]  # z [batch, prefix + cells, d] -> the same shape
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


def rope(positions: Tensor, width: int, theta: float) -> tuple[Tensor, Tensor]:
    """Cosines and sines [rows, width] by which RoPE turns channel i of a head with channel i + width / 2."""
    angles = positions[:, None] / theta ** (torch.arange(0, width, 2, device=positions.device) / width)
    cos, sin = (torch.cat([part, part], 1) for part in (angles.cos(), angles.sin()))
    return cos, sin


def rotate(h: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """RoPE on [..., rows, width], in the form that rotates halves."""
    first, second = h.chunk(2, -1)
    return h * cos + torch.cat([-second, first], -1) * sin


def attention(z: Tensor, qkv: Tensor, out: Tensor, heads: int, cos: Tensor, sin: Tensor) -> Tensor:
    """Each row of [batch, rows, d] looks at all rows, the scores never in memory; qkv [3 d, d], out [d, d]."""
    batch, rows, d = z.shape
    q, k, v = F.linear(z, qkv.to(z.dtype)).view(batch, rows, 3, heads, d // heads).permute(2, 0, 3, 1, 4)
    cos, sin = cos.to(z.dtype), sin.to(z.dtype)
    mixed = F.scaled_dot_product_attention(rotate(q, cos, sin), rotate(k, cos, sin), v)
    return F.linear(mixed.transpose(1, 2).reshape(batch, rows, d), out.to(z.dtype))


@dataclass
class MlpBlock:
    """One MLP block: over the sequence (L = prefix + cells), then over the channels (d)."""

    token_gate_up: Tensor  # [2 * token_inner, L]
    token_down: Tensor  # [L, token_inner]
    channel_gate_up: Tensor  # [2 * channel_inner, d]
    channel_down: Tensor  # [d, channel_inner]

    def mix(self, z: Tensor) -> Tensor:
        t = z.transpose(1, 2)
        return rms(t + swiglu(t, self.token_gate_up, self.token_down)).transpose(1, 2)


@dataclass
class AttentionBlock:
    """One attention block: between all rows of the sequence (RoPE, not causal), then over the channels (d)."""

    qkv: Tensor  # [3 * d, d]: queries, keys, values, each by heads
    out: Tensor  # [d, d]
    channel_gate_up: Tensor  # [2 * channel_inner, d]
    channel_down: Tensor  # [d, channel_inner]
    heads: int
    theta: float  # of RoPE

    def mix(self, z: Tensor) -> Tensor:
        turn = rope(torch.arange(z.shape[1], device=z.device), z.shape[2] // self.heads, self.theta)
        return rms(z + attention(z, self.qkv, self.out, self.heads, *turn))


@dataclass
class DenseTrm:
    """All weights of a TRM, by the roles they have in the paper."""

    embedding: Tensor  # [vocab, d]
    prefix: Tensor  # [prefix, d]
    h_init: Tensor  # [d]
    l_init: Tensor  # [d]
    blocks: Sequence[MlpBlock | AttentionBlock]
    lm_head: Tensor  # [vocab, d]
    q_weight: Tensor  # [1, d]
    q_bias: Tensor  # [1]

    def to(self, device: torch.device | str) -> 'DenseTrm':
        """The same weights on a device."""
        return replace(_moved(self, device), blocks=[_moved(block, device) for block in self.blocks])

    def embed(self, tokens: Tensor) -> Tensor:
        """x of shape [batch, prefix + cells, d]."""
        d = self.embedding.shape[1]
        cells = F.embedding(tokens.long(), self.embedding)
        return math.sqrt(d) * torch.cat([self.prefix.expand(len(tokens), -1, -1), cells], 1)

    def net(self, z: Tensor) -> Tensor:
        """One call of the network, [batch, L, d]; written as the paper writes it."""
        for block in self.blocks:
            z = block.mix(z)
            z = rms(z + swiglu(z, block.channel_gate_up, block.channel_down))
        return z

    def heads(self, z_h: Tensor) -> tuple[Tensor, Tensor]:
        """Logits [batch, cells, vocab] and the halt logit [batch]."""
        prefix = self.prefix.shape[0]
        return F.linear(z_h[:, prefix:], self.lm_head), F.linear(z_h[:, 0], self.q_weight, self.q_bias)[:, 0]


def _moved(weights: Any, device: torch.device | str) -> Any:
    held = {field.name: getattr(weights, field.name) for field in fields(weights)}
    return replace(weights, **{name: value.to(device) for name, value in held.items() if torch.is_tensor(value)})


def recursion_step(net: Net, x: Tensor, z_h: Tensor, z_l: Tensor, h_cycles: int, l_cycles: int) -> tuple[Tensor, Tensor]:
    """One deep recursion step as in the paper; only the last of the H cycles carries gradient."""
    for cycle in range(h_cycles):
        with torch.set_grad_enabled(torch.is_grad_enabled() and cycle == h_cycles - 1):
            for _ in range(l_cycles):
                z_l = net(z_l + (z_h + x))
            z_h = net(z_h + z_l)
    return z_h, z_l
