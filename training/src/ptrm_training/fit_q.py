"""Fits the Q head to noisy rollouts, with the trunk frozen: `python -m ptrm_training.fit_q RUN/checkpoint.pt OUT.pt --data F`.

The trunk learns with its own states in view; what ranks rollouts at inference is q after noise. So: roll out K times with
the noise of the plan on training puzzles, keep the states that the Q head reads and whether the board was right, and
minimise the BCE over the head's own (tied) weights alone. OUT holds EMA weights that `evaluate` and `export` take.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .checkpoint import load_checkpoint, save_checkpoint
from .data import load_set
from .evaluate import Loaded, auroc, loaded_from, rollout_states
from .kinds import averaged_model


def collect(
    loaded: Loaded, tokens: np.ndarray, answers: np.ndarray, last: int, plan: tuple[int, float, str], chunk: int = 256
) -> tuple[Tensor, Tensor]:
    """States [n * last, d] that the Q head reads in the last steps of one rollout a row, and whether each was right."""
    steps, sigma, target = plan
    states, right = [], []
    for start in range(0, len(tokens), chunk):
        asked = answers[start : start + chunk] > 0
        run = rollout_states(loaded, tokens[start : start + chunk], steps, sigma, target, torch.bfloat16)
        for step, (found, z_h) in enumerate(run):
            if step >= steps - last:
                wrong = (found != answers[start : start + chunk]) & asked
                states.append(z_h[:, 0].float())
                right.append(torch.from_numpy(~wrong.any(1)))
    return torch.cat(states), torch.cat(right)


def fit(model: nn.Module, states: Tensor, right: Tensor, decay: float = 1e-4, rounds: int = 200) -> None:
    """Minimises the BCE of q over the parameters whose names start with q_; all others stay as they are."""
    head = [p for name, p in model.named_parameters() if name.startswith('q_')]
    optimizer = torch.optim.LBFGS(head, max_iter=rounds, line_search_fn='strong_wolfe')
    target = right.float()

    def loss() -> Tensor:
        optimizer.zero_grad()
        trm = model.ends()
        q = F.linear(states, trm.q_weight, trm.q_bias)[:, 0]
        value = F.binary_cross_entropy_with_logits(q, target) + decay * trm.q_weight.pow(2).sum()
        value.backward()
        return value

    optimizer.step(loss)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('checkpoint', type=Path)
    parser.add_argument('out', type=Path)
    parser.add_argument('--data', type=Path, required=True, nargs='+', help='npz files; their training puzzles are used')
    parser.add_argument('--count', type=int, default=1000, help='puzzles of each file')
    parser.add_argument('--rollouts', type=int, default=2, help='of each puzzle')
    parser.add_argument('--steps', type=int, default=16)
    parser.add_argument('--last', type=int, default=1, help='how many steps of the end are fitted')
    parser.add_argument('--sigma', type=float, default=0.3)
    parser.add_argument('--noise-target', choices=('zL', 'zH', 'both'), default='zL')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--threads', type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    rng = np.random.default_rng(args.seed)
    state = load_checkpoint(args.checkpoint)
    model = averaged_model(state)
    loaded = loaded_from(model, state['config'])
    sets = [load_set(path, 'train') for path in args.data]
    rows = [np.repeat(rng.integers(len(s), size=args.count), args.rollouts) for s in sets]
    tokens = np.concatenate([s.tokens[r, 0] for s, r in zip(sets, rows)])
    answers = np.concatenate([s.answers[r, 0] for s, r in zip(sets, rows)])
    states, right = collect(loaded, tokens, answers, args.last, (args.steps, args.sigma, args.noise_target))
    judge = lambda m: auroc(F.linear(states, m.q_weight, m.q_bias)[:, 0].numpy(), right.numpy())  # noqa: E731
    with torch.no_grad():
        before = judge(model.ends())
    fit(model, states, right)
    with torch.no_grad():
        after = judge(model.ends())
    save_checkpoint(args.out, {'config': state['config'], 'ema': model.state_dict(), 'update': state['update']})
    print(json.dumps({'rollouts': len(right), 'right': right.float().mean().item(), 'auroc': before, 'fitted': after}))


if __name__ == '__main__':
    main()
