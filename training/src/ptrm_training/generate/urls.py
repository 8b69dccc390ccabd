"""Puzzles as puzz.link URLs, for the records that generators write; the encodings are pzpr's."""

BASE_36 = '0123456789abcdefghijklmnopqrstuvwxyz'
LONGEST_RUN = 20


def _run_letter(length: int) -> str:
    return BASE_36[15 + length]


def number4(values: list[int]) -> str:
    """Walls of Light Up and Shakashaka: -2 white, -1 a wall, 0-4; a digit tells of up to two blanks behind it."""
    text, place = '', 0

    def blanks(start: int, most: int) -> int:
        count = 0
        while count < most and start + count < len(values) and values[start + count] == -2:
            count += 1
        return count

    while place < len(values):
        value = values[place]
        if value == -2:
            run = blanks(place, LONGEST_RUN)
            text += _run_letter(run)
            place += run
        elif value == -1:
            text += '.'
            place += 1
        else:
            run = blanks(place + 1, 2)
            text += format(value + 5 * run, 'x')
            place += 1 + run
    return text


def puzzle_url(record: dict) -> str:
    name = {'lightup': 'akari'}.get(record['type'], record['type'])
    if record['type'] not in ('lightup', 'shakashaka'):
        raise ValueError(f'no URL encoding for kind {record["type"]!r} here')
    body = number4([value for row in record['clues'] for value in row])
    return f'https://puzz.link/p?{name}/{record["cols"]}/{record["rows"]}/{body}'
