"""Does a kind's model train on CUDA as on the CPU? `python -m ptrm_training.cuda_check KIND [--init CHECKPOINT]`.

One update of each on the same batch in f32; prints how far loss and gradients are apart, then how many samples a second CUDA
trains as runs do (bfloat16, compiled), and ends with 1 where the two differ by more than rounding. The puzzles are those of
testsets/KIND-dev, so nothing that is trained here is kept.
"""

import argparse
import json
import math
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from .command import run_command
from .kinds import KINDS
from .puzzles import TESTSETS, read_records
from .trainer.config import Config
from .trainer.trainer import Trainer

# Of f32 sums in another order, through four calls of the network and back; what is wrong is off by far more.
TOLERANCE = 1e-3
UNCLIPPED = 1e9  # clipping would hide a factor that all gradients share


def there_is_cuda() -> bool:
    return torch.cuda.is_available()


def dev_set(kind: str, folder: Path) -> Path:
    """The committed development puzzles as a set for the trainer."""
    records = list(read_records([TESTSETS / f'{kind}-dev.jsonl.gz']))
    tokens, answers = (np.stack(part)[:, None] for part in zip(*(KINDS[kind].tokens_of(r, 0) for r in records), strict=True))
    sizes = np.array([KINDS[kind].side_of(r) for r in records], np.uint8)
    path = folder / f'{kind}-dev.npz'
    np.savez(path, kind=np.array(kind), train_tokens=tokens, train_answers=answers, train_size=sizes)
    return path


def first_update(config: Config, device: str) -> dict[str, Tensor]:
    """On the CPU: the loss of a run's first update, and the gradient of every weight."""
    trainer = Trainer(config, device)
    loss = torch.tensor(trainer.one_update()['loss'])
    gradients = {name: p.grad.cpu() for name, p in trainer.model.named_parameters() if p.grad is not None}
    return {'loss': loss, **gradients}


def apart(one: dict[str, Tensor], other: dict[str, Tensor]) -> dict[str, float]:
    """|a - b| / |b| of each, by norms; infinite where either is no number. Gradients that are 0 but for rounding have no size
    of their own: theirs is the least that counts, a thousandth of the largest.
    """
    sizes = {name: value.norm().item() for name, value in other.items()}
    least = max(sizes.values()) / 1000
    shares = {name: (one[name] - value).norm().item() / max(sizes[name], least) for name, value in other.items()}
    return {name: math.inf if math.isnan(share) else share for name, share in shares.items()}


def samples_per_second(config: Config, device: str, seconds: float) -> float:
    """Of updates after the first ones, in which PyTorch compiles."""
    trainer = Trainer(config, device)
    for _ in range(3):
        trainer.one_update()
    started, before = time.monotonic(), trainer.update
    while time.monotonic() - started < seconds:
        trainer.one_update()
    return (trainer.update - before) * config.batch / (time.monotonic() - started)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('kind', choices=KINDS)
    parser.add_argument('--init', default='', help='a checkpoint or model file to start from; default: random weights')
    parser.add_argument('--batch', type=int, default=1024, help='of the timed updates')
    parser.add_argument('--seconds', type=float, default=10, help='of timed updates')
    parser.add_argument('--no-compile', action='store_true', help='time without compiling, which needs a C compiler')
    args = parser.parse_args()
    if not there_is_cuda():
        raise ValueError('PyTorch finds no CUDA device')
    with tempfile.TemporaryDirectory() as folder:
        data = [str(dev_set(args.kind, Path(folder)))]
        plain = Config(kind=args.kind, data=data, init=args.init, batch=64, dtype='float32', compile=False, clip=UNCLIPPED)
        found = apart(first_update(plain, 'cuda'), first_update(plain, 'cpu'))
        worst = max(found, key=lambda name: found[name])
        same = found[worst] <= TOLERANCE
        said = {'kind': args.kind, 'same': same, 'loss': found['loss'], 'worst': worst, 'apart': found[worst]}
        print(json.dumps(said), flush=True)  # before the compiler's minute
        timed = Config(kind=args.kind, data=data, init=args.init, batch=args.batch, compile=not args.no_compile)
        print(json.dumps({'samples_per_s': round(samples_per_second(timed, 'cuda', args.seconds))}))
    sys.exit(int(not same))


if __name__ == '__main__':
    run_command(main)
