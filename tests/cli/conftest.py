from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass

import pytest
from pictures import texts_in

from ecomsql.cli import main
from ecomsql.shop import generate


@dataclass
class Ran:
    code: int
    out: str
    err: str


@pytest.fixture
def run(capsys):
    """Run the command line in this process."""

    def call(*arguments):
        capsys.readouterr()
        with pytest.raises(SystemExit) as exit:
            main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return Ran(exit.value.code, out, err)

    return call


@pytest.fixture
def draw(run, tmp_path):
    """Draw an SVG, and return what the command said and the texts in the picture."""

    def call(*arguments):
        file = tmp_path / "picture.svg"
        ran = run("plot", *arguments, "-o", file)
        assert (ran.code, ran.out) == (0, ""), ran.err
        return ran.err, texts_in(file.read_text(encoding="utf-8"))

    return call


@pytest.fixture(scope="session")
def shop(tmp_path_factory):
    """A folder with a shop small enough for tests."""
    folder = tmp_path_factory.mktemp("shop")
    generate(folder, users=150, items=60, days=365, seed=3)
    return folder


def _default_interrupt():
    # A suite that runs in the background of a shell inherits "ignore".
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def start():
    """Start the command line in a process of its own; ended with the test."""
    started = []

    def call(*arguments, **options):
        process = subprocess.Popen(
            [sys.executable, "-m", "ecomsql.cli", *map(str, arguments)],
            preexec_fn=_default_interrupt,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "TERM": "xterm", "COLUMNS": "80"},
            **options,
        )
        started.append(process)
        return process

    yield call
    for process in started:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream:
                stream.close()
