"""The trainer: a tied model, its batch in flight and its optimizers, and one update of them all."""

import math
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..checkpoint import load_checkpoint
from ..data import Mixture, by_side, load_set, placed
from ..kinds import kind_named, make_model
from ..tied_io import free_model
from ..tied_trm import TiedTrm, all_sizes
from .config import Config
from .loss import Step, step_and_loss
from .optimization import Schedule, average, make_optimizers
from .random_state import random_state, set_random_state
from .slots import Intake


class Trainer:
    """Trains by single steps: each update takes every slot of the batch one deep recursion step on.

    Random numbers are drawn in a fixed order, so that a run goes on from its `state` as if it had never stopped.
    """

    def __init__(self, config: Config, device: str | None = None):
        """device: CUDA where there is one unless said otherwise."""
        self.config, self.update, self.seconds = config, 0, 0.0
        torch.manual_seed(config.seed)
        self.device = torch.device(device or ('cuda' if torch.cuda.is_available() else 'cpu'))
        self.rng = np.random.default_rng(config.seed)
        self.model = make_model(config.kind, config.sizes).to(self.device)
        if config.init:
            start_from(self.model, Path(config.init))
        self.schedule = Schedule(config)
        self.side, samples = samples_of(config)
        self.intake = Intake(config, samples, self.rng, self.device, self.side)
        self.trained = [p for p in self.model.parameters() if p.requires_grad]
        self.optimizers = make_optimizers(self.model, config)
        self.ema = {k: v.clone() for k, v in self.model.state_dict().items()}
        if config.compile:
            self.model.compile_parts()
        self.slots = self.intake.fresh(config.batch, self.model, self.schedule.most_steps(0.0))

    def done(self) -> float:
        """The share of the run that is behind it, 1 at its end."""
        if self.config.minutes:
            return min(1.0, self.seconds / (60 * self.config.minutes))
        return self.update / self.config.updates

    def rate(self) -> float:
        return self.schedule.rate(self.update, self.done())

    def one_update(self) -> dict[str, float]:
        """The update's figures: loss, share of cells and boards right, how many boards halted, and halted right.

        ValueError where the numbers are finite no more: nothing mends such weights, and a checkpoint of them would take the
        place of the last good one.
        """
        slots, started = self.slots, time.monotonic()
        step = step_and_loss(self.model, slots, self._noised(slots.z_l), self.side, self.config)
        slots.z_h, slots.z_l = step.z_h, step.z_l
        norm = self._descend(step.loss)
        average(self.ema, self.model.state_dict(), self.update, self.config.ema)
        self.update += 1
        slots.steps += 1
        most_steps = self.schedule.most_steps(self.done())
        halted = slots.halted(step.q, most_steps)
        report = figures_of(step, halted, norm)
        if not all(map(math.isfinite, (report['loss'], gradient := report.pop('gradient')))):
            found = f'update {self.update}: the loss is {report["loss"]:g}, the gradient {gradient:g}, no finite numbers'
            raise ValueError(f'{found}; the last checkpoint is as it was: go on from it with a smaller lr')
        places = halted.nonzero()[:, 0]
        if len(places):
            slots.put(places, self.intake.fresh(len(places), self.model, most_steps))
        self.seconds += time.monotonic() - started
        return report

    def _noised(self, z_l: Tensor) -> Tensor:
        if self.config.noisy == 0:
            return z_l
        return z_l + self.slots.sigma * torch.randn(z_l.shape, device=self.device, dtype=z_l.dtype)

    def _descend(self, loss: Tensor) -> Tensor:
        """The norm of the gradient before it is clipped."""
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group['lr'] = self.rate()
            optimizer.zero_grad()
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(self.trained, self.config.clip)
        for optimizer in self.optimizers:
            optimizer.step()
        return norm

    def state(self) -> dict[str, Any]:
        """All that the continuation of a run needs; `save_checkpoint` writes it."""
        return {
            'config': asdict(self.config),
            'model': self.model.state_dict(),
            'ema': self.ema,
            'optimizers': [optimizer.state_dict() for optimizer in self.optimizers],
            'update': self.update,
            'seconds': self.seconds,
            **random_state(self.rng, self.device),
            'batch': self.slots.state(),
        }

    def load_state(self, state: dict[str, Any]) -> bool:
        """Goes on from a checkpoint; False where its batch is none of this configuration: a fresh one takes its place.

        ValueError for a checkpoint of averaged weights alone, of another model, or with other optimizers.
        """
        if 'model' not in state:
            raise ValueError('the checkpoint holds averaged weights alone: name it as init of another run')
        check_model(state['config'], self.model, 'the checkpoint to go on from')
        # Before Muon came, a checkpoint had one optimizer.
        if len(saved := state.get('optimizers') or [state['optimizer']]) != len(self.optimizers):
            found, wanted = ('true', 'false') if self.config.muon else ('false', 'true')
            raise ValueError(f'muon: found {found}, wanted {wanted}, as in the checkpoint to go on from')
        self.model.load_state_dict(state['model'])
        self.ema = {name: value.to(self.device) for name, value in state['ema'].items()}
        for optimizer, its_state in zip(self.optimizers, saved, strict=True):
            optimizer.load_state_dict(its_state)
            for group in optimizer.param_groups:  # the configuration's, which may have another than when this was saved
                group['weight_decay'] = self.config.weight_decay
        self.update, self.seconds = state['update'], state.get('seconds', 0.0)
        set_random_state(state, self.rng, self.device)
        return self.slots.load_state(state.get('batch', {}))


def start_from(model: TiedTrm, path: Path) -> None:
    """Takes over the EMA weights of a checkpoint, or those of a model file. ValueError for those of another model."""
    if path.suffix == '.safetensors':
        other, _ = free_model(path)
        config, weights = {'kind': other.kind, 'sizes': other.sizes}, other.state_dict()
    else:
        state = load_checkpoint(path)
        config, weights = state['config'], state['ema']
    check_model(config, model, f'init: {path}')
    model.load_state_dict(weights)


def check_model(config: Mapping[str, Any], model: TiedTrm, where: str) -> None:
    """ValueError where the weights of a configuration are those of another model. Their shapes alone do not say it: models
    with other heads, for one, have the same.
    """
    kind = kind_named(config['kind'])
    if kind.name != model.kind:
        raise ValueError(f'{where}: kind: found {kind.name}, wanted {model.kind}')
    found = all_sizes(kind.model(config['sizes']), config['sizes'])
    wanted = all_sizes(type(model), model.sizes)
    if found != wanted:
        raise ValueError(f'{where}: sizes: found {found}, wanted {wanted}')


def samples_of(config: Config) -> tuple[int, Mixture]:
    """The side of the boards that a configuration trains on, and the stream of its samples."""
    found = [load_set(path, 'train', kind_named(config.kind)) for path in config.data]
    side = config.side or max(set_.side for set_ in found)
    sets = [placed(set_, side) for set_ in found]
    weights = config.weights or [1.0] * len(sets)
    if config.sides:
        sets, weights = by_side(sets, weights, {int(side): share for side, share in config.sides.items()})
    return side, Mixture(sets, weights, config.reveal)


def figures_of(step: Step, halted: Tensor, gradient: Tensor) -> dict[str, float]:
    figures = {
        'loss': step.loss.detach(),
        'cell_loss': step.cell_loss,
        'cells_right': step.cells_right,
        'right': step.right.float().mean(),
        'halted': halted.sum(),
        'halted_right': (halted & step.right).sum(),
        'gradient': gradient,
    }
    # One transfer: each waits for all that the GPU was asked for.
    values = torch.stack([f.float() for f in figures.values()]).tolist()
    return dict(zip(figures, values, strict=True))
