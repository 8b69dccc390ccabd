# shellcheck shell=bash
# To be sourced: installs what rebuilding and linting the kernel needs (Rust for wasm32, rustfmt, clippy, wasm-pack,
# wasm-bindgen's command) and leaves it first on PATH. Repeating it is quick, and needs no network.
crate=$(cd "$(dirname "${BASH_SOURCE[0]}")/../packages/core-wasm" && pwd)
pinned=$(sed -n 's/^channel = "\(.*\)"/\1/p' "$crate/rust-toolchain.toml")
bindgen=$(awk '/^name = "wasm-bindgen"$/ { getline; gsub(/[^0-9.]/, ""); print }' "$crate/Cargo.lock")
wasm_pack=0.15.0
export PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"

has_wasm32() { [ -d "$(rustc --print target-libdir --target wasm32-unknown-unknown 2> /dev/null)" ]; }

has_linters() { cargo clippy --version > /dev/null 2>&1 && cargo fmt --version > /dev/null 2>&1; }

use_rustup() {
  command -v rustup > /dev/null || return 1
  export RUSTUP_TOOLCHAIN=$pinned
  has_wasm32 && has_linters && return
  rustup toolchain install "$pinned" --profile minimal --component clippy,rustfmt --target wasm32-unknown-unknown --no-self-update && has_wasm32
}

use_debian() {
  unset RUSTUP_TOOLCHAIN
  if ! command -v apt-get > /dev/null; then
    echo "Rust $pinned for wasm32 is missing: install rustup, then try again" >&2
    return 1
  fi
  # Debian's come before rustup's stand-ins, and lld goes by the name that rustc calls it.
  local lld=${XDG_CACHE_HOME:-$HOME/.cache}/ptrm-lld
  mkdir -p "$lld"
  ln -sf /usr/lib/llvm-19/bin/lld "$lld/rust-lld"
  export PATH="$lld:/usr/bin:$PATH"
  has_wasm32 && has_linters && [ -e "$lld/rust-lld" ] && return
  echo "rustup can't provide Rust $pinned for wasm32; taking Debian's packages, another version, instead"
  local sudo=()
  [ "$(id -u)" = 0 ] || sudo=(sudo)
  "${sudo[@]}" apt-get update -qq
  "${sudo[@]}" apt-get install -y -qq --no-install-recommends rustc-web cargo-web rust-web-src rust-web-clippy rustfmt-web lld-19
  hash -r
  has_wasm32 && return
  # These packages hold no standard library for wasm32: build it once, from their sources.
  local work std
  work=$(mktemp -d)
  std=$(rustc --print target-libdir --target wasm32-unknown-unknown)
  mkdir "$work/src"
  printf '[package]\nname = "empty"\nversion = "0.0.0"\nedition = "2021"\n' > "$work/Cargo.toml"
  : > "$work/src/lib.rs"
  (cd "$work" && RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Cembed-bitcode=yes cargo build --release --quiet --target wasm32-unknown-unknown -Zbuild-std=std,panic_abort,test)
  "${sudo[@]}" mkdir -p "$std"
  "${sudo[@]}" cp "$work"/target/wasm32-unknown-unknown/release/deps/*.rlib "$std/"
  rm -rf "$work"
}

use_rustup || use_debian

install_tool() { # COMMAND PACKAGE VERSION
  command -v "$1" > /dev/null && "$1" --version | grep -qF "$1 $3" && return
  echo "installing $2 $3 (some minutes, once)"
  cargo install --locked --quiet "$2@$3"
}
install_tool wasm-pack wasm-pack "$wasm_pack"
install_tool wasm-bindgen wasm-bindgen-cli "$bindgen"
