# The ways in. `make demo` and `make test` do all of their own set-up.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
READY := $(VENV)/.ready

.PHONY: setup demo test lint format words bench soak clean

setup: $(READY)

$(READY): requirements.lock pyproject.toml scripts/venv.sh
	@PYTHON="$(PYTHON)" scripts/venv.sh "$(VENV)"
	@touch $@

demo: $(READY)
	@$(VENV)/bin/inlay demo

test: $(READY)
	@scripts/test.sh

lint: $(READY)
	@scripts/lint.sh

format: $(READY)
	@$(VENV)/bin/ruff format . && $(VENV)/bin/ruff check --fix .

words: $(READY)
	@PYTHONPATH=. $(VENV)/bin/python scripts/words.py

bench: $(READY)
	@$(VENV)/bin/python -m benchmarks

soak: $(READY)
	@$(VENV)/bin/python -m tests.soak

clean:
	rm -rf $(VENV) .cache .mypy_cache .ruff_cache .pytest_cache
