"""What turns gradients into weights: the optimizers, what the plan says of an update, and the moving average."""

import torch
from torch import Tensor, nn

from .config import Config

BY_MUON = ('gate_up.', 'down.', 'qkv.', 'out.')  # matrices of the channel mix and of attention


def make_optimizers(model: nn.Module, config: Config) -> list[torch.optim.Optimizer]:
    """AdamW, and Muon for the block matrices where the configuration says so. ValueError where a model has none for it."""
    trained = {name: p for name, p in model.named_parameters() if p.requires_grad}
    by_muon = [p for name, p in trained.items() if config.muon and name.startswith(BY_MUON)]
    others = [p for name, p in trained.items() if not (config.muon and name.startswith(BY_MUON))]
    if config.muon and not by_muon:
        raise ValueError(f'muon: found true, wanted false: no matrix of a {type(model).__name__} is trained by Muon')
    adam = torch.optim.AdamW(others, lr=config.lr, betas=(0.9, 0.95), weight_decay=config.weight_decay)
    if not by_muon:
        return [adam]
    # Steps of AdamW's size, so that one rate serves both (Moonlight, arXiv 2502.16982).
    muon = torch.optim.Muon(
        by_muon, lr=config.lr, weight_decay=config.weight_decay, momentum=0.95, adjust_lr_fn='match_rms_adamw'
    )
    return [adam, muon]


class Schedule:
    """What depends on how far a run is: its rate, and how many steps a sample may stay."""

    def __init__(self, config: Config):
        self.config = config
        self.later = [(float(share), steps) for share, steps in config.later_steps.items()]

    def rate(self, update: int, done: float) -> float:
        """Linear warm-up, full rate, then a linear fall to lr_end of it; done: the share of the run."""
        config = self.config
        decay = 1.0
        if done > config.decay_from:
            decay = max(config.lr_end, (1 - done) / (1 - config.decay_from))
        return config.lr * min(1, (update + 1) / config.warm_up) * decay

    def most_steps(self, done: float) -> int:
        reached = [later for later in self.later if later[0] <= done]
        return max(reached)[1] if reached else self.config.max_steps


@torch.no_grad()
def average(ema: dict[str, Tensor], values: dict[str, Tensor], update: int, most: float) -> None:
    """Moves the averages towards the weights; early ones count less, so that the start is forgotten soon."""
    decay = min(most, (update + 1) / (update + 10))
    # By name: a checkpoint may hold them in another order than the model does.
    torch._foreach_lerp_(list(ema.values()), [values[name] for name in ema], 1 - decay)
