"""Takes the puzzles of one split out of generated files: `python -m ptrm_training.pick test 500 OUT.jsonl.gz FILE.jsonl ...`.

What is picked is in that split by its hash alone, so no puzzle, and no twin of it, is trained on. Bytes are the same again.
"""

import argparse
import gzip
import json
from pathlib import Path

from .puzzles import canonical_hash, read_records, split_of, variants_of


def pick(split: str, count: int, paths: list[Path]) -> list[dict]:
    seen, picked = set(), []
    for record in read_records(paths):
        digest = canonical_hash(variants_of(record)[0])
        if digest in seen or split_of(digest) != split:
            continue
        seen.add(digest)
        picked.append(record)
        if len(picked) == count:
            break
    return picked


def main() -> None:
    parser = argparse.ArgumentParser(prog='ptrm_training.pick', description=__doc__)
    parser.add_argument('split', choices=('train', 'dev', 'test'))
    parser.add_argument('count', type=int)
    parser.add_argument('out', type=Path)
    parser.add_argument('files', type=Path, nargs='+')
    args = parser.parse_args()
    picked = pick(args.split, args.count, args.files)
    with open(args.out, 'wb') as file, gzip.GzipFile(fileobj=file, mode='wb', filename='', mtime=0) as packed:
        for record in picked:
            packed.write((json.dumps(record) + '\n').encode())
    print(f'{args.out}: {len(picked)} of {args.count}')


if __name__ == '__main__':
    main()
