"""A run from start or checkpoint to the end of its plan: figures to log.jsonl, checkpoints to checkpoint.pt."""

import json
import time
from pathlib import Path

from ..checkpoint import save_checkpoint, slim
from .trainer import Trainer


class Log:
    """Means of the figures of the updates since the last line, one JSON line at a time."""

    def __init__(self, trainer: Trainer, path: Path):
        self.trainer, self.path = trainer, path
        self.started, self.first = time.monotonic(), trainer.update
        self.written, self.count = self.started, 0
        self.sums: dict[str, float] = {}

    def add(self, report: dict[str, float]) -> None:
        self.count += 1
        for name, value in report.items():
            self.sums[name] = self.sums.get(name, 0) + value

    def write(self, now: float) -> None:
        """A line to the file, and one with the time that is left to the terminal."""
        trainer, config = self.trainer, self.trainer.config
        rate = (trainer.update - self.first) * config.batch / (now - self.started)
        line = {
            'update': trainer.update,
            'samples_per_s': round(rate, 1),
            'lr': trainer.rate(),
            **{k: round(v / self.count, 5) for k, v in self.sums.items() if not k.startswith('halted')},
            'halted_right': round(self.sums['halted_right'] / max(1, self.sums['halted']), 4),
        }
        with open(self.path, 'a') as log:
            log.write(json.dumps(line) + '\n')
        done = trainer.done()
        left = trainer.seconds * (1 - done) / done / 60
        print(f'{done:.1%} {json.dumps(line)} {left:.0f} min left', flush=True)
        self.written, self.count, self.sums = now, 0, {}


def run(trainer: Trainer, out: Path, log_every: float, checkpoint_every: float, is_slim: bool = False) -> None:
    """Trains to the end of the plan; seconds between lines and between checkpoints, without the batch in flight if slim."""
    out.mkdir(parents=True, exist_ok=True)

    def save() -> None:
        state = trainer.state()
        save_checkpoint(out / 'checkpoint.pt', slim(state) if is_slim else state)

    log = Log(trainer, out / 'log.jsonl')
    saved = log.started
    while trainer.done() < 1:
        log.add(trainer.one_update())
        now = time.monotonic()
        if now - log.written >= log_every or trainer.done() == 1:
            log.write(now)
        if now - saved >= checkpoint_every:
            save()
            saved = now
    save()
