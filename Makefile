# One entry for daily work; CONTRIBUTING.md says what for.
BIN ?= .venv/bin

.PHONY: check test test-all docs

check:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test:
	$(BIN)/pytest

test-all:
	$(BIN)/pytest -m "slow or not slow" -rs

docs:
	$(BIN)/python -m kehujingli.commands.manual docs
