# make run     set up and start: on Telegram with TELEGRAM_BOT_TOKEN set, else in the playground on this machine
# make demo    play one scripted conversation and check every answer
# make test    run all tests, as many at a time as there are cores
# make test-fast     only those that need neither torch nor a process: the rest is skipped
# make test-nightly  all tests with many more examples each
# make check   ruff, ruff format, mypy --strict, import-linter
# make bench   time a check-in, and the reading of a face and of voices against the original system's way
# make setup   only set up

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# The newest of the supported versions that is there and starts.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null \
	&& { echo $$p; break; }; done)

# The tests of a module run in one process, since they share what it sets up.
PARALLEL := --numprocesses auto --maxprocesses 8 --dist loadscope --no-loadscope-reorder

.PHONY: run demo test test-fast test-nightly check bench setup clean

run: setup
	@$(BIN)/python -m tools.run

demo: setup
	@$(BIN)/python -m tools.demo $(if $(FACE),--face '$(FACE)') $(if $(VOICE),--voice '$(VOICE)')

test: setup
	@$(BIN)/python -m pytest $(PARALLEL)

test-fast: setup
	@$(BIN)/python -m pytest --fast -rfE $(PARALLEL)

test-nightly: setup
	@HYPOTHESIS_PROFILE=nightly $(BIN)/python -m pytest $(PARALLEL)

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup
	@$(BIN)/python -m benchmarks.checkin
	@$(BIN)/python -m benchmarks.face
	@$(BIN)/python -m benchmarks.voice

setup: $(STAMP)

# Made anew whenever a dependency changes; pip shows its progress. Torch alone takes some minutes the first time.
$(STAMP): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "Attune needs Python 3.11, 3.12 or 3.13 with its venv module (PYTHON=... names one)."; exit 1; }
	@test -x $(BIN)/python || { echo "Making $(VENV) with $$($(PYTHON) --version)"; $(PYTHON) -m venv $(VENV); }
	@echo "Installing what Attune needs into $(VENV) ..."
	@$(BIN)/python -m pip install --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) demo var .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
