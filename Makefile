# Two commands: `make run` shows a year of a real supply chain, `make test` checks everything.
PYTHON ?= python3
VENV ?= .venv
# `make test LINT=no` leaves out ruff and mypy, for a second interpreter.
LINT ?= yes
# Where `make run` writes its report.
OUT ?= out/battery

BIN := $(VENV)/bin

.PHONY: run test lint
.DELETE_ON_ERROR:

run: $(VENV)/.installed
	$(BIN)/chainwright run battery --runs 100 --out $(abspath $(OUT))

test: $(VENV)/.installed-dev
ifeq ($(LINT),yes)
	$(MAKE) lint
endif
	$(BIN)/python -m pytest --cov --cov-report=term --cov-fail-under=90

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/mypy

# The stamps say that this virtual environment holds what pyproject.toml asks for.
$(VENV)/.made:
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/.installed: pyproject.toml $(VENV)/.made
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/.installed-dev: pyproject.toml $(VENV)/.made
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@ $(VENV)/.installed
