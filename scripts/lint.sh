#!/usr/bin/env bash
# Format, lint, types and layers, in the order of what fails fastest.
set -euo pipefail
bin=.venv/bin
"$bin/ruff" format --check --quiet .
"$bin/ruff" check --quiet .
"$bin/lint-imports" --no-cache >/tmp/inlay-layers.$$ || { cat /tmp/inlay-layers.$$; rm -f /tmp/inlay-layers.$$; exit 1; }
rm -f /tmp/inlay-layers.$$
"$bin/mypy" --no-error-summary
echo "format, lint, layers and types hold"
