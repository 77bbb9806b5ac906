# Convenience only: every target is one line that can be pasted. `./wb` needs no make.
UV ?= $(shell command -v uv || echo .uv/bin/uv)
RUN = $(UV) run --quiet --group test
.DEFAULT_GOAL := help
.PHONY: help setup demo lint fix types test deep golden docs pictures bench check

help:  ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup:  ## fetch everything into .uv and .venv
	./wb --version

demo:  ## weigh the sample machine
	./wb demo

lint:  ## style, layout and import contracts
	$(RUN) ruff check . && $(RUN) ruff format --check . && $(RUN) lint-imports

fix:  ## repair style and layout
	$(RUN) ruff check --fix . && $(RUN) ruff format .

types:  ## check types
	$(RUN) mypy

test:  ## the suite
	./wb test

deep:  ## the suite with fuzzing and many more examples
	./wb test --deep

golden:  ## write tests/golden anew; read the difference
	WEIGHBRIDGE_GOLDEN=write $(RUN) pytest -q tests/golden

docs:  ## write the generated data and documentation
	$(RUN) python tools/discover_data.py && $(RUN) python tools/reader_entries.py && $(RUN) python -m tools.server_matrix && $(RUN) python tools/policy_packs.py && $(RUN) python tools/actor_table.py && $(RUN) python tools/reference.py

pictures:  ## draw docs/pictures from the sample machine (needs Chromium)
	$(RUN) python tools/pictures.py && $(RUN) python -m tools.console_pictures

bench:  ## measure against plain Python; other scanners: python -m bench.peers
	$(RUN) python -m bench.cold_start
	set -e; scratch=$$(mktemp -d); for part in tree single_file digest; do $(RUN) python -m bench.$$part "$$scratch"; done; rm -r "$$scratch"

check: lint types  ## what CI runs
	$(RUN) python tools/reference.py --check
	./wb test
