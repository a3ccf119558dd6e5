#!/usr/bin/env bash
# Runs inside the unpacked files of the version that must be live.
set -euo pipefail
cd "$(dirname "$0")"
exec node dist/src/operate/smoke.js
