# make run: set up, add the corpus, index it, serve it.   make test: set up, check, test.
PYTHON ?= python3
BIN := .venv/bin
export GONGKAI_HOME ?= .home

.PHONY: run test check pictures clean

run: .venv/installed
	$(BIN)/gongkai add corpus
	$(BIN)/gongkai index
	$(BIN)/gongkai serve

test: .venv/installed-test check
	$(BIN)/pytest

check: .venv/installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# docs/pictures, anew: after a page has changed
pictures: .venv/installed-test
	GONGKAI_PICTURES=docs/pictures $(BIN)/python -m pytest -q tests/browser/test_pictures.py

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/installed: .venv/bin/python setup.cfg
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

.venv/installed-test: .venv/bin/python setup.cfg
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@ .venv/installed

clean:
	rm -rf .venv .home build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache
