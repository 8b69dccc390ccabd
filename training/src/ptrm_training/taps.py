"""What a cell of a board sees of others: its neighbours, rays along row and column and, where there are borders, its room."""

import itertools
from functools import cache

import torch
from torch import Tensor

from .grids import WAYS

NEIGHBOURS = list(itertools.product((-1, 0, 1), repeat=2))
TAPS = len(NEIGHBOURS) + len(WAYS)
ROOM_TAPS = TAPS + 2 * len(WAYS) + 1
# With a half, what lies nearest in a ray outweighs all behind it: a sign there says which of two things is seen first.
DECAY = 0.5
# A cell sees its room as a sum over its cells, so that they can be counted; rooms of some ten cells then weigh as much as a ray.
ROOM_SCALE = 0.25


@cache
def tap_matrices(rows: int, columns: int, device: torch.device | str = 'cpu') -> Tensor:
    """[13, cells, cells]: what a cell sees of another through each tap. A ray sees the n-th cell with DECAY^(n - 1)."""
    down, right = _offsets(rows, columns, device)
    near = [((down == r) & (right == c)).float() for r, c in NEIGHBOURS]
    return torch.stack([*near, *_rays(down, right)])


def room_tap_matrices(rooms: Tensor, rows: int, columns: int) -> Tensor:
    """[batch, 9, cells, cells] for rooms [batch, cells]: next cells and rays, each way as far as the room goes; the room."""
    down, right = _offsets(rows, columns, rooms.device)
    same = rooms[:, :, None] == rooms[:, None]
    grids = rooms.unflatten(1, (rows, columns))
    unbroken = torch.zeros_like(same)
    for axis, along in ((2, down == 0), (1, right == 0)):
        # In a row or column, cells between which no room ends have seen as many ends of rooms.
        ends = grids.diff(dim=axis, prepend=grids.narrow(axis, 0, 1)) != 0
        seen = ends.cumsum(axis).flatten(1)
        unbroken |= along & (seen[:, :, None] == seen[:, None])
    near = torch.stack([(down == r) & (right == c) for r, c in WAYS])
    rays = torch.stack(_rays(down, right))
    return torch.cat([same[:, None] & near, unbroken[:, None] * rays, ROOM_SCALE * same[:, None]], 1)


def _offsets(rows: int, columns: int, device: torch.device | str) -> tuple[Tensor, Tensor]:
    """[cells, cells] each: how far below and to the right of a cell another lies."""
    cells = torch.arange(rows * columns, device=device)
    row, column = cells // columns, cells % columns
    return row[None] - row[:, None], column[None] - column[:, None]


def _rays(down: Tensor, right: Tensor) -> list[Tensor]:
    far = []
    for r, c in WAYS:
        along = down * r + right * c
        far.append(((down * c == right * r) & (along > 0)) * DECAY ** (along - 1.0))
    return far
