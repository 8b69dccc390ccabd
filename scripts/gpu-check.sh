#!/usr/bin/env bash
# Everything that is to be known of a GPU, in one command: does it load, is it right, how fast is it. Writes gpu-check.json and gpu-check.log.
#
#   scripts/gpu-check.sh [--seconds N] [--out FOLDER] ...       in a clone after npm run setup, where CUDA is installed
#   scripts/gpu-check.sh --pack DIR [--node FILE] [--provider-library FILE]
#                                                               makes pieces for a machine that has no Node and no network
#   scripts/gpu-check.sh --unpack DIR [--seconds N] ...         there, in the repository's files alone: unpacks, then checks
#
# PROVIDER=cpu rehearses all of it without a GPU. --help lists the rest.
set -euo pipefail
started=$SECONDS
root=$(cd "$(dirname "$0")/.." && pwd)
node=$root/node_modules/.bin/node
bindings=node_modules/.pnpm/onnxruntime-node@*/node_modules/onnxruntime-node/bin/napi-*/linux/x64

# Strong and slow: the filter is for machine code, the dictionary holds the largest file.
compress() { xz -T1 --x86 --lzma2=preset=9e,dict=128MiB,lc=4,pb=2; }

pack() {
  local into=$1 node_file=$2 library=$3 work
  mkdir -p "$into"
  work=$(mktemp -d)
  trap "rm -rf '$work'" EXIT
  "$node" "$root/benchmarks/src/gpu-check/pack.ts" "$work/base"
  [ -z "$node_file" ] || cp "$node_file" "$work/base/node_modules/.bin/node"
  strip "$work/base/node_modules/.bin/node"
  tar -C "$work/base" --owner=0 --group=0 --sort=name -cf - . | compress > "$into/base.tar.xz"

  mkdir -p "$work/provider"
  if [ -z "$library" ]; then
    local version
    version=$("$node" -p "require('$root/benchmarks/node_modules/onnxruntime-node/package.json').version")
    python3 -m pip download --quiet --no-deps --only-binary=:all: --python-version 3.12 \
      --platform manylinux_2_28_x86_64 --dest "$work" "onnxruntime-gpu==$version"
    python3 -m zipfile -e "$work"/onnxruntime_gpu-*.whl "$work/wheel"
    library=$work/wheel/onnxruntime/capi/libonnxruntime_providers_cuda.so
  fi
  python3 "$root/scripts/trim-cuda-provider.py" "$library" "$work/provider/libonnxruntime_providers_cuda.so"
  cp "$(dirname "$library")/libonnxruntime_providers_shared.so" "$work/provider/"
  tar -C "$work/provider" --owner=0 --group=0 -cf - . | compress > "$into/provider.tar.xz"
  ls -l "$into"
}

# Python's own reader of archives, as xz is not everywhere.
extract() { python3 -c 'import sys, tarfile; tarfile.open(sys.argv[1]).extractall(sys.argv[2])' "$1" "$2"; }

unpack() {
  local from=$1 binding
  extract "$from/base.tar.xz" "$root"
  [ "${PROVIDER:-cuda}" = cuda ] || return 0
  binding=$(echo "$root"/$bindings)
  extract "$from/provider.tar.xz" "$binding"
  chmod 644 "$binding"/libonnxruntime_providers_*.so
}

# Folders of CUDA's libraries as Python's packages bring them.
cuda_folders() {
  python3 - <<'PYTHON'
import site, sys, glob
places = {*site.getsitepackages(), site.getusersitepackages(), *sys.path}
found = sorted({folder for place in places if place for folder in glob.glob(f'{place}/nvidia/*/lib')})
print(':'.join(found))
PYTHON
}

mode=check pieces='' node_file='' library='' options=()
while [ $# -gt 0 ]; do
  case $1 in
    --pack | --unpack) mode=${1#--} pieces=${2:?$1 wants a folder}; shift 2 ;;
    --node) node_file=${2:?--node wants a file}; shift 2 ;;
    --provider-library) library=${2:?--provider-library wants a file}; shift 2 ;;
    *) options+=("$1"); shift ;;
  esac
done
if [ "$mode" = pack ]; then
  pack "$pieces" "$node_file" "$library"
  exit
fi
[ "$mode" = check ] || unpack "$pieces"
folders=$(cuda_folders)
export LD_LIBRARY_PATH=${folders:+$folders:}${LD_LIBRARY_PATH:-}
echo "started after $((SECONDS - started)) s"
exec "$node" "$root/benchmarks/src/gpu-check/main.ts" --provider "${PROVIDER:-cuda}" ${options[@]+"${options[@]}"}
