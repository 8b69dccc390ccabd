"""Checkpoints of a run: everything that its continuation needs to be the same as if it had never stopped."""

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
