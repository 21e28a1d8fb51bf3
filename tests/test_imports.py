"""What loads when: a connection is ready without the libraries that only models need."""

from __future__ import annotations

import subprocess
import sys

import pytest

NEVER = {"torch", "lightgbm", "matplotlib", "dbt", "harlequin", "sqlalchemy", "prompt_toolkit"}


@pytest.mark.parametrize(
    "program",
    [
        "import ecomsql",
        "import ecomsql; ecomsql.connect().close()",
        "import ecomsql; ecomsql.connect().execute('FROM ecomsql_functions()').fetchall()",
        "import ecomsql.cli",
        "import ecomsql.shell.program, ecomsql.shell.prompt",
    ],
)
def test_no_heavy_import(program):
    tell = f"import sys; print(*[name for name in {NEVER!r} if name in sys.modules])"
    found = subprocess.run(
        [sys.executable, "-W", "error", "-c", f"{program}\n{tell}"],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    needed = {"prompt_toolkit"} if "shell" in program else set()
    assert not (NEVER - needed) & set(found.stdout.split())
    assert found.stderr == ""


def test_wrong_options_are_told_without_a_model():
    program = (
        "import ecomsql, duckdb\n"
        "con = ecomsql.connect()\n"
        'try: con.execute("FROM ecomsql_functions(1)")\n'
        "except duckdb.BinderException: print('told')"
    )
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120
    )
    assert found.stdout.split() == ["told"]
