"""What trainer, evaluation and export ask of a model whose weights are tied by its puzzle's symmetries."""

import inspect
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from torch import Tensor, nn

from .command import nearest
from .grids import Grids
from .layers import DenseTrm, Net

if TYPE_CHECKING:
    from .kinds.record import Kind


class TiedTrm(nn.Module, ABC):
    """The whole model of one kind, on its free weights. Not a TRM to run by itself: `ends` and `network` are its parts.

    Subclasses take the kind, then sizes by name, each with a default and annotated `int` or `float`.
    """

    token_text: str  # what tokens mean, for the model file
    prefix_len: int
    d: int
    layers: int
    sizes: Mapping[str, Any]  # those that it was made with
    any_size = False  # whether boards of all sizes are run as such
    tie_name: str | None = None  # as a model file names it; None: the dense weights are the free ones

    def __init__(self, kind: 'Kind', **sizes: Any):
        super().__init__()
        self.kind, self.vocab_size, self.seq_len = kind.name, kind.vocab_size, kind.side**2
        self.answer_tokens = kind.answer_tokens
        self.sizes = {}

    @abstractmethod
    def ends(self) -> DenseTrm:
        """Embedding, states and heads as dense weights, without the blocks."""

    @abstractmethod
    def dense(self, rows: int = ..., columns: int = ...) -> DenseTrm:
        """The same model without ties, for one size of board; the kind's own unless said otherwise."""

    @abstractmethod
    def network(self, grids: Grids) -> Net:
        """The network on a batch of boards, by the quickest way that the device has."""

    def grids(self, tokens: np.ndarray, rows: int, columns: int, whole: bool = True) -> Grids:
        """The boards in tokens [batch, rows * columns]. Not `whole`: the network ends where a board does."""
        return Grids(rows, columns)

    def tie(self) -> dict[str, Any]:
        """The tie and its sizes, as a model file says them."""
        raise ValueError(f'nothing is tied in this model of {self.kind}: its model file holds dense weights')

    def free_weights(self) -> dict[str, Tensor]:
        """The parameters of the blocks by their names in a model file."""
        raise ValueError(f'nothing is tied in this model of {self.kind}: its model file holds dense weights')

    def tables(self) -> dict[str, Tensor]:
        """What a model file holds beside weights, by name: what the network asks of a token."""
        return {}

    @classmethod
    def sizes_of(cls, config: Mapping[str, Any], weights: Mapping[str, Tensor]) -> dict[str, int]:
        """The sizes of the model that a model file holds."""
        raise ValueError(f'{cls.__name__} is read from a checkpoint, not from free weights')

    def load_ends(self, trm: DenseTrm) -> None:
        """Takes over embedding, states and heads that obey the ties. ValueError where free weights can't be read off them."""
        raise ValueError(f'the free weights of {self.kind} are read from a checkpoint, not from a model file')

    @abstractmethod
    def compile_parts(self) -> None:
        """Has PyTorch compile the blocks, each once: the whole step in one piece takes the compiler ten minutes."""

    def reveal_tokens(self, tokens: Tensor, revealed: Tensor) -> Tensor:
        """The puzzle's tokens [batch, cells] with the revealed answers (0 = hidden), where these are shown as tokens."""
        return tokens

    def reveal_input(self, x: Tensor, revealed: Tensor) -> Tensor:
        """The input [batch, prefix + cells, d] with the revealed answers, where these are shown as vectors."""
        return x

    def load_dense(self, trm: DenseTrm) -> None:
        """Takes over dense weights that obey the ties. ValueError where free weights can't be read off dense ones."""
        raise ValueError(f'the free weights of {self.kind} are read from a checkpoint, not from a model file')


def all_sizes(model: type[TiedTrm], sizes: Mapping[str, Any]) -> dict[str, Any]:
    """The sizes of a model by name, those that are its defaults included."""
    return {name: sizes.get(name, p.default) for name, p in inspect.signature(model).parameters.items() if name != 'kind'}


def check_sizes(model: type[TiedTrm], sizes: Mapping[str, Any]) -> None:
    """ValueError for the first size that the model doesn't have, or that is no positive number of its type."""
    known = {name: p.annotation for name, p in inspect.signature(model).parameters.items() if name != 'kind'}
    for name, value in sizes.items():
        if name not in known:
            raise ValueError(f'sizes: no such size: {name}{nearest(name, known)}; there are {", ".join(known)}')
        numbers = (int,) if known[name] is int else (int, float)
        if isinstance(value, bool) or not isinstance(value, numbers) or not 0 < value < float('inf'):
            wanted = 'a whole number' if known[name] is int else 'a number'
            raise ValueError(f'sizes.{name}: found {value!r}, wanted {wanted} above 0')
