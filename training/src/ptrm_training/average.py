"""The mean of two checkpoints of one model: `python -m ptrm_training.average A.pt B.pt OUT.pt [--share 0.5]`.

Where B went on from A, the weights between the two are often better than both (Wortsman et al. 2022, arXiv 2203.05482; what
it did here is in EXPERIMENTS.md). `--share` is B's. OUT is a checkpoint as slim ones are, with A's optimizer and random state: a
run can go on from it. Of two of which one has its averaged weights alone, so has OUT: other runs can start from it.
"""

import argparse
from collections.abc import Mapping
from pathlib import Path

from torch import Tensor

from .checkpoint import averages, load_checkpoint, save_checkpoint, slim
from .command import run_command

MODEL = ('kind', 'sizes', 'h_cycles', 'l_cycles')  # fields of a configuration that say which model it is


def mean(a: Mapping[str, Tensor], b: Mapping[str, Tensor], share: float) -> dict[str, Tensor]:
    """(1 - share) a + share b, tensor by tensor; what is no weight (whole numbers) is a's."""
    return {name: value.lerp(b[name], share) if value.is_floating_point() else value for name, value in a.items()}


def average(a: dict, b: dict, share: float) -> dict:
    """The state between two. ValueError where they are of two models, or `share` is not from 0 to 1."""
    if not 0 <= share <= 1:
        raise ValueError(f'--share: found {share}, wanted a number from 0 to 1')
    for name in MODEL:
        if a['config'].get(name) != b['config'].get(name):
            raise ValueError(f'two models: their {name} are {a["config"].get(name)!r} and {b["config"].get(name)!r}')
    both = averages(a) if 'model' not in b else slim(a)
    return both | {name: mean(a[name], b[name], share) for name in ('model', 'ema') if name in both}


def main() -> None:
    parser = argparse.ArgumentParser(prog='ptrm_training.average', description=__doc__)
    parser.add_argument('a', type=Path)
    parser.add_argument('b', type=Path)
    parser.add_argument('out', type=Path)
    parser.add_argument('--share', type=float, default=0.5)
    args = parser.parse_args()
    save_checkpoint(args.out, average(load_checkpoint(args.a), load_checkpoint(args.b), args.share))
    print(f'{args.out}: {1 - args.share:g} of {args.a}, {args.share:g} of {args.b}')


if __name__ == '__main__':
    run_command(main)
