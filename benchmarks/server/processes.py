"""Servers in processes of their own: ecomsql's, and PostgreSQL's where it is installed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

PASSWORD = "benchmark"
POSTGRES = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"))), None)
"""Where Debian puts PostgreSQL's programs; None: not installed."""


@dataclass(frozen=True, slots=True)
class Served:
    """A server that takes clients.

    Attributes
    ----------
    dsn : str
        Connection string of libpq.
    pid : int
        Process whose memory and files are counted; with PostgreSQL, its children count too.
    """

    dsn: str
    pid: int

    @property
    def processes(self) -> list[int]:
        """The process and its children."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return [self.pid, *map(int, children)]

    @property
    def memory_mb(self) -> float:
        """Resident memory; what PostgreSQL's processes share counts once for each."""
        return sum(map(_resident, self.processes)) / 2**20

    @property
    def cpu_s(self) -> float:
        """CPU time so far, of processes that have ended too."""
        fields = [_fields(one) for one in self.processes]
        ticks = sum(int(one[11]) + int(one[12]) for one in fields)
        ticks += int(fields[0][13]) + int(fields[0][14])
        return ticks / os.sysconf("SC_CLK_TCK")

    @property
    def files(self) -> int:
        """Open files."""
        return sum(len(list(Path(f"/proc/{one}/fd").iterdir())) for one in self.processes)


@contextmanager
def ecomsql(database: Path) -> Iterator[Served]:
    """Serve a database as a user would."""
    log = Path(tempfile.mkdtemp()) / "server.log"
    command = [sys.executable, "-m", "ecomsql.cli", "serve", str(database)]
    with log.open("w") as into:
        process = subprocess.Popen(
            [*command, "--postgres", "127.0.0.1:0"],
            stderr=into,
            env={**os.environ, "ECOMSQL_PASSWORD": PASSWORD},
        )
    try:
        while "listening" not in log.read_text():
            if process.poll() is not None:
                raise RuntimeError(log.read_text())
            time.sleep(0.05)
        port = log.read_text().strip().rpartition(":")[2]
        dsn = f"host=127.0.0.1 port={port} user=ecomsql password={PASSWORD} dbname=ecomsql"
        yield Served(dsn, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)
        shutil.rmtree(log.parent)


@contextmanager
def postgresql() -> Iterator[Served]:
    """Run a PostgreSQL of the system's in a new folder, with its own settings but the sockets."""
    if POSTGRES is None:
        raise RuntimeError("PostgreSQL is not installed")
    folder = Path(tempfile.mkdtemp())
    # It refuses to run as root.
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_user:
        shutil.chown(folder, "postgres", "postgres")
    data, sockets = folder / "data", folder
    subprocess.run(
        [*as_user, POSTGRES / "initdb", "-D", data, "-A", "trust", "-U", "postgres"],
        check=True,
        capture_output=True,
    )
    process = subprocess.Popen(
        [
            *as_user,
            POSTGRES / "postgres",
            "-D",
            data,
            "-k",
            sockets,
            "-h",
            "127.0.0.1",
            "-p",
            "54399",
        ],
        stderr=subprocess.DEVNULL,
    )
    try:
        dsn = "host=127.0.0.1 port=54399 user=postgres dbname=postgres"
        yield Served(dsn, _postmaster(dsn, data))
    finally:
        # A signal would go to the program that has changed the user, which may ignore it.
        stop = [*as_user, POSTGRES / "pg_ctl", "stop", "-D", data, "-m", "fast"]
        subprocess.run(stop, check=True, capture_output=True)
        process.wait(timeout=30)
        shutil.rmtree(folder)


def _postmaster(dsn: str, data: Path) -> int:
    for _ in range(200):
        with suppress(psycopg.OperationalError), psycopg.connect(dsn):
            return int((data / "postmaster.pid").read_text().splitlines()[0])
        time.sleep(0.1)
    raise RuntimeError("PostgreSQL does not start")


def _fields(pid: int) -> list[str]:
    """Return what Linux tells of a process, from its state on."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _resident(pid: int) -> int:
    try:
        pages = Path(f"/proc/{pid}/statm").read_text().split()[1]
    except OSError:
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
