"""Fits the Q head to noisy rollouts, with the trunk frozen: `python -m ptrm_training.fit_q MODEL OUT.pt --data F --judge DEV`.

The trunk learns with its own states in view; what ranks rollouts at inference is q after noise. So: roll out K times with
the noise of the plan on training puzzles, keep the states that the Q head reads and whether the board was right, and
minimise the loss over the head's own (tied) weights alone. MODEL is a checkpoint or a model.safetensors of free weights, or
of Sudoku's dense ones; OUT holds EMA weights that `evaluate` and `export` take. Both heads are judged on the same rollouts of
DEV, which nothing is fitted to.
"""

import argparse
import json
from collections import deque
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from .boards import Boards, by_size, grids_of_set, load_puzzles
from .checkpoint import load_checkpoint, save_checkpoint
from .command import count, not_negative, run_command
from .evaluate import rollout_states
from .figures import auroc
from .kinds import KINDS, averaged_model
from .loaded import Loaded, loaded_from
from .tied_io import free_model
from .tied_trm import TiedTrm

Loss = Callable[[Tensor, Tensor], Tensor]  # of q and right, both [puzzles, K]


def collect(loaded: Loaded, boards: Boards, plan: tuple[int, float, str], chunk: int = 128) -> tuple[Tensor, Tensor]:
    """States [n, d] that the Q head reads at the end of one rollout a board, and whether each was right."""
    states, right = [], []
    for start in range(0, len(boards), chunk):
        some = boards.at(slice(start, start + chunk))
        found, z_h = deque(rollout_states(loaded, some, *plan, torch.float32), maxlen=1)[0]
        wrong = (found != some.answers) & (some.answers > 0)
        states.append(z_h[:, 0].float())
        right.append(torch.from_numpy(~wrong.any(1)))
    return torch.cat(states), torch.cat(right)


def load_tied(path: Path) -> tuple[TiedTrm, dict]:
    """A model on its free weights, and its training config (of a model file: what it says of it)."""
    if path.suffix != '.safetensors':
        state = load_checkpoint(path)
        return averaged_model(state), state['config']
    model, config = free_model(path)
    cycles = {'h_cycles': config['H_cycles'], 'l_cycles': config['L_cycles']}
    return model, {'kind': config['kind'], 'sizes': dict(model.sizes), **cycles}


def q_of(model: TiedTrm, states: Tensor) -> Tensor:
    trm = model.ends()
    return F.linear(states, trm.q_weight, trm.q_bias)[:, 0]


def calibrated(q: Tensor, right: Tensor) -> Tensor:
    """Is each rollout right? Asks for a q that means the same on every puzzle, as halting does. q, right [puzzles, K]."""
    return F.binary_cross_entropy_with_logits(q, right.float())


def ranked(q: Tensor, right: Tensor) -> Tensor:
    """Which of a puzzle's rollouts is right? -log of the share of softmax(q) on right ones, where some are and some are not;
    a little of `calibrated` fixes the offset that ranking leaves open.
    """
    mixed = right.any(1) & ~right.all(1)
    if not mixed.any():
        raise ValueError('no puzzle has both right and wrong rollouts: more rollouts, more noise or harder puzzles')
    shares = torch.logsumexp(q.masked_fill(~right, -torch.inf), 1) - torch.logsumexp(q, 1)
    return -shares[mixed].mean() + 0.1 * calibrated(q, right)


LOSSES: dict[str, Loss] = {'calibrated': calibrated, 'ranked': ranked}


def fit(
    model: TiedTrm, states: Tensor, right: Tensor, loss_of: Loss = calibrated, decay: float = 1e-4, rounds: int = 200
) -> None:
    """Minimises the loss of q over the parameters whose names start with q_; all others stay as they are.

    states [puzzles, K, d], right [puzzles, K].
    """
    head = [p for name, p in model.named_parameters() if name.startswith('q_')]
    optimizer = torch.optim.LBFGS(head, max_iter=rounds, line_search_fn='strong_wolfe')

    def loss() -> Tensor:
        optimizer.zero_grad()
        q = q_of(model, states.flatten(0, 1)).view_as(right)
        value = loss_of(q, right) + decay * model.ends().q_weight.pow(2).sum()
        value.backward()
        return value

    optimizer.step(loss)


def judge(q: np.ndarray, right: np.ndarray) -> dict:
    """Percent of puzzles that pass@K and best-Q@K solve; auroc over all rollouts, and mean over puzzles with both sorts."""
    within = [found for a, b in zip(q, right, strict=True) if (found := auroc(a, b)) is not None]
    passed, best = right.any(1), right[np.arange(len(right)), q.argmax(1)]
    return {
        'pass': round(100 * float(passed.mean()), 1),
        'best_q': round(100 * float(best.mean()), 1),
        'auroc': auroc(q.reshape(-1), right.reshape(-1)),
        'auroc_within': round(float(np.mean(within)), 4) if within else None,
        'mixed': len(within),
    }


def roll_out(loaded: Loaded, puzzles: list[Boards], k: int, plan: tuple) -> tuple[Tensor, Tensor]:
    """The last states [n, K, d] of K rollouts a puzzle, and whether each was right [n, K]; puzzles size by size."""
    found = [collect(loaded, boards.at(np.repeat(np.arange(len(boards)), k)), plan) for boards in puzzles]
    states, right = (torch.cat(part) for part in zip(*found, strict=True))
    return states.unflatten(0, (-1, k)), right.view(-1, k)


def training_puzzles(loaded: Loaded, paths: list[Path], count: int, rng: np.random.Generator) -> list[Boards]:
    """`count` training puzzles of each file, each on the board on which it is run."""
    pairs = []
    for path in paths:
        found = grids_of_set(path, KINDS[loaded.kind], 'train')
        pairs += [found[n] for n in rng.choice(len(found), min(count, len(found)), replace=False)]
    return [boards for boards, _ in by_size(pairs, loaded.place)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('model', type=Path)
    parser.add_argument('out', type=Path)
    parser.add_argument('--data', type=Path, required=True, nargs='+', help='npz files; their training puzzles are used')
    parser.add_argument('--count', type=count, default=250, help='puzzles of each file')
    parser.add_argument('--loss', choices=LOSSES, default='calibrated')
    parser.add_argument('--judge', type=Path, help='a file as of evaluate, on which both heads are compared')
    parser.add_argument('--split', default='dev', help='of an npz to judge on')
    parser.add_argument('--source', help='of a CSV to judge on: only rows whose source starts so')
    parser.add_argument('--judge-count', type=count, default=60)
    parser.add_argument('--rollouts', type=count, default=8, help='of each puzzle')
    parser.add_argument('--judge-rollouts', type=count, default=16)
    parser.add_argument('--steps', type=count, default=16)
    parser.add_argument('--sigma', type=not_negative, default=0.3)
    parser.add_argument('--noise-target', choices=('zL', 'zH', 'both'), default='zL')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--threads', type=count, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    model, config = load_tied(args.model)
    loaded = loaded_from(model, config)
    plan = (args.steps, args.sigma, args.noise_target)
    fitted_to = training_puzzles(loaded, args.data, args.count, np.random.default_rng(args.seed))
    sets = {'fitted': (fitted_to, args.rollouts)}
    if args.judge:
        judged = load_puzzles(args.judge, loaded.kind, loaded.place, args.split, args.source, count=args.judge_count)
        sets['judged'] = (judged, args.judge_rollouts)
    rolled = {name: roll_out(loaded, *puzzles, plan) for name, puzzles in sets.items()}
    heads: dict[str, dict] = {'joint': {}, args.loss: {}}
    for head, on in heads.items():
        if head != 'joint':
            fit(model, *rolled['fitted'], LOSSES[args.loss])
        with torch.no_grad():
            on |= {name: judge(q_of(model, s.flatten(0, 1)).view_as(r).numpy(), r.numpy()) for name, (s, r) in rolled.items()}
    save_checkpoint(args.out, {'config': config, 'ema': model.state_dict(), 'update': 0})
    print(json.dumps({'puzzles': {name: len(r) for name, (_, r) in rolled.items()}, **heads}))


if __name__ == '__main__':
    run_command(main)
