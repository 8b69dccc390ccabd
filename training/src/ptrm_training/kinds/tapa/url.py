"""Tapa in puzz.link URLs."""

from collections.abc import Iterator

from ...generate.url_codes import BASE_36, UNKNOWN, place_values, with_runs

Clue = list[int]
# Lengths of clues in base BASE, from START on: two letters say the clue.
CODES = {2: (6, 360, 396), 3: (4, 396, 460), 4: (2, 460, 476)}


def write_clues(values: list[Clue | None]) -> str:
    """One number as a digit, four as 9 or, like two and three, by a base-36 code of two letters; 0 stands for "?" there."""

    def code(clue: Clue) -> str:
        if len(clue) == 1:
            return '.' if clue[0] == UNKNOWN else str(clue[0])
        if list(clue) == [1, 1, 1, 1]:
            return '9'
        base, value, _ = CODES[len(clue)]
        value += sum(max(n, 0) * base ** (len(clue) - 1 - i) for i, n in enumerate(clue))
        return BASE_36[value // 36] + BASE_36[value % 36]

    return with_runs(values, code)


def read_clues(text: str, cells: int) -> list[Clue | None]:
    def found() -> Iterator[tuple[int, Clue | None]]:
        letters = iter(text)
        for letter in letters:
            if letter in BASE_36[16:]:
                yield int(letter, 36) - 15, None
            elif letter in '.9':
                yield 0, [UNKNOWN] if letter == '.' else [1, 1, 1, 1]
            elif letter in '012345678':
                yield 0, [int(letter)]
            else:
                yield 0, _clue(int(letter + next(letters, ''), 36))

    return place_values(found(), cells)


def _clue(value: int) -> Clue:
    for length, (base, first, end) in CODES.items():
        if first <= value < end:
            digits = [(value - first) // base ** (length - 1 - i) % base for i in range(length)]
            return [n or UNKNOWN for n in digits]
    raise ValueError(f'no Tapa clue has the code {value}')
