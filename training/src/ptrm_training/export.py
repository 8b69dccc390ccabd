"""Writes a run's EMA weights as a plain TRM: `python -m ptrm_training.export RUN/checkpoint.pt model.safetensors`.

The file holds dense weights under the official tensor names and, under the metadata key `ptrm`, the config that the solver
reads: the kernel sees no ties.
"""

import argparse
import json
from pathlib import Path

import torch

from .checkpoint import load_checkpoint
from .command import run_command
from .dense_io import PLAN_FIELDS, write_dense
from .kinds import averaged_model
from .layers import RMS_EPS, AttentionBlock, DenseTrm, MlpBlock
from .tied_trm import TiedTrm


def config_of(model: TiedTrm, trm: DenseTrm, training: dict, plan: dict) -> dict:
    unknown = set(plan) - set(PLAN_FIELDS)
    if unknown:
        raise ValueError(f'unknown plan fields {sorted(unknown)}; known: {", ".join(PLAN_FIELDS)}')
    return {
        'format': 'ptrm-model/1',
        'kind': model.kind,
        'vocab_size': model.vocab_size,
        'seq_len': model.seq_len,
        'puzzle_emb_len': model.prefix_len,
        'puzzle_emb_ndim': model.prefix_len * model.d,
        'num_puzzle_identifiers': 1,
        'hidden_size': model.d,
        **_mix_of(trm.blocks[0]),
        'L_layers': len(trm.blocks),
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
        return {'num_heads': 0, 'pos_encodings': 'none', 'mlp_t': True}
    return {'num_heads': block.heads, 'pos_encodings': 'rope', 'rope_theta': block.theta, 'mlp_t': False}


def export(checkpoint: Path, out: Path, plan: dict, dtype: torch.dtype = torch.float16) -> int:
    """Returns the number of dense weights."""
    state = load_checkpoint(checkpoint)
    model = averaged_model(state)
    with torch.no_grad():
        trm = model.dense()
    return write_dense(out, trm, config_of(model, trm, state['config'], plan), dtype)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('checkpoint', type=Path)
    parser.add_argument('out', type=Path)
    parser.add_argument('--plan', type=json.loads, default={}, help='recommended plan as JSON')
    parser.add_argument('--f32', action='store_true', help='full width instead of f16')
    args = parser.parse_args()
    count = export(args.checkpoint, args.out, args.plan, torch.float32 if args.f32 else torch.float16)
    print(f'{args.out}: {count} weights')


if __name__ == '__main__':
    run_command(main)
