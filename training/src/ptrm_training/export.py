"""Writes a run's EMA weights as a model file: `python -m ptrm_training.export RUN/checkpoint.pt model.safetensors`.

A tied model's file holds its free weights (`ptrm-model/2`); with `--dense ROWSxCOLUMNS`, and where nothing is tied, the plain
TRM for one size of board under the official tensor names (`ptrm-model/1`).
"""

import argparse
import json
import re
from pathlib import Path

import torch

from .checkpoint import load_checkpoint
from .command import run_command
from .dense_io import write_dense
from .kinds import averaged_model, kind_named
from .layers import RMS_EPS, AttentionBlock, DenseTrm, MlpBlock
from .loaded import Board
from .model_file import DENSE, PLAN_FIELDS, TIED
from .tied_io import write_tied
from .tied_trm import TiedTrm

MIX_OF_MLPS = {'num_heads': 0, 'pos_encodings': 'none', 'mlp_t': True}


def config_of(model: TiedTrm, trm: DenseTrm, training: dict, plan: dict, board: Board | None = None) -> dict:
    """Of the model written out for a board; None: that of its kind."""
    side = kind_named(model.kind).side
    rows, columns = board or (side, side)
    shape = {} if rows == columns else {'least_board': [rows, columns]}
    return {'format': DENSE, **_config(model, training, plan, {'seq_len': rows * columns}, _mix_of(trm.blocks[0])), **shape}


def tied_config_of(model: TiedTrm, training: dict, plan: dict, least_board: Board | None = None) -> dict:
    """Of the model's free weights. least_board: smaller boards are put at the top left of one of this size."""
    length = {} if model.any_size else {'seq_len': model.seq_len}
    least = {'least_board': list(least_board)} if least_board else {}
    return {'format': TIED, **_config(model, training, plan, length, MIX_OF_MLPS), 'tie': model.tie(), **least}


def _config(model: TiedTrm, training: dict, plan: dict, length: dict, mix: dict) -> dict:
    unknown = set(plan) - set(PLAN_FIELDS)
    if unknown:
        raise ValueError(f'unknown plan fields {sorted(unknown)}; known: {", ".join(PLAN_FIELDS)}')
    return {
        'kind': model.kind,
        'vocab_size': model.vocab_size,
        **length,
        'puzzle_emb_len': model.prefix_len,
        'puzzle_emb_ndim': model.prefix_len * model.d,
        'num_puzzle_identifiers': 1,
        'hidden_size': model.d,
        **mix,
        'L_layers': model.layers,
        'H_cycles': training['h_cycles'],
        'L_cycles': training['l_cycles'],
        'rms_norm_eps': RMS_EPS,
        'tokens': model.token_text,
        'answer_tokens': list(model.answer_tokens),
        'recommended': plan,
    }


def _mix_of(block: MlpBlock | AttentionBlock) -> dict:
    """The fields that say how a model mixes its rows."""
    if isinstance(block, MlpBlock):
        return MIX_OF_MLPS
    return {'num_heads': block.heads, 'pos_encodings': 'rope', 'rope_theta': block.theta, 'mlp_t': False}


def export(
    checkpoint: Path,
    out: Path,
    plan: dict,
    dtype: torch.dtype = torch.float16,
    dense: Board | None = None,
    least_board: Board | None = None,
) -> int:
    """Returns the number of weights written: the free ones unless there is a board to write out for, or nothing is tied."""
    state = load_checkpoint(checkpoint)
    model, training = averaged_model(state), state['config']
    if dense is None and model.tie_name:
        return write_tied(out, model, tied_config_of(model, training, plan, least_board), dtype)
    if least_board:
        raise ValueError('a least board is of free weights: dense ones are for one size of board')
    with torch.no_grad():
        trm = model.dense(*dense) if dense else model.dense()
    return write_dense(out, trm, config_of(model, trm, training, plan, dense), dtype)


def board_of(text: str) -> Board:
    """Rows and columns as `10x12`. ValueError for another text."""
    found = re.fullmatch(r'([1-9]\d{0,2})x([1-9]\d{0,2})', text)
    if not found:
        raise ValueError(f'{text!r} is no size of a board; wanted ROWSxCOLUMNS, as 10x10')
    return int(found[1]), int(found[2])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('checkpoint', type=Path)
    parser.add_argument('out', type=Path)
    parser.add_argument('--plan', type=json.loads, default={}, help='recommended plan as JSON')
    parser.add_argument('--f32', action='store_true', help='full width instead of f16')
    parser.add_argument('--dense', metavar='ROWSxCOLUMNS', help='the plain TRM for this size of board')
    parser.add_argument('--least-board', metavar='ROWSxCOLUMNS', help='smaller boards are padded to this size')
    args = parser.parse_args()
    dense, least = (text and board_of(text) for text in (args.dense, args.least_board))
    count = export(args.checkpoint, args.out, args.plan, torch.float32 if args.f32 else torch.float16, dense, least)
    print(f'{args.out}: {count} weights')


if __name__ == '__main__':
    run_command(main)
