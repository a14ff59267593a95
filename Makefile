# Needs python3 >= 3.11 with venv, git and make; everything else is brought here, pinned with hashes.
.DEFAULT_GOAL := help
SHELL := /bin/sh
.DELETE_ON_ERROR:
.NOTPARALLEL:

PORT ?= 8000
JOBS ?= auto
PYTEST_ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
BENCH := .venv-bench
PIP_FLAGS := --quiet --no-input --disable-pip-version-check --require-hashes --use-pep517 --no-build-isolation
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
	--no-emit-index-url --no-emit-find-links --no-header --no-annotate

# The newest Python the lock is tried with; each candidate has to run and to bring venv, not merely to be found.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)

# A copied or moved checkout brings a virtual environment that points at the old place: it is made again.
ifneq ($(shell cat $(VENV)/.made-in 2>/dev/null),$(CURDIR))
.PHONY: $(VENV)/.made-in
endif

.PHONY: help setup setup-dev bytecode run demo test soak bench lint pictures screenshots lock clean

help: ## Lists these targets
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' $(MAKEFILE_LIST) | while IFS='	' read -r name text; do \
		printf '  make %-12s %s\n' "$$name" "$$text"; done

setup: $(VENV)/.runtime bytecode ## Makes the virtual environment with the application in it

setup-dev: $(VENV)/.dev bytecode ## The same with everything for tests and checks

# The process that reads a file writes nothing, its bytecode neither; it starts in a third of the time when it has some.
bytecode: $(VENV)/.runtime
	@$(BIN)/python -m compileall -q mopsaudit blueprints importers wsgi.py

run: setup ## Starts the application at http://127.0.0.1:8000 (PORT= changes it)
	@exec $(BIN)/mopsaudit serve --port $(PORT)

demo: setup ## The same with the demo company, in a data folder of its own (var/demo)
	@unset MOPSAUDIT_DATABASE_URL; export MOPSAUDIT_DATA="$(CURDIR)/var/demo"; \
	if [ ! -e var/demo/.loaded ]; then \
		$(BIN)/mopsaudit db upgrade && $(BIN)/mopsaudit demo && touch var/demo/.loaded || exit $$?; fi; \
	exec $(BIN)/mopsaudit serve --port $(PORT)

test: setup-dev ## Runs all tests (brings Chromium and LibreOffice when root)
	@sh tests/setup/system.sh
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS) </dev/null

soak: setup-dev ## Runs the full bars: all random companies side by side, then kills and load alone
	@sh tests/setup/system.sh
	$(BIN)/python -m pytest -m "soak and not alone" -n $(JOBS) --hypothesis-profile=default $(PYTEST_ARGS) </dev/null
	$(BIN)/python -m pytest -m "soak and alone" --hypothesis-profile=default -s $(PYTEST_ARGS) </dev/null

bench: setup-dev $(BENCH)/.installed ## Prints measured ratios against named baselines of the same run
	$(BIN)/python -m tests.bench.run --peers $(BENCH)/bin/python $(BENCH_ARGS) </dev/null

lint: setup-dev ## Checks style, types, import rules and security
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/test_architecture.py </dev/null
	$(BIN)/bandit -q -ll -c pyproject.toml -r mopsaudit blueprints importers wsgi.py

screenshots: setup-dev ## Takes the gallery of all pages into var/screenshots
	@sh tests/setup/system.sh
	$(BIN)/python -m pytest -m "screenshots and not pictures" $(PYTEST_ARGS) </dev/null

pictures: setup-dev ## Takes the pictures of the manual anew, from the demo company
	@sh tests/setup/system.sh
	$(BIN)/python -m pytest -m pictures $(PYTEST_ARGS) </dev/null

lock: setup-dev ## Pins the newest releases again, with hashes and without addresses
	$(COMPILE) --group build -o requirements-build.txt
	$(COMPILE) pyproject.toml -o requirements.txt
	$(COMPILE) pyproject.toml --group test --group lint -c requirements.txt -o requirements-dev.txt
	$(COMPILE) --group bench -c requirements.txt -o requirements-bench.txt

clean: ## Removes the virtual environments and caches (never var/, the data)
	rm -rf $(VENV) $(BENCH) build .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis *.egg-info

$(VENV)/.made-in:
	@$(if $(PYTHON),:,echo "Python 3.11 or newer with venv is needed (on Debian: apt-get install python3 python3-venv)." >&2; exit 1)
	$(PYTHON) -m venv --clear $(VENV)
	@printf '%s\n' "$(CURDIR)" >$@

$(VENV)/.runtime: $(VENV)/.made-in requirements-build.txt requirements.txt pyproject.toml
	$(BIN)/python -m pip install $(PIP_FLAGS) -r requirements-build.txt
	$(BIN)/python -m pip install $(PIP_FLAGS) -r requirements.txt
	$(BIN)/python -m pip install --quiet --no-input --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.txt
	$(BIN)/python -m pip install $(PIP_FLAGS) -r requirements-dev.txt
	@touch $@

$(BENCH)/.installed: requirements-bench.txt
	@$(if $(PYTHON),:,echo "Python 3.11 or newer with venv is needed (on Debian: apt-get install python3 python3-venv)." >&2; exit 1)
	$(PYTHON) -m venv --clear $(BENCH)
	$(BENCH)/bin/python -m pip install $(subst --no-build-isolation,,$(PIP_FLAGS)) -r requirements-bench.txt
	@touch $@
