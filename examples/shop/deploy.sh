#!/usr/bin/env bash
# Runs inside the unpacked files of a version.
set -euo pipefail
cd "$(dirname "$0")"
exec node dist/src/operate/deploy.js
