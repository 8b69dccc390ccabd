#!/usr/bin/env bash
# Lints, type-checks and tests training/ in a virtual environment of its own, which it makes the first time (PyTorch for CPUs, about 1 GB).
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root/training"
python=${PYTHON:-python3}
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; then
  echo "the training tests need Python 3.11 or newer: on Debian, apt-get install python3 python3-venv (or set PYTHON)" >&2
  exit 1
fi
stamp=.venv/ready-$(cksum < requirements.txt | cut -d' ' -f1)
if [ ! -e "$stamp" ]; then
  if ! "$python" -m venv --clear .venv; then
    echo "can't make a virtual environment: on Debian, apt-get install python3-venv" >&2
    exit 1
  fi
  echo "installing PyTorch and the rest into training/.venv (once)"
  .venv/bin/pip install --quiet --disable-pip-version-check -r requirements.txt
  touch "$stamp"
fi
.venv/bin/ruff check .
.venv/bin/ruff format --check .
.venv/bin/mypy
bash native/lint.sh
# The kernel's build, which exported models are held against.
node "$root/scripts/setup.mjs"
# One thread: the tests' tensors are small, and two threads wait for each other where other work has a core.
export OMP_NUM_THREADS="${OMP_NUM_THREADS:-1}"
PATH="$root/node_modules/.bin:$PATH" .venv/bin/python -m pytest -q tests "$@"
