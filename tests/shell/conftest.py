from __future__ import annotations

import contextlib
import io
import sys

import pytest
from events import EVENTS
from terminal import Terminal

import ecomsql
from ecomsql.cli import main, script
from ecomsql.shell.execution import attempt, execute
from ecomsql.shell.session import Session


@pytest.fixture(scope="session")
def instance():
    """A connection with every function, made once."""
    with contextlib.closing(script.open_database(None)) as con:
        yield con


@pytest.fixture
def con(instance):
    """A connection to a database of its own, with the table `events`."""
    with instance.cursor() as con:
        con.execute("ATTACH ':memory:' AS here")
        con.execute("USE here")
        ecomsql.register(con)
        con.execute(EVENTS)
        yield con
    instance.execute("DETACH here")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def session(con):
    return Session(con, interactive=False)


@pytest.fixture
def say(session, capsys):
    """Run an input; return what came on stdout and stderr."""

    def call(text):
        capsys.readouterr()
        attempt(session, lambda: execute(session, text))
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return out, err

    return call


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A folder with a file of events."""
    folder = tmp_path_factory.mktemp("data")
    with ecomsql.connect() as con:
        con.execute(EVENTS)
        con.execute(f"COPY events TO '{folder / 'events.parquet'}'")
    return folder


@pytest.fixture(scope="module")
def terminal(data):
    """A shell that the tests of a module share; each leaves it at an empty prompt."""
    terminal = Terminal("shell", cwd=data, state=data / "state")
    with contextlib.closing(terminal):
        terminal.expect("memory>")
        yield terminal


@pytest.fixture
def start(tmp_path):
    """Start a program in a terminal of its own; ended with the test."""
    started = []
    # A folder called ecomsql in the current one would be the package to ``python -m``.
    state = tmp_path / "state"

    def call(*arguments, **options):
        started.append(Terminal(*arguments, cwd=tmp_path, **{"state": state, **options}))
        return started[-1]

    yield call
    for one in started:
        one.close()


@pytest.fixture
def pipe(capsys, monkeypatch):
    """Run ``ecomsql shell`` on a text or a stream; return code, stdout and stderr."""

    def call(text, *arguments):
        source = io.StringIO(text) if isinstance(text, str) else text
        monkeypatch.setattr(sys, "stdin", source)
        with pytest.raises(SystemExit) as exit:
            main(["shell", *map(str, arguments)])
        return exit.value.code, *capsys.readouterr()

    return call
