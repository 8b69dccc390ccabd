"""JSON lines that grow while puzzles are made, gzip'd if the name ends in .gz, and can be continued after any stop."""

import gzip
import json
import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from ..whole_file import beside

Record = dict[str, Any]  # one puzzle, as a line of JSON holds it (DATA.md)
Binary = IO[bytes] | gzip.GzipFile
START = b'{"type": '  # of every record's line


def whole_lines(path: Path, check: Callable[[list[bytes]], None] = lambda lines: None) -> int:
    """How many records a file holds; what a stop left unfinished at its end is taken off.

    `check` sees the whole lines before anything is changed, and raises where they are not to be continued.
    """
    if not path.exists():
        return 0
    stored = path.read_bytes()
    try:
        text, finished = _unpack(stored) if path.suffix == '.gz' else (stored, True)
    except zlib.error as error:
        raise ValueError(f'{path}: no gzip file, or a damaged one: {error}') from error
    whole = text[: text.rfind(b'\n') + 1]
    if not START.startswith(text[len(whole) :][: len(START)]):
        raise ValueError(f'{path}: its last line is no record that a stop left unfinished; name another file')
    check(whole.splitlines())
    if not finished or len(whole) < len(text):
        mended = path.with_name(path.name + '.mended')
        mended.write_bytes(gzip.compress(whole, mtime=0) if path.suffix == '.gz' else whole)
        os.replace(mended, path)
    return whole.count(b'\n')


def _unpack(stored: bytes) -> tuple[bytes, bool]:
    """All that can be read of a row of gzip members, and whether the last one is finished."""
    text = b''
    while stored:
        member = zlib.decompressobj(wbits=31)
        text += member.decompress(stored)
        if not member.eof:
            return text, False
        stored = member.unused_data
    return text, True


@contextmanager
def appending(path: Path) -> Iterator[Binary]:
    """The file, open at its end; a gzip'd one gets a new member, whose bytes depend on the records alone."""
    with open(path, 'ab') as file:
        if path.suffix != '.gz':
            yield file
            return
        with gzip.GzipFile(fileobj=file, mode='wb', filename='', mtime=0) as packed:
            yield packed
            packed.close()


@contextmanager
def replacing(path: Path) -> Iterator[Binary]:
    """A file that takes its name when it is whole: an error or a stop leaves what was there, and at most `unfinished-NAME`."""
    with beside(path) as unfinished:
        unfinished.unlink(missing_ok=True)  # of an earlier stop
        with appending(unfinished) as file:
            yield file


def write_record(file: Binary, record: Record) -> None:
    file.write((json.dumps(record) + '\n').encode())
