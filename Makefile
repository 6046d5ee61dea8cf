# Python 3.11 or newer and make are all that a new machine needs; `make help` lists what there is.

PYTHON ?= $(or $(shell command -v python3.11 || command -v python3),python3)
HOST ?= 127.0.0.1
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
PYTEST := $(BIN)/pytest --numprocesses=2
# What a run does not use need not be loaded.
UNIT := $(PYTEST) -p no:playwright --ignore=tests/browser
# What one run compiles, the next need not compile again, whatever the shell says.
export PYTHONDONTWRITEBYTECODE :=
LOCK := $(BIN)/uv pip compile --quiet --python-version 3.11 --universal --generate-hashes

.PHONY: help run test lint unit unit-postgres browser bench load format lock system-packages
.DEFAULT_GOAL := help

help: ## List what can be made.
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r target text; do printf '  make %-15s %s\n' "$$target" "$$text"; done

run: export DEBUG = yes
run: export HOST := $(HOST)
run: export PORT := $(PORT)
run: $(VENV)/installed ## Serve the portal with demonstration content (HOST=127.0.0.1 PORT=8000).
	@.ci/system-packages --run
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py load_demonstration --if-empty
	@exec .ci/serve $(BIN)/python

test: $(VENV)/installed-dev system-packages ## Check everything, as CI does.
	@MAKE="$(MAKE)" .ci/timed lint unit unit-postgres browser

lint: export DEBUG = yes
lint: $(VENV)/installed-dev ## Check format, style, types, architecture and migrations.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check --fail-level WARNING

unit: $(VENV)/installed-dev ## Test on SQLite.
	$(UNIT)

unit-postgres: $(VENV)/installed-dev ## Test on a PostgreSQL server of its own.
	.ci/with-postgres $(UNIT) --only-database

# A test waits for Chromium now and then; a third one uses the time.
browser: $(VENV)/installed-dev ## Test in Chromium.
	$(PYTEST) --numprocesses=3 -p no:schemathesis -m browser tests/browser

bench: $(VENV)/installed-dev ## Measure pages and search at 100, 10,000 and 100,000 procedures.
	$(BIN)/python -m tests.bench

load: $(VENV)/installed-dev ## File feedback from 50 browsers at once on SQLite and from 200 on PostgreSQL.
	$(BIN)/python -m tests.load

format: $(VENV)/installed-dev ## Write the code in its one form.
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: $(VENV)/installed-dev ## Pin requirements*.txt anew from requirements*.in (UPGRADE=--upgrade for newer releases).
	$(LOCK) $(UPGRADE) requirements.in -o requirements.txt
	$(LOCK) $(UPGRADE) requirements-dev.in -o requirements-dev.txt

system-packages:
	@.ci/system-packages

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; this is %d.%d. Name another with make PYTHON=…" % sys.version_info[:2])'
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python cannot make a virtual environment. On Debian: apt-get install python3-venv" >&2; exit 1; }

$(VENV)/installed: requirements.txt | $(BIN)/python
	@echo "Installing what the portal needs (a minute the first time)"
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt $(VENV)/installed
	@echo "Installing what the tests need"
	@$(PIP) -r requirements-dev.txt
	@touch $@
