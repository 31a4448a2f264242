PYTHON ?= python3
VENV ?= .venv
HOME_FOLDER ?= .demo
BIN := $(VENV)/bin
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/pip install --quiet
SHELL := /bin/bash
export PYTHON

.PHONY: help demo demo-reset test lint bench oracle lock
.DEFAULT_GOAL := help

help: ## what can be done here
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

demo: $(VENV)/installed ## try the product on a sample company: http://127.0.0.1:8765
	@$(BIN)/privacy-center demo --home $(HOME_FOLDER)

demo-reset: $(VENV)/installed ## throw the sample company away and make it anew
	@$(BIN)/privacy-center demo --home $(HOME_FOLDER) --reset --prepare-only

test: test-packages $(VENV)/installed-dev lint ## run everything: rooms, web, journeys, house rules, browser
	$(BIN)/pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder --durations 25 --ignore tests/browser
	$(BIN)/pytest --numprocesses 2 --dist load tests/browser

lint: $(VENV)/installed-dev ## style, formatting, and which room may know which
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

bench: test-packages $(VENV)/installed-dev ## the numbers of docs/benchmarks.md, measured here
	$(BIN)/python -m tests.bench

audit: $(VENV)/installed-dev ## pins, hashes, known holes of packages, and what is carried in static/
	$(BIN)/python -m tests.audit

oracle: test-packages $(VENV)/installed-dev ## can known and unknown people be told apart by time? docs/no-oracle.md
	$(BIN)/python -m tests.bench.oracle

# Pins every package, with hashes, to the newest that pyproject.toml allows. Needs the network.
COMPILE := $(BIN)/uv pip compile pyproject.toml - --extra mysql --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --quiet
lock: $(VENV)/installed-dev ## pin all packages anew in requirements.txt and requirements-dev.txt
	printf 'hatchling>=1.27\neditables\n' | $(COMPILE) --upgrade --output-file requirements.txt
	printf 'hatchling>=1.27\neditables\nuv\n' | $(COMPILE) --group dev --constraints requirements.txt \
		--output-file requirements-dev.txt

.PHONY: test-packages
test-packages:
	@.ci/packages tests

$(BIN)/pip:
	@.ci/packages python
	$(PYTHON) -m venv $(VENV)

# The stamps say that a file was installed; a second start asks nobody. The build tools are pinned among the packages,
# so our own package needs no network.
$(VENV)/installed: requirements.txt pyproject.toml | $(BIN)/pip
	$(PIP) --require-hashes --requirement requirements.txt
	$(PIP) --no-deps --no-build-isolation --no-index --editable .
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt pyproject.toml | $(BIN)/pip
	$(PIP) --require-hashes --requirement requirements-dev.txt
	$(PIP) --no-deps --no-build-isolation --no-index --editable .
	@touch $(VENV)/installed $@
