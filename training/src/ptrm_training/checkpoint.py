"""Checkpoints of a run: everything that its continuation needs to be the same as if it had never stopped.

`python -m ptrm_training.checkpoint RUN/checkpoint.pt SLIM.pt` leaves out the batch in flight, most of the bytes: a run goes
on from the slim one with a fresh batch. With `--averages` nothing but the configuration and the averaged weights is left, a
quarter of that: other runs start from it (`init`), this one does not go on.
"""

import argparse
import os
import pickle
from pathlib import Path

import torch

from .command import run_command


def save_checkpoint(path: Path, state: dict) -> None:
    """Writes beside the old file and renames, so that a stop in between loses nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix('.draft')
    torch.save(state, draft)
    with open(draft, 'rb') as file:
        os.fsync(file.fileno())
    draft.replace(path)


def slim(state: dict) -> dict:
    """Without the batch in flight, most of the bytes."""
    return {name: value for name, value in state.items() if name != 'batch'}


def averages(state: dict) -> dict:
    """The configuration and the averaged weights alone."""
    return {name: state[name] for name in ('config', 'ema', 'update')}


def load_checkpoint(path: Path) -> dict:
    """A run's state on the CPU. ValueError for a file that is none; runs no code of it."""
    try:
        state = torch.load(path, map_location='cpu', weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError) as error:
        raise ValueError(f'{path}: no checkpoint of a training run') from error
    if not isinstance(state, dict) or not {'config', 'ema'} <= state.keys():
        raise ValueError(f'{path}: no checkpoint of a training run: it has no config and averaged weights')
    return state


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('checkpoint', type=Path)
    parser.add_argument('slim', type=Path)
    parser.add_argument('--averages', action='store_true', help='the configuration and the averaged weights alone')
    args = parser.parse_args()
    state = slim(load_checkpoint(args.checkpoint))
    if args.averages:
        state = averages(state)
    save_checkpoint(args.slim, state)
    print(f'{args.slim}: update {state["update"]}, {args.slim.stat().st_size} bytes')


if __name__ == '__main__':
    run_command(main)
