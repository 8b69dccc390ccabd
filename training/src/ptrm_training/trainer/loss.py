"""One deep recursion step of a batch and its loss: cross-entropy of the answer cells + 0.5 BCE of q against "all cells right"."""

from dataclasses import dataclass

import torch.nn.functional as F
from torch import Tensor

from ..grids import Grids
from ..layers import DenseTrm, recursion_step
from ..tied_trm import TiedTrm
from .config import Config
from .slots import Slots


@dataclass
class Step:
    """What a step came to; all but `loss` is detached."""

    loss: Tensor  # []
    cell_loss: Tensor  # []: the cross-entropy alone
    cells_right: Tensor  # []: share of the cells that are asked for
    right: Tensor  # bool [batch]: all of a board's cells
    q: Tensor  # [batch]
    z_h: Tensor  # [batch, prefix + cells, d]
    z_l: Tensor  # the same


def step_and_loss(model: TiedTrm, slots: Slots, z_l: Tensor, side: int, config: Config) -> Step:
    """z_l: the slots' own, with this step's noise."""
    trm = model.ends()
    x = trm.embed(model.reveal_tokens(slots.tokens, slots.revealed))
    x = model.reveal_input(x, slots.revealed).to(z_l.dtype)
    net = model.network(Grids(side, side, slots.sizes, slots.rooms))
    z_h, z_l = recursion_step(net, x, slots.z_h, z_l, config.h_cycles, config.l_cycles)
    logits, q = _heads(model, trm, z_h)
    asked = slots.answers > 0
    target = (slots.answers - model.answer_tokens[0]).clamp(min=0)
    cell = F.cross_entropy(logits.transpose(1, 2), target, reduction='none') * asked
    cell_loss = (cell.sum(-1) / asked.sum(-1)).mean()
    wrong = (logits.argmax(-1) != target) & asked
    right = ~wrong.any(-1)
    q_loss = F.binary_cross_entropy_with_logits(q, right.float())
    return Step(
        loss=cell_loss + config.q_weight * q_loss,
        cell_loss=cell_loss.detach(),
        cells_right=1 - wrong.sum() / asked.sum(),
        right=right,
        q=q.detach(),
        z_h=z_h.detach(),
        z_l=z_l.detach(),
    )


def _heads(model: TiedTrm, trm: DenseTrm, z_h: Tensor) -> tuple[Tensor, Tensor]:
    """Logits of the answer tokens [batch, cells, answers] and q [batch], in f32."""
    head = trm.lm_head[list(model.answer_tokens)]
    logits = F.linear(z_h[:, model.prefix_len :].float(), head)
    return logits, F.linear(z_h[:, 0].float(), trm.q_weight, trm.q_bias)[:, 0]
