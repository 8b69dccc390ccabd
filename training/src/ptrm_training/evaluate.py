"""Figures of a model in PyTorch: plain TRM, and K noisy rollouts with pass@K, best-Q@K, mode@K. No rules are used.

`python -m ptrm_training.evaluate MODEL --data FILE [--split test] --rollouts K --steps D --sigma S [S ...]`, where MODEL is a
checkpoint (its EMA weights) or a model.safetensors, and FILE an npz of the trainer, a CSV with puzzle and solution, or JSON
lines as in testsets/ or with `puzzle_url` and `solution`. Boards are run in their own size where the model takes any. Runs on
CUDA where there is one.
`reached` counts the puzzles whose solution some rollout held after some step: what a check by the rules would find
(`verified@K` of `ptrm eval`), as each puzzle has one solution. `best_step` takes, of all rollouts and steps, the answer with
the largest q: of one rollout, the step that it believes most in place of its last.
"""

import argparse
import hashlib
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from .boards import Boards, load_puzzles
from .command import count, not_negative, run_command
from .figures import figures, mode_of
from .kinds import KINDS
from .layers import recursion_step
from .loaded import Loaded, load_model
from .model_file import PLAN_FIELDS


def rollout_states(
    loaded: Loaded, boards: Boards, steps: int, sigma: float, target: str, dtype: torch.dtype
) -> Iterator[tuple[np.ndarray, Tensor]]:
    """One noisy rollout a board; yields after every step the answers [n, cells] and z_h [n, prefix + cells, d]."""
    trm = loaded.ends
    device = trm.embedding.device
    with torch.no_grad():
        net = loaded.network(loaded.grids(boards.tokens, boards.rows, boards.columns))
    x = trm.embed(torch.from_numpy(boards.tokens.astype(np.int64)).to(device)).to(dtype)
    z_h = trm.h_init.to(dtype).expand_as(x)
    z_l = trm.l_init.to(dtype).expand_as(x)
    head = trm.lm_head[loaded.answer_tokens]
    first = loaded.answer_tokens[0]
    prefix = trm.prefix.shape[0]
    for _ in range(steps):
        if sigma > 0 and target in ('zL', 'both'):
            z_l = z_l + sigma * torch.randn(z_l.shape, dtype=dtype, device=device)
        if sigma > 0 and target in ('zH', 'both'):
            z_h = z_h + sigma * torch.randn(z_h.shape, dtype=dtype, device=device)
        with torch.no_grad():
            z_h, z_l = recursion_step(net, x, z_h, z_l, loaded.h_cycles, loaded.l_cycles)
            answers = F.linear(z_h[:, prefix:].float(), head).argmax(-1) + first
        yield answers.to(torch.uint8).cpu().numpy(), z_h


def rollouts(
    loaded: Loaded, boards: Boards, steps: int, sigma: float, target: str, dtype: torch.dtype
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The same, but q [n] in place of the states."""
    trm = loaded.ends
    for answers, z_h in rollout_states(loaded, boards, steps, sigma, target, dtype):
        yield answers, F.linear(z_h[:, 0].float(), trm.q_weight, trm.q_bias)[:, 0].detach().cpu().numpy()


@dataclass
class Outcome:
    """What K rollouts of each of n puzzles came to."""

    right: np.ndarray  # bool [n, K], at the end
    reached: np.ndarray  # bool [n, K], after some step
    q: np.ndarray  # [n, K], at the end
    mode: np.ndarray  # [n]: a rollout that holds the commonest answer
    best_step: np.ndarray  # bool [n]: whether the answer with the largest q of all rollouts and steps is right


def evaluate(
    loaded: Loaded,
    boards: Sequence[Boards],
    k: int,
    steps: int,
    sigma: float,
    target: str = 'zL',
    chunk: int | None = None,
    dtype: torch.dtype = torch.float32,
    progress: bool = False,
) -> dict:
    """Figures over boards of all sizes. chunk: as `outcome` takes it."""
    found = [outcome(loaded, of_size, k, (steps, sigma, target, dtype), chunk, progress) for of_size in boards]
    joined = lambda name: np.concatenate([getattr(of_size, name) for of_size in found])
    return figures(joined('right'), joined('reached'), joined('q'), joined('mode'), joined('best_step'))


def outcome(loaded: Loaded, boards: Boards, k: int, plan: tuple, chunk: int | None = None, progress: bool = False) -> Outcome:
    """plan: as `rollouts` takes it. chunk: how many rollouts at a time; None: 64, or 4,096 on CUDA."""
    chunk = chunk or (4096 if loaded.ends.embedding.device.type == 'cuda' else 64)
    answers, n = boards.answers, len(boards)
    asked = answers > 0
    repeat = np.repeat(np.arange(n), k)
    right, reached = np.zeros(n * k, bool), np.zeros(n * k, bool)
    q = np.zeros(n * k, np.float32)
    largest, right_there = np.full(n * k, -np.inf, np.float32), np.zeros(n * k, bool)  # q over the steps, and right at it
    said = np.zeros((n * k, answers.shape[1]), np.uint8)
    told = time.monotonic()
    for start in range(0, n * k, chunk):
        if progress and time.monotonic() - told > 10:
            print(f'{boards.rows}x{boards.columns}: {start}/{n * k} rollouts', file=sys.stderr, flush=True)
            told = time.monotonic()
        rows = repeat[start : start + chunk]
        here = slice(start, start + chunk)
        for found, halt in rollouts(loaded, boards.at(rows), *plan):  # what the last step says stays
            said[here] = np.where(asked[rows], found, 0)
            right[here] = (said[here] == answers[rows]).all(1)
            reached[here] |= right[here]
            q[here] = halt
            right_there[here] = np.where(halt > largest[here], right[here], right_there[here])
            largest[here] = np.maximum(largest[here], halt)
    of_puzzles = lambda flat: flat.reshape(n, k, *flat.shape[1:])
    best_step = of_puzzles(right_there)[np.arange(n), of_puzzles(largest).argmax(1)]
    return Outcome(of_puzzles(right), of_puzzles(reached), of_puzzles(q), mode_of(of_puzzles(said)), best_step)


def found_device() -> tuple[str, str]:
    """CUDA where there is one, else the CPU; and its name."""
    return ('cuda', torch.cuda.get_device_name()) if torch.cuda.is_available() else ('cpu', 'cpu')


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('model', type=Path)
    parser.add_argument('--data', type=Path, required=True)
    parser.add_argument('--split', default='dev', help='of an npz')
    parser.add_argument('--source', help='only rows or records whose source starts so')
    parser.add_argument('--count', type=count, default=500)
    parser.add_argument('--recommended', action='store_true', help='K, D, sigma and target as the model file says')
    parser.add_argument('--rollouts', type=count, default=1)
    parser.add_argument('--steps', type=count, default=16)
    parser.add_argument('--sigma', type=not_negative, nargs='+', default=[0.0], help='several: one line of figures each')
    parser.add_argument('--noise-target', choices=('zL', 'zH', 'both'), default='zL')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--threads', type=count, default=1)
    parser.add_argument('--size', type=int, help='only boards whose longer side this is')
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    device, device_name = found_device()
    loaded = load_model(args.model, device)
    if args.recommended:
        if loaded.plan.keys() != set(PLAN_FIELDS):
            raise ValueError(f'{args.model}: recommends no whole plan, only {loaded.plan}')
        args.rollouts, args.steps, sigma, args.noise_target = (loaded.plan[field] for field in PLAN_FIELDS)
        args.sigma = [sigma]
    size = args.size if KINDS[loaded.kind].smaller_boards else None
    boards = load_puzzles(args.data, loaded.kind, loaded.place, args.split, args.source, size, args.count)
    model = {'model': str(args.model), 'sha256': hashlib.sha256(args.model.read_bytes()).hexdigest(), 'device': device_name}
    for sigma in args.sigma:
        torch.manual_seed(args.seed)
        plan = {'K': args.rollouts, 'D': args.steps, 'sigma': sigma, 'noise_target': args.noise_target}
        result = evaluate(loaded, boards, args.rollouts, args.steps, sigma, args.noise_target, progress=True)
        asked = {'data': args.data.name, 'source': args.source, 'seed': args.seed}
        print(json.dumps({**model, **asked, **plan, **result}), flush=True)


if __name__ == '__main__':
    run_command(main)
