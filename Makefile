# On a fresh machine: `make demo` writes the first brief, `make test` proves the house stands.
# Both build .venv on first use, from the lock, every file checked against its hash.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
BENCH  := build/bench
# -qq: silent, but errors are told.
PIP    := $(BIN)/python -m pip --disable-pip-version-check --no-input -qq

DEMO      := phase2-covid
OUT       := out
HOST      ?= 127.0.0.1
PORT      ?= 8000
# Two workers: what the smallest machine we support has. `make test PYTEST_ARGS="-k translate"` narrows it.
WORKERS   ?= 2
PYTEST_ARGS ?=

# The resolver stands outside of .venv: it is needed to make the locks, never to use them.
UV_VERSION := 0.13.9
UV         := build/uv-$(UV_VERSION)/bin/uv
# One version of each library for all Pythons (fewest), so that the same file gives the same numbers on each of them.
LOCK := $(UV) pip compile --quiet --universal --fork-strategy fewest --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(UPGRADE)

.PHONY: help setup demo test check fmt serve bench lock clean

help:
	@echo "make demo    set up, write the Sapphire-Diamond brief (PDF and Markdown), say where"
	@echo "make test    set up, run the tests"
	@echo "make check   lint, format, types, import contracts"
	@echo "make fmt     format, and mend what lint can mend"
	@echo "make serve   start the service on $(HOST):$(PORT)"
	@echo "make bench   run the benchmarks"
	@echo "make lock    make the lock files anew (UPGRADE=--upgrade for newer versions)"
	@echo "make clean   remove everything that was made"

setup: $(VENV)/.installed

# The project itself goes in editable, built with the locked backend: nothing is downloaded beyond the lock.
$(VENV)/.installed: requirements.lock pyproject.toml
	@echo "Setting up $(VENV) (once, about a minute)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Gamecore needs Python 3.11 or newer; say make PYTHON=python3.11")'
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

demo: setup
	@mkdir -p $(OUT)
	@$(BIN)/gamecore brief scenarios/$(DEMO).yaml -o $(OUT)/$(DEMO).pdf
	@$(BIN)/gamecore brief scenarios/$(DEMO).yaml -o $(OUT)/$(DEMO).md
	@echo "The brief: $(OUT)/$(DEMO).pdf"
	@echo "As text:   $(OUT)/$(DEMO).md"

test: setup
	@$(BIN)/python -m pytest -n $(WORKERS) $(PYTEST_ARGS)

check: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy gamecore api tests $(wildcard benchmarks)
	@$(BIN)/lint-imports

fmt: setup
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

serve: setup
	@$(BIN)/gamecore serve --host $(HOST) --port $(PORT)

bench: setup $(BENCH)/.installed
	@$(BIN)/python benchmarks/run.py --repeats 3
	@$(BIN)/python benchmarks/trees.py
	@$(BIN)/python benchmarks/valuation.py
	@$(BIN)/python benchmarks/levers.py --repeats 1
	@$(BIN)/python benchmarks/bargaining.py --repeats 1
	@$(BIN)/python benchmarks/sharing.py --repeats 1
	@$(BIN)/python benchmarks/conflicts.py
	@$(BENCH)/bin/python benchmarks/solvers.py
	@$(BENCH)/bin/python benchmarks/batch.py
	@$(BENCH)/bin/python benchmarks/deals.py --repeats 1

# Peers are measured in an environment of their own: the project neither needs them nor ships them.
$(BENCH)/.installed: requirements-bench.lock pyproject.toml
	@echo "Setting up $(BENCH) (once, some minutes: the peers are large)"
	@test -x $(BENCH)/bin/python || $(PYTHON) -m venv $(BENCH)
	@$(BENCH)/bin/python -m pip --disable-pip-version-check --no-input -qq install --no-compile --require-hashes -r requirements-bench.lock
	@$(BENCH)/bin/python -m pip --disable-pip-version-check --no-input -qq install --no-deps --no-build-isolation -e .
	@touch $@

# requirements.lock: everything, for work on the project. requirements-runtime.lock: the same versions without the
# tools, for the image; it is made from the first and so cannot drift from it. requirements-bench.lock: the same and the
# peers of the benchmarks.
lock: $(UV)
	@$(LOCK) --extra dev --output-file requirements.lock pyproject.toml
	@$(LOCK) --constraint requirements.lock --no-annotate --output-file requirements-runtime.lock pyproject.toml
	@$(LOCK) --extra dev --extra compiled --extra cluster --extra bench --constraint requirements.lock --no-annotate --output-file requirements-bench.lock pyproject.toml

$(UV):
	@$(PYTHON) -m venv build/uv-$(UV_VERSION)
	@build/uv-$(UV_VERSION)/bin/python -m pip --disable-pip-version-check -qq install uv==$(UV_VERSION)

clean:
	@rm -rf $(VENV) $(OUT) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage htmlcov
	@find $(wildcard gamecore api tests benchmarks) -name __pycache__ -type d -prune -exec rm -rf {} +
