# Two commands for everyone: `make run` tries the bot, `make test` tests it. Each sets up what it needs in .venv.

# The newest Python from 3.11 on that is here; override with: make run PYTHON=/path/to/python
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { command -v "$$p"; break; }; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes

.PHONY: run test check

run: .venv/runtime
	@$(BIN)/python -m bot run

test: .venv/development
	@$(BIN)/ruff check . 1>&2
	@$(BIN)/ruff format --check --quiet . 1>&2
	@$(BIN)/mypy 1>&2
	@$(BIN)/python -m bot check 1>&2
	@$(BIN)/python -m pytest

check: .venv/runtime
	@$(BIN)/python -m bot check

.venv/bin/python:
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 or newer is needed and none was found. Remedy: install it, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python" >&2; exit 1; }
	@echo "Setting up .venv with $(PYTHON) ..." >&2
	@"$(PYTHON)" -m venv .venv 1>&2 || { echo "The virtual environment could not be made. Remedy (Debian, Ubuntu): apt install python3-venv" >&2; rm -rf .venv; exit 1; }

.venv/runtime: requirements.txt | .venv/bin/python
	@echo "Installing the packages of requirements.txt ..." >&2
	@$(PIP) -r requirements.txt 1>&2
	@touch $@

.venv/development: requirements-dev.txt | .venv/bin/python
	@echo "Installing the packages of requirements-dev.txt ..." >&2
	@$(PIP) -r requirements-dev.txt 1>&2
	@touch $@ .venv/runtime
