"""puzz.link URLs of the six kinds, written and read; the encodings are pzpr's."""

from collections.abc import Callable, Iterator

from .board import board

BASE_36 = '0123456789abcdefghijklmnopqrstuvwxyz'
LONGEST_RUN = 20
PREFIX = 'https://puzz.link/p?'
UNKNOWN = -1  # the clue "?", or a wall without a number
WALL_KINDS = ('lightup', 'shakashaka')
# The value of a cell without a clue, in records; None for Tapa.
BLANK = {'sudoku': 0, 'nurikabe': 0, 'lightup': -2, 'shakashaka': -2, 'tapa': None}
# Lengths of Tapa clues in base BASE, from START on: two letters say the clue.
TAPA_CODES = {2: (6, 360, 396), 3: (4, 396, 460), 4: (2, 460, 476)}


def puzzle_url(record: dict) -> str:
    """The URL of a record; Sudoku's holds its puzzle as 81 characters."""
    kind, rows, cols = record['type'], record.get('rows', 9), record.get('cols', 9)
    if kind == 'sudoku':
        body = _number16([int(c) if c != '.' else None for c in record['puzzle']])
    elif kind == 'heyawake':
        body = _borders(record) + _number16([None if n < 0 else n for n in record['roomnums']])
    else:
        clues = [None if v == BLANK[kind] else v for row in record['clues'] for v in row]
        write = _number4 if kind in WALL_KINDS else _tapa if kind == 'tapa' else _number16
        body = write(clues)
    return f'{PREFIX}{"akari" if kind == "lightup" else kind}/{cols}/{rows}/{body}'


def read_url(url: str) -> dict:
    """The record, without solution, that a URL stands for. ValueError where it is damaged."""
    kind, cols, rows, body = url.split('?', 1)[1].split('/')[:4]
    kind = 'lightup' if kind == 'akari' else kind
    here = board(int(rows), int(cols))
    if kind == 'heyawake':
        return _read_heyawake(body, here)
    read = _read_number4 if kind in WALL_KINDS else _read_tapa if kind == 'tapa' else _read_number16
    clues = read(body, len(here))
    if kind == 'sudoku':
        return {'type': kind, 'puzzle': ''.join('.' if v is None else str(v) for v in clues)}
    blanks = [BLANK[kind] if v is None else v for v in clues]
    return {'type': kind, 'rows': here.rows, 'cols': here.cols, 'clues': here.grid(blanks)}


def _with_runs(values: list, code: Callable) -> str:
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


def _place(found: Iterator[tuple[int, object]], cells: int) -> list:
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


def _number16(values: list[int | None]) -> str:
    """Numbers by one hexadecimal digit, two behind "-", three behind "+"; "." is "?"."""

    def code(value: int) -> str:
        if value == UNKNOWN:
            return '.'
        return format(value, 'x') if value < 16 else f'-{value:02x}' if value < 256 else f'+{value:03x}'

    return _with_runs(values, code)


def _read_number16(text: str, cells: int) -> list[int | None]:
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

    return _place(found(), cells)


def _number4(values: list[int | None]) -> str:
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


def _read_number4(text: str, cells: int) -> list[int | None]:
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

    return _place(found(), cells)


def _tapa(values: list[list[int] | None]) -> str:
    """One number as a digit, four as 9 or, like two and three, by a base-36 code of two letters; 0 stands for "?" there."""

    def code(clue: list[int]) -> str:
        if len(clue) == 1:
            return '.' if clue[0] == UNKNOWN else str(clue[0])
        if list(clue) == [1, 1, 1, 1]:
            return '9'
        base, value, _ = TAPA_CODES[len(clue)]
        value += sum(max(n, 0) * base ** (len(clue) - 1 - i) for i, n in enumerate(clue))
        return BASE_36[value // 36] + BASE_36[value % 36]

    return _with_runs(values, code)


def _read_tapa(text: str, cells: int) -> list[list[int] | None]:
    def found() -> Iterator[tuple[int, list[int] | None]]:
        letters = iter(text)
        for letter in letters:
            if letter in BASE_36[16:]:
                yield int(letter, 36) - 15, None
            elif letter in '.9':
                yield 0, [UNKNOWN] if letter == '.' else [1, 1, 1, 1]
            elif letter in '012345678':
                yield 0, [int(letter)]
            else:
                yield 0, _tapa_clue(int(letter + next(letters, ''), 36))

    return _place(found(), cells)


def _tapa_clue(value: int) -> list[int]:
    for length, (base, first, end) in TAPA_CODES.items():
        if first <= value < end:
            digits = [(value - first) // base ** (length - 1 - i) % base for i in range(length)]
            return [n or UNKNOWN for n in digits]
    raise ValueError(f'no Tapa clue has the code {value}')


def _borders(record: dict) -> str:
    """Five borders a letter (base 32): right of each cell row by row, then below each cell, each part filled up with 0."""
    rooms, rows, cols = record['rooms'], record['rows'], record['cols']
    right = [rooms[r][c] != rooms[r][c + 1] for r in range(rows) for c in range(cols - 1)]
    below = [rooms[r][c] != rooms[r + 1][c] for r in range(rows - 1) for c in range(cols)]

    def letters(bits: list[bool]) -> str:
        bits = bits + [False] * (-len(bits) % 5)
        return ''.join(BASE_36[sum(16 >> k for k in range(5) if bits[i + k])] for i in range(0, len(bits), 5))

    return letters(right) + letters(below)


def _read_heyawake(text: str, here) -> dict:
    rows, cols = here.rows, here.cols
    split = -(-rows * (cols - 1) // 5)
    end = split + -(-(rows - 1) * cols // 5)
    bits = lambda part: [int(letter, 32) >> k & 1 for letter in part for k in (4, 3, 2, 1, 0)]  # noqa: E731
    right, below = bits(text[:split]), bits(text[split:end])
    ids = [-1] * len(here)
    count = 0
    for start in here.cells:
        if ids[start] >= 0:
            continue
        group, ids[start] = [start], count
        for cell in group:
            for near in here.neighbours[cell]:
                low, high = sorted((cell, near))
                row, col = divmod(low, cols)
                wall = below[low] if high == low + cols else right[row * (cols - 1) + col]
                if ids[near] < 0 and not wall:
                    ids[near] = count
                    group.append(near)
        count += 1
    numbers = [-1 if n is None else n for n in _read_number16(text[end:], count)]
    clues = [-1] * len(here)
    for room, number in enumerate(numbers):
        clues[ids.index(room)] = number
    return {
        'type': 'heyawake',
        'rows': rows,
        'cols': cols,
        'clues': here.grid(clues),
        'rooms': here.grid(ids),
        'roomnums': numbers,
    }
