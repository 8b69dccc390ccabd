"""The file of a model: safetensors with the config that `ptrm` reads as JSON under the metadata key `ptrm`.

Both formats have the ends of a TRM (embedding, states, heads) under the official names; blocks are those of `dense_io.py`
(`ptrm-model/1`) or of `tied_io.py` (`ptrm-model/2`).
"""

import json
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from .layers import DenseTrm
from .whole_file import beside

PLAN_FIELDS = ('rollouts', 'steps', 'sigma', 'noiseTarget')  # of the plan that a model recommends
DENSE, TIED = 'ptrm-model/1', 'ptrm-model/2'


def _opened(path: Path | str) -> Any:
    try:
        return safe_open(str(path), 'pt')
    except SafetensorError as error:
        raise ValueError(f'{path}: no safetensors file: {error}') from error


def read_file(path: Path | str) -> tuple[dict[str, Tensor], dict]:
    """Weights by name (widened to f32) and config of a model file. ValueError for a file that is none."""
    with _opened(path) as file:
        config = json.loads((file.metadata() or {}).get('ptrm', 'null'))
        if config is None:
            raise ValueError(f'{path}: no model file of ptrm: its metadata has no key "ptrm"')
        if (found := config.get('format', DENSE)) not in (DENSE, TIED):
            raise ValueError(f'{path}: format: found {found!r}, wanted {DENSE} or {TIED}')
        names = file.keys()
        return {name: file.get_tensor(name).float() for name in names}, config


def write_file(path: Path | str, weights: dict[str, Tensor], config: dict, dtype: torch.dtype) -> int:
    """Returns how many weights the file has."""
    tensors = {k: v.detach().to(dtype).contiguous() for k, v in weights.items()}
    # Written here, as safetensors' own writer leaves a file that nobody but its owner can read. Whole or not at all.
    with beside(Path(path)) as unfinished:
        unfinished.write_bytes(save(tensors, {'ptrm': json.dumps(config)}))
    return sum(v.numel() for v in weights.values())


def ends_to_file(trm: DenseTrm) -> dict[str, Tensor]:
    return {
        'H_init': trm.h_init,
        'L_init': trm.l_init,
        'embed_tokens.embedding_weight': trm.embedding,
        'puzzle_emb.weights': trm.prefix.reshape(1, -1),
        'lm_head.weight': trm.lm_head,
        # The official head has two outputs, halt and continue; the second is not trained here.
        'q_head.weight': torch.cat([trm.q_weight, torch.zeros_like(trm.q_weight)]),
        'q_head.bias': torch.cat([trm.q_bias, torch.zeros_like(trm.q_bias)]),
    }


def ends_from_file(w: dict[str, Tensor]) -> DenseTrm:
    """Without blocks."""
    d = w['H_init'].numel()
    return DenseTrm(
        embedding=w['embed_tokens.embedding_weight'],
        prefix=w['puzzle_emb.weights'].view(-1, d),
        h_init=w['H_init'].view(-1),
        l_init=w['L_init'].view(-1),
        blocks=[],
        lm_head=w['lm_head.weight'],
        q_weight=w['q_head.weight'][:1],
        q_bias=w['q_head.bias'][:1],
    )
