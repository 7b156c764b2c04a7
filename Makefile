# Needs make and Python 3.11 or newer with venv; everything else comes from the lock.
PYTHON ?= python3
PORT ?= 8000
SEEDS ?= 50

.PHONY: run test chaos attack check format lock evaluate train train-editor clean

run: ## the site on http://127.0.0.1:8000 with its workers beside it; Ctrl-C stops it all
	@$(PYTHON) bootstrap.py runtime $(PORT)
	@exec .venv/bin/python -m config.machine.run $(PORT)

test: ## the whole suite; at another moment: make test NOW=2026-11-30T23:30Z
	@$(PYTHON) bootstrap.py development
	@.venv/bin/python -m pytest -n 2 $(if $(NOW),--now $(NOW))

chaos: ## kills, cuts and refuses, and prints what was lost or came twice, fifty times; fewer: make chaos SEEDS=3
	@$(PYTHON) bootstrap.py development
	@.venv/bin/python -m pytest -m chaos --seeds $(SEEDS)

attack: ## tries to break into, stop and fool the site as gunicorn serves it; loopback alone, a database of its own
	@$(PYTHON) bootstrap.py development
	@.venv/bin/python -m benchmarks.attacks

check: ## what must hold before a commit
	@$(PYTHON) bootstrap.py development
	.venv/bin/python -m ruff check .
	.venv/bin/python -m ruff format --check .
	.venv/bin/python -m mypy .
	.venv/bin/python manage.py makemigrations --check --dry-run
	.venv/bin/python manage.py check

format:
	@$(PYTHON) bootstrap.py development
	.venv/bin/python -m ruff check --fix .
	.venv/bin/python -m ruff format .

lock: ## resolve pyproject.toml anew; uv.lock itself names registry hosts and stays out of the repository
	@$(PYTHON) bootstrap.py development
	.venv/bin/uv lock --quiet --upgrade
	.venv/bin/uv export --quiet --frozen --no-header --no-emit-project --no-dev --format requirements-txt -o requirements.txt
	.venv/bin/uv export --quiet --frozen --no-header --no-emit-project --all-groups --format requirements-txt -o requirements-dev.txt

evaluate: ## the trained parts against labelled data, which is no part of the repository: make evaluate DATA=folder
	@$(PYTHON) bootstrap.py development
	@test -d "$(DATA)" || { echo "Name the folder of the labelled data: make evaluate DATA=folder"; exit 1; }
	@.venv/bin/python -m benchmarks.evaluate_extraction "$(DATA)"
	@.venv/bin/python -m benchmarks.evaluate_topics "$(DATA)"
	@.venv/bin/python -m benchmarks.evaluate_interests "$(DATA)"
	@.venv/bin/python -m benchmarks.evaluate_related "$(DATA)"
	@.venv/bin/python -m benchmarks.writing --pairs "$(DATA)/writing/pairs.jsonl" --out var/written.jsonl

train: ## the extractor's learned numbers anew: make train LABELS=folder (feeds/reading/insights/model/CARD.md)
	@$(PYTHON) bootstrap.py development
	.venv/bin/python -m benchmarks.extractor.sentence_ends "$(LABELS)"
	.venv/bin/python -m benchmarks.extractor.train "$(LABELS)"
	.venv/bin/python -m benchmarks.gate.train "$(LABELS)/writing"
	@$(MAKE) --no-print-directory train-editor LABELS="$(LABELS)"

train-editor: ## the editor's learned numbers anew, an hour on one core, resumable (feeds/reading/insights/editor/model/CARD.md)
	@test -x .venv-training/bin/python || $(PYTHON) -m venv .venv-training
	@.venv-training/bin/python -m pip install --quiet --no-deps -r requirements-dev.txt
	@.venv-training/bin/python -m pip install --quiet -r benchmarks/writing/requirements.txt
	@mkdir -p var/training
	.venv-training/bin/python -m benchmarks.writing.train_editor "$(LABELS)/writing" var/training/editor.pt
	.venv-training/bin/python -m benchmarks.writing.pack var/training/editor.pt
	.venv-training/bin/python -m benchmarks.writing.list_offers "$(LABELS)/writing" var/training/offers.jsonl
	.venv-training/bin/python -m benchmarks.writing.train_judge "$(LABELS)/writing" var/training/offers.jsonl var/training/reader.pt
	.venv-training/bin/python -m benchmarks.writing.pack var/training/editor.pt var/training/reader.pt
	.venv-training/bin/python -m benchmarks.writing.train_weighing var/training/reader.reads.jsonl

clean: ## the environment, the database, the mail: everything that is not in the repository
	@case "$$(readlink var/pg)" in /var/lib/overheard/*) rm -rf "$$(dirname "$$(readlink var/pg)")";; esac
	rm -rf .venv .venv-training var .mypy_cache .ruff_cache .pytest_cache .hypothesis
