#!/bin/sh
# Installs onnxruntime's CUDA provider for this clone, after npm run setup: what `ptrm doctor --install-cuda` does. Takes its options: --from, --python, --dry-run, --json.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
exec "$root/node_modules/.bin/node" "$root/packages/cli/bin/ptrm.js" doctor --install-cuda "$@"
