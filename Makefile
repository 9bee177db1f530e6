# Needs Python 3.11 or newer and make. Everything else is installed into .venv.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
VENV ?= .venv
BIN := $(VENV)/bin
OUT ?= demo-out
EXPORT ?=
FUZZ_FILES ?= 12000
FUZZ_SEALED ?= 700
FUZZ_SECONDS ?= 180
KILLS ?= 500
PROVE_RUNNERS ?= 10000
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo test browsers check bench speed fuzz torture prove simulation study cohort-page differential docs pictures snapshots lowest wheel-test install dev clean

install: $(VENV)/.run
dev: $(VENV)/.dev

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "loadplan needs Python 3.11 or newer (try: make PYTHON=/path/to/python3.12)"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(BIN)/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

$(VENV)/.bench: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --editable '.[bench]'
	@touch $@

$(VENV)/.fuzz: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --editable '.[fuzz]'
	@touch $@

# The whole tour on a synthetic runner, and on your own export: make demo EXPORT=~/Downloads/export_1234.zip
demo: install
	@e="$(EXPORT)"; case "$$e" in "~/"*) e="$$HOME/$${e#"~/"}";; esac; \
	$(BIN)/loadplan demo --out "$(OUT)" --force $${e:+--export "$$e"} \
	|| [ $$? -eq 3 ]  # 3: all was read but some files, which are named above

# On all cores; the tests of one file stay together. The long ones first, so that no core waits for them in the end.
test: dev
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder tests/story tests/loadplan tests/plans tests/importers tests/test_*.py

# Chromium and poppler, by which the tests look at the page, where they are missing and this machine lets us install them.
browsers:
	@command -v pdftoppm >/dev/null && { command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null \
	|| { test "$$(id -u)" = 0 && command -v apt-get >/dev/null \
	  && timeout 180 sh -c 'apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium poppler-utils' >/dev/null 2>&1; } \
	|| echo "Chromium or poppler is missing and cannot be installed here: the tests of the page's layout are skipped."

# Lint, types and the order of the house.
check: dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.bench
	@for b in benchmarks/*.py; do echo "== $$b"; $(BIN)/python $$b || exit 1; done

# The tables of docs/speed.md, on this machine.
speed: $(VENV)/.bench
	$(BIN)/python benchmarks/readers.py --into docs/speed.md
	$(BIN)/python benchmarks/archive.py --into docs/speed.md
	$(BIN)/python benchmarks/load.py --into docs/speed.md
	$(BIN)/python benchmarks/cohort.py --into docs/speed.md

# Thousands of damaged files into every reader, then bytes guided by coverage: make fuzz FUZZ_FILES=1000 FUZZ_SECONDS=60
fuzz: $(VENV)/.fuzz
	$(BIN)/python tests/fuzz/long_run.py --files $(FUZZ_FILES) --sealed $(FUZZ_SEALED)
	$(BIN)/python tests/fuzz/guided.py -max_total_time=$(FUZZ_SECONDS)

# Imports that are killed, whose statements fail, whose disk is full: make torture KILLS=50
torture: dev
	$(BIN)/python tests/torture/long_run.py --kills $(KILLS)

# Thousands of random runners, their plans, lives and updates, judged by the independent checker: make prove PROVE_RUNNERS=500
# With PROVE_LOG=FILE a run that was stopped goes on where it was.
prove: dev
	$(BIN)/python tests/prove/long_run.py --runners $(PROVE_RUNNERS) $(if $(PROVE_LOG),--log $(PROVE_LOG))

# The page docs/simulation.md: a thousand made-up runners through twelve weeks of plan, pain and update.
simulation: dev
	$(BIN)/python docs/simulate.py --into docs/simulation.md

# Every value of every real file beside fitparse, fitdecode, gpxpy and tcxreader; the tests of every day take a slice.
differential: dev
	WHOLE_CORPUS=1 $(BIN)/python -m pytest -q tests/importers/test_differential.py

# Pages that are made from the code; tests keep them the same.
docs: dev
	$(BIN)/python -m plans.evidence_page > docs/evidence.md
	$(BIN)/python -m loadplan.rules_page > docs/rules.md
	$(BIN)/python docs/make_cli.py > docs/cli.md

# How often the rules speak on the real histories beside the checkout.
study: dev
	$(BIN)/python docs/make_study.py

# The page docs/cohort.md: made-up cohorts with an effect that was planted, and without (five minutes).
cohort-page: dev
	$(BIN)/python docs/make_cohort.py --into docs/cohort.md

# The pictures of the README, from the demo's runner on a fixed day.
pictures: dev
	$(BIN)/python docs/make_pictures.py

# The pictures that tests hold charts and page against, drawn anew: look at tests/data/snapshots before you commit them.
snapshots: dev
	SNAPSHOTS=write $(BIN)/python -m pytest -q tests/loadplan/test_snapshots.py tests/story/test_page_in_a_browser.py -k look

# The lowest versions that pyproject.toml allows, in a place of their own.
lowest: $(BIN)/python
	$(PYTHON) -m venv --clear .venv-lowest
	$(BIN)/python tests/lowest.py > .venv-lowest/constraints.txt
	.venv-lowest/bin/python -m pip install --quiet --constraint .venv-lowest/constraints.txt --editable . hypothesis fitdecode icalendar jsonschema tcxreader 'pytest>=8.2'
	.venv-lowest/bin/python -m pytest -q

# What a user installs: the built wheel, without the checkout.
wheel-test: $(BIN)/python
	rm -rf dist .venv-wheel
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .
	$(PYTHON) -m venv .venv-wheel
	.venv-wheel/bin/python -m pip install --quiet dist/*.whl
	cd dist && ../.venv-wheel/bin/loadplan --version && ../.venv-wheel/bin/loadplan demo --out demo --force

clean:
	rm -rf $(VENV) .venv-lowest .venv-wheel dist $(OUT) .mypy_cache .ruff_cache .pytest_cache .hypothesis
