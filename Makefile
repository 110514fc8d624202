# Everything here runs in .venv, which is made on first use and renewed when pyproject.toml changes.
#
#   make demo     a small model server with the firewall before it
#   make test     linters, types, every test in WORKERS (2) processes, coverage gate
#   make lint     linters and types alone
#   make bench    the benchmark, short; results in benchmarks/out/
#   make fuzz     parsers, transforms and edge codecs for MINUTES (2) minutes
#   make pages    a page for each shipped rule, in docs/rules/
#   make clean    removes .venv and caches

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
COVERAGE ?= 95
WORKERS ?= 2
MINUTES ?= 2
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; break; }; done)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: help demo test lint types bench fuzz pages clean

help:
	@sed -n 's/^#   //p' Makefile

$(BIN)/python:
	@test -n '$(PYTHON)' || { echo 'mlwaf needs Python 3.11 or later with venv (Debian: apt-get install python3-venv); none is on PATH. PYTHON=/path/to/python3.12 names one.' >&2; exit 1; }
	@echo 'making $(VENV) with $(PYTHON)'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: pyproject.toml | $(BIN)/python
	@echo 'installing mlwaf into $(VENV)'
	@if command -v cc >/dev/null && $(PIP) install --editable '.[injection]' 2>$(VENV)/injection.log; \
	then echo 'with the extra injection: rules may use the operators sqli and xss'; \
	else echo 'without the extra injection (built from source, wants a C compiler): the operators sqli and xss are'; \
	echo 'not there, and nothing shipped needs them'; $(PIP) install --editable .; fi
	@$(BIN)/python -m compileall -q waf
	@touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp
	@echo 'installing what the tests need'
	@$(PIP) install --editable '.[test,dev]'
	@touch $@

$(VENV)/bench.stamp: $(VENV)/run.stamp
	@$(PIP) install --editable '.[bench]'
	@touch $@

demo: $(VENV)/run.stamp
	@exec $(BIN)/waf demo

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: lint
	$(BIN)/python -m pytest --numprocesses=$(WORKERS) --dist=loadfile --cov --cov-report=term --cov-fail-under=$(COVERAGE)

bench: $(VENV)/bench.stamp
	$(BIN)/waf bench

fuzz: $(VENV)/dev.stamp
	$(BIN)/python benchmarks/fuzz.py --minutes $(MINUTES)

pages: $(VENV)/run.stamp
	$(BIN)/waf rules docs --rules builtin --out docs/rules

clean:
	rm -rf $(VENV) build dist .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache
