#!/bin/sh
# What an image holds: `ptrm` with all that it needs to run, put into the folder that is named. The Dockerfile calls it.
set -eu
into=$1
cd "$(dirname "$0")/.."
pnpm="npx --yes $(node -p 'require("./package.json").packageManager')"

$pnpm install --frozen-lockfile --filter '@ptrm/cli...' --filter ptrm-workspace
PATH="$PWD/node_modules/.bin:$PATH" turbo run build --filter=@ptrm/cli --ui=stream --output-logs=errors-only

# Our own packages as npm would get them, and of others the versions of the lock file.
$pnpm --filter @ptrm/cli --config.inject-workspace-packages=true deploy --prod "$into"
