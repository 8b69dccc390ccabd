#!/usr/bin/env bash
# Installs Debian's Chromium for the tests of packages/web, where there is none and it can be had; else says so and goes on.
set -euo pipefail
if [ -n "${CHROMIUM:-}" ] || command -v chromium >/dev/null; then exit 0; fi
if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
  echo "no Chromium, and no apt-get as root to install it with: the tests in a browser will be skipped" >&2
  exit 0
fi
log=$(mktemp)
if apt-get update >"$log" 2>&1 && apt-get install -y --no-install-recommends chromium fonts-dejavu-core >>"$log" 2>&1; then
  echo "installed $(chromium --version 2>/dev/null)"
else
  tail -5 "$log" >&2
  echo "Chromium could not be installed: the tests in a browser will be skipped" >&2
fi
rm -f "$log"
