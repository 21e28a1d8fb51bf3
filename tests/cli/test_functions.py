from __future__ import annotations

import pytest

from ecomsql import catalogue

NAMES = [function.name for function in catalogue.functions()]


def test_lists_every_function(run):
    ran = run("functions")
    assert (ran.code, ran.err) == (0, "")
    assert [line.split()[0] for line in ran.out.splitlines() if line[0] != " "] == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_explains_each(run, name):
    function = next(one for one in catalogue.functions() if one.name == name)
    ran = run("functions", name)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"{function.signature}\n\n")
    words = " ".join(ran.out.split())
    for text in (function.summary, function.description, *function.arguments, function.returns):
        assert " ".join(text.split()) in words
    for line in function.example.splitlines():
        assert line in ran.out


def test_case_does_not_matter(run):
    assert run("functions", "RECOMMEND").out == run("functions", "recommend").out


def test_unknown_name(run):
    ran = run("functions", "recomend")
    assert (ran.code, ran.out) == (2, "")
    assert "did you mean 'recommend'?" in ran.err


def test_private_functions_are_not_shown(run):
    assert run("functions", "_columns").code == 2
