#!/usr/bin/env bash
# Builds the kernel's two WASM variants (plain SIMD128 and relaxed SIMD) into DIR, by default where they are committed.
set -euo pipefail
. "$(dirname "$0")/setup-rust.sh"
out=${1:-$crate/pkg}
cd "$crate"
cargo fetch --locked --quiet

# Panic messages hold source paths; the remapping keeps the builder's folders out of the binary, so that two machines agree.
# Unit separators keep folders with spaces whole.
flags="-Cllvm-args=-pre-RA-sched=source -disable-lsr"$'\x1f'"--remap-path-prefix=$crate=ptrm-core"
for source in "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*/; do flags+=$'\x1f'"--remap-path-prefix=${source%/}=crates"; done
flags+=$'\x1f'"--remap-path-prefix=$(rustc --print sysroot)=rust"

unset RUSTFLAGS
echo "building the kernel with $(rustc --version)"
build() { # NAME TARGET_FEATURES
  # LLVM's default order hoists the tiles' loads until V8 has to spill; source order keeps each beside its use. Its
  # loop strength reduction gives pointers strides that no longer fold into the offsets of loads.
  CARGO_ENCODED_RUSTFLAGS="-Ctarget-feature=$2"$'\x1f'"$flags" \
    wasm-pack build --release --target web --mode no-install --no-opt --no-pack --out-name ptrm_core --out-dir "$out/$1" -- --locked
  rm -f "$out/$1/.gitignore"
}
build simd128 +simd128
build relaxed +simd128,+relaxed-simd
