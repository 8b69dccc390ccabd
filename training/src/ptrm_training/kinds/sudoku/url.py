"""Sudoku in puzz.link URLs."""

from ...generate.board import Board
from ...generate.files import Record
from ...generate.url_codes import number16, read_number16


def write_digits(puzzle: Record) -> str:
    return number16([int(c) if c != '.' else None for c in puzzle['puzzle']])


def read_digits(text: str, here: Board) -> Record:
    return {'puzzle': ''.join('.' if v is None else str(v) for v in read_number16(text, len(here)))}
