#!/usr/bin/env bash
# Makes the ONNX writer's encoders from onnx.proto.
set -euo pipefail
node "$(dirname "$0")/setup.mjs"
cd "$(dirname "$0")/../packages/checkpoints/src/onnx"
{
  echo '// @ts-nocheck'
  echo '// Made from onnx.proto by scripts/onnx-schema.sh; do not edit.'
  pnpm --silent --package=protobufjs-cli@2.7.1 dlx pbjs -t static-module -w es6 --no-decode --no-verify --no-convert --no-delimited \
    --no-typeurl --no-service --no-comments --keep-case onnx.proto |
    # Declarations are emitted file by file, so exports need a type.
    sed -e 's/^const \$root = /const $root: any = /' -e 's/^export const onnx = /export const onnx: any = /'
} > proto.generated.ts
