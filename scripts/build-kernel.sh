#!/usr/bin/env bash
# Builds the kernel's two WASM variants (plain SIMD128 and relaxed SIMD) into DIR, by default where they are committed.
# Needs cargo, the wasm32 target and wasm-pack; scripts/setup-rust.sh sees to those.
set -euo pipefail
crate=$(cd "$(dirname "$0")/../packages/core-wasm" && pwd)
out=${1:-$crate/pkg}
cd "$crate"

cargo fetch --locked --quiet

# Panic messages hold source paths; the remapping keeps the builder's folders out of the binary, so that two machines agree.
registry=${CARGO_HOME:-$HOME/.cargo}/registry/src
remap="--remap-path-prefix=$crate=ptrm-core"
for source in "$registry"/*/; do remap+=" --remap-path-prefix=${source%/}=crates"; done
remap+=" --remap-path-prefix=$(rustc --print sysroot)=rust"
build() { # NAME TARGET_FEATURES
  # LLVM's default order hoists the tiles' loads until V8 has to spill; source order keeps each beside its use.
  RUSTFLAGS="-Ctarget-feature=$2 -Cllvm-args=-pre-RA-sched=source $remap" \
    wasm-pack build --release --target web --mode no-install --no-opt --no-pack --out-name ptrm_core --out-dir "$out/$1" -- --locked
  rm -f "$out/$1/.gitignore"
}
build simd128 +simd128
build relaxed +simd128,+relaxed-simd
