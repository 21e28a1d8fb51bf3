"""Topics of reviews: perplexity, coherence and time, of this project and scikit-learn."""

from __future__ import annotations

from benchmarks.datasets import DATA
from benchmarks.report import Run, Table
from benchmarks.topics.data import FILE

TITLE = "topics"
PROGRAM = "benchmarks.topics.child"
NUMBERS = (10, 50)
NOTE = (
    "held-out reviews; perplexity: of half of each given the other half; bound_perplexity: as "
    "scikit-learn's; npmi: top 10 words. cpu_s: of fitting, without n_jobs' other processes"
)
CONTESTANTS = {
    "one topic": "one_topic",
    "lda": "ecomsql_lda",
    "nmf": "ecomsql_nmf",
    "scikit-learn LDA, online": "sklearn_lda",
    "scikit-learn LDA, online, 2 processes": "sklearn_lda_2",
    "scikit-learn LDA, online, priors of ours": "sklearn_lda_priors",
    "scikit-learn NMF of TF-IDF": "sklearn_nmf",
}


def tables(run: Run) -> list[Table]:
    """Measure every contestant with few and with many topics."""
    if not run.wants("topics"):
        return []
    if not (DATA / FILE).exists():
        run.skip("topics", f"no file {FILE}; set ECOMSQL_DATA")
        return []
    found = []
    for topics in NUMBERS:
        table = Table(f"{TITLE}: {topics} of 23,000 reviews of women's clothing", NOTE)
        for label, contestant in CONTESTANTS.items():
            for _ in range(run.repeat):
                table.add(label, run.child("reviews", contestant, str(topics), program=PROGRAM))
        found.append(table)
    return found
