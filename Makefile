PYTHON ?= python3
BIN := .venv/bin
# Many tests wait for a time limit, so two more processes than there are processors.
JOBS := $(shell echo $$(($$(getconf _NPROCESSORS_ONLN) + 2)))
# Threads of several processes that multiply matrices wait for each other.
ONE_THREAD := OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1

.PHONY: setup learn demo grade test test-all bench docs site clean

setup: .venv/stamp

.venv/stamp: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed, found: $$($(PYTHON) --version 2>&1)."; \
	    echo "Name another with: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --editable '.[notebooks,grading,tests,docs]'
	@# The short name, for which a shell can complete.
	@printf '#!/bin/sh\nexec "$${0%%/*}/python" -m grading "$$@"\n' > $(BIN)/grading
	@chmod +x $(BIN)/grading
	@touch $@

learn: setup
	@$(BIN)/python -m grading learn $(if $(HEADLESS),--headless)

demo: setup
	@$(BIN)/python -m grading demo

grade: setup
	@test -n "$(ASSIGNMENT)" -a -n "$(SUBMISSIONS)" || \
	  { echo "Usage: make grade ASSIGNMENT=01-loss-functions SUBMISSIONS=folder [COURSE=folder]"; exit 1; }
	@$(BIN)/python -m grading autograde "$(ASSIGNMENT)" --submissions "$(SUBMISSIONS)" \
	  $(if $(COURSE)$(OUT),--course "$(or $(COURSE),$(OUT))")

test: setup
	@$(ONE_THREAD) $(BIN)/python -m pytest -m 'not slow' -n $(JOBS) --dist loadgroup

test-all: setup
	@$(ONE_THREAD) $(BIN)/python -m pytest -n $(JOBS) --dist loadgroup

bench: setup
	@for script in $(filter-out benchmarks/timing.py,$(wildcard benchmarks/*.py)); do echo "== $$script"; $(BIN)/python $$script || exit 1; done

docs: setup
	@$(BIN)/python -m sphinx -W --keep-going -q docs docs/_build/html
	@echo "Open docs/_build/html/index.html"

# The docs, with the course beside them to be done in the browser. PYODIDE=folder: from there, so
# that the site asks no other place for anything. REPOSITORY=OWNER/NAME: links to Colab and its like.
site: setup
	$(BIN)/python -m pip install --quiet --editable '.[site]'
	@$(BIN)/python -m sphinx -W --keep-going -q -D try_at=try -D repository=$(REPOSITORY) docs docs/_build/html
	@$(BIN)/python -m grading site docs/_build/html/try $(if $(PYODIDE),--pyodide "$(PYODIDE)")
	@echo "Serve it: $(BIN)/python -m http.server --bind 127.0.0.1 --directory docs/_build/html"

clean:
	rm -rf .venv build dist docs/_build docs/course .pytest_cache .ruff_cache .hypothesis
