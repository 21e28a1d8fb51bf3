"""Collects runs, prints tables, writes JSON with the machine and the commit."""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import statistics
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table as RichTable

from benchmarks.child import measure

COLUMNS = (
    "hit_rate",
    "precision",
    "recall",
    "ndcg",
    "coverage",
    "balanced_accuracy",
    "recall_good",
    "recall_bad",
    "auc",
    "auc_gain",
    "gain_low",
    "gain_high",
    "average_precision",
    "accuracy",
    "neighbours",
    "text_ms",
    "review_ms",
    "cosine_ms",
    "log_loss",
    "coverage_90",
    "rows_a_second",
    "series_a_second",
    "p50_ms",
    "p95_ms",
    "calls_a_second",
    "cpu_ms",
    "growth_mb",
    "files_left",
    "shap_error",
    "difference",
    "lasted_90",
    "lasted_95",
    "lasted_98",
    "stock_90",
    "stock_95",
    "stock_98",
    "fill_rate",
    "smape",
    "mase",
    "perplexity",
    "bound_perplexity",
    "npmi",
    "npmi_held_out",
    "answered",
    "elasticity_rmse",
    "coverage_95",
    "gain",
    "best_gain",
    "told_gain",
    "losers",
    "mae",
    "rmse",
    "value_mae",
    "value_rmse",
    "fit_s",
    "score_s",
    "total_s",
    "again_s",
    "cpu_s",
    "peak_mb",
)
PACKAGES = (
    "duckdb",
    "polars",
    "torch",
    "numpy",
    "scipy",
    "implicit",
    "scikit-learn",
    "Lifetimes",
    "statsforecast",
    "statsmodels",
    "vaderSentiment",
    "snownlp",
    "datasketch",
    "psycopg",
)


@dataclass
class Table:
    """Contestants and their figures; several runs of one become their median."""

    title: str
    note: str
    runs: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, label: str, figures: dict[str, Any]) -> None:
        """Add a run."""
        self.runs[label].append(figures)

    def has(self, label: str) -> bool:
        """Whether a contestant has run."""
        return label in self.runs

    def medians(self) -> dict[str, dict[str, Any]]:
        """Return the median of each figure over the runs of each contestant."""
        return {label: _median(runs) for label, runs in self.runs.items()}

    def show(self, console: Console) -> None:
        """Print as a table."""
        shown = RichTable(title=self.title, caption=self.note)
        rows = self.medians()
        there = [name for name in COLUMNS if any(name in row for row in rows.values())]
        for name in ("", *there, "runs"):
            shown.add_column(name, justify="left" if name == "" else "right")
        for label, row in rows.items():
            cells = [str(row.get("error", ""))[:60]] if "error" in row else []
            cells = cells or [_cell(name, row.get(name)) for name in there]
            shown.add_row(label, *cells, str(len(self.runs[label])))
        console.print(shown)


@dataclass
class Run:
    """One run of the benchmarks."""

    only: set[str]
    repeat: int
    skipped: dict[str, str] = field(default_factory=dict)

    def wants(self, name: str) -> bool:
        """Whether `name` was asked for."""
        return not self.only or name in self.only

    def skip(self, name: str, why: str) -> None:
        """Note that something was not run."""
        self.skipped[name] = why
        print(f"skipped {name}: {why}", file=sys.stderr)

    def child(self, *words: str, program: str = "benchmarks.child") -> dict[str, Any]:
        """Run a contestant in a process of its own: a data set, a contestant, an argument."""
        print(f"  {words[0]}: {' '.join(words[1:])}", file=sys.stderr)
        return measure(*words, program=program)


def stamp() -> dict[str, Any]:
    """Return when, where, and of what this was measured."""
    packages = {}
    for name in PACKAGES:
        try:
            packages[name] = version(name)
        except PackageNotFoundError:
            packages[name] = None
    return {
        "date": dt.date.today().isoformat(),
        "commit": _commit(),
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "python": platform.python_version(),
        "packages": packages,
    }


def write(path: Path, tables: list[Table], run: Run) -> None:
    """Write medians and single runs as JSON."""
    content = {
        **stamp(),
        "skipped": run.skipped,
        "tables": [
            {"title": one.title, "note": one.note, "medians": one.medians(), "runs": one.runs}
            for one in tables
        ],
    }
    path.write_text(json.dumps(content, indent=1) + "\n")


def _median(runs: list[dict[str, Any]]) -> dict[str, Any]:
    failed = [one for one in runs if "error" in one]
    if failed:
        return failed[0]
    return {name: statistics.median(one[name] for one in runs) for name in runs[0]}


def _cell(name: str, value: float | None) -> str:
    if value is None:
        return ""
    if name in ("growth_mb", "files_left", "p50_ms", "p95_ms", "cpu_ms", "calls_a_second"):
        return f"{value:,.1f}"
    if name in ("peak_mb", "rows_a_second", "series_a_second"):
        return f"{value:,.0f}"
    if name.endswith("perplexity"):
        return f"{value:,.1f}"
    if name in ("shap_error", "difference"):
        return f"{value:.1e}"
    return f"{value:.2f}" if name.endswith("_s") else f"{value:.4f}"


def _commit() -> str | None:
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    return done.stdout.strip() or None


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    return next((one.partition(":")[2].strip() for one in lines if "model name" in one), "unknown")
