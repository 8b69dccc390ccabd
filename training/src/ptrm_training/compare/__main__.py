"""`python -m ptrm_training.compare PEOPLE.jsonl.gz GENERATED.jsonl.gz ...`: what boards of several files are like.

A table with the mean of each feature of a kind in each file, and how far a file's values are from the first file's: the
Kolmogorov-Smirnov distance, for a yes or no the difference of the shares. Records without clues are read off their
`puzzle_url`.
"""

import argparse
import json
import random
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any

from ..command import run_command
from ..generate.files import Record
from ..generate.sizes import Sizes, read_sizes
from ..generate.urls import with_clues
from ..kinds import kind_of
from ..puzzles import read_records
from .distance import chance_gap, kolmogorov_smirnov
from .features import Features

Values = dict[str, list[float]]  # of each feature, over boards


def boards_of(path: Path, sizes: Sizes | None, count: int | None) -> list[Record]:
    """The first `count` boards of these sizes. ValueError where there is none."""
    records = map(with_clues, read_records([path]))
    side = lambda record, name: record.get(name, kind_of(record).side)  # Sudokus do not say it
    fit = (r for r in records if not sizes or (side(r, 'rows') in sizes.rows and side(r, 'cols') in sizes.columns))
    found = list(islice(fit, count))
    if not found:
        raise ValueError(f'{path}: no board' + (f' of size {sizes}' if sizes else ''))
    if len(names := {kind_of(record).name for record in found}) > 1:
        raise ValueError(f'{path}: holds boards of {" and ".join(sorted(names))}')
    return found


def gathered(found: Iterable[Features]) -> Values:
    values: Values = {}
    for features in found:
        for name, value in features.items():
            values.setdefault(name, []).append(value)
    return values


def measured(boards: list[Record], sample: int) -> Values:
    """Every feature of the boards; what takes a solver, of a random `sample` of them, the same at every call."""
    kind = kind_of(boards[0])
    if kind.compared is None:
        raise ValueError(f'{kind.name}: no features to compare boards by')
    compared = kind.compared()
    some = random.Random(1).sample(boards, min(sample, len(boards)))
    return gathered(map(compared.features, boards)) | gathered(map(compared.by_solver, some))


def comparison(files: list[Values]) -> list[dict[str, Any]]:
    """A row a feature: its name, the count and mean in each file, and the distance of each later file from the first."""
    rows = []
    for name, first in files[0].items():
        found = [values.get(name, []) for values in files]
        rows.append(
            {
                'feature': name,
                'count': [len(values) for values in found],
                'mean': [sum(values) / len(values) if values else None for values in found],
                'distance': [kolmogorov_smirnov(first, values) if values else None for values in found[1:]],
                'chance': [chance_gap(len(first), len(values)) if values else None for values in found[1:]],
            }
        )
    return rows


def table(rows: list[dict[str, Any]], names: list[str]) -> str:
    """Markdown. A distance that chance alone explains (1 in 20) is in brackets."""
    head = ['feature', names[0], *(part for name in names[1:] for part in (name, 'distance'))]
    lines = [head, ['-'] * len(head)]
    for row in rows:
        cells = [row['feature'], _number(row['mean'][0])]
        for mean, distance, chance in zip(row['mean'][1:], row['distance'], row['chance'], strict=True):
            by_chance = distance is not None and distance < chance
            cells += [_number(mean), f'({distance:.2f})' if by_chance else _number(distance)]
        lines.append(cells)
    return '\n'.join('| ' + ' | '.join(line) + ' |' for line in lines)


def _number(value: float | None) -> str:
    return '-' if value is None else f'{value:.2f}' if abs(value) < 10 else f'{value:.1f}'


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog='ptrm_training.compare', description=__doc__)
    parser.add_argument('files', type=Path, nargs='+')
    parser.add_argument('--size', type=read_sizes, help='boards of these sizes alone, as `generate` takes them: 10, 8x12, 5-10')
    parser.add_argument('--count', type=int, help='only so many boards of each file')
    parser.add_argument('--sample', type=int, default=60, help='boards of each file for what takes a solver')
    parser.add_argument('--json', action='store_true', help='all figures as JSON')
    args = parser.parse_args(argv)
    files = [boards_of(path, args.size, args.count) for path in args.files]
    if len({kind_of(boards[0]).name for boards in files}) > 1:
        raise ValueError('the files hold different kinds of puzzles')
    rows = comparison([measured(boards, args.sample) for boards in files])
    if args.json:
        print(json.dumps({'files': [str(path) for path in args.files], 'rows': rows}))
    else:
        names = [f'{path.name.split(".")[0]} ({len(boards)})' for path, boards in zip(args.files, files, strict=True)]
        print(table(rows, names))


if __name__ == '__main__':
    run_command(main)
