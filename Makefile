# Two commands: `make run` shows a year of a real supply chain, `make test` checks everything.
PYTHON ?= python3
VENV ?= .venv
# `make test LINT=no` leaves out ruff and mypy, for a second interpreter.
# (Make has a LINT of its own, which is the name of a program.)
ifeq ($(origin LINT),default)
LINT := yes
endif
# Where `make run` writes its report.
OUT ?= out/battery

# `make test SLOW=yes` plays the long rounds too, which continuous integration plays on one interpreter.
SLOW ?= no
# `make test PART=versions` plays what depends on the versions of Python, Mesa and NumPy, for a second interpreter.
PART ?= all
VERSIONS = tests/agents tests/world tests/state tests/known_results tests/unchanged tests/oracle tests/policies tests/network tests/timeline \
  tests/test_scenarios.py tests/browser/test_mesa_page.py tests/sweeps/test_engines.py tests/app/test_starting.py
CHOSEN = $(if $(filter versions,$(PART)),$(VERSIONS)) $(if $(filter yes,$(SLOW)),,-m 'not slow')

BIN := $(VENV)/bin
# Coverage is counted from Python 3.12 on, where the interpreter itself tells which lines it comes by, which costs next to nothing;
# on 3.11 counting doubles the time, and `make test COVER=yes` asks for it.
COVER ?= auto
TELLS = $(shell $(BIN)/python -c 'import sys; print("yes" if sys.version_info >= (3, 12) else "no")')
COUNTED = $(filter yes,$(COVER:auto=$(TELLS)))
CORE = $(if $(filter yes,$(TELLS)),sysmon,ctrace)

.PHONY: run test lint
.DELETE_ON_ERROR:

run: $(VENV)/.installed
	$(BIN)/chainwright run battery --runs 100 --out $(abspath $(OUT))

test: $(VENV)/.installed-dev
ifeq ($(LINT),yes)
	$(MAKE) lint
endif
	$(if $(COUNTED),COVERAGE_CORE=$(CORE) )$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile $(CHOSEN) \
	  $(if $(COUNTED),--cov --cov-report=term --cov-fail-under=90)

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
