PYTHON ?= python3
BIN := .venv/bin
UV := $(shell command -v uv)
# What is not imported is not compiled either, which would take a third of the time.
INSTALL := $(if $(UV),uv pip install --python $(BIN)/python,$(BIN)/python -m pip install --no-compile)
# Many tests wait for a time limit, so two more processes than there are processors.
JOBS := $(shell echo $$(($$(getconf _NPROCESSORS_ONLN) + 2)))
# Threads of several processes that multiply matrices wait for each other.
ONE_THREAD := OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1

.PHONY: setup learn demo grade test test-all bench docs site clean

setup: .venv/tests

# A file named like an extra of pyproject.toml says that the extra is installed. When it is, so are
# those that it includes.
.venv/grading .venv/docs: INCLUDED := .venv/learning
.venv/site: INCLUDED := .venv/learning .venv/docs
.venv/tests: INCLUDED := .venv/learning .venv/docs .venv/grading
# uv does not read the settings of pip, where a smaller PyTorch may be named than the one for CUDA.
.venv/peers: INSTALL := $(BIN)/python -m pip install --quiet --no-compile
.venv/learning .venv/grading .venv/docs .venv/site .venv/tests .venv/peers: pyproject.toml | $(BIN)/grading
	$(INSTALL) --editable '.[$(@F)]'
	@touch $(INCLUDED) $@

$(BIN)/grading:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed, found: $$($(PYTHON) --version 2>&1)."; \
	    echo "Name another with: make PYTHON=python3.12 ..."; exit 1; }
	$(if $(UV),uv venv --quiet --allow-existing --seed --python '$(PYTHON)',$(PYTHON) -m venv) .venv
	@# The short name, for which a shell can complete.
	@printf '#!/bin/sh\nexec "$${0%%/*}/python" -m grading "$$@"\n' > $@
	@chmod +x $@

learn: .venv/learning
	@$(BIN)/python -m grading learn $(if $(HEADLESS),--headless)

demo: .venv/grading
	@$(BIN)/python -m grading demo

grade: .venv/grading
	@test -n "$(ASSIGNMENT)" -a -n "$(SUBMISSIONS)" || \
	  { echo "Usage: make grade ASSIGNMENT=01-loss-functions SUBMISSIONS=folder [COURSE=folder]"; exit 1; }
	@$(BIN)/python -m grading autograde "$(ASSIGNMENT)" --submissions "$(SUBMISSIONS)" \
	  $(if $(COURSE)$(OUT),--course "$(or $(COURSE),$(OUT))")

test: .venv/tests
	@$(ONE_THREAD) $(BIN)/python -m pytest -m 'not slow' -n $(JOBS) --dist loadgroup

test-all: .venv/tests
	@$(ONE_THREAD) $(BIN)/python -m pytest -n $(JOBS) --dist loadgroup

bench: .venv/tests
	@for script in $(filter-out benchmarks/timing.py,$(wildcard benchmarks/*.py)); do echo "== $$script"; $(BIN)/python $$script || exit 1; done

docs: .venv/docs
	@$(BIN)/python -m sphinx -W --keep-going -q docs docs/_build/html
	@echo "Open docs/_build/html/index.html"

# The docs, with the course beside them to be done in the browser. PYODIDE=folder: from there, so
# that the site asks no other place for anything. REPOSITORY=OWNER/NAME: links to Colab and its like.
site: .venv/site
	@$(BIN)/python -m sphinx -W --keep-going -q -D try_at=try -D repository=$(REPOSITORY) docs docs/_build/html
	@$(BIN)/python -m grading site docs/_build/html/try $(if $(PYODIDE),--pyodide "$(PYODIDE)")
	@echo "Serve it: $(BIN)/python -m http.server --bind 127.0.0.1 --directory docs/_build/html"

clean:
	rm -rf .venv build dist docs/_build docs/course .pytest_cache .ruff_cache .hypothesis
