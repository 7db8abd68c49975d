#!/usr/bin/env bash
# Format, lint, types and layers, in the order of what fails fastest.
set -euo pipefail
bin=.venv/bin
"$bin/ruff" format --check --quiet .
"$bin/ruff" check --quiet .
layers=$("$bin/lint-imports" --no-cache) || { echo "$layers"; exit 1; }
"$bin/mypy" --no-error-summary
echo "format, lint, layers and types hold"
