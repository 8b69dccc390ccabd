"""Compiles the native parts on demand, into training/build: generators, and the network of boards."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

TRAINING = Path(__file__).resolve().parents[3]
RUST_FLAGS = ['-Ctarget-cpu=native', '-Ccodegen-units=1']  # a third faster for Nurikabe's sets of bits, the same puzzles


Defined = Mapping[str, int]  # names of a C++ source and their values
OF_A_LIBRARY = ('-ffast-math', '-funroll-loops', '-shared', '-fPIC', '-pthread', '-Wno-psabi')


def _command(source: Path, program: Path, defined: Defined | None = None) -> list[str]:
    if source.suffix == '.rs':
        compiler, flags, advice = shutil.which('rustc'), ['--edition=2021', '-O', *RUST_FLAGS], 'rustc: see https://rustup.rs'
    else:
        compiler = shutil.which('g++') or shutil.which('clang++')
        flags, advice = ['-std=c++20', '-O3', '-march=native'], 'a C++20 compiler: on Debian, apt-get install g++'
        if defined is not None:
            flags += [*OF_A_LIBRARY, *(f'-D{name}={value}' for name, value in defined.items())]
    if compiler is None:
        raise FileNotFoundError(f'native/{source.name} needs {advice}')
    return [compiler, *flags, '-o', str(program), str(source)]


def compiled(name: str) -> Path:
    """The program made from native/NAME.cpp or NAME.rs, compiled when it is missing or older than its sources."""
    return _made(name, TRAINING / 'build' / name)


def library(name: str, defined: Defined) -> Path:
    """The library made from native/NAME.cpp with these numbers, compiled when it is missing or older than its source."""
    return _made(name, TRAINING / 'build' / f'{"-".join([name, *map(str, defined.values())])}.so', defined)


def _made(name: str, program: Path, defined: Defined | None = None) -> Path:
    source = next((TRAINING / 'native').glob(f'{name}.*'))
    sources = [source, *(TRAINING / 'native').glob('*/*')]  # the modules and headers that programs share
    if program.exists() and program.stat().st_mtime >= max(path.stat().st_mtime for path in sources):
        return program
    program.parent.mkdir(exist_ok=True)
    unfinished = program.with_name(f'{program.name}.{os.getpid()}')
    subprocess.run(_command(source, unfinished, defined), check=True)
    os.replace(unfinished, program)  # whole or not at all: several workers may compile at once
    return program
