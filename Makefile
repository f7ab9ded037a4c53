# SpaceHub's commands. `make help` lists them.

VENV := .venv
BIN := $(VENV)/bin
# The first Python that is new enough; name another with `make demo PYTHON=/path/to/python3`.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
# uv does not read pip's settings: hand it the registry that pip is set up to use, if any.
PIP_INDEX = $(shell $(BIN)/python -m pip config get global.index-url 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help env demo dashboard test soak bench course lint format lock clean

help:  ## list the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 10

env: $(VENV)/.installed  ## create the environment in .venv from requirements.txt

$(VENV)/.installed: requirements.txt pyproject.toml packages/localhub/pyproject.toml
	@test -n "$(PYTHON)" || { echo "SpaceHub needs Python 3.11 or newer. Install it, or set its path: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11"; exit 1; }
	@echo "Creating the environment in $(VENV) (about 7 GB, most of it PyTorch)."
	@test -x $(BIN)/pip || $(PYTHON) -m venv --clear $(VENV) \
		|| { echo "Python's venv module is missing. On Debian or Ubuntu: apt install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "$$(grep -o '^uv==[^ ;]*' requirements.txt)"
	@$(if $(PIP_INDEX),UV_DEFAULT_INDEX=$(PIP_INDEX)) $(BIN)/uv pip sync --compile-bytecode --python $(BIN)/python requirements.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable . --editable packages/localhub
	@touch $@

demo: env  ## run everything on this machine: embedded Hub, datasets, training, app; Ctrl-C stops it
	@$(BIN)/spacehub demo

dashboard: env  ## open the curves of all training runs in trackio; Ctrl-C stops it
	@TRACKIO_DIR="$$($(BIN)/python -c 'from spacehub.home import home; print(home() / "trackio")')" $(BIN)/trackio show

test: env lint  ## lint, and run every test with its small counts (8 to 17 minutes on two cores)
	@$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

soak: env  ## run the kill, fuzz and load tests with their full counts (long)
	@SPACEHUB_SOAK=1 $(BIN)/python -m pytest --timeout 3600

bench: env  ## measure the claims, each next to what you would use instead
	@for name in $(filter-out __init__ report trained rivals bare_server one_file_demo,$(basename $(notdir $(wildcard benchmarks/*.py)))); do \
		echo "== $$name"; OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.$$name || exit 1; done

course: env  ## run the course's pages and write them with numbers and figures, for the app and GitHub
	@$(BIN)/python -m docs.course.build

lint: env  ## check style, formatting and types, the Dockerfile and the workflows
	@$(BIN)/ruff check --quiet . && $(BIN)/ruff format --quiet --check .
	@$(BIN)/pyrefly check --summary=none --config packages/localhub/pyproject.toml --python-interpreter-path $(BIN)/python
	@$(BIN)/hadolint Dockerfile
	@$(BIN)/zizmor --quiet --offline .github
	@if command -v actionlint >/dev/null; then actionlint; fi

format: env  ## fix style and formatting
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format --quiet .

lock: env  ## resolve requirements.txt again from pyproject.toml
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --all-extras \
		--no-emit-index-url --no-header --no-emit-package localhub pyproject.toml --output-file requirements.txt

clean:  ## remove the environment; trained and published files stay
	rm -rf $(VENV)
