"""Compiles the native parts on demand, into training/build: generators, and the token mix of boards."""

import os
import shutil
import subprocess
from pathlib import Path

TRAINING = Path(__file__).resolve().parents[3]


def _command(source: Path, program: Path, board: tuple[int, int] | None = None) -> list[str]:
    if source.suffix == '.rs':
        compiler, flags, advice = shutil.which('rustc'), ['--edition=2021', '-O'], 'rustc: see https://rustup.rs'
    else:
        compiler = shutil.which('g++') or shutil.which('clang++')
        flags, advice = ['-std=c++20', '-O3', '-march=native'], 'a C++20 compiler: on Debian, apt-get install g++'
        if board:
            flags += ['-ffast-math', '-funroll-loops', '-shared', '-fPIC', f'-DROWS={board[0]}', f'-DCOLUMNS={board[1]}']
    if compiler is None:
        raise FileNotFoundError(f'native/{source.name} needs {advice}')
    return [compiler, *flags, '-o', str(program), str(source)]


def compiled(name: str, board: tuple[int, int] | None = None) -> Path:
    """The program made from native/NAME.cpp or NAME.rs, or with `board` the library for boards of so many rows and columns.

    Compiled when it is missing or older than its sources.
    """
    source = next((TRAINING / 'native').glob(f'{name}.*'))
    program = TRAINING / 'build' / (f'{name}-{board[0]}x{board[1]}.so' if board else name)
    sources = [source, *(TRAINING / 'native' / name).glob('*')]  # a Rust program's modules lie in a folder of its name
    if program.exists() and program.stat().st_mtime >= max(path.stat().st_mtime for path in sources):
        return program
    program.parent.mkdir(exist_ok=True)
    unfinished = program.with_name(f'{program.name}.{os.getpid()}')
    subprocess.run(_command(source, unfinished, board), check=True)
    os.replace(unfinished, program)  # whole or not at all: several workers may compile at once
    return program
