# Works on a bare Debian 12 with Python 3.11, Node 20 and pip: the rest is fetched into .tools/ and .venv/.

PORT ?= 8000
DATA ?= ./data
TESTS ?=
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help run demo test check lint types imports frontend bench docs pictures clean
.DELETE_ON_ERROR:

unexport VIRTUAL_ENV PYTHONHOME PYTHONPATH PYTHONDONTWRITEBYTECODE
export UV_PYTHON_DOWNLOADS := never

BIN := .venv/bin
PACKAGE := pyproject.toml uv.lock hatch_build.py $(wildcard emulators/pyproject.toml) \
           $(wildcard frontend/*.json frontend/*.js) $(shell find frontend/src 2>/dev/null)
BUNDLE := src/fanlight/web/static/bundle/manifest.json

help: ## list what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18
	@printf '\n  make run PORT=8000 DATA=./data          where to listen, where to keep things\n'
	@printf '  make test TESTS=tests/web               one folder, one module, or -k words\n'

# the stamps: a second run does nothing when nothing changed
.venv/.ready: $(PACKAGE)
	@scripts/uv sync --locked --all-extras --no-dev --inexact --quiet --reinstall-package fanlight
	@touch $@

.venv/.ready-dev: $(PACKAGE)
	@scripts/uv sync --locked --all-extras --quiet --reinstall-package fanlight
	@touch .venv/.ready $@

ifeq ($(wildcard $(BUNDLE)),)
.PHONY: .venv/.ready .venv/.ready-dev
endif

run: ## serve on 127.0.0.1, keeping everything in DATA
	@echo "Fanlight: preparing (the first time takes a minute or two), then serving http://127.0.0.1:$(PORT) from $(DATA). Ctrl-C stops it."
	@$(MAKE) --no-print-directory .venv/.ready
	@exec $(BIN)/fanlight serve --host 127.0.0.1 --port $(PORT) --data $(DATA)

demo: ## serve a throw-away studio with sample photographs and their links
	@echo "Fanlight demo: preparing, then a studio of its own on http://127.0.0.1:$(PORT), removed when you press Ctrl-C."
	@$(MAKE) --no-print-directory .venv/.ready-dev
	@exec $(BIN)/python -m scripts.demo --port $(PORT)

test: .venv/.ready-dev ## run the tests (TESTS=... for some of them)
	@scripts/need chromium nginx=nginx-light unzip 7zz=7zip bsdtar=libarchive-tools curl
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(TESTS)

check: lint types imports frontend ## lint, types, import rules, front end

lint: .venv/.ready-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: .venv/.ready-dev
	$(BIN)/pyright --warnings

imports: .venv/.ready-dev
	$(BIN)/lint-imports

frontend: .venv/.ready-dev
	@cd frontend && { npm ls >/dev/null 2>&1 || npm ci --loglevel=error; }
	cd frontend && npm run --silent check && npm run --silent build -- --logLevel=warn
	@touch $(BUNDLE)

bench: .venv/.ready-dev ## measure against peers and limits, and print the tables
	@scripts/need nginx=nginx-light wrk curl
	@$(BIN)/python -m bench
	@$(BIN)/python emulators/bench/speed.py

docs: .venv/.ready-dev ## write the reference pages anew from the code
	@$(BIN)/python -m scripts.reference

pictures: .venv/.ready-dev ## make the pictures in the docs anew
	@scripts/need chromium
	@$(BIN)/python -m scripts.pictures

clean: ## remove what was built or fetched; your data stays
	rm -rf .venv .tools frontend/node_modules src/fanlight/web/static/bundle dist build bench/out \
	    .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
