"""The channel mix of the Sudoku TRM: linear maps between planes and shared channels that commute with the digits."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ...layers import rms

DIGITS = 9


def weight(*shape: int, std: float) -> nn.Parameter:
    return nn.Parameter(torch.randn(*shape) * std)


class PlaneLinear(nn.Module):
    """A linear map from (9 planes of m, s shared) to (9 planes of p, r shared) channels that commutes with the digits."""

    def __init__(self, m: int, s: int, p: int, r: int):
        super().__init__()
        self.m, self.s, self.p, self.r = m, s, p, r
        std = 1 / math.sqrt(2 * m + s)
        self.A = weight(p, m, std=std)
        self.B = weight(p, m, std=std / 3)
        self.C = weight(p, s, std=std)
        self.E = weight(r, m, std=std / 3)
        self.D = weight(r, s, std=std)

    def dense(self) -> Tensor:
        """[9 p + r, 9 m + s]"""
        eye = torch.eye(DIGITS, device=self.A.device)
        planes = torch.einsum('kj,pm->kpjm', eye, self.A) + self.B[None, :, None, :]
        top = torch.cat([planes.reshape(DIGITS * self.p, DIGITS * self.m), self.C.repeat(DIGITS, 1)], 1)
        return torch.cat([top, torch.cat([self.E.repeat(1, DIGITS), self.D], 1)], 0)

    def load_dense(self, w: Tensor) -> None:
        planes = w[: 9 * self.p, : 9 * self.m].view(9, self.p, 9, self.m)
        self.B.copy_(planes[0, :, 1])
        self.A.copy_(planes[0, :, 0] - planes[0, :, 1])
        self.C.copy_(w[: self.p, 9 * self.m :])
        self.E.copy_(w[9 * self.p :, : self.m])
        self.D.copy_(w[9 * self.p :, 9 * self.m :])

    def from_common(self) -> tuple[Tensor, Tensor]:
        """What planes [p, m + s] and shared channels [r, m + s] take from (sum of planes, shared)."""
        return torch.cat([self.B, self.C], 1), torch.cat([self.E, self.D], 1)


class PlaneMix(nn.Module):
    """The channel mix: SwiGLU between plane channels."""

    def __init__(self, m: int, s: int, p: int, r: int):
        super().__init__()
        self.gate, self.up = PlaneLinear(m, s, p, r), PlaneLinear(m, s, p, r)
        self.down = PlaneLinear(p, r, m, s)

    def dense(self) -> tuple[Tensor, Tensor]:
        return torch.cat([self.gate.dense(), self.up.dense()], 0), self.down.dense()

    def load_dense(self, gate_up: Tensor, down: Tensor) -> None:
        gate, up = gate_up.chunk(2, 0)
        self.gate.load_dense(gate)
        self.up.load_dense(up)
        self.down.load_dense(down)

    def forward(self, z: Tensor) -> Tensor:
        """z and its channel mix through the norm, [batch, 82, d]."""
        m, p = self.gate.m, self.gate.p
        (gate_plane, gate_shared), (up_plane, up_shared) = self.gate.from_common(), self.up.from_common()
        planes, shared = z[..., : 9 * m].unflatten(-1, (9, m)), z[..., 9 * m :]
        common_weight = torch.cat([gate_plane, up_plane, gate_shared, up_shared], 0).to(z.dtype)
        common = F.linear(torch.cat([planes.sum(-2), shared], -1), common_weight)
        own = F.linear(planes, torch.cat([self.gate.A, self.up.A], 0).to(z.dtype)) + common[..., None, : 2 * p]
        hidden_planes = F.silu(own[..., :p]) * own[..., p:]
        shared_gate, shared_up = common[..., 2 * p :].chunk(2, -1)
        hidden_shared = F.silu(shared_gate) * shared_up
        down_common = F.linear(
            torch.cat([hidden_planes.sum(-2), hidden_shared], -1), torch.cat(self.down.from_common(), 0).to(z.dtype)
        )
        out = F.linear(hidden_planes, self.down.A.to(z.dtype)) + down_common[..., None, :m]
        return rms(z + torch.cat([out.flatten(-2), down_common[..., m:]], -1))
