# The first line after each target's `##` is its help; bare `make` prints them.

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
export DEBIAN_DOCS ?= $(CURDIR)/debian-docs

.DEFAULT_GOAL := help
.PHONY: help venv demo test test-train test-browser check-all bench lint lock clean

help: ## Print this help
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r target what; do printf '  make %-13s %s\n' "$$target" "$$what"; done

venv: $(VENV)/.ready ## Make .venv with everything but torch, each package pinned by hash
	@echo '$(VENV) is ready'
demo: $(VENV)/.ready ## A dataset from the example pages in a few minutes; opens nothing, prints where all is
	$(BIN)/python examples/installed_texts.py demo-out/installed
	$(BIN)/corpusmill run recipes/demo.yml --warehouse demo-out/warehouse
	@echo; echo 'Here corpusmill is $(BIN)/corpusmill, and DOC_ID may be an id of examples/README.md: letters/to-nora, winner, ...'

test: $(VENV)/.ready ## Tests and doctests, without browser, torch and the long ones
	$(BIN)/python -m pytest --numprocesses 2 --no-loadscope-reorder
test-train: .venv-train/.ready ## The tests that train on a published version (installs torch into .venv-train)
	.venv-train/bin/python -m pytest -m train
test-browser: $(VENV)/.ready ## The tests that look at the report in Chromium (installs Debian's package)
	@command -v chromium chromedriver >/dev/null || { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends chromium chromium-driver; }
	$(BIN)/python -m pytest -m browser
check-all: lint test test-browser test-train ## Everything, with the long tests: large corpus, kills, peers
	$(BIN)/python -m pytest -m long
bench: $(VENV)/.ready ## Time and memory on 30,000 real pages (DEBIAN_DOCS=FOLDER), beside kernels alone and datatrove
	$(BIN)/python benchmarks/debian_docs.py
	$(BIN)/python benchmarks/near_dedup.py
lint: $(VENV)/.ready ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

lock: $(VENV)/.ready ## Pin the newest versions that pyproject.toml allows
	$(BIN)/uv pip compile -q --upgrade $(COMPILE) -o requirements.lock
	$(BIN)/uv pip compile -q --upgrade $(COMPILE) --extra train --extra semantic --extra perplexity --constraint requirements.lock -o requirements-train.lock
clean: ## Remove what the targets made
	rm -rf .venv .venv-train build dist demo-out *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis

COMPILE := pyproject.toml --universal --python-version 3.11 --extra spark --group dev \
	--generate-hashes --no-emit-index-url --custom-compile-command "make lock"

# pip installs uv alone, by the hash in the lock; uv installs the rest in half of the time that pip takes. Compiled: each
# worker imports much, and would compile it again where Python may not write beside its modules.
.venv/.ready: requirements.lock pyproject.toml
.venv-train/.ready: requirements-train.lock pyproject.toml
.venv/.ready .venv-train/.ready:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "corpusmill needs Python 3.11 or newer: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(@D)
	sed -n '/^uv==/,/[^\\]$$/p' $< | $(@D)/bin/pip install -q --disable-pip-version-check --require-hashes -r /dev/stdin
	$(@D)/bin/uv pip install -q --compile-bytecode --python $(@D)/bin/python --require-hashes -r $<
	$(@D)/bin/uv pip install -q --python $(@D)/bin/python --no-deps -e .
	touch $@
