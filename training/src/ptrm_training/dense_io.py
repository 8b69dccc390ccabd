"""Dense TRMs to and from model files (`ptrm-model/1`), under the official tensor names."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from .layers import AttentionBlock, DenseTrm, MlpBlock
from .model_file import DENSE, ends_from_file, ends_to_file, read_file, write_file

_CHANNEL_NAMES = {'channel_gate_up': 'mlp.gate_up_proj', 'channel_down': 'mlp.down_proj'}
_BLOCK_NAMES = {
    MlpBlock: {'token_gate_up': 'mlp_t.gate_up_proj', 'token_down': 'mlp_t.down_proj', **_CHANNEL_NAMES},
    AttentionBlock: {'qkv': 'self_attn.qkv_proj', 'out': 'self_attn.o_proj', **_CHANNEL_NAMES},
}


def read_dense(path: Path | str) -> tuple[DenseTrm, dict]:
    """Weights (widened to f32) and config of a model file. ValueError for a file that is none, or holds free weights."""
    w, config = read_file(path)
    if config.get('format', DENSE) != DENSE:
        raise ValueError(f'{path}: holds the free weights of a tied model ({config["format"]}), no dense ones')
    block = MlpBlock if config['mlp_t'] else AttentionBlock
    extra: dict[str, Any] = {} if config['mlp_t'] else {'heads': config['num_heads'], 'theta': config['rope_theta']}
    blocks = [
        block(**{field: w[f'L_level.layers.{i}.{name}.weight'] for field, name in _BLOCK_NAMES[block].items()} | extra)
        for i in range(config['L_layers'])
    ]
    return replace(ends_from_file(w), blocks=blocks), config


def write_dense(path: Path | str, trm: DenseTrm, config: dict, dtype: torch.dtype = torch.float16) -> int:
    """Returns how many weights the file has."""
    assert trm.embedding.shape[1] == config['hidden_size']
    w = ends_to_file(trm)
    for i, block in enumerate(trm.blocks):
        for field, name in _BLOCK_NAMES[type(block)].items():
            w[f'L_level.layers.{i}.{name}.weight'] = getattr(block, field)
    return write_file(path, w, config, dtype)
