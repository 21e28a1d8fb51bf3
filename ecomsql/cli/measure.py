"""Measures one query in a process of its own: ``python -m ecomsql.cli.measure``.

A process of its own, so that its peak of memory is the query's. Before each repeat the fitted
models are forgotten, and the connection is new.
"""

from __future__ import annotations

import json
import sys
import time
from contextlib import closing
from pathlib import Path

import click
import duckdb

from ecomsql.cache import CACHE
from ecomsql.cli import script
from ecomsql.cli.formats import write
from ecomsql.cli.messages import brief, complain
from ecomsql.errors import EcomsqlError


@click.command()
@click.argument("query", type=click.Path(path_type=Path))
@click.argument("result", type=click.Path(path_type=Path))
@click.option("--repeat", default=3)
def measure(query: Path, result: Path, repeat: int) -> None:
    """Run QUERY, write its last result to RESULT as CSV, and print times and peak as JSON."""
    text = query.read_text(encoding="utf-8-sig")
    try:
        times = [_once(text, result) for _ in range(repeat)]
    except (EcomsqlError, duckdb.Error, OSError) as error:
        complain(brief(error))
        sys.exit(1)
    click.echo(json.dumps({"times": times, "peak_bytes": peak_bytes()}))


def _once(text: str, result: Path) -> float:
    """Return the seconds that the query takes, its results written included."""
    CACHE.clear()
    result.unlink(missing_ok=True)
    with closing(script.open_database(None)) as con:
        start = time.perf_counter()
        for relation in script.results(con, text):
            write(relation, result, form="csv")
        return time.perf_counter() - start


def peak_bytes() -> int | None:
    """Return the most memory that this process has held, None where the system does not say."""
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


if __name__ == "__main__":
    measure()
