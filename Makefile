# Everything a person does here. `make help` lists it.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FLASK := $(BIN)/flask --app wsgi
export PYTHONDONTWRITEBYTECODE ?= 1
bench prove screenshots: export PYTHONPATH := site:.:tests

.DEFAULT_GOAL := help
.PHONY: help setup run serve db content test lint format bench prove screenshots lock translations clean

help: ## list these targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 24

setup: ## make the virtual environment and install what is needed (does nothing when it is there)
	@PYTHON="$(PYTHON)" .ci/setup

run: setup ## serve the site with the archive and the worked example on http://127.0.0.1:8000
	@echo "== bringing the database up to date"
	@$(FLASK) db upgrade
	@echo "== loading content (the first time this takes some seconds)"
	@$(FLASK) content load
	@echo "== accounts for a trial of the workbench"
	@$(FLASK) accounts trial
	@$(FLASK) serve

test: setup ## run all tests; what a machine lacks is skipped with a reason, unless CI=true
	@PYTHON="$(PYTHON)" .ci/setup browser
	@echo "== running the tests"
	@$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile --durations 12 $(TESTS)

lint: setup ## what CI checks besides the tests: style, types, import contracts, templates
	@echo "== ruff"; $(BIN)/ruff check . && $(BIN)/ruff format --check .
	@echo "== mypy"; $(BIN)/mypy
	@echo "== import contracts"; PYTHONPATH=site:. $(BIN)/lint-imports
	@echo "== djlint"; $(BIN)/djlint --lint --quiet site/gongshi/web/templates

format: setup ## put the code into the house style
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

bench: setup ## measure speed and memory; prints the machine and ratios
	@$(BIN)/python -m benchmarks.bench
	@$(BIN)/python -m benchmarks.triage

prove: setup ## the long proofs at full count, or PROOFS="kills deadline"; writes var/prove/report.md
	@PYTHON="$(PYTHON)" .ci/setup faults
	@$(BIN)/python -m benchmarks.prove --counts $(or $(COUNTS),full) $(PROOFS)

screenshots: setup ## take pictures of every kind of page, to be looked at; into var/screenshots
	@PYTHON="$(PYTHON)" .ci/setup browser
	@$(BIN)/python -m benchmarks.screenshots var/screenshots

lock: setup ## pin requirements*.txt with hashes (run it with Debian 12's own Python: newer ones pick newer packages)
	@$(BIN)/python -m pip install --quiet pip-tools
	@for part in requirements requirements-dev; do \
	  $(BIN)/pip-compile --quiet --strip-extras --allow-unsafe --generate-hashes --no-header \
	    --no-emit-index-url --no-emit-find-links --no-emit-trusted-host -o $$part.txt $$part.in; done

translations: setup ## collect the texts that want translating into the Chinese catalogue
	@$(BIN)/pybabel -q extract -F site/gongshi/web/babel.cfg -k lazy_gettext -o var/messages.pot site/gongshi/web
	@$(BIN)/pybabel -q update -N --omit-header -i var/messages.pot -d site/gongshi/web/translations -l zh_Hans

clean: ## throw away what can be made again (never var/, which holds the database)
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache search_index/*
