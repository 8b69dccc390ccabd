"""Trains a tied TRM: `python -m ptrm_training.train configs/KIND.toml`. Resumes where it stopped, bit for bit.

One deep recursion step a sample and update; the state is carried (detached) to the next step until the Q head halts it or
16 steps are done. Loss: cross-entropy of the answer cells + 0.5 BCE of q against "all cells right".
"""

import argparse
import json
import time
import tomllib
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from .checkpoint import load_checkpoint, save_checkpoint
from .command import run_command
from .data import Mixture, by_side, crop, load_set
from .kinds import KINDS, NAMES, make_model
from .layers import recursion_step


@dataclass
class Config:
    kind: str
    data: list[str]  # npz files; {kind} stands for the kind, here and in `init`
    weights: list[float] = field(default_factory=list)  # how often each file is drawn from; default: equally
    sides: dict[str, float] = field(default_factory=dict)  # how often boards of a side are; default: as they lie in the file
    sizes: dict = field(default_factory=dict)  # of the model; default: the kind's own. With `heads`, one with attention
    side: int = 0  # train on boards of this side; 0: the kind's own
    init: str = ''  # a checkpoint or model file to start from
    updates: int = 5000
    batch: int = 128
    lr: float = 5e-3
    lr_end: float = 0.03  # share of lr at the end
    decay_from: float = 0.4  # the share of the run after which lr falls linearly
    warm_up: int = 100
    muon: bool = False  # matrices of the channel mix and of attention by Muon, the rest by AdamW
    weight_decay: float = 0.01
    clip: float = 1.0
    ema: float = 0.997
    h_cycles: int = 1
    l_cycles: int = 3
    max_steps: int = 16
    later_steps: dict[str, int] = field(default_factory=dict)  # max_steps from a share of the run on
    explore: float = 0.1  # share of samples whose halting is put off
    reveal: float = 0.3
    q_weight: float = 0.5
    noisy: float = 0.0  # share of samples that get noise on z_L, as the rollouts will
    most_sigma: float = 0.3
    seed: int = 0
    threads: int = 1
    compile: bool = True
    dtype: str = 'bfloat16'


def read_config(path: Path, overrides: list[str]) -> Config:
    """A TOML file, then KEY=VALUE overrides (VALUE as TOML). ValueError names what is wrong and where."""
    values = _toml(path.read_text(), str(path))
    for override in overrides:
        key, _, value = override.partition('=')
        values |= _toml(override, f'{override!r} (KEY=VALUE, text in quotes: {key}="{value}")')
    known = [f.name for f in fields(Config)]
    if unknown := sorted(set(values) - set(known)):
        raise ValueError(f'{path}: no such field: {", ".join(unknown)}; there are {", ".join(known)}')
    if missing := [name for name in ('kind', 'data') if name not in values]:
        raise ValueError(f'{path}: says no {" and no ".join(missing)}; give it on the command line, as kind="{NAMES[0]}"')
    config = Config(**values)
    config.data = [file.format(kind=config.kind) for file in config.data]
    config.init = config.init.format(kind=config.kind)
    return config


def _toml(text: str, where: str) -> dict:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f'{where}: {error}') from error


class Trainer:
    def __init__(self, config: Config):
        self.config = config
        torch.manual_seed(config.seed)
        self.device = torch.device('cuda' if torch.cuda.is_available() else 'cpu')
        self.rng = np.random.default_rng(config.seed)
        self.model = make_model(config.kind, config.sizes).to(self.device)
        self.board = KINDS[config.kind].side
        self.side = config.side or self.board
        if config.init:
            self._start_from(Path(config.init))
        sets = [crop(load_set(path, 'train'), self.side, self.board) for path in config.data]
        weights = config.weights or [1.0] * len(sets)
        if config.sides:
            sets, weights = by_side(sets, weights, {int(side): share for side, share in config.sides.items()})
        self.samples = Mixture(sets, weights, config.reveal)
        self.trained = [p for p in self.model.parameters() if p.requires_grad]
        self.optimizers = self._optimizers()
        self.ema = {k: v.clone() for k, v in self.model.state_dict().items()}
        self.update = 0
        self.dtype = getattr(torch, config.dtype)
        if config.compile:
            self.model.compile_parts()
        self._fill_all()

    def _start_from(self, path: Path) -> None:
        if path.suffix == '.safetensors':
            from .dense_io import read_dense

            self.model.load_dense(read_dense(path)[0])
        else:
            self.model.load_state_dict(load_checkpoint(path)['ema'])

    def _optimizers(self) -> list[torch.optim.Optimizer]:
        config = self.config
        matrices = {id(p) for name, p in self.model.named_parameters() if name.startswith(('gate_up.', 'down.', 'qkv.', 'out.'))}
        by_muon = [p for p in self.trained if config.muon and id(p) in matrices]
        others = [p for p in self.trained if not config.muon or id(p) not in matrices]
        adam = torch.optim.AdamW(others, lr=config.lr, betas=(0.9, 0.95), weight_decay=config.weight_decay)
        if not by_muon:
            return [adam]
        # Steps of AdamW's size, so that one rate serves both (Moonlight, arXiv 2502.16982).
        muon = torch.optim.Muon(
            by_muon, lr=config.lr, weight_decay=config.weight_decay, momentum=0.95, adjust_lr_fn='match_rms_adamw'
        )
        return [adam, muon]

    # --- the batch: each slot holds one sample at its own step ---

    def _fill_all(self) -> None:
        batch = self.config.batch
        trm = self.model.ends()
        self.tokens, self.revealed, self.answers = (t.to(self.device) for t in self.samples.sample(batch, self.rng))
        shape = (batch, self.model.prefix_len + self.side**2, -1)
        self.z_h = trm.h_init.to(self.dtype).expand(*shape).clone()
        self.z_l = trm.l_init.to(self.dtype).expand(*shape).clone()
        self.steps = torch.zeros(batch, dtype=torch.long, device=self.device)
        self.least_steps = self._draw_least_steps(batch)
        self.sigma = self._draw_sigma(batch)

    def _draw_least_steps(self, n: int) -> torch.Tensor:
        explores = self.rng.random(n) < self.config.explore
        most = self._max_steps()
        drawn = self.rng.integers(min(2, most), most + 1, size=n)
        return torch.from_numpy(np.where(explores, drawn, 0)).to(self.device)

    def _draw_sigma(self, n: int) -> torch.Tensor:
        noisy = self.rng.random(n) < self.config.noisy
        sigma = np.where(noisy, self.rng.random(n) * self.config.most_sigma, 0)
        return torch.from_numpy(sigma).to(self.device, self.dtype)[:, None, None]

    def _replace(self, halted: torch.Tensor) -> None:
        halted = halted.nonzero()[:, 0]
        n = len(halted)
        if n == 0:
            return
        for held, fresh in zip((self.tokens, self.revealed, self.answers), self.samples.sample(n, self.rng)):
            held[halted] = fresh.to(self.device)
        trm = self.model.ends()
        self.z_h[halted] = trm.h_init.to(self.dtype)
        self.z_l[halted] = trm.l_init.to(self.dtype)
        self.steps[halted] = 0
        self.least_steps[halted] = self._draw_least_steps(n)
        self.sigma[halted] = self._draw_sigma(n)

    # --- one update ---

    def _loss(self, tokens, revealed, answers, z_h, z_l):
        model, config = self.model, self.config
        trm = model.ends()
        x = trm.embed(model.reveal_tokens(tokens, revealed))
        x = model.reveal_input(x, revealed).to(self.dtype)
        z_h, z_l = recursion_step(model.network(self.side), x, z_h, z_l, config.h_cycles, config.l_cycles)
        prefix = model.prefix_len
        head = trm.lm_head[list(model.answer_tokens)]
        logits = F.linear(z_h[:, prefix:].float(), head)
        q = F.linear(z_h[:, 0].float(), trm.q_weight, trm.q_bias)[:, 0]
        asked = answers > 0
        target = (answers - model.answer_tokens[0]).clamp(min=0)
        cell = F.cross_entropy(logits.transpose(1, 2), target, reduction='none') * asked
        cell_loss = (cell.sum(-1) / asked.sum(-1)).mean()
        wrong = (logits.argmax(-1) != target) & asked
        right = ~wrong.any(-1)
        q_loss = F.binary_cross_entropy_with_logits(q, right.float())
        accuracy = 1 - wrong.sum() / asked.sum()
        return cell_loss + config.q_weight * q_loss, cell_loss.detach(), accuracy, right, q.detach(), z_h.detach(), z_l.detach()

    def _max_steps(self) -> int:
        done = self.update / self.config.updates
        reached = [(float(share), steps) for share, steps in self.config.later_steps.items() if float(share) <= done]
        return max(reached)[1] if reached else self.config.max_steps

    def _rate(self) -> float:
        config = self.config
        done = self.update / config.updates
        decay = 1.0
        if done > config.decay_from:
            decay = max(config.lr_end, (1 - done) / (1 - config.decay_from))
        return config.lr * min(1, (self.update + 1) / config.warm_up) * decay

    def one_update(self) -> dict:
        config = self.config
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group['lr'] = self._rate()
        z_l = self.z_l
        if config.noisy > 0:
            z_l = z_l + self.sigma * torch.randn(z_l.shape, device=self.device, dtype=self.dtype)
        loss, cell_loss, accuracy, right, q, self.z_h, self.z_l = self._loss(
            self.tokens, self.revealed, self.answers, self.z_h, z_l
        )
        for optimizer in self.optimizers:
            optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.trained, config.clip)
        for optimizer in self.optimizers:
            optimizer.step()
        self._average()
        self.update += 1
        self.steps += 1
        halted = (self.steps >= self._max_steps()) | ((q > 0) & (self.steps >= self.least_steps))
        figures = {
            'loss': loss.detach(),
            'cell_loss': cell_loss,
            'cells_right': accuracy,
            'right': right.float().mean(),
            'halted': halted.sum(),
            'halted_right': (halted & right).sum(),
        }
        # One transfer: each waits for all that the GPU was asked for.
        report = dict(zip(figures, torch.stack([f.float() for f in figures.values()]).tolist()))
        self._replace(halted)
        return report

    @torch.no_grad()
    def _average(self) -> None:
        decay = min(self.config.ema, (self.update + 1) / (self.update + 10))
        values = self.model.state_dict()
        # By name: a checkpoint may hold them in another order than the model does.
        torch._foreach_lerp_(list(self.ema.values()), [values[name] for name in self.ema], 1 - decay)

    # --- stops and starts ---

    def state(self) -> dict:
        return {
            'config': asdict(self.config),
            'model': self.model.state_dict(),
            'ema': self.ema,
            'optimizers': [optimizer.state_dict() for optimizer in self.optimizers],
            'update': self.update,
            'torch_rng': torch.get_rng_state(),
            'cuda_rng': torch.cuda.get_rng_state() if self.device.type == 'cuda' else torch.empty(0, dtype=torch.uint8),
            'numpy_rng': json.dumps(self.rng.bit_generator.state),
            'batch': {name: getattr(self, name) for name in BATCH_STATE},
        }

    def load_state(self, state: dict) -> None:
        self.model.load_state_dict(state['model'])
        self.ema = {name: value.to(self.device) for name, value in state['ema'].items()}
        # Before Muon came, a checkpoint had one optimizer.
        for optimizer, saved in zip(self.optimizers, state.get('optimizers') or [state['optimizer']], strict=True):
            optimizer.load_state_dict(saved)
        self.update = state['update']
        torch.set_rng_state(state['torch_rng'])
        if self.device.type == 'cuda' and len(state.get('cuda_rng', [])):
            torch.cuda.set_rng_state(state['cuda_rng'])
        self.rng.bit_generator.state = json.loads(state['numpy_rng'])
        # A slim checkpoint has no batch: the run goes on with a fresh one.
        for name, value in state.get('batch', {}).items():
            setattr(self, name, value.to(self.device))


BATCH_STATE = ('tokens', 'revealed', 'answers', 'z_h', 'z_l', 'steps', 'least_steps', 'sigma')


def run(trainer: Trainer, out: Path, log_every: float, checkpoint_every: float) -> None:
    """Trains to the end of the plan; logs JSONL to out/log.jsonl, checkpoints to out/checkpoint.pt."""
    out.mkdir(parents=True, exist_ok=True)
    config = trainer.config
    started, first = time.monotonic(), trainer.update
    logged = saved = started
    sums, count = {}, 0
    while trainer.update < config.updates:
        report = trainer.one_update()
        count += 1
        sums = {k: sums.get(k, 0) + v for k, v in report.items()}
        now = time.monotonic()
        if now - logged >= log_every or trainer.update == config.updates:
            rate = (trainer.update - first) * config.batch / (now - started)
            line = {
                'update': trainer.update,
                'samples_per_s': round(rate, 1),
                'lr': trainer._rate(),
                **{k: round(v / count, 5) for k, v in sums.items() if not k.startswith('halted')},
                'halted_right': round(sums['halted_right'] / max(1, sums['halted']), 4),
            }
            with open(out / 'log.jsonl', 'a') as log:
                log.write(json.dumps(line) + '\n')
            left = (config.updates - trainer.update) * config.batch / rate / 60
            print(f"{trainer.update}/{config.updates} {json.dumps(line)} {left:.0f} min left", flush=True)
            logged, sums, count = now, {}, 0
        if now - saved >= checkpoint_every:
            save_checkpoint(out / 'checkpoint.pt', trainer.state())
            saved = now
    save_checkpoint(out / 'checkpoint.pt', trainer.state())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('config', type=Path)
    parser.add_argument('set', nargs='*', help='overrides, such as updates=100')
    parser.add_argument('--out', type=Path, required=True, help='folder of the run; resumed if it has a checkpoint')
    parser.add_argument('--log-every', type=float, default=30, help='seconds')
    parser.add_argument('--checkpoint-every', type=float, default=300, help='seconds')
    args = parser.parse_args()
    config = read_config(args.config, args.set)
    torch.set_num_threads(config.threads)
    trainer = Trainer(config)
    checkpoint = args.out / 'checkpoint.pt'
    if checkpoint.exists():
        trainer.load_state(load_checkpoint(checkpoint))
        print(f'resumed at update {trainer.update}', flush=True)
    run(trainer, args.out, args.log_every, args.checkpoint_every)


if __name__ == '__main__':
    run_command(main)
