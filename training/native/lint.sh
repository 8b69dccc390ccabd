#!/usr/bin/env bash
# Holds the Rust of training/native to rustfmt and clippy, each where it is installed, and says so where it isn't.
set -euo pipefail
cd "$(dirname "$0")"
if rustfmt --version > /dev/null 2>&1; then
  rustfmt --check *.rs
else
  echo "no rustfmt: the layout of training/native/*.rs is not checked (rustup component add rustfmt)" >&2
fi
if clippy-driver --version > /dev/null 2>&1; then
  out=$(mktemp -d)
  trap 'rm -rf "$out"' EXIT
  for source in *.rs; do
    clippy-driver --edition=2021 -D warnings --emit=metadata --out-dir "$out" "$source"
  done
else
  echo "no clippy: training/native/*.rs is not linted (rustup component add clippy)" >&2
fi
