"""What a sample-step of a board model costs a CPU: `python -m ptrm_training.bench KIND [--side 10] [--threads 1 2]`.

One line of JSON for each number of threads: milliseconds of CPU time of the four calls of the network forward, forward and
backward, and the GFLOPS of one core that these come to by the products that the tied network needs (a multiplication and an
addition are two). The least of some repeats, as other work on the machine only adds; boards are random, as the cost does not
depend on them. The same for the plain network of PyTorch with `--plain`.
"""

import argparse
import json
import time
import tomllib
from collections.abc import Callable

import torch
from torch import Tensor

from .board_trm import BoardTrm
from .command import run_command
from .generate.native import TRAINING
from .grids import Grids
from .kinds import make_model

CALLS = 4  # of the network in a step: three of z_L, one of z_H


def products(model: BoardTrm, cells: int) -> int:
    """Multiplications of a call of the network on one board, norms and what is of the prefix alone left out."""
    local = 3 * model.types * model.taps * cells * model.d
    channel = 3 * model.d * model.inner * (model.prefix_len + cells)
    return model.layers * (local + channel)


def times(net: Callable[[Tensor], Tensor], z: Tensor) -> tuple[float, float]:
    """Seconds of CPU time of the calls of a step forward, and with the way back."""
    started = time.process_time()
    x = z
    for _ in range(CALLS):
        x = net(x + z)
    forward = time.process_time() - started
    x.sum().backward()
    return forward, time.process_time() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('kind')
    parser.add_argument('--side', type=int, default=10)
    parser.add_argument('--batch', type=int, default=64)
    parser.add_argument('--threads', type=int, nargs='+', default=[1, 2])
    parser.add_argument('--repeats', type=int, default=5)
    parser.add_argument('--plain', action='store_true')
    args = parser.parse_args()
    sizes = tomllib.loads((TRAINING / 'configs/board-10.toml').read_text())['sizes']
    model = make_model(args.kind, sizes)
    if not isinstance(model, BoardTrm):
        raise ValueError(f'{args.kind} has no board model')
    cells = args.side**2
    rooms = torch.zeros(args.batch, cells, dtype=torch.int16)
    grids = Grids(args.side, args.side, rooms=rooms)
    z = torch.randn(args.batch, model.prefix_len + cells, model.d)
    for threads in args.threads:
        torch.set_num_threads(threads)
        # Dense matrices are made anew for every step, as training does.
        net = lambda: model.written_out(grids) if args.plain else model.network(grids)
        forward, both = (min(found) / args.batch for found in zip(*(times(net(), z) for _ in range(args.repeats)), strict=True))
        line = {
            'kind': args.kind,
            'side': args.side,
            'threads': threads,
            'network': 'plain' if args.plain else 'native',
            'forward_ms': round(1000 * forward, 2),
            'both_ms': round(1000 * both, 2),
            'samples_per_cpu_s': round(1 / both, 1),
            'gflops': round(3 * 2 * CALLS * products(model, cells) / both / 1e9, 1),
        }
        print(json.dumps(line), flush=True)


if __name__ == '__main__':
    run_command(main)
