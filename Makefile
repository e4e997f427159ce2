# Everything a developer types. `make demo` and `make test` need nothing but make and a Python 3.11, 3.12 or 3.13:
# the rest is put into .venv, once, from requirements.lock.
#
#   make demo      see it work, without a token and without the internet
#   make run       run it with your config.toml
#   make test      run the tests         make test ARGS="-k retry -x"
#   make check     run what CI runs: format, lint, types, import floors, tests with coverage
#   make oracle    hold the keyword engine against a slow one on 100,000 random cases; ARGS="--seed 7"
#   make bench     measure               make bench BENCH=parse
#   make docs      write the tables and lists of docs/query-language.md and docs/commands.md anew
#   make format    let ruff tidy the code
#   make lock      write requirements.lock anew from pyproject.toml; make lock ARGS=--upgrade takes newer versions
#   make clean     remove what was built  make distclean removes .venv too
#
# PYTHON=/path/to/python chooses the interpreter; ARGS is handed to the command that runs.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup demo run test check bench docs format lock clean distclean

BIN   := .venv/bin
READY := .venv/ready
# Tried in this order. What .venv was made with stays, unless PYTHON says otherwise.
PYTHONS := $(or $(PYTHON),.venv/bin/python python3 python3.13 python3.12 python3.11 python)
BENCH ?= parse pipeline poll search match
# What they are asked for here, where it is not their default.
BENCH_search := --sizes 20000 120000
# How many processes share the tests out.
JOBS  ?= auto
ARGS  ?=

help:
	@sed -n 's/^#   //p' Makefile

setup: $(READY)
	@:

$(READY): requirements.lock pyproject.toml .ci/install.py
	@for python in $(PYTHONS); do \
	    "$$python" -c 'import sys, ensurepip, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
	        2>/dev/null && exec "$$python" .ci/install.py; \
	done; \
	echo "newsbot needs Python 3.11, 3.12 or 3.13 with its venv module. Tried: $(PYTHONS)" >&2; \
	echo "  Debian, Ubuntu: sudo apt install python3 python3-venv" >&2; \
	echo "  macOS:          brew install python@3.13" >&2; \
	echo "  elsewhere:      make PYTHON=/path/to/python3.13" >&2; \
	exit 1

ifdef PYTHON
.PHONY: $(READY)
endif

demo: $(READY)
	@$(BIN)/newsbot demo $(ARGS)

run: $(READY)
	@$(BIN)/newsbot run $(ARGS)

test: $(READY)
	@$(BIN)/pytest --numprocesses=$(JOBS) $(COVER) $(ARGS)

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	@rm -rf build/coverage && mkdir -p build/coverage
	@$(MAKE) --no-print-directory test COVER="--cov --cov-report="
	$(BIN)/coverage report --fail-under=90
	$(BIN)/coverage report --include='bot/domain/*,bot/services/*,bot/ports/*' --fail-under=100

.PHONY: oracle
oracle: $(READY)
	@$(BIN)/python -m tests.oracle $(ARGS)

bench: $(READY)
	@mkdir -p build/bench
	@$(foreach name,$(BENCH),$(BIN)/python -m benchmarks.$(name) --json build/bench/$(name).json \
	    $(BENCH_$(name)) $(ARGS) &&) true

docs: $(READY)
	@$(BIN)/python -m tests.domain.query_page
	@$(BIN)/python -m tests.domain.commands_page

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: $(READY)
	$(BIN)/uv pip compile pyproject.toml --output-file requirements.lock --all-extras --universal \
	    --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-config \
	    --custom-compile-command 'make lock' --quiet $(ARGS)
	@$(MAKE) --no-print-directory setup

clean:
	rm -rf build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find bot tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean
	rm -rf .venv
