"""The registry: every puzzle kind by its name. A kind is a folder here and a line in NAMES."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ..command import nearest
from ..generate.files import Record
from .record import Kind

if TYPE_CHECKING:
    from ..tied_trm import TiedTrm

NAMES = (
    'sudoku',
    'lightup',
    'shakashaka',
    'nurikabe',
    'tapa',
    'heyawake',
)
KINDS: dict[str, Kind] = {name: import_module(f'{__name__}.{name}').KIND for name in NAMES}
UNTYPED = 'sudoku'  # what a record is that says no type: a row of a CSV file


def kind_named(name: str) -> Kind:
    """ValueError for a name that no kind has."""
    if name not in KINDS:
        raise ValueError(f'no kind {name!r}{nearest(name, KINDS)}; known: {", ".join(KINDS)}')
    return KINDS[name]


def kind_of(record: Record) -> Kind:
    return kind_named(record.get('type', UNTYPED))


def make_model(name: str, sizes: dict[str, Any] | None = None) -> 'TiedTrm':
    """A fresh model of a kind; ValueError for sizes that it doesn't have."""
    from ..tied_trm import check_sizes

    kind, sizes = kind_named(name), sizes or {}
    model = kind.model(sizes)
    check_sizes(model, sizes)
    made = model(kind, **sizes)
    made.sizes = sizes
    return made


def averaged_model(state: dict[str, Any]) -> 'TiedTrm':
    """The tied model of a checkpoint's `state` with its EMA weights: what is judged and shipped."""
    model = make_model(state['config']['kind'], state['config']['sizes'])
    model.load_state_dict(state['ema'])
    return model
