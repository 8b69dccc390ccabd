"""Checkpoints of a run: everything that its continuation needs to be the same as if it had never stopped.

`python -m ptrm_training.checkpoint RUN/checkpoint.pt SLIM.pt` leaves out the batch in flight, most of the bytes: a run goes
on from the slim one with a fresh batch.
"""

import argparse
import os
from pathlib import Path

import torch


def save_checkpoint(path: Path, state: dict) -> None:
    """Writes beside the old file and renames, so that a stop in between loses nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix('.draft')
    torch.save(state, draft)
    with open(draft, 'rb') as file:
        os.fsync(file.fileno())
    draft.replace(path)


def load_checkpoint(path: Path) -> dict:
    return torch.load(path, map_location='cpu', weights_only=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('checkpoint', type=Path)
    parser.add_argument('slim', type=Path)
    args = parser.parse_args()
    state = load_checkpoint(args.checkpoint)
    state.pop('batch', None)
    save_checkpoint(args.slim, state)
    print(f'{args.slim}: update {state["update"]}, {args.slim.stat().st_size} bytes')


if __name__ == '__main__':
    main()
