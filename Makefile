# The two commands of the README: `make run` and `make test`. Each sets itself up in .venv.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test bench train lock clean

run: .venv/.ready
	$(BIN)/rasad read examples

test: .venv/.ready-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest

bench: .venv/.ready-bench
	$(BIN)/python benchmarks/run.py

train: .venv/.ready-dev
	$(BIN)/python training/head.py
	$(BIN)/python training/calibrate.py

.venv/.ready: pyproject.toml requirements.lock
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

.venv/.ready-dev: .venv/.ready requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

.venv/.ready-bench: .venv/.ready-dev requirements-bench.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.lock
	touch $@

clean:
	rm -rf .venv dist
