# TL;DR Highlights. `make help` lists what can be made. Needs Python 3.11 to 3.13; everything else comes from PyPI.
SHELL := /bin/bash
PYTHON ?= python3
UV := $(or $(shell command -v uv 2>/dev/null),.uv/bin/uv)
RUN := $(UV) run --frozen --no-sync
TLDRCTL := $(RUN) tldrctl
BARE = $(PYTHON) apps/tldrctl/src/tldrctl/machine.py "$(FOLDER)"
SEED ?= 7
FOLDER ?= .tldr
KAFKA ?= tansu
EVAL_DATA ?=
EVAL_OUT ?= eval-report
PROCESSES ?= one
ALLOW_LOOPBACK ?=
PACKAGES := $(wildcard libs/*/pyproject.toml services/*/pyproject.toml apps/*/pyproject.toml)

.DEFAULT_GOAL := help
.PHONY: help setup check format generate test test-long test-delivery demo demo-live run doctor reset eval bench-recording bench-bus bench-idle bench-chat bench-rescore bench-scorer bench-fairness bench-advance bench-live bench-hours bench-api fuzz-api

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/.synced ## Install everything into .venv

.uv/bin/uv:
	@$(PYTHON) -m venv .uv || { rm -rf .uv; $(BARE); \
		echo "make setup: install python3-venv (Debian: apt install python3-venv) or uv: https://docs.astral.sh/uv" >&2; exit 1; }
	.uv/bin/python -m pip install --quiet uv

.venv/.synced: uv.lock pyproject.toml $(PACKAGES) | $(filter .uv/bin/uv,$(UV))
	@$(UV) sync --frozen --quiet || { $(BARE); \
		echo "make setup: what uv says above names what is missing; supported are Python 3.11, 3.12 and 3.13 on x86-64 Linux" >&2; exit 1; }
	@touch $@

check: setup ## Formatting, lint, types, imports, contracts, drift
	$(RUN) ruff format --check --quiet .
	$(RUN) ruff check --quiet .
	$(RUN) mypy conftest.py libs apps tests services/*/src
	@for service in services/*; do MYPYPATH=$$service $(RUN) mypy $$service/tests || exit 1; done
	$(RUN) lint-imports --no-cache
	$(RUN) buf lint proto
	$(RUN) python tests/arch/breaking.py
	$(RUN) python tests/arch/wheels.py
	$(RUN) python libs/contracts/generate.py --check
	$(RUN) python -m tldr_bus.documents.asyncapi --check docs/api/asyncapi.yaml
	$(RUN) python -m tldr_gateway.openapi --check docs/api/openapi.yaml

format: setup ## Format the code and mend what lint can mend
	$(RUN) ruff check --fix --quiet .
	$(RUN) ruff format --quiet .

generate: setup ## Generate the protobuf code and the API documents
	$(RUN) python libs/contracts/generate.py
	$(RUN) python -m tldr_bus.documents.asyncapi docs/api/asyncapi.yaml
	$(RUN) python -m tldr_gateway.openapi docs/api/openapi.yaml

test: setup ## All tests that need PyPI only
	$(RUN) pytest -q -m "not delivery and not long"

test-long: setup ## Tests that repeat what `make test` does more often than it pays each time, and new examples of properties
	$(RUN) pytest -q -m long --timeout 1200
	$(RUN) pytest -q -m "not long" --timeout 1200 --hypothesis-profile new $$(git grep -l '@given' '*/tests/unit/*.py')

test-delivery: setup ## Tests of delivery on Apache Kafka (needs Java 17 and Maven)
	$(RUN) pytest -q -m delivery

demo: setup ## The main job: a rendered broadcast becomes highlights; SEED= plants other moments
	$(TLDRCTL) demo --seed $(SEED) --folder $(FOLDER) --kafka $(KAFKA)

demo-live: setup ## The demo's match in real time, by RTMP and by HLS, and what was found while it ran
	$(TLDRCTL) demo-live --seed $(SEED) --folder $(FOLDER) --kafka $(KAFKA)

eval: setup ## Judge detection on labelled chat: EVAL_DATA=folder, report in EVAL_OUT
	$(TLDRCTL) eval report "$(EVAL_DATA)" --out $(EVAL_OUT)

run: setup ## Run the mesh; KAFKA=apache, PROCESSES=seven, ALLOW_LOOPBACK=1
	$(TLDRCTL) run --folder $(FOLDER) --kafka $(KAFKA) --processes $(PROCESSES) $(if $(ALLOW_LOOPBACK),--allow-loopback)

doctor: ## Say what is missing or broken, and what to do
	@$(BARE)
	@$(MAKE) --no-print-directory setup
	$(TLDRCTL) doctor --folder $(FOLDER)

reset: setup ## Stop what runs on the folder and delete it
	$(TLDRCTL) reset --folder $(FOLDER)

bench-recording: setup ## A 10-minute recording against ffmpeg's decoding of it
	$(RUN) python tests/bench/bench_recording.py

bench-bus: setup ## Outbox to inbox against a bare produce-and-consume
	$(RUN) python tests/bench/bench_bus.py

bench-idle: setup ## Memory and processor time of an idle mesh
	$(RUN) python tests/bench/bench_idle.py

bench-chat: setup ## Sentiment of chat against plain VADER
	$(RUN) python tests/bench/bench_chat.py

bench-rescore: setup ## Detection on two hours of stored signals against a plain pass over them
	$(RUN) python tests/bench/bench_rescore.py

bench-scorer: setup ## A trained scorer against the default score
	$(RUN) python tests/bench/bench_scorer.py

bench-fairness: setup ## A recording beside another organization's 22 against the same one alone
	$(RUN) python tests/bench/bench_fairness.py

bench-advance: setup ## An advance of a live stream after ten minutes, an hour and twelve hours, against a look anew
	$(RUN) python tests/bench/bench_advance.py

bench-live: setup ## Moment to provisional highlight: one HLS stream of 720p30, then 100 streams of signals at 1 Hz; STREAMS=
	$(RUN) python tests/bench/bench_live_hls.py
	$(RUN) python tests/bench/bench_live.py --streams $(or $(STREAMS),100)

bench-api: setup ## The API under a mixed load, one highlight against a bare route, a deep page of a million; HIGHLIGHTS=
	$(RUN) python tests/bench/bench_api.py --highlights $(or $(HIGHLIGHTS),1000000)

fuzz-api: setup ## Every operation of the API with all that schemathesis thinks of; EXAMPLES=, SEED=
	$(RUN) python tests/fuzz/fuzz_api.py --examples $(or $(EXAMPLES),25) --seed $(SEED)

bench-hours: setup ## Twelve hours of a live stream's signals as fast as they are taken, hour by hour
	$(RUN) python tests/bench/bench_hours.py
