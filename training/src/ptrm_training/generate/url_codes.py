"""The parts of pzpr's URL encoding that kinds share: runs of blanks, hexadecimal numbers, walls with numbers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from .board import Board
from .files import Record

BASE_36 = '0123456789abcdefghijklmnopqrstuvwxyz'
LONGEST_RUN = 20
UNKNOWN = -1  # the clue "?", or a wall without a number


@dataclass(frozen=True)
class UrlForm:
    """How puzz.link names a kind, and the body of its URLs: written from a record, read into one without type and solution."""

    name: str
    write: Callable[[Record], str]
    read: Callable[[str, Board], Record]


def clue_form(name: str, blank: Any, write: Callable[[list], str], read: Callable[[str, int], list]) -> UrlForm:
    """The form of a kind whose puzzles are a grid of clues; `write` and `read` know cells without a clue as None."""

    def write_grid(record: Record) -> str:
        return write([None if v == blank else v for row in record['clues'] for v in row])

    def read_grid(text: str, here: Board) -> Record:
        clues = [blank if v is None else v for v in read(text, len(here))]
        return {'rows': here.rows, 'cols': here.cols, 'clues': here.grid(clues)}

    return UrlForm(name, write_grid, read_grid)


def with_runs(values: list, code: Callable[[Any], str]) -> str:
    """Each value by its code; runs of blanks (None) as letters from g (1) to z (20)."""
    text, place = '', 0
    while place < len(values):
        run = _blanks(values, place, LONGEST_RUN)
        text += BASE_36[15 + run] if run else code(values[place])
        place += run or 1
    return text


def _blanks(values: list, start: int, most: int) -> int:
    count = 0
    while count < most and start + count < len(values) and values[start + count] is None:
        count += 1
    return count


def place_values(found: Iterator[tuple[int, object]], cells: int) -> list:
    """Values laid out from (blanks before it, value); what lies beyond the board is an error."""
    values: list = [None] * cells
    place = 0
    for skip, value in found:
        place += skip
        if value is None:
            continue
        if place >= cells:
            raise ValueError(f'the URL holds more than the board of {cells} cells')
        values[place] = value
        place += 1
    return values


def number16(values: list[int | None]) -> str:
    """Numbers by one hexadecimal digit, two behind "-", three behind "+"; "." is "?"."""

    def code(value: int) -> str:
        if value == UNKNOWN:
            return '.'
        return format(value, 'x') if value < 16 else f'-{value:02x}' if value < 256 else f'+{value:03x}'

    return with_runs(values, code)


def read_number16(text: str, cells: int) -> list[int | None]:
    def found() -> Iterator[tuple[int, int | None]]:
        place = 0
        while place < len(text):
            letter = text[place]
            digits = {'-': 2, '+': 3}.get(letter, 0)
            if letter == '.':
                yield 0, UNKNOWN
            elif digits:
                yield 0, int(text[place + 1 : place + 1 + digits], 16)
            elif letter in BASE_36[16:]:
                yield int(letter, 36) - 15, None
            else:
                yield 0, int(letter, 16)
            place += 1 + digits

    return place_values(found(), cells)


def number4(values: list[int | None]) -> str:
    """Walls: "." bare, or 0-4 plus five times the number (up to two) of the blanks that follow."""
    text, place = '', 0
    while place < len(values):
        value = values[place]
        if value is None:
            run = _blanks(values, place, LONGEST_RUN)
            text += BASE_36[15 + run]
        elif value == UNKNOWN:
            run = 1
            text += '.'
        else:
            run = 1 + _blanks(values, place + 1, 2)
            text += format(value + 5 * (run - 1), 'x')
        place += run
    return text


def read_number4(text: str, cells: int) -> list[int | None]:
    def found() -> Iterator[tuple[int, int | None]]:
        for letter in text:
            if letter == '.':
                yield 0, UNKNOWN
            elif letter in BASE_36[16:]:
                yield int(letter, 36) - 15, None
            else:
                blanks, number = divmod(int(letter, 15), 5)
                yield 0, number
                yield blanks, None

    return place_values(found(), cells)
