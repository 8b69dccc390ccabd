"""Compiles the native generators on demand, into training/build."""

import shutil
import subprocess
from pathlib import Path

TRAINING = Path(__file__).resolve().parents[3]


def compiled(name: str) -> Path:
    """The program made from native/NAME.cpp; compiled when it is missing or older than its source."""
    source, program = TRAINING / 'native' / f'{name}.cpp', TRAINING / 'build' / name
    if program.exists() and program.stat().st_mtime >= source.stat().st_mtime:
        return program
    compiler = shutil.which('g++') or shutil.which('clang++')
    if compiler is None:
        raise RuntimeError(f'{name} needs a C++20 compiler: on Debian, apt-get install g++')
    program.parent.mkdir(exist_ok=True)
    subprocess.run([compiler, '-std=c++20', '-O3', '-o', str(program), str(source)], check=True)
    return program
