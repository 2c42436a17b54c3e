# The two commands of a fresh clone are `make run` and `make test`; `make help` lists the rest.

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
# Compiled modules are kept: a test run starts a hundred processes, which would compile all anew.
unexport PYTHONDONTWRITEBYTECODE
VENV := .venv
BIN := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest
# Tests share the cores, each worker with a store and a sandbox of its own; those that drive the whole
# stack, fill the machine or go by its clock want it alone, one after the other.
SHARED := -n logical --maxprocesses 4 --dist worksteal
HOSTILE := $(addprefix tests/judge/test_,hostile.py evasion.py packets.py precision.py lasting.py)
FAST := $(SHARED) -m "not service and not stack and not slow"

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r target text; do \
	  printf '  make %-12s %s\n' "$$target" "$$text"; done
	@echo
	@echo '  Read from the environment: PORT, DATA_DIR, ADMIN_EMAILS and all of docs/settings.md; PYTHON.'

.PHONY: install-run install-dev
install-run:
	@$(PYTHON) requirements/install.py run --compiler
install-dev:
	@$(PYTHON) requirements/install.py dev --compiler

.PHONY: run
run: install-run ## start everything on this machine; Ctrl-C stops it
	@exec $(BIN)/python -m algoitny.embedded

.PHONY: lint
lint: install-dev ## style, types and layer contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --cache-dir .import_linter_cache

.PHONY: test
test: lint ## all checks and tests: what CI runs
	$(PYTEST) $(SHARED) -m "not stack and not alone and not hostile"
	$(PYTEST) -m "(stack or alone) and not hostile"

.PHONY: test-hostile
test-hostile: install-dev ## attack the judge with all there is, for minutes
	$(PYTEST) $(SHARED) -rP -m "not alone" $(HOSTILE)
	$(PYTEST) -rP -m alone $(HOSTILE)

.PHONY: test-fast
test-fast: install-dev ## the tests that need no server, in under a minute
	$(PYTEST) $(FAST)

.PHONY: bench
bench: install-dev ## measure, print a table, write bench/results.json
	$(BIN)/python -m bench

.PHONY: docs
docs: install-dev ## write the generated parts of docs/
	$(BIN)/python -m algoitny.settings > docs/settings.md.new
	mv docs/settings.md.new docs/settings.md
	$(BIN)/python -m tests.access_patterns

# Locks hold hashes of every file of every version, and no address of any registry.
UV_COMPILE = .lock-venv/bin/uv pip compile --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet
.PHONY: lock
lock: ## choose the newest allowed versions anew and write the locks
	$(PYTHON) -m venv --clear .lock-venv
	.lock-venv/bin/python -m pip install --quiet --disable-pip-version-check uv
	$(UV_COMPILE) --upgrade setup.cfg --extra embedded -o requirements/run.lock
	$(UV_COMPILE) --upgrade setup.cfg --extra embedded --extra dev -c requirements/run.lock -o requirements/dev.lock
	$(UV_COMPILE) --upgrade requirements/compiler.in -o requirements/compiler.lock
	rm -rf .lock-venv

.PHONY: clean
clean: ## remove the virtual environment and all caches; data folders stay
	rm -rf $(VENV) .lock-venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis *.egg-info build
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
