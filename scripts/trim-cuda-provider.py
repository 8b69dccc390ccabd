#!/usr/bin/env python3
"""Makes onnxruntime's CUDA provider small enough to carry to a machine without network.

usage: trim-cuda-provider.py libonnxruntime_providers_cuda.so OUT.so [--arch 90]

It keeps the machine code of one GPU architecture (90: H100 and H200) and overwrites the rest with zeros, which compress
to nothing: of 1.30's 272 MB, 9 MB are left after xz. It also leaves out the kernels of attention, of mixtures of experts
and of quantised products, which are most of the rest, and which no graph of ptrm has. Their names are read from the
machine code, which is packed with zstd: the program zstd must be there. A kernel that is left out and wanted after all
fails with 'no kernel image is available'; nothing computes something else.
"""

import argparse
import re
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

FATBIN_MAGIC = b'\x50\xed\x55\xba'
ELF_KIND = 2
#: Where an entry's header holds the length of its packed code, without what fills it up, and its architecture.
PACKED_OFFSET = 16
ARCH_OFFSET = 28
#: Of no GPU that is looked for: an entry of it is never chosen.
NO_ARCH = 1
#: An ELF file for CUDA (machine 190), as the attention kernels of TensorRT lie among the constants.
CUDA_ELF = re.compile(rb'\x7fELF\x02\x01.{12}\xbe\x00', re.DOTALL)
KERNEL = re.compile(rb'\.text\.([\w.$]+)')
LEFT_OUT = re.compile(
    rb'flash|cutlass|3llm|fused_moe|[aA]ttention|kernel_mha|DeltaNet|MatMulFloat[48]|EmptyKernel'
)


def entries(blob: bytearray) -> Iterator[tuple[int, int, int, int, int]]:
    """(header, kind, architecture, first byte, length) of each piece of code in each fatbin."""
    at = 0
    while (at := blob.find(FATBIN_MAGIC, at)) >= 0:
        _, version, header, size = struct.unpack_from('<IHHQ', blob, at)
        if version != 1 or header != 16 or size > len(blob) - at:
            at += 4
            continue
        place, end = at + header, at + header + size
        while place < end:
            kind, _, entry_header, entry_size = struct.unpack_from('<HHIQ', blob, place)
            if kind not in (1, ELF_KIND) or not 32 <= entry_header <= 256:
                break
            (arch,) = struct.unpack_from('<I', blob, place + ARCH_OFFSET)
            yield place, kind, arch, place + entry_header, entry_size
            place += entry_header + entry_size
        at = end


def is_wanted(packed: bytes) -> bool:
    """Whether a piece of code has a kernel that a graph of ptrm may want."""
    code = subprocess.run(['zstd', '-dcq'], input=packed, capture_output=True, check=True).stdout
    kernels = KERNEL.findall(code)
    return not kernels or any(not LEFT_OUT.search(name) for name in kernels)


def clear_attention_files(blob: bytearray) -> int:
    """Overwrites the ELF files among the constants, and returns how many bytes they had."""
    cleared = 0
    for match in list(CUDA_ELF.finditer(blob)):
        at = match.start()
        programs, sections = struct.unpack_from('<QQ', blob, at + 32)
        counts = struct.unpack_from('<HHHH', blob, at + 54)
        size = max(programs + counts[0] * counts[1], sections + counts[2] * counts[3])
        blob[at : at + size] = bytes(size)
        cleared += size
    return cleared


def trim(source: Path, target: Path, arch: int) -> None:
    blob = bytearray(source.read_bytes())
    kept = 0
    for header, kind, found, first, size in list(entries(blob)):
        is_ours = kind == ELF_KIND and found == arch
        (packed,) = struct.unpack_from('<I', blob, header + PACKED_OFFSET)
        if is_ours and is_wanted(bytes(blob[first : first + packed])):
            kept += size
            continue
        blob[first : first + size] = bytes(size)
        if is_ours:
            struct.pack_into('<I', blob, header + ARCH_OFFSET, NO_ARCH)
    if kept == 0:
        sys.exit(f'no machine code for sm_{arch} in {source}')
    cleared = clear_attention_files(blob)
    target.write_bytes(blob)
    print(
        f'{len(blob) / 1e6:.0f} MB: kept {kept / 1e6:.1f} MB of code for sm_{arch}, '
        f'cleared {cleared / 1e6:.1f} MB of constants'
    )


def main() -> None:
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument('source', type=Path)
    parser.add_argument('target', type=Path)
    parser.add_argument('--arch', type=int, default=90)
    trim(**vars(parser.parse_args()))


if __name__ == '__main__':
    main()
