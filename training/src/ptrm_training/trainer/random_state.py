"""The random streams of a run, as a checkpoint holds them: PyTorch's on the CPU and the GPU, and NumPy's."""

import json
from typing import Any

import numpy as np
import torch


def random_state(rng: np.random.Generator, device: torch.device) -> dict[str, Any]:
    on_cuda = device.type == 'cuda'
    return {
        'torch_rng': torch.get_rng_state(),
        'cuda_rng': torch.cuda.get_rng_state() if on_cuda else torch.empty(0, dtype=torch.uint8),
        'numpy_rng': json.dumps(rng.bit_generator.state),
    }


def set_random_state(state: dict[str, Any], rng: np.random.Generator, device: torch.device) -> None:
    torch.set_rng_state(state['torch_rng'])
    if device.type == 'cuda' and len(state.get('cuda_rng', [])):
        torch.cuda.set_rng_state(state['cuda_rng'])
    rng.bit_generator.state = json.loads(state['numpy_rng'])
