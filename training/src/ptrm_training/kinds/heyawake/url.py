"""Heyawake in puzz.link URLs: room borders, then the numbers of the rooms in reading order."""

from ...generate.board import Board
from ...generate.files import Record
from ...generate.url_codes import BASE_36, number16, read_number16


def write_rooms(puzzle: Record) -> str:
    return _borders(puzzle) + number16([None if n < 0 else n for n in puzzle['roomnums']])


def _borders(puzzle: Record) -> str:
    """Five borders a letter (base 32): right of each cell row by row, then below each cell, each part filled up with 0."""
    rooms, rows, cols = puzzle['rooms'], puzzle['rows'], puzzle['cols']
    right = [rooms[r][c] != rooms[r][c + 1] for r in range(rows) for c in range(cols - 1)]
    below = [rooms[r][c] != rooms[r + 1][c] for r in range(rows - 1) for c in range(cols)]

    def letters(bits: list[bool]) -> str:
        bits = bits + [False] * (-len(bits) % 5)
        return ''.join(BASE_36[sum(16 >> k for k in range(5) if bits[i + k])] for i in range(0, len(bits), 5))

    return letters(right) + letters(below)


def read_rooms(text: str, here: Board) -> Record:
    split = -(-here.rows * (here.cols - 1) // 5)
    end = split + -(-(here.rows - 1) * here.cols // 5)
    ids = _room_ids(here, _bits(text[:split]), _bits(text[split:end]))
    numbers = [-1 if n is None else n for n in read_number16(text[end:], max(ids) + 1)]
    clues = [-1] * len(here)
    for room, number in enumerate(numbers):
        clues[ids.index(room)] = number
    return {
        'rows': here.rows,
        'cols': here.cols,
        'clues': here.grid(clues),
        'rooms': here.grid(ids),
        'roomnums': numbers,
    }


def _bits(letters: str) -> list[int]:
    return [int(letter, 32) >> k & 1 for letter in letters for k in (4, 3, 2, 1, 0)]


def _room_ids(here: Board, right: list[int], below: list[int]) -> list[int]:
    """Each cell's room, numbered in reading order, from the borders right of and below the cells."""
    ids = [-1] * len(here)
    count = 0
    for start in here.cells:
        if ids[start] >= 0:
            continue
        group, ids[start] = [start], count
        for cell in group:  # grows while it is walked
            for near in here.neighbours[cell]:
                low, high = sorted((cell, near))
                row, col = divmod(low, here.cols)
                wall = below[low] if high == low + here.cols else right[row * (here.cols - 1) + col]
                if ids[near] < 0 and not wall:
                    ids[near] = count
                    group.append(near)
        count += 1
    return ids
