#!/usr/bin/env bash
# Installs what rebuilding the kernel needs: Rust for wasm32, wasm-pack and wasm-bindgen's command. Repeating it is quick.
set -euo pipefail
crate=$(cd "$(dirname "$0")/../packages/core-wasm" && pwd)
cd "$crate"
pinned=$(sed -n 's/^channel = "\(.*\)"/\1/p' rust-toolchain.toml)
bindgen=$(awk '/^name = "wasm-bindgen"$/ { getline; gsub(/[^0-9.]/, ""); print }' Cargo.lock)
wasm_pack=0.15.0

install_debian_rust() {
  # Debian has a Rust new enough, but its packages lack the wasm32 standard library: build that once from its sources.
  echo "rustup can't provide Rust $pinned with wasm32; taking Debian's packages instead"
  apt-get update -qq && apt-get install -y -qq rustc-web cargo-web rust-web-src lld-19
  local std=/usr/lib/rustlib/wasm32-unknown-unknown/lib
  if [ ! -e "$std" ]; then
    local work; work=$(mktemp -d)
    mkdir -p "$work/src" "$std"
    printf '[package]\nname = "empty"\nversion = "0.0.0"\nedition = "2021"\n' > "$work/Cargo.toml"
    : > "$work/src/lib.rs"
    (cd "$work" && RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc /usr/bin/cargo build --release \
      --target wasm32-unknown-unknown -Zbuild-std=std,panic_abort)
    cp "$work"/target/wasm32-unknown-unknown/release/deps/*.rlib "$std/"
    rm -rf "$work"
  fi
}

if command -v rustup > /dev/null; then
  rustup toolchain install "$pinned" --profile minimal --target wasm32-unknown-unknown --no-self-update \
    || rustup run "$pinned" rustc --print target-libdir --target wasm32-unknown-unknown > /dev/null \
    || install_debian_rust
elif ! (command -v rustc && [ -d "$(rustc --print target-libdir --target wasm32-unknown-unknown)" ]) > /dev/null; then
  install_debian_rust
fi

has() { command -v "$1" > /dev/null && "$1" --version | grep -qF "$2"; }
has wasm-pack "$wasm_pack" || cargo install --locked --quiet "wasm-pack@$wasm_pack"
has wasm-bindgen "$bindgen" || cargo install --locked --quiet "wasm-bindgen-cli@$bindgen"
rustc --version
