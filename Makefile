# The two commands of the README: `make run` and `make test`. Each sets itself up in .venv.
# Another Python than python3: make run PYTHON=python3.12
PYTHON ?= python3
BIN := .venv/bin
UI := src/rasad/web/ui
BUILT := src/rasad/web/assets/built/manifest.json

.PHONY: run test bench train lock clean

# Reads the examples, then opens the desk on them; Ctrl-C ends it.
run: .venv/.ready $(BUILT)
	$(BIN)/rasad read examples
	@mkdir -p build
	$(BIN)/rasad add examples --register build/examples.db
	$(BIN)/rasad serve --register build/examples.db --open

test: .venv/.ready-dev $(BUILT)
	@if command -v npm >/dev/null || [ -n "$$CI" ]; then cd $(UI) && npm test --silent; \
	else echo "npm is not installed: the desk's scripts are not tested"; fi
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest

bench: .venv/.ready-bench
	$(BIN)/python benchmarks/run.py $(ARGS)

train: .venv/.ready-dev
	$(BIN)/python training/head.py
	$(BIN)/python training/calibrate.py

.venv/.ready: pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Rasad needs Python 3.11 or later: make PYTHON=python3.11 ...")'
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

# Made with the oldest Python that Rasad runs on, so that the locks install on that and on later ones. Beside what
# pyproject.toml names they hold the tools that install Rasad itself, and setuptools, which pymorphy3 asks for from Python 3.12 on.
LOCK = .venv/lock/bin/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --no-header --no-annotate \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options
lock:
	python3.11 -m venv .venv/lock
	.venv/lock/bin/python -m pip install --quiet --disable-pip-version-check pip-tools
	printf '%s\n' editables hatchling setuptools >.venv/lock/tools.in
	$(LOCK) --extra dev -o requirements-dev.lock pyproject.toml .venv/lock/tools.in
	$(LOCK) -c requirements-dev.lock -o requirements.lock pyproject.toml .venv/lock/tools.in
	$(LOCK) --extra bench -c requirements-dev.lock -o requirements-bench.lock pyproject.toml .venv/lock/tools.in

# The scripts of the desk; without npm its pages do without.
$(BUILT): $(wildcard $(UI)/src/*.ts) $(UI)/package-lock.json $(UI)/vite.config.ts $(UI)/tsconfig.json
	@if ! command -v npm >/dev/null; then echo "npm is not installed: the desk will have no scripts, its pages work without"; \
	elif cd $(UI) && npm ci --silent && npm run --silent build >/dev/null; then :; \
	elif [ -n "$$CI" ]; then exit 1; \
	else echo "the scripts could not be built (they need Node.js 20.19 or later): the desk will have none, its pages work without"; fi

clean:
	rm -rf .venv dist build $(UI)/node_modules $(dir $(BUILT)) src/rasad/pictures/built
