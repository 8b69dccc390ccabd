#!/usr/bin/env bash
# Trains kinds on from their checkpoints on a machine with an NVIDIA GPU, in ten minutes at most, preparation and all:
#
#   bash training/gpu.sh tapa nurikabe [lr=5e-3 ...]          (KEY=VALUE goes to the trainer)
#
# Wants beside this repository the files that CONFIG names for each kind (data/KIND-people.npz, data/KIND-plain.npz and the
# checkpoint to go on from), and Python 3.11 with PyTorch for CUDA, numpy, pydantic and safetensors (a PYTHONPATH that is set is
# kept: packages may lie anywhere); says what is missing before anything is trained. Brings into OUT/KIND checkpoint.pt (never
# with the batch in flight, so that it is small whenever the machine goes), log.jsonl and dev.json (plain TRM on the development
# puzzles).
#
#   MINUTES=9                           in all; kinds share what the checks leave, and rates fall with the time that each has had
#   OUT=gpu-out                         (in training/) must not hold these kinds yet
#   CONFIG=configs/gpu-people.toml
#   DEV=500                             development puzzles
#   CHECK=1                             first, whether Sudoku's tied model trains on this GPU as on a CPU: OUT/cuda-check.json
#   PYTHON=python3
#   DEVICE=cpu                          rehearses all of it without a GPU
set -euo pipefail
cd "$(dirname "$0")"
began=$SECONDS
minutes=${MINUTES:-9} out=${OUT:-gpu-out} config=${CONFIG:-configs/gpu-people.toml} device=${DEVICE:-cuda}
python=${PYTHON:-python3}
kinds=() overrides=() check=()
for word in "$@"; do
  if [[ $word == *=* ]]; then overrides+=("$word"); else kinds+=("$word"); fi
done
if ((${#kinds[@]} == 0)); then
  echo "usage: gpu.sh KIND... [KEY=VALUE...], such as: gpu.sh tapa nurikabe lr=5e-3" >&2
  exit 2
fi

left() { # whole seconds until the end
  awk -v m="$minutes" -v gone=$((SECONDS - began)) 'BEGIN { printf "%d", m * 60 - gone }'
}

fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

# What the trainer imports, and Muon, which PyTorch has had since 2.9.
needs='import sys; assert sys.version_info >= (3, 11), "Python 3.11"; import numpy, pydantic, safetensors, torch; torch.optim.Muon'
command -v "$python" > /dev/null || fail "missing: $python (set PYTHON, or apt-get install python3 python3-venv)"
mkdir -p "$out"
if ! lacking=$("$python" -c "$needs" 2>&1); then
  echo "$python lacks something (${lacking##*$'\n'}); trying to install PyTorch into $out/venv" >&2
  if ! { "$python" -m venv "$out/venv" && timeout 180 "$out/venv/bin/pip" install --quiet --disable-pip-version-check \
    'torch>=2.9' numpy pydantic safetensors; } >&2; then
    fail "missing: ${lacking##*$'\n'}" \
      "It could not be installed: no package registry was reached in time, or it has no such package." \
      "Set PYTHON to a Python 3.11 that has torch (2.9 or newer, for CUDA), numpy, pydantic and safetensors."
  fi
  python=$out/venv/bin/python
fi
export PYTHONPATH=src${PYTHONPATH:+:$PYTHONPATH}

started=$SECONDS
cuda=$("$python" -c 'import torch; print(torch.cuda.get_device_name() if torch.cuda.is_available() else "")')
start=$((SECONDS - started))
if [[ $device == cuda && -z $cuda ]]; then
  fail "missing: a GPU that PyTorch finds (nvidia-smi: $(nvidia-smi -L 2>&1 | head -1 || true); PyTorch: $("$python" -c 'import torch; print(torch.__version__)'))" \
    "A PyTorch of a version with +cpu has no CUDA. DEVICE=cpu rehearses without a GPU."
fi
[[ $device == cpu ]] && export CUDA_VISIBLE_DEVICES= && cuda=
if [[ -n $cuda ]] && ! { command -v cc || command -v gcc || command -v clang; } > /dev/null; then
  echo "no C compiler, which PyTorch's own compiler asks for: training without it, slower" >&2
  overrides+=(compile=false)
  check=(--no-compile)
fi

for kind in "${kinds[@]}"; do
  [[ ! -e $out/$kind ]] || fail "$out/$kind is there already: set OUT, or move it away"
done
"$python" - "$config" "${#kinds[@]}" "${kinds[@]}" ${overrides[@]+"${overrides[@]}"} << 'EOF'
"""Reads the configuration of every kind, and names all files that are not there."""
import sys
from pathlib import Path
from ptrm_training.trainer.read_config import read_config

path, count, *words = sys.argv[1:]
kinds, overrides = words[: int(count)], words[int(count) :]
try:
    configs = [read_config(Path(path), [f'kind="{kind}"', *overrides]) for kind in kinds]
except (OSError, ValueError) as error:
    sys.exit(f'error: {error}')
files = [file for config in configs for file in (*config.data, config.init) if file]
missing = [file for file in files if not Path(file).exists()]
if missing:
    sys.exit(f'missing, in training/: {", ".join(missing)} (DATA.md says how data are made; runs/ has checkpoints)')
print(f'data and checkpoints: {sum(Path(file).stat().st_size for file in files) / 2**20:.1f} MiB')
EOF
echo "${cuda:-CPU}, $minutes minutes: ${kinds[*]}, $config ${overrides[*]-}"

if [[ -n $cuda && -n ${CHECK:-} ]]; then
  # Known before the minutes are spent, and no reason to end.
  timeout --foreground 90 "$python" -m ptrm_training.cuda_check sudoku --init runs/sudoku-2/checkpoint.pt \
    ${check[@]+"${check[@]}"} > "$out/cuda-check.json" 2> "$out/cuda-check.log" || true
  if grep -q '"same": true' "$out/cuda-check.json"; then
    echo "Sudoku's tied model trains on CUDA as on the CPU: $(tr '\n' ' ' < "$out/cuda-check.json")"
    rm "$out/cuda-check.log"
  else
    echo "Sudoku's tied model does not train on CUDA as on the CPU: $(tail -n 1 "$out"/cuda-check.json "$out"/cuda-check.log)" >&2
  fi
fi

# Seconds beside the training: a kind's start, by what PyTorch's own took, and its last checkpoint and development puzzles.
before=$((15 + 3 * start)) after=25
failed=0
for i in "${!kinds[@]}"; do
  kind=${kinds[i]}
  share=$(($(left) / (${#kinds[@]} - i)))
  seconds=$((share - before - after))
  ((seconds >= 10)) || fail "no time is left for $kind: more MINUTES, or fewer kinds"
  train=$(awk -v s=$seconds 'BEGIN { printf "%.2f", s / 60 }')
  echo "== $kind: $train minutes"
  # On time even where the start takes longer: the last checkpoint is then at most half a minute old.
  timeout --foreground $((share - after)) "$python" -m ptrm_training.train "$config" "kind=\"$kind\"" "minutes=$train" \
    ${overrides[@]+"${overrides[@]}"} --out "$out/$kind" --log-every 10 --checkpoint-every 30 --slim 2>&1 | tee "$out/$kind.txt" &&
    rm "$out/$kind.txt" ||
    { echo "training of $kind ended early; see $out/$kind.txt" >&2 && failed=1; }
  [[ -e $out/$kind/checkpoint.pt ]] || continue
  if (($(left) > 15)); then
    timeout --foreground $(($(left) > 60 ? 60 : $(left))) "$python" -m ptrm_training.evaluate "$out/$kind/checkpoint.pt" \
      --data "testsets/$kind-dev.jsonl.gz" --count "${DEV:-500}" > "$out/$kind/dev.json" || echo "no figures of $kind" >&2
  fi
done
du -ah "$out" --exclude venv | sort -k 2
exit $failed
