# Two commands: `make board` (a dossier for a shipped patient) and `make test` (the whole suite).
# Needs git, make and Python 3.11 or newer; everything else goes into .venv from the lock files.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$p && break; done)
BIN := .venv/bin
PATIENT ?= maria

.PHONY: board serve test check docs lock parts bench clean

board: .venv/.run
	@$(BIN)/peritia board $(PATIENT) --out out/board

serve: .venv/.run
	@$(BIN)/peritia serve --demo

test: .venv/.test check
	$(BIN)/python -m pytest -n 2

check: .venv/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright --level error
	$(BIN)/lint-imports --no-cache

docs: .venv/.test
	$(BIN)/peritia docs docs/reference
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

parts: .venv/.test
	$(BIN)/python scripts/supply_chain.py

bench: .venv/.test
	$(BIN)/python -m benchmarks

.venv/.python:
	@test -n "$(PYTHON)" || { echo "Found no Python 3.11 or newer. Install one, or say which: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "Python could not make a virtual environment. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	@touch $@

.venv/.run: .venv/.python requirements/run.lock pyproject.toml
	@echo "Installing what Peritia needs into .venv (first time: about a minute) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.test: .venv/.run requirements/test.lock
	@echo "Installing the test tools into .venv ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.lock
	@touch $@

lock:
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 requirements/run.in -o requirements/run.lock
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 requirements/test.in -o requirements/test.lock

clean:
	rm -rf .venv out site
