# Two commands for everyone: `make run` tries the bot, `make test` tests it. Each sets up what it needs in .venv.

# The newest Python from 3.11 on that is here; override with: make run PYTHON=/path/to/python
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { command -v "$$p"; break; }; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes

.PHONY: run test check bench soak soak-reload

# SEMANTIC=1 compares meanings too (README, "Meaning").
ENCODER := $(if $(filter-out 0,$(SEMANTIC)),use)

run: .venv/runtime $(if $(ENCODER),.venv/semantic)
	@$(if $(ENCODER),BOT_ENCODER=$(ENCODER) )$(BIN)/python -m bot run

test: .venv/development
	@$(BIN)/ruff check . 1>&2
	@$(BIN)/ruff format --check --quiet . 1>&2
	@$(BIN)/mypy 1>&2
	@$(BIN)/python -m bot check 1>&2
	@$(BIN)/python -m pytest

check: .venv/runtime
	@$(BIN)/python -m bot check

# 5,200 questions while everything fails and the bot is killed 24 times, then 30 a second for five minutes; a quarter of
# an hour in all, then the figures. They mean little while the machine does anything else.
soak: .venv/development
	@SOAK_QUESTIONS=5200 SOAK_KILLS=24 SOAK_SECONDS=300 $(BIN)/python -m pytest tests/test_soak.py

# 50 edits of the knowledge in a row while 20 questions a second arrive: some minutes, then the figures.
soak-reload: .venv/development
	@SOAK_EDITS=50 SOAK_RATE=20 $(BIN)/python -m pytest tests/test_live_reload.py

# With BENCH_DATA=/path/to/question/sets these are measured too.
bench: .venv/benchmark
	@$(BIN)/python -m bench

.venv/bin/python:
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 or newer is needed and none was found. Remedy: install it, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python" >&2; exit 1; }
	@echo "Setting up .venv with $(PYTHON) ..." >&2
	@"$(PYTHON)" -m venv .venv 1>&2 || { echo "The virtual environment could not be made. Remedy (Debian, Ubuntu): apt install python3-venv" >&2; rm -rf .venv; exit 1; }

.venv/runtime: requirements.txt | .venv/bin/python
	@echo "Installing the packages of requirements.txt ..." >&2
	@$(PIP) -r requirements.txt 1>&2
	@touch $@

.venv/semantic: requirements-semantic.txt .venv/runtime
	@echo "Installing the package of requirements-semantic.txt (32 MB) ..." >&2
	@$(PIP) -r requirements.txt -r requirements-semantic.txt 1>&2
	@touch $@

.venv/development: requirements-dev.txt | .venv/bin/python
	@echo "Installing the packages of requirements-dev.txt ..." >&2
	@$(PIP) -r requirements-dev.txt 1>&2
	@touch $@ .venv/runtime

.venv/benchmark: requirements-bench.txt | .venv/bin/python
	@echo "Installing the packages of requirements-bench.txt ..." >&2
	@$(PIP) -r requirements-bench.txt 1>&2
	@touch $@ .venv/runtime
