"""puzz.link URLs of all kinds, written and read; the encodings are pzpr's."""

from ..kinds import KINDS, kind_named, kind_of
from .board import board
from .files import Record

PREFIX = 'https://puzz.link/p?'


def puzzle_url(record: Record) -> str:
    """The URL of a record."""
    kind = kind_of(record)
    rows, cols = record.get('rows', kind.side), record.get('cols', kind.side)
    return f'{PREFIX}{kind.url.name}/{cols}/{rows}/{kind.url.write(record)}'


def read_url(url: str) -> Record:
    """The record, without solution, that a URL stands for. ValueError where it is damaged."""
    name, cols, rows, body = url.split('?', 1)[1].split('/')[:4]
    kind = next((kind for kind in KINDS.values() if kind.url.name == name), None) or kind_named(name)
    return {'type': kind.name, **kind.url.read(body, board(int(rows), int(cols)))}


def with_clues(record: Record) -> Record:
    """The record; type, size and clues of one that has a `puzzle_url` alone are read off it."""
    if 'clues' in record or 'puzzle_url' not in record:
        return record
    return {**record, **read_url(record['puzzle_url'])}
