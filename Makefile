# The only place that installs. Each step leaves a stamp and is done once.

PYTHON ?= python3
SAMPLE ?= zhengzhou
BIN := .venv/bin
PIP := PIP_CONSTRAINT=constraints.txt $(BIN)/pip --disable-pip-version-check install --quiet

.PHONY: setup demo test check bench faults pictures format clean

setup: .setup/assets  ## PostgreSQL with PostGIS, the Python packages, the files the pages load

demo: setup  ## load the sample city, compute everything, serve
	$(BIN)/guatu demo $(SAMPLE)

test: setup .setup/test-system .setup/test-python  ## every test, with coverage
	$(BIN)/pytest --numprocesses auto --cov
	$(BIN)/coverage report --include='geo/*' --fail-under=98

check: .setup/test-python  ## format, lint, directions of imports, types
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/lint-imports
	$(BIN)/mypy

bench: setup .setup/bench-python  ## speed beside other libraries, after checking equal answers
	$(BIN)/guatu bench

faults: setup .setup/test-python  ## kill what can be killed, many times
	GUATU_FAULT_ROUNDS=100 $(BIN)/pytest tests/faults

pictures: setup .setup/test-system .setup/test-python  ## the README's pictures, from the sample city
	$(BIN)/python -m tools.pictures
	$(BIN)/python -m tools.poster_pictures

format: .setup/test-python
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

clean:  ## everything that set-up made, but no data
	rm -rf .setup .venv maps/vendor tests/browser/vendor *.egg-info .coverage* .*_cache .hypothesis

.setup/system: tools/system_packages.py
	$(PYTHON) -m tools.system_packages serve
	@mkdir -p $(@D) && touch $@

.setup/python: pyproject.toml constraints.txt | .setup/system
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) --editable '.[samples]'
	@touch $@

.setup/assets: maps/web/package-lock.json maps/assets.py tools/vendor.py tools/merged_font.py | .setup/python
	$(BIN)/python -m tools.vendor
	@touch $@

.setup/test-system: tools/system_packages.py
	$(PYTHON) -m tools.system_packages test
	@mkdir -p $(@D) && touch $@

.setup/test-python: pyproject.toml constraints.txt | .setup/python
	$(PIP) --editable '.[samples,dev]'
	@touch $@

.setup/bench-python: pyproject.toml constraints.txt | .setup/python
	$(PIP) --editable '.[samples,bench]'
	@touch $@
