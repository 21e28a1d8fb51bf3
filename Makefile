# make demo      the shop and its questions, from nothing but Python 3.11
# make test      the tests; make test-all also with DuckDB 1.5 and against the installed wheel
# make lint      style, types, layers          make bench    the benchmarks, answers checked

# The first Python that is new enough and can make environments.
PYTHON ?= $(shell for name in python3.11 python3.12 python3.13 python3; do \
	$$name -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$name && break; done)
DUCKDB := duckdb==2.0.0
DUCKDB_OLD := duckdb==1.5.5
PIP := -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
PYTEST := -m pytest -n 2 -q
# Two processes of tests, one thread each: more threads than cores wait for one another.
test test-duckdb15 test-wheel: export OMP_NUM_THREADS := 1
# Files in FROM, columns called name or rank, and tables that only a function reads, are no mistakes here.
SQLFLUFF_RULES := AM03,AM05,RF02,RF04,RF05,ST03,ST06,ST09

WHEEL_DIR := build/wheel
WHEEL_ENV := build/wheel-env

.PHONY: demo test test-all test-duckdb15 test-wheel lint bench clean

demo: .venv/.demo
	.venv/bin/ecomsql demo

test: .venv/.test .venv-tools/.test
	.venv/bin/python $(PYTEST) tests --ignore tests/tools
	.venv-tools/bin/python $(PYTEST) --dist loadfile tests/tools

test-all: test test-duckdb15 test-wheel

# Left out: models, features and plots, which never import duckdb (make lint holds that), what the command line, the
# shell and the server do around any DuckDB, and the tools that take DuckDB 2: SQLAlchemy has another dialect for DuckDB 1.5.
test-duckdb15: .venv-duckdb15/.test
	.venv-duckdb15/bin/python $(PYTEST) tests --ignore tests/models --ignore tests/features \
		--ignore tests/test_plots.py --ignore tests/test_packaging.py \
		--ignore-glob "tests/cli/test_plot*.py" --ignore tests/cli/test_demo.py --ignore tests/cli/test_bench.py \
		--ignore tests/shell --ignore tests/test_ending.py \
		$(patsubst %,--ignore tests/server/test_%.py,asyncpg crash jdbc lifecycle odbc psql scram sqlalchemy strangers tls users) \
		$(patsubst %,--ignore tests/tools/test_%.py,dbt harlequin jupysql marimo superset)

# From another folder, so that the checkout cannot stand in for what the wheel lacks: every function's
# example and the command line. That the wheel has every file is tested with the checkout.
test-wheel: .venv/.test
	rm -rf $(WHEEL_DIR) $(WHEEL_ENV) build/outside build/lib
	mkdir -p build/outside
	.venv/bin/python -m build --wheel --outdir $(WHEEL_DIR) . >/dev/null
	.venv/bin/python -m venv $(WHEEL_ENV)
	wheel=$$(ls $(WHEEL_DIR)/*.whl) && $(WHEEL_ENV)/bin/python $(PIP) "$$wheel[test]" $(DUCKDB)
	cp -r tests pyproject.toml build/outside
	cd build/outside && ../wheel-env/bin/python $(PYTEST) tests/test_conformance.py tests/test_catalogue.py \
		tests/test_registration.py tests/test_storage.py tests/test_imports.py tests/cli

lint: .venv/.lint
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/sqlfluff lint sql/queries sql/benchmarks --exclude-rules $(SQLFLUFF_RULES)

bench: .venv/.demo
	.venv/bin/ecomsql bench sql/benchmarks

clean:
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

# Stamps: an environment is made once, and brought up to date when its list of packages changes.

.venv/bin/python .venv-duckdb15/bin/python .venv-tools/bin/python .venv-superset/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later with venv is needed; name it: make PYTHON=..." >&2; exit 1; }
	$(PYTHON) -m venv $(@D)/..

.venv/.demo: pyproject.toml constraints.txt | .venv/bin/python
	.venv/bin/python $(PIP) --editable . $(DUCKDB)
	touch $@

.venv/.test: pyproject.toml constraints.txt | .venv/bin/python
	.venv/bin/python $(PIP) --editable '.[test,clients]' $(DUCKDB)
	touch .venv/.demo $@

.venv/.lint: .venv/.test
	.venv/bin/python $(PIP) --editable '.[test,clients,lint]' $(DUCKDB)
	touch $@

.venv-duckdb15/.test: pyproject.toml constraints.txt | .venv-duckdb15/bin/python
	.venv-duckdb15/bin/python $(PIP) --editable '.[test,clients,quack,sqlalchemy]' $(DUCKDB_OLD) duckdb-cli
	touch $@

# dbt and mypy want different releases of one package: the tools lie over .venv, whose packages they see.
.venv-tools/.test: .venv/.test | .venv-tools/bin/python
	.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))' \
		> $$(.venv-tools/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/below.pth
	.venv-tools/bin/python $(PIP) --editable '.[dbt,duckdb-engine,harlequin,notebooks]' $(DUCKDB)
	touch $@

# Superset alone, which the tests reach over HTTP; it is large, so they skip where nobody has asked for it.
.venv-superset/.test: requirements-superset.txt | .venv-superset/bin/python
	.venv-superset/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	touch $@
