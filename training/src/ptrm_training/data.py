"""Puzzle sets as tensors, and the stream of training samples drawn from them."""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from .kinds.record import Kind


@dataclass
class PuzzleSet:
    """tokens and answers uint8 [n, variants, side^2], each puzzle at the top left; an answer of 0: nothing to answer."""

    tokens: np.ndarray
    answers: np.ndarray
    size: np.ndarray  # [n] longer side of a puzzle's board

    def __len__(self) -> int:
        return len(self.tokens)

    @property
    def side(self) -> int:
        """Of the board on which all lie."""
        return math.isqrt(self.tokens.shape[-1])

    def only(self, keep: np.ndarray) -> 'PuzzleSet':
        """The puzzles where keep [n] is true."""
        return PuzzleSet(self.tokens[keep], self.answers[keep], self.size[keep])


def load_set(path: Path | str, split: str, kind: Kind) -> PuzzleSet:
    """A split of an npz. ValueError where it is not there, or the puzzles are of another kind: tokens alone hardly tell."""
    with np.load(path) as file:
        found = str(file['kind']) if 'kind' in file else kind.name  # sets made before the kind was in them
        if found != kind.name:
            raise ValueError(f'{path}: holds puzzles of {found}, not of {kind.name}')
        missing = [k for k in (f'{split}_tokens', f'{split}_answers', f'{split}_size') if k not in file]
        if missing:
            raise ValueError(f'{path}: no {", ".join(missing)}; found {", ".join(file.keys())}')
        tokens, answers = file[f'{split}_tokens'], file[f'{split}_answers']
        if tokens.max(initial=0) >= kind.vocab_size or answers.max(initial=0) > kind.answer_tokens[-1]:
            raise ValueError(f'{path}: holds tokens that {kind.name} has not: its puzzles are of another kind')
        return PuzzleSet(tokens, answers, file[f'{split}_size'])


def placed(set_: PuzzleSet, side: int) -> PuzzleSet:
    """The puzzles that fit a side x side board, at the top left of such a board."""
    board = set_.side
    if side == board:
        return set_
    fits = set_.only(set_.size <= side)
    shared = min(side, board)

    def laid(grids: np.ndarray) -> np.ndarray:
        """[n, variants, board^2] as [n, variants, side^2]."""
        out = np.zeros((*grids.shape[:2], side, side), np.uint8)
        out[..., :shared, :shared] = grids.reshape(*grids.shape[:2], board, board)[..., :shared, :shared]
        return out.reshape(*grids.shape[:2], side * side)

    return PuzzleSet(laid(fits.tokens), laid(fits.answers), fits.size)


def by_side(sets: list[PuzzleSet], weights: list[float], shares: dict[int, float]) -> tuple[list[PuzzleSet], list[float]]:
    """The sets parted by the boards' sides, with weights that draw the sides as `shares` says; other sides are left out."""
    parts, drawn = [], []
    for set_, weight in zip(sets, weights, strict=True):
        for side, share in shares.items():
            keep = set_.size == side
            if not keep.any():
                raise ValueError(f'a training set has no board of side {side}; it has {np.unique(set_.size).tolist()}')
            parts.append(set_.only(keep))
            drawn.append(weight * share)
    return parts, drawn


class Mixture:
    """Draws samples from several sets with given weights, with a random part of some solutions revealed."""

    def __init__(self, sets: list[PuzzleSet], weights: list[float], reveal: float, most_revealed: float = 0.6):
        if any(len(s) == 0 for s in sets):
            raise ValueError('a training set is empty')
        self.sets, self.reveal, self.most_revealed = sets, reveal, most_revealed
        self.weights = np.array(weights) / np.sum(weights)

    def sample(self, n: int, rng: np.random.Generator) -> tuple[Tensor, Tensor, Tensor]:
        """tokens, revealed answers (0 = hidden), answers: int64 [n, L]."""
        drawn_tokens, drawn_answers = [], []
        for set_, count in zip(self.sets, rng.multinomial(n, self.weights), strict=True):
            puzzle = rng.integers(len(set_), size=count)
            variant = rng.integers(set_.tokens.shape[1], size=count)
            drawn_tokens.append(set_.tokens[puzzle, variant])
            drawn_answers.append(set_.answers[puzzle, variant])
        tokens, answers = np.concatenate(drawn_tokens), np.concatenate(drawn_answers)
        shown = rng.random((n, 1)) < self.reveal
        share = rng.random((n, 1)) * self.most_revealed
        revealed = np.where(shown & (rng.random(answers.shape) < share), answers, 0)
        as_tensor = lambda a: torch.from_numpy(a.astype(np.int64))
        return as_tensor(tokens), as_tensor(revealed), as_tensor(answers)
