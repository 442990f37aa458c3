PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup learn demo test test-all bench clean

setup: .venv/stamp

.venv/stamp: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed, found: $$($(PYTHON) --version 2>&1)."; \
	    echo "Name another with: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --editable '.[notebooks,grading,tests]'
	@touch $@

learn: setup
	@$(BIN)/python -m grading learn $(if $(HEADLESS),--headless)

demo: setup
	@$(BIN)/python -m grading demo

test: setup
	@$(BIN)/python -m pytest -m 'not slow'

test-all: setup
	@$(BIN)/python -m pytest

bench: setup
	@for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

clean:
	rm -rf .venv build dist .pytest_cache .ruff_cache .hypothesis
