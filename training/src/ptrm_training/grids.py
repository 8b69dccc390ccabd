"""Where the boards of a batch lie: each at the top left of a grid of cells, with the rooms that borders make of its cells."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

OUTSIDE = -1  # the room of a cell beyond the board
# The next cell to the right, below, to the left, above: the order of rays, and of a token's borders.
WAYS = ((0, 1), (1, 0), (0, -1), (-1, 0))


@dataclass(frozen=True)
class Grids:
    """Boards of `sizes` on grids of rows x columns; a network computes nothing beyond a board, and leaves 0 there."""

    rows: int
    columns: int
    sizes: Tensor | None = None  # int32 [batch, 2], each board's rows and columns; None: all fill their grids
    rooms: Tensor | None = None  # int16 [batch, rows * columns], numbered from 0; None: borders play no part

    @property
    def cells(self) -> int:
        return self.rows * self.columns

    def sizes_of(self, n: int) -> Tensor:
        """int32 [n, 2]: the sizes of n boards, said or not."""
        whole = torch.tensor([[self.rows, self.columns]], dtype=torch.int32)
        return whole.repeat(n, 1) if self.sizes is None else self.sizes

    def inside(self) -> Tensor | None:
        """bool [batch, rows * columns], true on the boards; None where all fill their grids."""
        if self.sizes is None:
            return None
        device = self.sizes.device
        down = torch.arange(self.rows, device=device)[:, None] < self.sizes[:, 0, None, None]
        right = torch.arange(self.columns, device=device) < self.sizes[:, 1, None, None]
        return (down & right).flatten(1)


def sizes_of(tokens: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """int32 [n, 2]: rows and columns of boards in tokens [n, rows * columns], whose token outside is 0."""
    shown = tokens.reshape(-1, rows, columns) != 0
    return np.stack([shown.any(2).sum(1), shown.any(1).sum(1)], 1).astype(np.int32)


def rooms_of(tokens: np.ndarray, borders: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """int16 [n, rows * columns]: the rooms of boards in tokens [n, rows * columns], by each token's borders [vocab, 4].

    A cell is of its neighbour's room where neither has a border between them.
    """
    boards = tokens.reshape(-1, rows, columns)
    outside = boards == 0
    walls = borders.astype(bool)[boards]
    number = np.arange(rows * columns, dtype=np.int16).reshape(rows, columns)
    rooms = np.where(outside, OUTSIDE, np.broadcast_to(number, boards.shape))
    open_right = ~(walls[:, :, :-1, 0] | walls[:, :, 1:, 2] | outside[:, :, :-1] | outside[:, :, 1:])
    open_below = ~(walls[:, :-1, :, 1] | walls[:, 1:, :, 3] | outside[:, :-1] | outside[:, 1:])
    before = None
    while before is None or (rooms != before).any():  # a room takes the least number in it
        before = rooms.copy()
        for one, other, opened in (
            (rooms[:, :, :-1], rooms[:, :, 1:], open_right),
            (rooms[:, :-1], rooms[:, 1:], open_below),
        ):
            # Each minimum by what stands there now: the two views overlap, so that the first write changes the second's cells.
            np.copyto(one, np.minimum(one, other), where=opened)
            np.copyto(other, np.minimum(one, other), where=opened)
    return _renumbered(rooms.reshape(len(boards), -1))


def _renumbered(rooms: np.ndarray) -> np.ndarray:
    """Each board's rooms as 0, 1, 2 and so on; what is outside stays."""
    first = rooms == np.arange(rooms.shape[1])
    order = np.cumsum(first, 1) - 1
    found = np.take_along_axis(order, np.maximum(rooms, 0), 1)
    return np.where(rooms == OUTSIDE, OUTSIDE, found).astype(np.int16)
