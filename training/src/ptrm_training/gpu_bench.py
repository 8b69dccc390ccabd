"""PyTorch's side of the bench on a GPU: a process that runs rollouts of dense model files as told, and says how long they took.

`python -m ptrm_training.gpu_bench` reads a request a line from stdin and writes an answer a line to stdout, JSON both, each
with the request's `id`; what went wrong is the answer's `error`. benchmarks/src/gpu-engine.ts speaks the same for the engines
of ptrm, benchmarks/src/gpu.ts asks both in turn. Requests by their `op`:

- `hello` -> `device`, `version`
- `open`: `name`, `model` (a file), `boards` (tokens, each [cells]), `options` (`dtype`: f32, tf32 or bf16; `compile`; `mix`:
  columns, as the paper writes it, or rows, the same without a transpose; `graph`: a step as one CUDA graph) -> `ms`. Compiles,
  if it is to.
- `warm`: `name`, `slots`, `steps`, `sigma` -> `ms`. Passes that are not timed, until all is as in a long run.
- `measure`: the same and `seconds` -> `rolloutSteps`, `seconds`, `runs`: passes over all slots until the time is up
- `answers`: `name`, `steps`, `sigma` -> `tokens` (base64 of uint8 [boards, cells]) and `q` after the last step
- `close`: `name`
"""

import argparse
import base64
import json
import sys
import time
import traceback
from collections.abc import Callable
from copy import copy
from dataclasses import replace
from functools import cache, partial
from typing import Any, TextIO

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from .command import run_command
from .dense_io import read_dense
from .evaluate import found_device
from .layers import DenseTrm, MlpBlock, Net, recursion_step, rms, swiglu, swiglu_rows

DTYPES = {'f32': torch.float32, 'tf32': torch.float32, 'bf16': torch.bfloat16}
MIXES = ('columns', 'rows')
State = tuple[Tensor, Tensor, Tensor]  # x, z_h, z_l, each [slots, prefix + cells, d]
# More than one board, as PyTorch compiles for one as for no other number.
COMPILE_BATCH = 8
WARM_UP_SECONDS = 0.15


# Compiled code that PyTorch keeps of one function, which all models share: by model, dtype, precision and one or many boards.
torch._dynamo.config.recompile_limit = 64
# Of all sizes only the batch varies within a model; PyTorch would take those that differ between models for variable, too.
torch._dynamo.config.automatic_dynamic_shapes = False


def in_dtype(trm: DenseTrm, dtype: torch.dtype) -> DenseTrm:
    """The same network with its products' weights in a dtype, so that no call casts them; the ends stay as they are."""
    blocks = [copy(block) for block in trm.blocks]
    for block in blocks:
        for name, value in vars(block).items():
            if torch.is_tensor(value):
                setattr(block, name, value.to(dtype))
    return replace(trm, blocks=blocks)


def net_by_rows(trm: DenseTrm, z: Tensor) -> Tensor:
    """`DenseTrm.net` of MLP blocks with the weights of the token mix on the left, where a product needs no transpose."""
    for block in trm.blocks:
        if not isinstance(block, MlpBlock):
            raise TypeError('mix: only MLP blocks mix rows by a product')
        z = rms(z + swiglu_rows(z, block.token_gate_up, block.token_down), 1)
        z = rms(z + swiglu(z, block.channel_gate_up, block.channel_down))
    return z


@cache
def network(path: str, dtype: torch.dtype, mix: str, compiled: bool, device: str) -> tuple[DenseTrm, dict, Net]:
    """A model file's weights, config and network; once, so that contenders that differ otherwise share compiled code."""
    trm, config = read_dense(path)
    trm = in_dtype(trm.to(device), dtype)
    net: Net = partial(net_by_rows, trm) if mix == 'rows' else trm.net
    return trm, config, torch.compile(net, fullgraph=True) if compiled else net


class Contender:
    """A model's rollouts by one way of running them."""

    def __init__(self, path: str, boards: list[list[int]], options: dict[str, Any], device: str):
        if (name := options.get('dtype', 'f32')) not in DTYPES:
            raise ValueError(f'dtype: found {name!r}, wanted one of {", ".join(DTYPES)}')
        if options.get('graph') and device != 'cuda':
            raise ValueError('graph: a CUDA graph needs a CUDA device')
        if (mix := options.get('mix', 'columns')) not in MIXES:
            raise ValueError(f'mix: found {mix!r}, wanted one of {", ".join(MIXES)}')
        self.dtype = DTYPES[name]
        self.precision = 'high' if name == 'tf32' else 'highest'
        self.compiled = bool(options.get('compile'))
        self.trm, config, self.net = network(path, self.dtype, mix, self.compiled, device)
        self.cycles = (config['H_cycles'], config['L_cycles'])
        self.among = torch.tensor(config['answer_tokens'] or range(config['vocab_size']), device=device)
        self.boards = torch.tensor(boards, device=device)
        self.graph = bool(options.get('graph'))
        self.captured: tuple[tuple[int, float], Captured] | None = None  # by slots and sigma: the last ones

    def call(self, z: Tensor) -> Tensor:
        """The network; compiled once for all batches of more than one board."""
        if self.compiled and len(z) > 1:
            torch._dynamo.mark_dynamic(z, 0)
        return self.net(z)

    def fresh(self, slots: int) -> State:
        """Fresh latents of so many slots, which take the boards in turn."""
        chosen = torch.arange(slots, device=self.boards.device) % len(self.boards)
        x = self.trm.embed(self.boards[chosen]).to(self.dtype)
        z_h, z_l = (init.to(self.dtype).expand_as(x).contiguous() for init in (self.trm.h_init, self.trm.l_init))
        return x, z_h, z_l

    def advance(self, state: State, sigma: float) -> tuple[State, Tensor, Tensor]:
        """One deep recursion step with noise on z_l: the next state, answers uint8 [slots, cells] and q [slots]."""
        x, z_h, z_l = state
        if sigma > 0:
            z_l = z_l + sigma * torch.randn_like(z_l)
        z_h, z_l = recursion_step(self.call, x, z_h, z_l, *self.cycles)
        logits = F.linear(z_h[:, self.trm.prefix.shape[0] :].float(), self.trm.lm_head)
        answers = self.among[logits[..., self.among].argmax(-1)].to(torch.uint8)
        q = F.linear(z_h[:, 0].float(), self.trm.q_weight, self.trm.q_bias)[:, 0]
        return (x, z_h, z_l), answers, q

    def run(self, slots: int, steps: int, sigma: float) -> tuple[np.ndarray, np.ndarray]:
        """Whole rollouts; answers [steps, slots, cells] and q [steps, slots] on the host. The device is done when it returns."""
        torch.set_float32_matmul_precision(self.precision)
        with torch.inference_mode():
            state, advance = self.fresh(slots), self.advance
            if self.graph:
                advance = self.capture(state, sigma).advance
            found = []
            for _ in range(steps):
                state, answers, q = advance(state, sigma)
                found.append((answers, q))
            all_answers, all_q = (torch.stack(part) for part in zip(*found, strict=True))
            return all_answers.cpu().numpy(), all_q.cpu().numpy()

    def capture(self, state: State, sigma: float) -> 'Captured':
        """The step as a CUDA graph for so many slots, its state the one given."""
        key = (len(state[0]), sigma)
        if self.captured is None or self.captured[0] != key:
            self.captured = (key, Captured(self, state, sigma))
        self.captured[1].restart(state)
        return self.captured[1]


class Captured:
    """A step as one CUDA graph, which launches its kernels at once: the least that PyTorch needs of the host."""

    def __init__(self, contender: Contender, state: State, sigma: float):
        x, z_h, z_l = (value.clone() for value in state)
        self.state: State = (x, z_h, z_l)
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):  # libraries and compiler make themselves ready before the capture
            for _ in range(3):
                contender.advance(self.state, sigma)
        torch.cuda.current_stream().wait_stream(side)
        self.graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self.graph):
            after, self.answers, self.q = contender.advance(self.state, sigma)
            for place, value in zip(self.state, after, strict=True):
                place.copy_(value)

    def restart(self, state: State) -> None:
        for place, value in zip(self.state, state, strict=True):
            place.copy_(value)

    def advance(self, state: State, sigma: float) -> tuple[State, Tensor, Tensor]:
        """As `Contender.advance`; the state is its own."""
        self.graph.replay()
        return self.state, self.answers.clone(), self.q.clone()


class Bench:
    """Answers requests, by the contenders that are open."""

    def __init__(self) -> None:
        self.device, self.device_name = found_device()
        self.open: dict[str, Contender] = {}

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """What is said to one request. Any exception is the request's failure."""
        op = request['op']
        if op == 'hello':
            return {'device': self.device_name, 'version': f'PyTorch {torch.__version__}'}
        if op == 'open':
            return {'ms': milliseconds(lambda: self.opened(request))}
        if op == 'close':
            self.open.pop(request['name'], None)
            if self.device == 'cuda':
                torch.cuda.empty_cache()
            return {}
        contender = self.open.get(request['name'])
        if contender is None:
            raise ValueError(f'{request["name"]!r} is not open')
        plan = (request.get('slots', len(contender.boards)), request['steps'], request['sigma'])
        if op == 'warm':
            return {'ms': 1000 * measure(contender, plan, WARM_UP_SECONDS)['seconds']}
        if op == 'measure':
            return measure(contender, plan, request['seconds'])
        if op == 'answers':
            tokens, q = (of_steps[-1] for of_steps in contender.run(*plan))
            return {'tokens': base64.b64encode(tokens.tobytes()).decode(), 'q': q.tolist()}
        raise ValueError(f'op: found {op!r}')

    def opened(self, request: dict[str, Any]) -> None:
        contender = Contender(request['model'], request['boards'], request.get('options', {}), self.device)
        if contender.compiled:
            contender.run(COMPILE_BATCH, 1, 0.0)
        self.open[request['name']] = contender


def measure(contender: Contender, plan: tuple[int, int, float], seconds: float) -> dict[str, float]:
    """Passes until the time is up, at least one."""
    slots, steps, _ = plan
    started, passes = time.perf_counter(), 0
    while True:
        contender.run(*plan)
        passes += 1
        spent = time.perf_counter() - started
        if spent >= seconds:
            return {'rolloutSteps': passes * slots * steps, 'seconds': spent, 'runs': passes}


def milliseconds(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return 1000 * (time.perf_counter() - started)


def serve(requests: TextIO, answers: TextIO) -> None:
    """Answers line by line until the requests end; a request that fails is told, and the next is taken."""
    bench = Bench()
    for line in requests:
        request = json.loads(line)
        try:
            answer = bench.answer(request)
        except Exception as error:  # whatever PyTorch or its compiler throws is this request's answer
            traceback.print_exc()
            answer = {'error': f'{type(error).__name__}: {error}'}
        print(json.dumps({'id': request['id'], **answer}), file=answers, flush=True)


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    # What libraries print must not come between the answers.
    answers, sys.stdout = sys.stdout, sys.stderr
    serve(sys.stdin, answers)


if __name__ == '__main__':
    run_command(main)
