"""The batch in flight: each slot holds one sample at its own step; a halted one makes room for a fresh one."""

from dataclasses import dataclass, fields

import numpy as np
import torch
from torch import Tensor

from ..data import Mixture
from ..tied_trm import TiedTrm
from .config import Config


def laid(tensor: Tensor) -> tuple[torch.Size, torch.dtype]:
    return tensor.shape, tensor.dtype


@dataclass
class Slots:
    """What is carried from update to update; the first axis of all is the batch's."""

    tokens: Tensor  # int64 [batch, cells]
    revealed: Tensor  # int64 [batch, cells], 0 = hidden
    answers: Tensor  # int64 [batch, cells], 0 = nothing to answer
    sizes: Tensor  # int32 [batch, 2]: rows and columns of each board
    rooms: Tensor  # int16 [batch, cells]; 0 where borders play no part
    z_h: Tensor  # [batch, prefix + cells, d], detached
    z_l: Tensor  # the same
    steps: Tensor  # int64 [batch]: how many are done
    least_steps: Tensor  # int64 [batch]: before so many, q halts nothing
    sigma: Tensor  # [batch, 1, 1], of the noise on z_l

    def state(self) -> dict[str, Tensor]:
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def load_state(self, state: dict[str, Tensor]) -> bool:
        """Goes on with a batch that fits this one; False, and nothing done, for any other, such as that of another size."""
        mine = self.state()
        if state.keys() != mine.keys() or any(laid(state[name]) != laid(value) for name, value in mine.items()):
            return False
        for name, value in state.items():
            setattr(self, name, value.to(self.tokens.device))
        return True

    def put(self, places: Tensor, fresh: 'Slots') -> None:
        """Fresh samples in these places [n]."""
        for name, value in fresh.state().items():
            getattr(self, name)[places] = value

    def halted(self, q: Tensor, most_steps: int) -> Tensor:
        """bool [batch]: whose steps are all done, or which q > 0 ends."""
        return (self.steps >= most_steps) | ((q > 0) & (self.steps >= self.least_steps))


class Intake:
    """Draws fresh samples for slots: puzzles, then whose halting is put off, then whose state gets noise; in this order."""

    def __init__(self, config: Config, samples: Mixture, rng: np.random.Generator, device: torch.device, side: int):
        self.config, self.samples, self.rng, self.device, self.side = config, samples, rng, device, side
        self.dtype: torch.dtype = getattr(torch, config.dtype)

    def fresh(self, n: int, model: TiedTrm, most_steps: int) -> Slots:
        """n samples before their first step, with the model's initial states."""
        drawn = self.samples.sample(n, self.rng)
        grids = model.grids(drawn[0].numpy(), self.side, self.side, whole=False)
        rooms = torch.zeros(n, grids.cells, dtype=torch.int16) if grids.rooms is None else grids.rooms
        tokens, revealed, answers, sizes, rooms = (t.to(self.device) for t in (*drawn, grids.sizes_of(n), rooms))
        trm = model.ends()
        shape = (n, model.prefix_len + self.side**2, -1)
        return Slots(
            tokens,
            revealed,
            answers,
            sizes,
            rooms,
            z_h=trm.h_init.to(self.dtype).expand(*shape).clone(),
            z_l=trm.l_init.to(self.dtype).expand(*shape).clone(),
            steps=torch.zeros(n, dtype=torch.long, device=self.device),
            least_steps=self._least_steps(n, most_steps),
            sigma=self._sigma(n),
        )

    def _least_steps(self, n: int, most_steps: int) -> Tensor:
        explores = self.rng.random(n) < self.config.explore
        drawn = self.rng.integers(min(2, most_steps), most_steps + 1, size=n)
        return torch.from_numpy(np.where(explores, drawn, 0)).to(self.device)

    def _sigma(self, n: int) -> Tensor:
        noisy = self.rng.random(n) < self.config.noisy
        sigma = np.where(noisy, self.rng.random(n) * self.config.most_sigma, 0)
        return torch.from_numpy(sigma).to(self.device, self.dtype)[:, None, None]
