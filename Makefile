# Every target does the set-up that it needs, once for each change of pyproject.toml or of the constraints.
SHELL := bash
PYTHON := .venv/bin/python
ISSUE ?= 1
# The interpreter with Paddle Lite; empty where there is none, and then no .nb is built.
EDGEPACK_LITE_PYTHON ?= $(shell test -e .venv-lite/.ready && echo $(CURDIR)/.venv-lite/bin/python)
# The interpreter with paddle2onnx 2; empty where there is none, and then no model of Paddle 3 is built.
EDGEPACK_PADDLE3_PYTHON ?= $(shell test -e .venv-paddle3/.ready && echo $(CURDIR)/.venv-paddle3/bin/python)
export EDGEPACK_LITE_PYTHON EDGEPACK_PADDLE3_PYTHON
export ORT_DISABLE_TELEMETRY := 1

DEVICE_PYTHONS := 3.10 3.12 3.13
DEVICE_READY := $(DEVICE_PYTHONS:%=build/pythons/%/.ready)
PARALLEL := -n 2 --dist loadfile

.PHONY: help setup setup-test peers system check fix docs test test-full demo demo-models bench coverage coverage-table shows clean

help: ## say what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1|\2/' | column -t -s '|'

setup: .venv/.ready .venv-lite/.ready .venv-paddle3/.ready ## make the environments that build
setup-test: setup system $(DEVICE_READY) build/arm64-root/.ready

.venv/.ready: pyproject.toml .ci/setup-venv $(wildcard .ci/constraints/*.txt)
	.ci/setup-venv

.venv-lite/.ready: pyproject.toml .ci/setup-lite .ci/constraints/py310-lite.txt
	.ci/setup-lite

.venv-paddle3/.ready: .ci/setup-paddle3 .ci/constraints/paddle3.txt .venv/.ready
	.ci/setup-paddle3

.venv-peers/.ready: .ci/setup-peers .ci/constraints/peers.txt .venv/.ready
	.ci/setup-peers

build/pythons/%/.ready: .ci/setup-python $(wildcard .ci/constraints/*.txt)
	.ci/setup-python $*

build/arm64-root/.ready: .ci/setup-arm64 $(wildcard .ci/constraints/*.txt) | .venv/.ready system
	.ci/setup-arm64

peers: .venv-peers/.ready ## make the environment with the harnesses that ours is measured against

system:
	@.ci/setup-system

check: .venv/.ready ## format, lint, types, generated documents
	$(PYTHON) -m ruff format --check
	$(PYTHON) -m ruff check
	$(PYTHON) -m mypy
	$(PYTHON) .ci/docs.py --check

fix: .venv/.ready ## format, repair what ruff can repair, renew the generated documents
	$(PYTHON) -m ruff format
	$(PYTHON) -m ruff check --fix
	$(PYTHON) .ci/docs.py

docs: .venv/.ready ## renew the generated documents
	$(PYTHON) .ci/docs.py

test: setup-test ## the tests, within the default budget
	$(PYTHON) -m pytest $(PARALLEL)

test-full: setup-test ## all tests, with many more examples for each property
	HYPOTHESIS_PROFILE=full $(PYTHON) -m pytest $(PARALLEL) -m ""

coverage-table: setup ## build a small network of every architecture that has no row in docs/coverage.md yet
	.venv/bin/packager coverage --jobs 2

demo: setup ## build a bundle that reads pages, verify it, read some, time it
	$(PYTHON) -m benchmarks.demo ocr

demo-models: setup ## the same for sentences to vectors and a classifier of images
	$(PYTHON) -m benchmarks.demo models

bench: setup peers ## speed and memory of building and running
	$(PYTHON) -m benchmarks

coverage: setup-test ## line coverage of the tests, for information
	$(PYTHON) -m coverage erase
	$(PYTHON) -m coverage run -m pytest
	$(PYTHON) -m coverage combine --quiet
	$(PYTHON) -m coverage report

shows: setup-test peers ## rerun what an issue asks to be shown: make shows ISSUE=1
	$(PYTHON) -m benchmarks.shows $(ISSUE)

clean: ## remove what was built, keep the environments
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage .coverage.*
