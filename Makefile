# The two commands a newcomer needs are `make up` and `make test`.
PYTHON ?= python3
VENV   := .venv
RUN    := $(VENV)/bin/python

.PHONY: help up down clean test e2e compose-test fuzz simulate mutants goldens compare-goldens lint format bench bench-scale pictures texts lock

help:  ## what can be made
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

up: $(VENV)/.runtime  ## start everything and run the demo reports through it
	@$(RUN) -m local.up

down:  ## stop everything; the data stays
	@test ! -x $(RUN) || $(RUN) -m local.down

clean:  ## stop everything and remove what it has stored
	@test ! -x $(RUN) || $(RUN) -m local.down --clean
	@rm -rf .state

# The real Airflow mostly waits, so the other tests run beside it and yield to it; they speak last.
test: $(VENV)/.development  ## everything that proves the project, the real Airflow included
	@output=$$(mktemp); \
	  nice -n 10 $(RUN) -m pytest -m "not e2e and not compose" -n auto --dist loadfile \
	    --no-loadscope-reorder >"$$output" 2>&1 & others=$$!; \
	  trap 'kill $$others' INT TERM; \
	  $(RUN) -m pytest -m e2e; airflow=$$?; \
	  wait $$others; ended=$$?; cat "$$output"; rm -f "$$output"; \
	  test $$airflow = 0 -a $$ended = 0

e2e: $(VENV)/.development  ## only the tests with the real Airflow
	@$(RUN) -m pytest -m e2e

compose-test: $(VENV)/.development  ## build the containers, feed them, shoot at them, destroy and restore
	@$(RUN) -m pytest -m compose tests/compose

# COUNT=20000 spoils more files, SEED=7 repeats a run.
fuzz: $(VENV)/.development  ## spoil every sample in every way: nothing may change in silence
	@$(RUN) -m fuzz --count $(or $(COUNT),5000) $(if $(SEED),--seed $(SEED))

# ONLY=posting.fees judges one module (a pattern will do), EVERY=10 estimates, FRESH=1 begins anew.
mutants: $(VENV)/.development  ## spoil our own code of money, matching and posting: the tests must notice
	@$(RUN) -m mutants $(if $(ONLY),--only '$(ONLY)') $(if $(JOBS),--jobs $(JOBS)) \
	  $(if $(EVERY),--every $(EVERY)) $(if $(FRESH),--fresh)

# SEEDS=100000 plays more, SEED=4711 repeats one and prints its steps.
simulate: $(VENV)/.development  ## plan, send, recover and undo under every fault and kill
	@$(RUN) -m tests.posting.simulation $(if $(SEED),--seed $(SEED) -v,--seeds $(or $(SEEDS),1000) --counts)

compare-goldens: $(VENV)/.development  ## every sample of a layout gives the answer beside it
	@$(RUN) -m pytest -q tests/parsing/test_samples.py

goldens: $(VENV)/.development  ## write these answers anew; then read the diff
	@SVERKA_REGENERATE_GOLDENS=1 $(RUN) -m pytest -q tests/parsing/test_samples.py
	@git --no-pager diff --stat -- tests/parsing/golden

lint: $(VENV)/.development  ## the checks of CI and pre-commit
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy

format: $(VENV)/.development  ## format the code
	@$(VENV)/bin/ruff check --fix --quiet .
	@$(VENV)/bin/ruff format .

bench: $(VENV)/.development  ## measured figures beside a peer, as ratios
	@$(RUN) -m bench

# LINES="10000 100000" FILES=10 DOCUMENTS=1000 measures less.
bench-scale: $(VENV)/.development  ## how time and memory grow up to a million lines, and posting
	@$(RUN) -m bench.scale $(if $(LINES),--lines $(LINES)) $(if $(FILES),--files $(FILES)) \
	  $(if $(DOCUMENTS),--documents $(DOCUMENTS))

pictures: $(VENV)/.development  ## take the pictures of the docs from what `make up` runs
	@$(RUN) -m local.pictures

texts: $(VENV)/.development  ## bring the English catalogue up to the texts in the code
	@$(RUN) -m local.texts

lock: $(VENV)/.development  ## write the exact lock anew from pyproject.toml
	@$(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links pyproject.toml -o requirements.txt
	@$(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --extra dev -c requirements.txt \
	  pyproject.toml -o requirements-dev.txt

# The stamp files remember which lock is installed.
$(VENV)/.python:
	@$(PYTHON) -c 'import sys; v = sys.version_info; \
	  sys.exit(0 if (3, 11) <= v < (3, 14) else f"Sverka needs Python 3.11, 3.12 or 3.13; {sys.executable} is {v[0]}.{v[1]}. Say: make up PYTHON=python3.12")'
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.runtime: $(VENV)/.python requirements.txt pyproject.toml
	@echo "· installing the pinned requirements, about a minute"
	@$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.txt
	@$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.development: $(VENV)/.runtime requirements-dev.txt
	@echo "· installing the tools of development"
	@$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.txt
	@touch $@
