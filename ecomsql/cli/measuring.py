"""Has a query measured in a fresh process, and judges what comes back."""

from __future__ import annotations

import json
import shutil
import signal
import statistics
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ecomsql.cli.answers import difference
from ecomsql.cli.running import GRACE


@dataclass(frozen=True, slots=True)
class Measured:
    """One query's figures.

    Attributes
    ----------
    name : str
        The file's, without ``.sql``.
    times : tuple of float
        Seconds of each run; empty when the query failed.
    peak_bytes : int or None
        Most memory of the process.
    problem : str or None
        What is wrong, None if nothing.
    answer : str
        In a word: ok, wrong, missing, failed, slow.
    of_baseline : float or None
        Median over the baseline's.
    """

    name: str
    times: tuple[float, ...] = ()
    peak_bytes: int | None = None
    problem: str | None = None
    answer: str = "ok"
    of_baseline: float | None = None

    @property
    def median(self) -> float | None:
        """Median time, in seconds."""
        return statistics.median(self.times) if self.times else None

    def against(self, baseline: float | None, tolerance: float) -> Measured:
        """Return the figures compared with the baseline's median."""
        if baseline is None or self.median is None:
            return self
        factor = self.median / baseline
        if factor <= tolerance or self.problem:
            return replace(self, of_baseline=factor)
        problem = f"{factor:.2f} times the baseline's median, more than {tolerance:g} allowed"
        return replace(self, of_baseline=factor, problem=problem, answer="slow")

    def cells(self) -> list[str]:
        """Return what the table shows."""
        median = "" if self.median is None else f"{self.median:.3f}"
        least = f"{min(self.times):.3f}" if self.times else ""
        peak = "" if self.peak_bytes is None else f"{self.peak_bytes / 1e6:.0f}"
        factor = "" if self.of_baseline is None else f"{self.of_baseline:.2f}"
        return [self.name, self.answer, median, least, peak, factor]

    def as_json(self) -> dict[str, Any]:
        """Return what the JSON file holds."""
        return {
            "name": self.name,
            "answer": self.answer,
            "problem": self.problem,
            "median_s": self.median,
            "minimum_s": min(self.times, default=None),
            "peak_bytes": self.peak_bytes,
            "times_s": list(self.times),
        }


def measured(
    file: Path, *, data: Path, scratch: Path, repeat: int, write_expected: bool
) -> Measured:
    """Run a query in a process of its own and check its answer.

    Parameters
    ----------
    file : Path
        The query; ``NAME.expected.csv`` beside it holds the answer.
    data : Path
        Folder that the query's file names are relative to.
    scratch : Path
        Where the result may be put.
    repeat : int
        How many runs.
    write_expected : bool
        Write the answer beside the query rather than compare.
    """
    name, result = file.stem, scratch / f"{file.stem}.csv"
    command = [sys.executable, "-m", "ecomsql.cli.measure", str(file), str(result)]
    out, err, code = _child([*command, "--repeat", str(repeat)], data)
    if code:
        said = err.strip().splitlines()[:1] or [f"exit code {code}"]
        return Measured(name, problem=said[0].removeprefix("Error: "), answer="failed")
    figures = json.loads(out.splitlines()[-1])
    one = Measured(name, tuple(figures["times"]), figures["peak_bytes"])
    if not result.exists():
        return replace(one, problem="the query has no result to check", answer="failed")
    expected = file.with_suffix(".expected.csv")
    if write_expected:
        shutil.copyfile(result, expected)
    if not expected.exists():
        return replace(one, problem=f"there is no {expected.name}", answer="missing")
    wrong = difference(expected, result)
    return replace(one, problem=wrong, answer="wrong") if wrong else one


def _child(command: list[str], folder: Path) -> tuple[str, str, int]:
    """Run a process to its end; on Ctrl-C it ends too."""
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        try:
            out, err = child.communicate()
        except KeyboardInterrupt:
            child.send_signal(signal.SIGINT)
            try:
                child.wait(GRACE)
            except subprocess.TimeoutExpired:
                child.kill()
            raise
    return out, err, child.returncode
