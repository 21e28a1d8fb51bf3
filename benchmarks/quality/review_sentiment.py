"""Good and bad reviews told apart without labels: this project's lexicon, and others."""

from __future__ import annotations

from benchmarks.datasets import DATA
from benchmarks.report import Run, Table
from benchmarks.reviews.data import REVIEWS

TITLE = "review_sentiment"
PROGRAM = "benchmarks.reviews.child"
CONTESTANTS = {
    "all are good": "naive",
    "lexicon": "lexicon",
    "VADER (English)": "vader",
    "SnowNLP (Chinese)": "snownlp",
}
LANGUAGES = {"vader": "English", "snownlp": "Chinese"}


def tables(run: Run) -> list[Table]:
    """Measure every contestant on the test part of the data sets in its language."""
    found = []
    for name, (_, files, what) in REVIEWS.items():
        if not run.wants(name):
            continue
        missing = [one for one in files if not (DATA / one).exists()]
        if missing:
            run.skip(name, f"no file {', '.join(missing)}; set ECOMSQL_DATA")
            continue
        table = Table(f"{TITLE} on {name}", f"{what}; without labels; good is a score above 0")
        for label, contestant in CONTESTANTS.items():
            if what.startswith(LANGUAGES.get(contestant, "")):
                table.add(label, run.child(name, contestant, program=PROGRAM))
        found.append(table)
    return found
