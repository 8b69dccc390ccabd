"""Takes dev and test sets out of generated files: `python -m ptrm_training.pick test 500 OUT.jsonl.gz FILE.jsonl ...`.

What is picked is in that split by its hash alone. Kinds too slow for that (3% of the puzzles are in a split) take `any`
instead, from a seed kept for it; `--exclude` keeps the sets apart. Training sets leave out both (`puzzles.py`).
"""

import argparse
from collections.abc import Iterable
from pathlib import Path

from .command import run_command
from .generate.files import replacing, write_record
from .puzzles import digest_of, read_records, split_of


def pick(split: str, count: int, paths: Iterable[Path], exclude: Iterable[Path] = ()) -> list[dict]:
    """The first `count` puzzles of a split, or of all with `any`; no twins, among them or of what is excluded."""
    seen = {digest_of(record) for record in read_records(exclude)}
    picked = []
    for record in read_records(paths):
        digest = digest_of(record)
        if digest in seen or split not in ('any', split_of(digest)):
            continue
        seen.add(digest)
        picked.append(record)
        if len(picked) == count:
            break
    return picked


def main() -> None:
    parser = argparse.ArgumentParser(prog='ptrm_training.pick', description=__doc__)
    parser.add_argument('split', choices=('train', 'dev', 'test', 'any'))
    parser.add_argument('count', type=int)
    parser.add_argument('out', type=Path)
    parser.add_argument('files', type=Path, nargs='+')
    parser.add_argument('--exclude', type=Path, nargs='*', default=[], help='no puzzle of these files, nor a twin of one')
    args = parser.parse_args()
    picked = pick(args.split, args.count, args.files, args.exclude)
    with replacing(args.out) as file:
        for record in picked:
            write_record(file, record)
    print(f'{args.out}: {len(picked)} of {args.count}')


if __name__ == '__main__':
    run_command(main)
