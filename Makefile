# Everything here sets up what it needs by itself: Python packages go into .venv, from the locks.
# Needed beforehand: make, and Python 3.11 or newer with venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/runtime.stamp
DEV := $(VENV)/dev.stamp
UV := .cache/uv/bin/uv
LOCK = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
	--no-emit-index-url --no-annotate --no-header

# books/example.org-docs for https://example.org/docs/
OUT ?= books/$(subst /,-,$(patsubst %/,%,$(lastword $(subst ://, ,$(URL)))))
export URL OUT

SECONDS ?= 120
BENCHES = $(filter-out __% kit,$(patsubst %/__init__.py,%,$(patsubst tests/bench/%,%,$(wildcard tests/bench/*/__init__.py))) \
	$(patsubst tests/bench/%.py,%,$(wildcard tests/bench/*.py)))

# The tests start hundreds of processes: modules are compiled once, also where the environment says not to keep that.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: docs help book url-given run dev test check chaos chaos-editions bench stability lock reference proto page-picture base-image clean

help:
	@echo 'make book URL=https://… [OUT=DIR] [ARGS="--max-pages 50 …"]   make a book; ARGS: see sitebookify build --help'
	@echo 'make run     the API on 127.0.0.1:8080, which runs the jobs itself'
	@echo 'make dev     the whole pipeline on this machine, on the Pub/Sub emulator'
	@echo 'make test    every test; those that need a missing tool are skipped with a hint'
	@echo 'make check   style, types and architecture'
	@echo 'make chaos [SECONDS=120]   jobs under kills, freezes and a failing store, then a checker; prints its seed'
	@echo 'make chaos-editions [SECONDS=120]   the same of books that a language model edits; counts what is paid for twice'
	@echo 'make bench [NAME=…]        measure, and write docs/benchmarks.md: $(BENCHES)'
	@echo 'make stability [SECONDS=600]   heavy jobs, 500 pollers, killed workers; into docs/benchmarks.md'
	@echo 'make lock    take the newest versions that pyproject.toml allows into the locks'
	@echo 'make base-image   take the newest build of the image that ours are made from, by its digest'
	@echo 'make reference   write docs/settings.md and docs/cli.md from the code'
	@echo 'make proto   write the options of a job into service.proto'
	@echo 'make docs    the documentation as a site, .cache/site, and as a book of that, .cache/book'
	@echo 'make page-picture     draw the way of a page, docs/page.svg'
	@echo 'make clean   remove .venv and caches'

book: url-given $(RUNTIME)
	$(BIN)/sitebookify build "$$URL" --out "$$OUT" $(ARGS)

url-given:
	@test -n "$$URL" || { echo 'usage: make book URL=https://example.org/docs/ [OUT=DIR]' >&2; exit 2; }

run: $(RUNTIME)
	SITEBOOKIFY_EXECUTION_MODE=inprocess SITEBOOKIFY_SERVER_PRIVATE=$${SITEBOOKIFY_SERVER_PRIVATE:-true} \
		SITEBOOKIFY_LOG_FORMAT=$${SITEBOOKIFY_LOG_FORMAT:-console} $(BIN)/sitebookify serve api

dev: $(RUNTIME)
	$(BIN)/sitebookify dev

# Twice as many processes as cores, since many tests wait for others' processes; what a module's tests share is started
# once; in the order of collection, where the longest come first (tests/support/order.py).
test: $(DEV)
	$(BIN)/pytest --numprocesses $$(( $$(nproc) * 2 )) --dist loadscope --no-loadscope-reorder $(ARGS)

check: $(DEV)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

chaos: $(DEV)
	PYTHONPATH=tests $(BIN)/python -m support.chaos --seconds $(SECONDS) $(ARGS)

chaos-editions: $(DEV)
	PYTHONPATH=tests $(BIN)/python -m support.edition_chaos --seconds $(SECONDS) $(ARGS)

bench: $(DEV)
	PYTHONPATH=tests $(BIN)/python -m bench $(NAME) $(ARGS)

stability: SECONDS = 600
stability: $(DEV)
	PYTHONPATH=tests $(BIN)/python -m bench stability seconds=$(SECONDS) $(ARGS) --store

lock: $(UV)
	$(LOCK) pyproject.toml --all-extras --output-file requirements-all.lock
	$(LOCK) pyproject.toml --constraint requirements-all.lock --output-file requirements.lock
	$(LOCK) pyproject.toml --all-extras --group dev --output-file requirements-dev.lock
	$(LOCK) --group pyproject.toml:build --output-file requirements-build.lock

reference: $(DEV)
	PYTHONPATH=tests $(BIN)/python -m support.reference

proto: $(DEV)
	PYTHONPATH=tests $(BIN)/python -m support.service_proto

docs: $(DEV)
	$(BIN)/zensical build --clean --strict --config-file .zensical.toml
	rm -rf .cache/book
	$(BIN)/sitebookify build .cache/site --out .cache/book --formats html,pdf

page-picture: $(DEV)
	PYTHONPATH=tests $(BIN)/python -m support.page_picture

# The tag names a version of Python and of Debian; its image is built anew when packages of Debian are mended.
base-image:
	@tag=$$(sed -n 's/^FROM \(python:[^@ ]*\).* AS base$$/\1/p' infra/Dockerfile) && \
	digest=$$(docker buildx imagetools inspect "$$tag" --format '{{.Manifest.Digest}}') && \
	case "$$digest" in sha256:????????????????????????????????????????????????????????????????) ;; \
		*) echo "no digest of $$tag: $$digest" >&2; exit 1;; esac && \
	sed -i "s|^FROM python:[^ ]* AS base$$|FROM $$tag@$$digest AS base|" infra/Dockerfile && \
	echo "$$tag@$$digest"

clean:
	rm -rf $(VENV) .cache .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage

# The locks are complete, so pip resolves nothing: older versions of it would look at a newer release than the locked one
# and refuse it. The build backend comes from a lock too: with build isolation pip would fetch whatever is newest.
$(RUNTIME): requirements.lock requirements-build.lock pyproject.toml | $(BIN)/pip
	@echo 'Setting up .venv from the locks; this takes a minute, once'
	$(BIN)/pip install --quiet --no-deps --require-hashes -r requirements.lock -r requirements-build.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): requirements-dev.lock $(RUNTIME)
	$(BIN)/pip install --quiet --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'sitebookify needs Python 3.11 or newer; name it with: make PYTHON=/path/to/python3 …' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo '$(PYTHON) -m venv does not work here; install it, on Debian with: apt-get install python3-venv' >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(UV): | $(BIN)/pip
	$(PYTHON) -m venv .cache/uv
	.cache/uv/bin/pip install --quiet uv
