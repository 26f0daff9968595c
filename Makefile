# `make chat` and `make test` need Python 3.11 or later (with venv) and make; all else they install.
# Written for every make from 3.81 on.

VENV := .venv
PYTHON := $(VENV)/bin/python
CHECK := import sys; sys.exit(sys.version_info < (3, 11))

# An environment that was moved, or whose Python is gone, is made again.
ifneq ($(shell cat $(VENV)/made 2>/dev/null && $(PYTHON) -c 'print("works")' 2>/dev/null),$(CURDIR) works)
_ := $(shell rm -f $(VENV)/made $(VENV)/installed $(VENV)/developing)
endif

.PHONY: help chat install test lint format lock baseline clean

help:
	@echo "make chat      install, index faq/ and chat in the terminal: no key, no account"
	@echo "make test      install, and run all tests"
	@echo "make install   install only; then there is $(VENV)/bin/faqbot"
	@echo "make lint      all other checks: format, style, types, import rules"
	@echo "make format    put the code into its format"
	@echo "make lock      choose the newest versions of all dependencies again"
	@echo "make baseline  measure the quality on the evaluation sets in ../shared/data"
	@echo "make clean     remove what was installed and what the tools left behind"

chat: install
	@FAQBOT_EMBEDDER=local $(PYTHON) -m bot chat

install: $(VENV)/installed

# Each stamp is the last thing made, so that an installation that was broken off is done again.
$(VENV)/installed: requirements.txt pyproject.toml | $(VENV)/made
	@echo "Installing faqbot into $(VENV) ..."
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes \
		--requirement requirements.txt
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps \
		--editable .
	@touch $@

$(VENV)/developing: requirements-dev.txt $(VENV)/installed
	@echo "Installing what the tests need ..."
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes \
		--requirement requirements-dev.txt
	@touch $@

# The first Python that is new enough and can make a virtual environment.
$(VENV)/made:
	@set -e; for python in "$${PYTHON3:-python3}" python3.14 python3.13 python3.12 python3.11 python; do \
		if "$$python" -c '$(CHECK)' 2>/dev/null; then \
			if "$$python" -c 'import venv, ensurepip' 2>/dev/null; then \
				rm -rf $(VENV); "$$python" -m venv $(VENV); echo "$(CURDIR)" >$@; exit 0; \
			fi; without_venv="$$python"; \
		fi; \
	done; \
	if [ -n "$$without_venv" ]; then \
		echo "$$without_venv lacks the module venv: install it (on Debian and Ubuntu:" \
			"apt install python3-venv), then run make again." >&2; \
	else \
		echo "faqbot needs Python 3.11 or later, and there is none here" \
			"(python3 is: $$(python3 --version 2>/dev/null || echo missing))." \
			"Install it from your system's packages or python.org, then run make again." >&2; \
	fi; exit 1

test: $(VENV)/developing
	@FAQBOT_EMBEDDER=local $(PYTHON) -m pytest --cov --cov-report=term

lint: $(VENV)/developing
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .
	$(PYTHON) -m mypy
	$(VENV)/bin/lint-imports

format: $(VENV)/developing
	$(PYTHON) -m ruff format .
	$(PYTHON) -m ruff check --fix .

# Development first, and runtime within it, so that the tests test what ships. Both with what
# `faqbot import` needs: who runs from here shall not have to think of extras.
COMPILE := $(PYTHON) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --upgrade --extra import pyproject.toml
lock: $(VENV)/developing
	$(PYTHON) -m pip install --quiet --disable-pip-version-check uv
	$(COMPILE) --group dev --output-file requirements-dev.txt
	$(COMPILE) --group build --constraint requirements-dev.txt --output-file requirements.txt

baseline: $(VENV)/developing
	@$(PYTHON) -m tests.benchmarks.quality

clean:
	rm -rf $(VENV) .coverage* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
