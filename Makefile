# One verb per need; `make` alone lists them. Continuous integration calls the same verbs (.ci/run).
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
SHELL := /bin/sh

PYTHON := .venv/bin/python
RUFF := .venv/bin/ruff
FLOWS := $(wildcard flows/*.yaml flows/*/flow.yaml)
# Spread over the cores; an idle worker takes tests from a busy one.
PYTEST := $(PYTHON) -m pytest -n auto --dist worksteal

.PHONY: help
help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-19s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup: ## Create or mend .venv (does nothing when it is current)
	@sh scripts/setup.sh

.PHONY: demo
demo: setup ## Control plane, one tenant and a chat page on this machine (RESET=1 starts over)
	@$(PYTHON) manage.py demo $(if $(filter-out 0,$(RESET)),--reset)

.PHONY: run-control-plane
run-control-plane: setup ## Control plane on http://localhost:8001
	@$(PYTHON) scripts/require_free_port.py 8001
	@# `make clean` takes the folder with the signing key and the database away, and leaves .env.
	@test -n "$$SECRET_KEY" || { test -f .env && test -d .frontdesk; } || $(PYTHON) manage.py init_env
	@$(PYTHON) manage.py migrate --verbosity 0
	@exec $(PYTHON) -m uvicorn platform_admin.config.asgi:application --port 8001 --lifespan off

.PHONY: run-data-plane
run-data-plane: setup ## One tenant on http://localhost:8002 (TENANT_CONFIG_PATH=file.yaml, or the runtime's environment)
	@exec $(PYTHON) -m runtime

.PHONY: test
test: setup ## All tests but the ones below: SQLite, no network
	@$(PYTEST)

.PHONY: test-flows
test-flows: setup ## Check the shipped conversations and run their own tests, with coverage
	@$(PYTHON) -m flow_engine check $(FLOWS)
	@$(PYTHON) -m flow_engine test flows --coverage --fail-states 100 --fail-transitions 95

.PHONY: test-postgres
test-postgres: setup ## The control plane's tests on a throw-away PostgreSQL
	@$(PYTHON) scripts/postgres_cluster.py $(PYTEST) -m "not browser and not long" tests/platform_admin

.PHONY: test-e2e
test-e2e: setup ## Tests that drive a real browser
	@$(PYTHON) scripts/chromium.py $(PYTHON) -m pytest -m browser

.PHONY: test-containers
test-containers: setup ## Builds both images and runs them as `make up` does (Debian's Podman, as root)
	@$(PYTHON) scripts/containers.py $(PYTHON) -m pytest -m containers tests/containers

.PHONY: test-kubernetes
test-kubernetes: setup ## The fleet on a real Kubernetes API (built from Debian's source once, five minutes)
	@$(PYTHON) scripts/kubernetes_api.py $(PYTHON) -m pytest -m kubernetes tests/kubernetes

.PHONY: test-long
test-long: setup ## The long profile: what is too slow for every change
	@$(PYTEST) -m long --hypothesis-profile=long

.PHONY: crash-test
crash-test: setup ## kill -9 between every two steps, then look what is lost (CRASHES=100 SEED= MUTANT=1..8)
	@CRASHES='$(CRASHES)' SEED='$(SEED)' MUTANT='$(MUTANT)' $(PYTHON) scripts/strace.py $(PYTHON) -m tests.crash

.PHONY: crash-mutants
crash-mutants: setup ## Eight runtimes that break a promise: each must be found out (ten minutes; SEED= CRASHES=)
	@CRASHES='$(CRASHES)' SEED='$(SEED)' MUTANT= $(PYTHON) scripts/strace.py $(PYTHON) -m tests.crash.all_mutants

.PHONY: lint
lint: setup ## Style, types and import rules: every fault at once
	@failed=0; \
	$(RUFF) check || failed=1; \
	$(RUFF) format --check || failed=1; \
	.venv/bin/mypy || failed=1; \
	.venv/bin/lint-imports || failed=1; \
	exit $$failed

.PHONY: format
format: setup ## Bring the code into shape
	@$(RUFF) format
	@$(RUFF) check --fix

.PHONY: catalog
catalog: setup ## Write the connectors' schemas and the catalogue of what flows can call
	@$(PYTHON) -m connectors.catalog write

.PHONY: bench
bench: setup ## Figures as JSON lines on stdout (ONLY=area)
	@$(PYTHON) -m bench $(ONLY)

.PHONY: requirements
requirements: setup ## Lock the dependency groups of pyproject.toml again
	@$(PYTHON) scripts/setup.py --lock

.PHONY: advisories
advisories: setup ## Compare what is locked with the advisories known today (JSON=1: as JSON)
	@$(PYTHON) scripts/advisories.py $(if $(filter-out 0,$(JSON)),--json)

.PHONY: api-description
api-description: setup ## Write docs/runtime-api.openapi.yaml from the code again
	@$(PYTHON) manage.py spectacular --settings platform_admin.config.settings.test --validate --fail-on-warn \
		--file docs/runtime-api.openapi.yaml

.PHONY: messages
messages: setup ## Collect what people read and bring the translations up to date (needs gettext, which it installs)
	@$(PYTHON) scripts/messages.py

.PHONY: vendor
vendor: setup ## Build the third-party parts of the authoring pages from npm (CHECK=1 only compares)
	@$(PYTHON) scripts/vendor.py $(if $(CHECK),--check)

.PHONY: up
up: setup ## Control plane, data plane and PostgreSQL in containers (FLEET=1: and the orchestrator)
	@FLEET='$(FLEET)' $(PYTHON) scripts/compose.py up

.PHONY: down
down: setup ## Stop the containers, keep the database
	@$(PYTHON) scripts/compose.py down

.PHONY: clean
clean: setup ## Stop the containers and wipe every database of this checkout
	@$(PYTHON) scripts/compose.py clean
