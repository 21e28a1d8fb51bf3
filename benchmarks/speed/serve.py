"""The server for PostgreSQL's clients, beside PostgreSQL itself with the same client."""

from __future__ import annotations

from importlib.util import find_spec

from benchmarks.datasets import DATA
from benchmarks.report import Run, Table

PROGRAM = "benchmarks.server.child"
STREAM = {
    "DuckDB in process, fetchall": "in_process",
    "ecomsql serve, text": "ecomsql_text",
    "ecomsql serve, binary": "ecomsql_binary",
    "PostgreSQL, text": "postgresql_text",
    "PostgreSQL, binary": "postgresql_binary",
}
WAIT = {
    "SELECT 1, ecomsql serve": "nothing",
    "recommend, stored model, ecomsql serve": "model",
    "the same, a second between two calls": "model_paused",
    "the same, a quarter of a second between": "model_hurried",
    "answers stored in a table, ecomsql serve": "stored",
    "answers stored in a table, PostgreSQL": "postgresql",
}
CONNECTIONS = {"ecomsql serve": "ecomsql", "PostgreSQL": "postgresql"}


def tables(run: Run) -> list[Table]:
    """Stream a million rows, let 16 clients wait, open and close a thousand connections."""
    if not run.wants("serve"):
        return []
    if find_spec("psycopg") is None:
        run.skip("serve", "psycopg is not installed; it is in the extra 'clients'")
        return []
    from benchmarks.server.processes import POSTGRES

    if POSTGRES is None:
        run.skip("PostgreSQL", "not installed: apt-get install postgresql")
    workloads = {
        "stream": (
            "1,000,000 rows x 5 columns to psycopg",
            "growth: of the server's memory",
            STREAM,
        ),
        "wait": ("16 clients, beauty, one user a call", "time to the first row", WAIT),
        "connections": (
            "1,000 connections, one after the other",
            "what is left of them",
            CONNECTIONS,
        ),
    }
    if not (DATA / "beauty_events.parquet").exists():
        run.skip("recommend", "beauty_events.parquet is not there")
        del workloads["wait"]
    found = []
    for workload, (title, note, contestants) in workloads.items():
        table = Table(f"serve: {title}", note)
        for label, contestant in contestants.items():
            if contestant.startswith("postgresql") and POSTGRES is None:
                continue
            for _ in range(run.repeat):
                table.add(label, run.child(workload, contestant, program=PROGRAM))
        found.append(table)
    return found
