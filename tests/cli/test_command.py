from __future__ import annotations

import pytest

from ecomsql import __version__


def test_version(run):
    ran = run("--version")
    assert (ran.code, ran.out, ran.err) == (0, f"ecomsql {__version__}\n", "")


@pytest.mark.parametrize(
    "command", [[], ["shell"], ["sql"], ["plot"], ["functions"], ["demo"], ["bench"]]
)
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help(run, command, flag):
    ran = run(*command, flag)
    assert ran.code == 0
    assert ran.out.startswith("Usage: ecomsql")
    assert ran.err == ""


def test_unknown_command(run):
    ran = run("slq")
    assert (ran.code, ran.out) == (2, "")
    assert "slq" in ran.err


def test_no_command_shows_help(run):
    ran = run()
    assert ran.code == 2
    assert "Commands:" in ran.out + ran.err
