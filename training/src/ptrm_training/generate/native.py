"""Compiles the native generators on demand, into training/build."""

import os
import shutil
import subprocess
from pathlib import Path

TRAINING = Path(__file__).resolve().parents[3]


def _command(source: Path, program: Path) -> list[str]:
    if source.suffix == '.rs':
        compiler, flags, advice = shutil.which('rustc'), ['--edition=2021', '-O'], 'rustc: see https://rustup.rs'
    else:
        compiler = shutil.which('g++') or shutil.which('clang++')
        flags, advice = ['-std=c++20', '-O3', '-march=native'], 'a C++20 compiler: on Debian, apt-get install g++'
    if compiler is None:
        raise RuntimeError(f'the generator in native/{source.name} needs {advice}')
    return [compiler, *flags, '-o', str(program), str(source)]


def compiled(name: str) -> Path:
    """The program made from native/NAME.cpp or NAME.rs; compiled when it is missing or older than its sources."""
    source = next((TRAINING / 'native').glob(f'{name}.*'))
    program = TRAINING / 'build' / name
    sources = [source, *(TRAINING / 'native' / name).glob('*')]  # a Rust program's modules lie in a folder of its name
    if program.exists() and program.stat().st_mtime >= max(path.stat().st_mtime for path in sources):
        return program
    program.parent.mkdir(exist_ok=True)
    unfinished = program.with_name(f'{name}.{os.getpid()}')
    subprocess.run(_command(source, unfinished), check=True)
    os.replace(unfinished, program)  # whole or not at all: several workers may compile at once
    return program
