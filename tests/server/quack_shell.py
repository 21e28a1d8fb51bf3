"""The stock shell of DuckDB, and whether what it needs is here."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import duckdb
import pytest

from ecomsql.server.quack_extension import EXTENSIONS, packaged

TOKEN = "the server's token"


def _shell() -> Path | None:
    package = find_spec("duckdb_cli")
    if package is None or package.origin is None:
        return None
    return next((f for f in Path(package.origin).parent.glob("duckdb*") if f.suffix != ".py"), None)


SHELL = _shell()

needs_quack = pytest.mark.skipif(
    not all(packaged(name, f"v{duckdb.__version__}") for name in EXTENSIONS),
    reason=f"the package index has no extension quack for DuckDB {duckdb.__version__}",
)
needs_shell = pytest.mark.skipif(SHELL is None, reason="duckdb-cli is not installed")


@dataclass
class Said:
    """What a shell printed."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[str]:
        """The lines of all results."""
        return self.out.splitlines()


def command(init: Path | None, *statements: str) -> list[str]:
    """Return the command line of a shell that runs statements and prints CSV without headers."""
    assert SHELL is not None
    first = ["-init", str(init)] if init else ["-no-init"]
    asked = [word for statement in statements for word in ("-c", statement)]
    return [str(SHELL), "-csv", "-noheader", *first, *asked]


def ask(init: Path, *statements: str, token: str = TOKEN) -> Said:
    """Run statements in a shell of its own."""
    done = subprocess.run(
        command(init, *statements),
        capture_output=True,
        text=True,
        timeout=60,
        stdin=subprocess.DEVNULL,
        env={"ECOMSQL_PASSWORD": token, "HOME": "/nonexistent", "NO_COLOR": "1"},
        check=False,
    )
    # The shell colours what it loads, and the line after it.
    return Said(done.returncode, done.stdout, re.sub(r"\x1b\[\d*m", "", done.stderr))
