"""Trains a tied TRM: `python -m ptrm_training.train configs/KIND.toml`. Resumes where it stopped, bit for bit.

One deep recursion step a sample and update; the state is carried (detached) to the next step until the Q head halts it or
16 steps are done. Loss: cross-entropy of the answer cells + 0.5 BCE of q against "all cells right".
"""

import argparse
from pathlib import Path

import torch

from .checkpoint import load_checkpoint
from .command import run_command
from .trainer.read_config import read_config
from .trainer.run import run
from .trainer.trainer import Trainer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('config', type=Path)
    parser.add_argument('set', nargs='*', help='overrides, such as updates=100')
    parser.add_argument('--out', type=Path, required=True, help='folder of the run; resumed if it has a checkpoint')
    parser.add_argument('--log-every', type=float, default=30, help='seconds')
    parser.add_argument('--checkpoint-every', type=float, default=300, help='seconds')
    parser.add_argument('--slim', action='store_true', help='checkpoints without the batch in flight: small, not bit for bit')
    args = parser.parse_args()
    config = read_config(args.config, args.set)
    torch.set_num_threads(config.threads)
    trainer = Trainer(config)
    checkpoint = args.out / 'checkpoint.pt'
    if checkpoint.exists():
        goes_on = trainer.load_state(load_checkpoint(checkpoint))
        print(f'resumed at update {trainer.update}{"" if goes_on else ", with a fresh batch"}', flush=True)
    run(trainer, args.out, args.log_every, args.checkpoint_every, args.slim)


if __name__ == '__main__':
    run_command(main)
