#!/usr/bin/env bash
# Rebuilds the kernel and holds the committed build against it, then runs the kernel's own tests in wasm.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
crate=$root/packages/core-wasm
export PATH="$root/node_modules/.bin:${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"
"$root/scripts/setup-rust.sh"

fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
"$root/scripts/build-kernel.sh" "$fresh"

cd "$crate"
pinned=$(sed -n 's/^channel = "\(.*\)"/\1/p' rust-toolchain.toml)
if rustc --version | grep -qF "rustc $pinned "; then
  if ! diff -rq "$fresh" pkg; then
    echo "the committed kernel is not what its sources build; run 'npm run kernel' and commit packages/core-wasm/pkg"
    exit 1
  fi
  echo "the committed kernel is byte for byte what Rust $pinned builds from its sources"
else
  echo "$(rustc --version) is not the pinned $pinned: bytes are not compared; the rebuild must pass the kernel's tests"
  kept=$(mktemp -d)
  cp -R pkg/. "$kept"
  trap 'rm -rf "$fresh" pkg; cp -R "$kept" pkg' EXIT
  rm -rf pkg && cp -R "$fresh" pkg
  vitest run
fi

for features in +simd128 +simd128,+relaxed-simd; do
  echo "kernel tests in wasm, $features"
  RUSTFLAGS="-Ctarget-feature=$features -Cllvm-args=-pre-RA-sched=source" wasm-pack test --node --release --mode no-install
done
