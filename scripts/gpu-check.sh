#!/usr/bin/env bash
# Everything that is to be known of a GPU, in one command: does it load, is it right, how fast is it. Writes gpu-check.json and gpu-check.log.
#
#   scripts/gpu-check.sh [--seconds N] [--out FOLDER] ...       in a clone after npm run setup, where CUDA is installed
#   scripts/gpu-check.sh --pack DIR [--provider-library FILE]
#                                                               makes pieces for a machine that has no Node and no network;
#                                                               needs xz, strip, readelf, zstd; some minutes, pieces that are there are kept
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

# A piece of a folder's files; one that is there already is kept, as the large ones seldom change.
piece() {
  [ ! -e "$2" ] || return 0
  tar -C "$1" --owner=0 --group=0 --sort=name -cf - . | compress > "$2.part"
  mv "$2.part" "$2"
}

# Node and onnxruntime as runtime, our packages as base, the CUDA provider.
pack() {
  local into=$1 library=$2 work file
  mkdir -p "$into"
  work=$(mktemp -d)
  trap "rm -rf '$work'" EXIT
  "$node" "$root/benchmarks/src/gpu-check/pack.ts" "$work/base"
  file=$work/base/node_modules/.bin/node
  python3 "$root/scripts/trim-node.py" "$file" "$work/node"
  mv "$work/node" "$file"
  chmod 755 "$file"
  for file in node_modules/.bin/node $(cd "$work/base" && echo $bindings); do
    mkdir -p "$work/runtime/$(dirname "$file")"
    mv "$work/base/$file" "$work/runtime/$file"
  done
  rm -f "$into/base.tar.xz"
  piece "$work/base" "$into/base.tar.xz"
  piece "$work/runtime" "$into/runtime.tar.xz"
  if [ "${PROVIDER:-cuda}" = cuda ] && [ ! -e "$into/provider.tar.xz" ]; then
    pack_provider "$into" "$library" "$work"
  fi
  ls -l "$into"
  echo "$(du -cb "$into"/*.tar.xz | tail -1 | cut -f 1) bytes of pieces, beside $(git -C "$root" ls-files -z | (cd "$root" && xargs -0 stat -c %s) | awk '{ sum += $1 } END { print sum }') of the repository's files"
}

pack_provider() {
  local into=$1 library=$2 work=$3 version
  if [ -z "$library" ]; then
    version=$("$node" -p "require('$root/benchmarks/node_modules/onnxruntime-node/package.json').version")
    python3 -m pip install --quiet --no-deps --no-compile --only-binary=:all: --python-version 3.12 \
      --platform manylinux_2_28_x86_64 --target "$work/wheel" "onnxruntime-gpu==$version"
    library=$work/wheel/onnxruntime/capi/libonnxruntime_providers_cuda.so
  fi
  mkdir "$work/provider"
  python3 "$root/scripts/trim-cuda-provider.py" "$library" "$work/provider/libonnxruntime_providers_cuda.so"
  cp "$(dirname "$library")/libonnxruntime_providers_shared.so" "$work/provider/"
  piece "$work/provider" "$into/provider.tar.xz"
}

# Python's own reader of archives, as xz is not everywhere.
extract() { python3 -c 'import sys, tarfile; tarfile.open(sys.argv[1]).extractall(sys.argv[2])' "$1" "$2"; }

unpack() {
  extract "$1/runtime.tar.xz" "$root"
  extract "$1/base.tar.xz" "$root"
  [ "${PROVIDER:-cuda}" = cuda ] || return 0
  libraries=$(mktemp -d)
  trap 'rm -rf "$libraries"' EXIT
  extract "$1/provider.tar.xz" "$libraries"
  options+=(--libraries "$libraries")
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

mode=check pieces='' library='' options=()
while [ $# -gt 0 ]; do
  case $1 in
    --pack | --unpack) mode=${1#--} pieces=${2:?$1 wants a folder}; shift 2 ;;
    --provider-library) library=${2:?--provider-library wants a file}; shift 2 ;;
    *) options+=("$1"); shift ;;
  esac
done
if [ "$mode" = pack ]; then
  pack "$pieces" "$library"
  exit
fi
# Without a tool that writes search paths into libraries, the environment has to do.
folders=$(cuda_folders)
export LD_LIBRARY_PATH=${folders:+$folders:}${LD_LIBRARY_PATH:-}
[ "$mode" = check ] || unpack "$pieces"
echo "started after $((SECONDS - started)) s"
"$node" "$root/benchmarks/src/gpu-check/main.ts" --provider "${PROVIDER:-cuda}" ${options[@]+"${options[@]}"}
