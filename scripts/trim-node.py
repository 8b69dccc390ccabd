#!/usr/bin/env python3
"""Makes Node's program smaller to carry, for running programs of ours and nothing else: 110 MB become 19 MB after xz, not 27.

usage: trim-node.py node OUT

It overwrites with zeros what the check never asks for: what ICU knows of other languages than English, of other encodings
than Unicode and of where words end, and the tables by which C++ exceptions unwind Node's own code, which has none.
"""

import re
import struct
import subprocess
import sys
from pathlib import Path

#: The head of ICU's common data: its size, two magic bytes, then a description that names the format.
ICU_HEAD = re.compile(rb'(..)\xda\x27.{8}CmnD', re.DOTALL)
LOCALE = re.compile(r'(.*/)?(?!root|pool|en)[a-z]{2,3}(_\w+)*\.res$')
LEFT_OUT = re.compile(r'\.(cnv|dict|brk)$|/unames\.icu$|/(translit|rbnf)/')
SECTION = re.compile(r'\] (\.eh_frame|\.eh_frame_hdr|\.gcc_except_table)\s+\S+\s+\S+ ([0-9a-f]+) ([0-9a-f]+)')


def clear_locales(blob: bytearray) -> int:
    """Overwrites the entries that are left out, and returns how many bytes they had."""
    head = ICU_HEAD.search(blob)
    if head is None:
        sys.exit('this Node has no data of ICU inside')
    base = head.start() + struct.unpack('<H', head[1])[0]
    (count,) = struct.unpack_from('<I', blob, base)
    entries = [struct.unpack_from('<II', blob, base + 4 + 8 * i) for i in range(count)]
    cleared = 0
    # Entries are in the order of their names and of their data; the last one's length is told nowhere.
    for (name_at, first), (_, end) in zip(entries, entries[1:], strict=False):
        name = blob[base + name_at : blob.index(0, base + name_at)].decode()
        if LOCALE.match(name) or LEFT_OUT.search(name):
            blob[base + first : base + end] = bytes(end - first)
            cleared += end - first
    return cleared


def clear_unwinding(blob: bytearray, file: Path) -> int:
    """Overwrites the sections of exceptions, and returns how many bytes they had."""
    sections = subprocess.run(['readelf', '-SW', file], capture_output=True, text=True, check=True).stdout
    cleared = 0
    for _, offset, size in SECTION.findall(sections):
        first, length = int(offset, 16), int(size, 16)
        blob[first : first + length] = bytes(length)
        cleared += length
    return cleared


def main(source: str, target: str) -> None:
    subprocess.run(['strip', '-o', target, source], check=True)
    file = Path(target)
    blob = bytearray(file.read_bytes())
    locales, unwinding = clear_locales(blob), clear_unwinding(blob, file)
    file.write_bytes(blob)
    print(f'{len(blob) / 1e6:.0f} MB: cleared {locales / 1e6:.1f} MB of locales, {unwinding / 1e6:.1f} MB of unwinding')


if __name__ == '__main__':
    main(*sys.argv[1:])
