"""Dense TRM weights to and from safetensors, with the config that `ptrm` reads from the metadata key `ptrm`."""

import json
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from .layers import AttentionBlock, DenseTrm, MlpBlock

PLAN_FIELDS = ('rollouts', 'steps', 'sigma', 'noiseTarget')  # of the plan that a model recommends

_CHANNEL_NAMES = {'channel_gate_up': 'mlp.gate_up_proj', 'channel_down': 'mlp.down_proj'}
_BLOCK_NAMES = {
    MlpBlock: {'token_gate_up': 'mlp_t.gate_up_proj', 'token_down': 'mlp_t.down_proj', **_CHANNEL_NAMES},
    AttentionBlock: {'qkv': 'self_attn.qkv_proj', 'out': 'self_attn.o_proj', **_CHANNEL_NAMES},
}


def _opened(path: Path | str) -> Any:
    try:
        return safe_open(str(path), 'pt')
    except SafetensorError as error:
        raise ValueError(f'{path}: no safetensors file: {error}') from error


def read_dense(path: Path | str) -> tuple[DenseTrm, dict]:
    """Weights (widened to f32) and config of a model file. ValueError for a file that is none."""
    with _opened(path) as file:
        config = json.loads((file.metadata() or {}).get('ptrm', 'null'))
        if config is None:
            raise ValueError(f'{path}: no model file of ptrm: its metadata has no key "ptrm"')
        names = file.keys()
        w = {name: file.get_tensor(name).float() for name in names}
    d = config['hidden_size']
    block = MlpBlock if config['mlp_t'] else AttentionBlock
    extra = {} if config['mlp_t'] else {'heads': config['num_heads'], 'theta': config['rope_theta']}
    blocks = [
        block(**{field: w[f'L_level.layers.{i}.{name}.weight'] for field, name in _BLOCK_NAMES[block].items()}, **extra)
        for i in range(config['L_layers'])
    ]
    return DenseTrm(
        embedding=w['embed_tokens.embedding_weight'],
        prefix=w['puzzle_emb.weights'].view(-1, d),
        h_init=w['H_init'].view(-1),
        l_init=w['L_init'].view(-1),
        blocks=blocks,
        lm_head=w['lm_head.weight'],
        q_weight=w['q_head.weight'][:1],
        q_bias=w['q_head.bias'][:1],
    ), config


def write_dense(path: Path | str, trm: DenseTrm, config: dict, dtype: torch.dtype = torch.float16) -> int:
    """Writes a model file under the official tensor names; returns how many weights it has."""
    d = trm.embedding.shape[1]
    w = {
        'H_init': trm.h_init,
        'L_init': trm.l_init,
        'embed_tokens.embedding_weight': trm.embedding,
        'puzzle_emb.weights': trm.prefix.reshape(1, -1),
        'lm_head.weight': trm.lm_head,
        # The official head has two outputs, halt and continue; the second is not trained here.
        'q_head.weight': torch.cat([trm.q_weight, torch.zeros_like(trm.q_weight)]),
        'q_head.bias': torch.cat([trm.q_bias, torch.zeros_like(trm.q_bias)]),
    }
    for i, block in enumerate(trm.blocks):
        for field, name in _BLOCK_NAMES[type(block)].items():
            w[f'L_level.layers.{i}.{name}.weight'] = getattr(block, field)
    assert d == config['hidden_size']
    save_file({k: v.detach().to(dtype).contiguous() for k, v in w.items()}, str(path), {'ptrm': json.dumps(config)})
    return sum(v.numel() for v in w.values())
