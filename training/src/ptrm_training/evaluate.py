"""Figures of a model in PyTorch: plain TRM, and K noisy rollouts with pass@K, best-Q@K, mode@K. No rules are used.

`python -m ptrm_training.evaluate MODEL --data FILE [--split test] --rollouts K --steps D --sigma S [S ...]`, where MODEL is a
checkpoint (its EMA weights) or a model.safetensors, and FILE an npz of the trainer, a CSV with puzzle and solution, or the
JSON lines of testsets/. Runs on CUDA where there is one. `reached` counts the puzzles whose solution some rollout held after
some step: what a check by the rules would find (`verified@K` of `ptrm eval`), as each puzzle has one solution.
"""

import argparse
import csv
import hashlib
import json
import math
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from .checkpoint import load_checkpoint
from .command import run_command
from .data import load_set
from .dense_io import PLAN_FIELDS, read_dense
from .kinds import KINDS, UNTYPED, averaged_model, kind_named
from .layers import DenseTrm, Net, recursion_step
from .puzzles import read_records
from .tied_trm import TiedTrm


@dataclass
class Loaded:
    """A model to evaluate, on plain dense weights."""

    kind: str
    trm: DenseTrm
    net: Net  # trm.net, or the quicker form that a tied model has of it
    answer_tokens: list[int]
    h_cycles: int
    l_cycles: int
    plan: dict = field(default_factory=dict)  # what a model file recommends


def load_model(path: Path, device: str = 'cpu') -> Loaded:
    """A model file, or the EMA weights of a checkpoint, as plain dense weights on a device."""
    if path.suffix == '.safetensors':
        trm, config = read_dense(path)
        trm = trm.to(device)
        cycles = config['H_cycles'], config['L_cycles']
        return Loaded(config['kind'], trm, trm.net, config['answer_tokens'], *cycles, config['recommended'])
    state = load_checkpoint(path)
    return loaded_from(averaged_model(state).to(device), state['config'])


def loaded_from(model: TiedTrm, training: dict) -> Loaded:
    """A tied model as plain dense weights, with what its training config says of its cycles."""
    with torch.no_grad():
        trm, net = model.dense(), model.network(kind_named(model.kind).side)
    return Loaded(training['kind'], trm, net, list(model.answer_tokens), training['h_cycles'], training['l_cycles'])


def load_puzzles(
    path: Path, kind: str, split: str = 'dev', source: str | None = None, size: int | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Tokens and answers, uint8 [n, L]. `split` is that of an npz, `source` how a CSV row's begins; `size` keeps the pencil
    boards of that side alone. Raises ValueError where nothing is left, or the puzzles are not of this kind.
    """
    if path.suffix == '.npz':
        found = load_set(path, split)
        keep = slice(None) if size is None else found.size == size
        tokens, answers = found.tokens[keep, 0], found.answers[keep, 0]
    else:
        records = _records(path, source)
        if any(record.get('type', UNTYPED) != kind for record in records):
            raise ValueError(f"{path}: holds puzzles of another kind than {kind}, the model's")
        of = KINDS[kind]
        pairs = [of.tokens_of(record, 0) for record in records if size is None or of.side_of(record) == size]
        tokens, answers = (np.array([pair[i] for pair in pairs], np.uint8) for i in (0, 1))
    if len(tokens) == 0:
        raise ValueError(f'{path}: no puzzle to evaluate (split {split!r}, source {source!r}, size {size})')
    return tokens, answers


def _records(path: Path, source: str | None) -> list[dict]:
    if path.suffix == '.csv':
        with open(path, newline='') as file:
            return [r for r in csv.DictReader(file) if not source or r['source'].startswith(source)]
    if not path.name.endswith(('.jsonl', '.jsonl.gz')):
        raise ValueError(f'{path}: puzzles are read from .npz, .csv, .jsonl and .jsonl.gz files')
    return list(read_records([path]))


def rollout_states(
    loaded: Loaded, tokens: np.ndarray, steps: int, sigma: float, target: str, dtype: torch.dtype
) -> Iterator[tuple[np.ndarray, Tensor]]:
    """One noisy rollout a row of tokens; yields after every step the answers [n, L] and z_h [n, prefix + L, d]."""
    trm = loaded.trm
    device = trm.embedding.device
    x = trm.embed(torch.from_numpy(tokens.astype(np.int64)).to(device)).to(dtype)
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
            z_h, z_l = recursion_step(loaded.net, x, z_h, z_l, loaded.h_cycles, loaded.l_cycles)
            answers = F.linear(z_h[:, prefix:].float(), head).argmax(-1) + first
        yield answers.to(torch.uint8).cpu().numpy(), z_h


def rollouts(
    loaded: Loaded, tokens: np.ndarray, steps: int, sigma: float, target: str, dtype: torch.dtype
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The same, but q [n] in place of the states."""
    trm = loaded.trm
    for answers, z_h in rollout_states(loaded, tokens, steps, sigma, target, dtype):
        yield answers, F.linear(z_h[:, 0].float(), trm.q_weight, trm.q_bias)[:, 0].detach().cpu().numpy()


def wilson(right: float, n: int) -> tuple[float, float]:
    """95% interval of a share, in percent (Wilson 1927)."""
    if n == 0:
        return 0.0, 100.0
    z, p = 1.959964, right / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return round(100 * (middle - half), 1), round(100 * (middle + half), 1)


def auroc(q: np.ndarray, right: np.ndarray) -> float | None:
    """The chance that a right rollout has a larger q than a wrong one; None without both."""
    good, bad = q[right], q[~right]
    if len(good) == 0 or len(bad) == 0:
        return None
    order = np.argsort(np.concatenate([good, bad]), kind='stable')
    ranks = np.empty(len(order))
    ranks[order] = np.arange(1, len(order) + 1)
    return round((ranks[: len(good)].sum() - len(good) * (len(good) + 1) / 2) / (len(good) * len(bad)), 4)


def figures(right: np.ndarray, reached: np.ndarray, q: np.ndarray, answers: np.ndarray) -> dict:
    """right (at the end) and reached (after some step) [n, K], q [n, K], answers [n, K, L] -> shares in percent, intervals."""
    n = len(right)
    best = right[np.arange(n), q.argmax(1)]
    mode = np.zeros(n, bool)
    for i in range(n):
        _, index, count = np.unique(answers[i], axis=0, return_index=True, return_counts=True)
        mode[i] = right[i, index[count.argmax()]]
    share = lambda found: {'percent': round(100 * found.mean(), 1), 'interval': wilson(found.sum(), n)}
    return {
        'n': n,
        'rollout': round(100 * right.mean(), 2),
        'pass': share(right.any(1)),
        'best_q': share(best),
        'mode': share(mode),
        'reached': share(reached.any(1)),
        'auroc': auroc(q.reshape(-1), right.reshape(-1)),
    }


def evaluate(
    loaded: Loaded,
    tokens: np.ndarray,
    answers: np.ndarray,
    k: int,
    steps: int,
    sigma: float,
    target: str = 'zL',
    chunk: int | None = None,
    dtype: torch.dtype = torch.float32,
    progress: bool = False,
) -> dict:
    """chunk: how many rollouts at a time; None: 64, or 4,096 on CUDA."""
    chunk = chunk or (4096 if loaded.trm.embedding.device.type == 'cuda' else 64)
    asked = answers > 0
    n, length = answers.shape
    repeat = np.repeat(np.arange(n), k)
    right, reached = np.zeros(n * k, bool), np.zeros(n * k, bool)
    q = np.zeros(n * k, np.float32)
    said = np.zeros((n * k, length), np.uint8)
    told = time.monotonic()
    for start in range(0, n * k, chunk):
        if progress and time.monotonic() - told > 10:
            print(f'{start}/{n * k} rollouts', file=sys.stderr, flush=True)
            told = time.monotonic()
        rows = repeat[start : start + chunk]
        here = slice(start, start + chunk)
        for found, halt in rollouts(loaded, tokens[rows], steps, sigma, target, dtype):  # what the last step says stays
            said[here] = np.where(asked[rows], found, 0)
            right[here] = (said[here] == answers[rows]).all(1)
            reached[here] |= right[here]
            q[here] = halt
    return figures(right.reshape(n, k), reached.reshape(n, k), q.reshape(n, k), said.reshape(n, k, length))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('model', type=Path)
    parser.add_argument('--data', type=Path, required=True)
    parser.add_argument('--split', default='dev', help='of an npz')
    parser.add_argument('--source', help='of a CSV: only rows whose source starts so')
    parser.add_argument('--count', type=int, default=500)
    parser.add_argument('--recommended', action='store_true', help='K, D, sigma and target as the model file says')
    parser.add_argument('--rollouts', type=int, default=1)
    parser.add_argument('--steps', type=int, default=16)
    parser.add_argument('--sigma', type=float, nargs='+', default=[0.0], help='several: one line of figures each')
    parser.add_argument('--noise-target', choices=('zL', 'zH', 'both'), default='zL')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--threads', type=int, default=1)
    parser.add_argument('--size', type=int, help='only boards of this side')
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    device, device_name = ('cuda', torch.cuda.get_device_name()) if torch.cuda.is_available() else ('cpu', 'cpu')
    loaded = load_model(args.model, device)
    if args.recommended:
        if loaded.plan.keys() != set(PLAN_FIELDS):
            raise ValueError(f'{args.model}: recommends no whole plan, only {loaded.plan}')
        args.rollouts, args.steps, sigma, args.noise_target = (loaded.plan[field] for field in PLAN_FIELDS)
        args.sigma = [sigma]
    size = args.size if KINDS[loaded.kind].smaller_boards else None
    tokens, answers = load_puzzles(args.data, loaded.kind, args.split, args.source, size)
    tokens, answers = tokens[: args.count], answers[: args.count]
    model = {'model': str(args.model), 'sha256': hashlib.sha256(args.model.read_bytes()).hexdigest(), 'device': device_name}
    for sigma in args.sigma:
        torch.manual_seed(args.seed)
        plan = {'K': args.rollouts, 'D': args.steps, 'sigma': sigma, 'noise_target': args.noise_target}
        result = evaluate(loaded, tokens, answers, args.rollouts, args.steps, sigma, args.noise_target, progress=True)
        asked = {'data': args.data.name, 'source': args.source, 'seed': args.seed}
        print(json.dumps({**model, **asked, **plan, **result}), flush=True)


if __name__ == '__main__':
    run_command(main)
