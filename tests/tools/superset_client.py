"""Superset in a process of its own, and what a person does there, over its REST API."""

from __future__ import annotations

import itertools
import json
import os
import re
import secrets
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from running_server import PASSWORD, USER, Server

ADMIN = secrets.token_hex(8)
"""Password of Superset's admin."""

CONFIG = """
SECRET_KEY = {key!r}
SQLALCHEMY_DATABASE_URI = {uri!r}
TALISMAN_ENABLED = WTF_CSRF_ENABLED = False
"""

COUNT = {"expressionType": "SQL", "sqlExpression": "COUNT(*)", "label": "n"}


def metric(column: str, aggregate: str) -> dict[str, Any]:
    """Return a metric as the chart builder makes it."""
    return {
        "expressionType": "SIMPLE",
        "column": {"column_name": column},
        "aggregate": aggregate,
        "label": f"{aggregate} of {column}",
    }


def grained(column: str, grain: str) -> dict[str, Any]:
    """Return the time axis of a chart."""
    return {
        "columnType": "BASE_AXIS",
        "expressionType": "SQL",
        "sqlExpression": column,
        "label": column,
        "timeGrain": grain,
    }


def uri(server: Server, password: str = PASSWORD, database: str = "shop") -> str:
    """Return what is written into the form of a connection."""
    quoted = password.replace(" ", "%20")
    return f"postgresql+psycopg2://{USER}:{quoted}@{server.host}:{server.port}/{database}"


@dataclass
class Superset:
    """A Superset that runs, with somebody at its keyboard.

    Parameters
    ----------
    url : str
        Where it is.
    token : str
        Of who is logged in.
    database : int
        Number of the connection that queries go to.
    """

    url: str
    token: str = ""
    database: int = 0

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        kind: str = "application/json",
    ) -> tuple[int, Any]:
        """Send a request; return the status, and the answer as what it is."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(
            f"{self.url}/api/v1/{path}",
            method=method,
            data=None if body is None else data,
            headers={"Content-Type": kind, "Authorization": f"Bearer {self.token}"},
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                status, text = answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                status, text = error.code, error.read().decode()
        return status, json.loads(text) if text[:1] in ("{", "[") else text

    def log_in(self, user: str = "admin", password: str = ADMIN) -> None:
        """Log in."""
        who = {"username": user, "password": password, "provider": "db"}
        status, answer = self.ask("POST", "security/login", who)
        assert status == 200, answer
        self.token = answer["access_token"]

    def listed(self, path: str) -> Iterator[dict[str, Any]]:
        """Yield what a list has, page by page."""
        for number in itertools.count():
            _, answer = self.ask("GET", f"{path}?q=(page_size:100,page:{number})")
            page = answer["result"]
            yield from page
            if len(page) < 100:
                return

    def role(self, name: str, *allowed: tuple[str, str]) -> int:
        """Make a role that may do some things with some things; return its number."""
        wanted = [
            one["id"]
            for one in self.listed("security/permissions-resources/")
            if (one["permission"]["name"], one["view_menu"]["name"]) in allowed
        ]
        assert len(wanted) == len(allowed)
        _, answer = self.ask("POST", "security/roles/", {"name": name})
        path = f"security/roles/{answer['id']}/permissions"
        status, told = self.ask("POST", path, {"permission_view_menu_ids": wanted})
        assert status == 200, told
        return answer["id"]

    def execute(self, sql: str, **more: Any) -> tuple[int, Any]:
        """Run a query in SQL Lab; return the status and the answer."""
        body = {"database_id": self.database, "sql": sql, "schema": "main", "runAsync": False}
        return self.ask("POST", "sqllab/execute/", {**body, **more})

    def rows(self, sql: str, **more: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a query in SQL Lab."""
        status, answer = self.execute(sql, **more)
        assert status == 200, answer
        return [tuple(row.values()) for row in answer["data"]]

    def error(self, sql: str) -> str:
        """Return what SQL Lab says of a query that fails."""
        status, answer = self.execute(sql)
        assert status >= 400, answer
        return answer["errors"][0]["message"]

    def dataset(self, name: str, sql: str | None = None) -> int:
        """Make a dataset of a table or view, or of SQL; return its number."""
        body = {"database": self.database, "schema": "main", "table_name": name, "sql": sql}
        status, answer = self.ask("POST", "dataset/", body)
        assert status == 201, answer
        return answer["id"]

    def columns(self, dataset: int) -> dict[str, tuple[str, bool]]:
        """Return what Superset takes the columns of a dataset for, and whether for times."""
        _, answer = self.ask("GET", f"dataset/{dataset}")
        return {
            one["column_name"]: (KINDS.get(one["type_generic"], "?"), one["is_dttm"])
            for one in answer["result"]["columns"]
        }

    def chart(self, dataset: int, **query: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a chart."""
        status, answer = self.ask("POST", "chart/data", chart_of(dataset, **query))
        assert status == 200, answer
        [found] = answer["result"]
        assert found["error"] is None
        return [tuple(row.values()) for row in found["data"]]


KINDS = {0: "number", 1: "text", 2: "time", 3: "truth"}


def chart_of(dataset: int, kind: str = "json", **query: Any) -> dict[str, Any]:
    """Return the request for a chart's data."""
    source = {"id": dataset, "type": "table"}
    return {"datasource": source, "queries": [query], "result_format": kind, "force": True}


@contextmanager
def running(python: Path, folder: Path) -> Iterator[Superset]:
    """Start Superset with nothing in it, and end it afterwards."""
    config = folder / "superset_config.py"
    database = f"sqlite:///{folder / 'superset.db'}"
    config.write_text(CONFIG.format(key=secrets.token_hex(32), uri=database))
    environment = {
        **os.environ,
        "SCARF_ANALYTICS": "false",
        "SUPERSET_CONFIG_PATH": str(config),
        "SUPERSET_HOME": str(folder),
    }
    log = folder / "superset.log"
    with log.open("w") as into:
        process = subprocess.Popen(
            [python, Path(__file__).with_name("superset_app.py"), ADMIN],
            stdout=into,
            stderr=into,
            env=environment,
            cwd=folder,
        )
    try:
        superset = Superset(f"http://127.0.0.1:{_port(process, log)}")
        superset.log_in()
        yield superset
    finally:
        process.kill()
        process.wait()


def _port(process: subprocess.Popen, log: Path) -> str:
    end = time.monotonic() + 120
    while process.poll() is None and time.monotonic() < end:
        found = re.search(r"^listening on (\d+)$", log.read_text(), re.MULTILINE)
        if found is not None:
            return found[1]
        time.sleep(0.1)
    raise AssertionError(f"Superset did not start: {log.read_text()[-3000:]}")
