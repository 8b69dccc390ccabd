"""The tied model of each puzzle kind, by name or out of a checkpoint."""

from torch import nn

from .attention_trm import AttentionTrm
from .board_trm import BoardTrm
from .sudoku_trm import SudokuTrm

# vocab_size and how many answer tokens: the vocabularies of docs/kinds.md.
PENCIL_KINDS = {
    'lightup': (10, 2),
    'shakashaka': (13, 5),
    'nurikabe': (64, 2),
    'tapa': (46, 2),
    'heyawake': (243, 2),
}
KINDS = ('sudoku', *PENCIL_KINDS)


def make_model(kind: str, sizes: dict | None = None) -> nn.Module:
    """A fresh model; sizes that have `heads` are those of a pencil model with attention."""
    sizes = sizes or {}
    if kind == 'sudoku':
        return SudokuTrm(**sizes)
    if kind not in PENCIL_KINDS:
        raise ValueError(f'no kind {kind!r}; known: {", ".join(KINDS)}')
    vocab_size, answers = PENCIL_KINDS[kind]
    model = AttentionTrm if 'heads' in sizes else BoardTrm
    return model(kind, vocab_size, answers, **sizes)


def averaged_model(state: dict) -> nn.Module:
    """The tied model of a checkpoint's `state` with its EMA weights: what is judged and shipped."""
    model = make_model(state['config']['kind'], state['config']['sizes'])
    model.load_state_dict(state['ema'])
    return model
