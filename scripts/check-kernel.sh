#!/usr/bin/env bash
# Lints the kernel, rebuilds it and holds the committed build against it, then runs the kernel's own tests in wasm, and
# models of any sizes natively.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
node "$root/scripts/setup.mjs"
. "$root/scripts/setup-rust.sh"
# The pinned Node: older ones know no relaxed SIMD.
export PATH="$root/node_modules/.bin:$PATH"
cd "$crate"

echo "the kernel's layout and lints"
cargo fmt --check
for features in +simd128 +simd128,+relaxed-simd; do
  # Another Rust than the pinned one may know lints of its own: those are shown, and fail nothing.
  if rustc --version | grep -qF "rustc $pinned "; then lints=(-D warnings); else lints=(); fi
  RUSTFLAGS="-Ctarget-feature=$features" cargo clippy --locked --quiet --all-targets -- "${lints[@]}"
done

fresh=$crate/target/rebuilt
rm -rf "$fresh"
trap 'rm -rf "$fresh"' EXIT
bash "$root/scripts/build-kernel.sh" "$fresh/pkg"

if rustc --version | grep -qF "rustc $pinned "; then
  if ! diff -rq "$fresh/pkg" pkg; then
    echo "the committed kernel is not what its sources build; run 'npm run kernel' and commit packages/core-wasm/pkg" >&2
    exit 1
  fi
  echo "the committed kernel is byte for byte what Rust $pinned builds from its sources"
else
  echo "$(rustc --version) is not the pinned $pinned: bytes are not compared; the rebuild must pass the kernel's tests"
  cp -R ts test package.json "$fresh/"
  (cd "$fresh" && vitest run)
fi

for features in +simd128 +simd128,+relaxed-simd; do
  echo "kernel tests in wasm, $features"
  RUSTFLAGS="-Ctarget-feature=$features -Cllvm-args=-pre-RA-sched=source -Cllvm-args=-disable-lsr" wasm-pack test --node --release --mode no-install -- --locked
done

# The same sources for this machine: what overflows or reads outside of a slice panics. With an address sanitizer, which
# nightly Rust has, what its pointers read is seen too.
host=$(rustc -vV | sed -n 's/^host: //p')
cd native
echo "models of any sizes, natively"
RUSTFLAGS=-Cdebuginfo=0 cargo test --locked --quiet --target "$host"
if command -v rustup > /dev/null && rustup run nightly rustc --version > /dev/null 2>&1; then
  echo "models of any sizes, natively, under an address sanitizer"
  RUSTUP_TOOLCHAIN=nightly RUSTFLAGS=-Zsanitizer=address cargo test --locked --quiet --target "$host" --target-dir target/sanitized
fi
