# Every target installs what it needs, and skips that when nothing changed.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# Python keeps what it compiled: tests and demo start hundreds of processes, each a tenth of a second faster with it.
export PYTHONDONTWRITEBYTECODE :=
PIP    := $(BIN)/pip --quiet --disable-pip-version-check --no-input install -c .ci/constraints.txt

.PHONY: help demo test check pipelines cases format docs site bench explore clean

help:
	@echo "make demo     validate, plan and apply manifests/ on the embedded emulator, and ask its campaigns"
	@echo "make check    formatting, lint, strict types, tests with branch coverage"
	@echo "make test     the same as make check"
	@echo "make pipelines  check action.yml and the pipelines to copy"
	@echo "make cases    rewrite the plans of tests/cases, for review"
	@echo "make format   format the sources and apply automatic lint fixes"
	@echo "make docs     rewrite the generated pages of docs/ from their sources"
	@echo "make site     build docs/ as a site, into build/site"
	@echo "make bench    report start-up times and throughput"
	@echo "make explore  run the slow explorations"
	@echo "make clean    remove the virtual environment, caches and the demo's state"

$(VENV)/user: pyproject.toml .ci/constraints.txt
	@echo "Setting up $(VENV) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) -e '.[local]'
	@$(BIN)/python -m compileall -q personalize_gitops
	@touch $@

$(VENV)/developer: $(VENV)/user
	@echo "Adding the developers' tools …"
	@$(PIP) -e '.[local,dev]'
	@touch $@

CLICKS := --event watch:89 --event watch:183 --event watch:195

demo: $(VENV)/user
	@$(BIN)/python manifests/movielens.py data/movielens
	$(BIN)/personalize-gitops validate
	$(BIN)/personalize-gitops plan --exit-zero
	$(BIN)/personalize-gitops apply --auto-approve
	$(BIN)/personalize-gitops plan
	$(BIN)/personalize-gitops recommend Campaign/for-you --user 42 --num 5
	$(BIN)/personalize-gitops recommend Campaign/similar --item 1 --num 5
	$(BIN)/personalize-gitops recommend Campaign/for-you --user visitor --num 5
	$(BIN)/personalize-gitops recommend Campaign/for-you --user visitor --num 5 $(CLICKS)
	$(BIN)/personalize-gitops metrics Campaign/for-you --against Campaign/popular

test: check

check: $(VENV)/developer pipelines
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -W ignore::RuntimeWarning:slipcover.importer -m slipcover --json --out .coverage.json -m pytest -q -n 2
	@$(BIN)/python -m slipcover --merge .coverage.json --out .coverage.json --skip-covered --fail-under 97

PIPELINES := docs/pipelines
WORKFLOWS := $(PIPELINES)/github/*.yml personalize_gitops/templates/workflows/*.yml

pipelines: $(VENV)/developer
	$(BIN)/zizmor --quiet --offline --persona pedantic action.yml $(WORKFLOWS)
	PATH="$(BIN):$$PATH" actionlint $(WORKFLOWS)
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows $(WORKFLOWS)
	$(BIN)/check-jsonschema --builtin-schema vendor.github-actions action.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.gitlab-ci --data-transform gitlab-ci $(PIPELINES)/gitlab/*.yml
	$(BIN)/cfn-lint $(PIPELINES)/codebuild/template.yml

cases: $(VENV)/developer
	$(BIN)/python -m tests.cases

format: $(VENV)/developer
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(VENV)/user
	$(BIN)/python -m tools.changes_page
	$(BIN)/python -m tools.pipelines_page
	$(BIN)/python -m tools.diagnostics_page
	$(BIN)/python -m tools.reference_page
	$(BIN)/python -m tools.commands_page

site: $(VENV)/developer
	$(BIN)/zensical build --clean --strict

bench: $(VENV)/developer
	$(BIN)/pytest -q tests/bench --benchmark-only --benchmark-disable-gc

explore: $(VENV)/developer
	$(BIN)/pytest -q -n 2 -m "slow or movielens"

clean:
	rm -rf $(VENV) .personalize-gitops data build/site .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage.json
