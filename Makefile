# Every target sets up what it needs and is quick when nothing changed.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/pip --quiet --disable-pip-version-check --no-input install -c .ci/constraints.txt

.PHONY: help demo test check cases format docs bench explore clean

help:
	@echo "make demo     validate, plan and apply manifests/ on the embedded emulator"
	@echo "make test     run the test suite"
	@echo "make check    formatting, lint, strict types, tests"
	@echo "make cases    write the plans of tests/cases anew, to be reviewed"
	@echo "make format   rewrite the sources the way check wants them"
	@echo "make docs     write docs/changes.md anew, from the marks of the kinds"
	@echo "make bench    report start-up times and throughput"
	@echo "make explore  the slow explorations"
	@echo "make clean    remove the virtual environment, caches and the demo's state"

$(VENV)/user: pyproject.toml .ci/constraints.txt
	@echo "Setting up $(VENV) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) -e '.[local]'
	@touch $@

$(VENV)/developer: $(VENV)/user
	@echo "Adding the developers' tools …"
	@$(PIP) -e '.[local,dev]'
	@touch $@

demo: $(VENV)/user
	@$(BIN)/python manifests/movielens.py data/movielens
	$(BIN)/personalize-gitops validate
	$(BIN)/personalize-gitops plan --exit-zero
	$(BIN)/personalize-gitops apply --auto-approve
	$(BIN)/personalize-gitops plan

test: $(VENV)/developer
	$(BIN)/pytest -q -n 2

check: $(VENV)/developer
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest -q -n 2

cases: $(VENV)/developer
	$(BIN)/python -m tests.cases

format: $(VENV)/developer
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(VENV)/user
	$(BIN)/python -m tools.changes_page

bench: $(VENV)/developer
	$(BIN)/pytest -q tests/bench --benchmark-only --benchmark-disable-gc

explore: $(VENV)/developer
	$(BIN)/pytest -q -n 2 -m "slow or movielens"

clean:
	rm -rf $(VENV) manifests/.personalize-gitops data .mypy_cache .ruff_cache .pytest_cache .hypothesis
