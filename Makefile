# Every target does its own set-up; `make PYTHON=/path/to/python3` chooses the Python (3.11 or newer).
SHELL := /bin/bash
.DEFAULT_GOAL := help
.NOTPARALLEL:

PYTHON ?= python3
BENCH ?= bridge
MODE ?= grammar
export SWIFT_BACKTRACE := enable=no
export PYTHONDONTWRITEBYTECODE := 1

PY := .venv/bin/python
STUBS := mypy mypy-build pyright pyright-use stubtest

.PHONY: help demo test test-slow fuzz lint stubs wheel bench coverage docs clean venv setup

help: ## this list
	@echo "make targets (each does all of its own set-up):"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: venv ## shows Dana at work, from Python
	@.ci/install-editable
	@$(PY) -m opendxa.dana setup
	@$(PY) Examples/model_demo.py
	@$(PY) Examples/demo.py

test: setup ## every check: lint, Swift tests (also with the thread sanitizer), Python tests on every Python, stubs, wheel
	@$(PY) .ci/checks lint swift engine swift-tsan programs language-probe differential example example-service editable $(STUBS) wheel probe pytest pytest-probe-debug pytest-pythons

test-slow: setup ## before a release: long tests, and the bridge in Python under both sanitizers
	@$(PY) .ci/checks swift-slow editable wheel probe pytest-slow pytest-asan pytest-tsan

lint: venv ## swift format, strictly
	@$(PY) .ci/checks lint

stubs: setup ## mypy, pyright and stubtest on the Python package
	@$(PY) .ci/checks editable $(STUBS)

wheel: setup ## the sdist and the manylinux wheel, in dist/
	@.ci/build-wheel

bench: venv ## measures: make bench BENCH=bridge (language, runtime, models)
	@$(PY) Benchmarks/run.py $(BENCH)

fuzz: venv ## the language, without end: make fuzz MODE=bytes (tokens, grammar)
	@DANA_FUZZ=1 .ci/swift .build-fuzz build -c release --product LanguageFuzzer \
		-Xswiftc -sanitize=fuzzer,address -Xswiftc -parse-as-library
	@mkdir -p .build-fuzz/corpus-$(MODE)
	@if [ $(MODE) = bytes ]; then cp Tests/Programs/Python/*.na Tests/Programs/Dana/*.na .build-fuzz/corpus-bytes/; fi
	@.build-fuzz/release/LanguageFuzzer $(MODE) -timeout=10 -max_len=4000 .build-fuzz/corpus-$(MODE)

coverage: setup ## lines of Swift and Python that the tests reach, in one table
	@$(PY) .ci/coverage

docs: setup ## the reference of the Python package and of the Swift rooms, as HTML in docs/
	@.ci/install-editable
	@.ci/docs

clean: ## removes what builds made, .venv too
	@rm -rf .build .build-* .venv dist docs Sources/Python/opendxa/dana/_native.*.so

venv:
	@PYTHON='$(PYTHON)' .ci/make-venv

setup: venv
	@.ci/install-pins
