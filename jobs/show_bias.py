"""How `corpusmill bias` prints what it found."""

from pathlib import Path

from corpusmill.jobs import show
from corpusmill.jobs.bias import Bias
from corpusmill.jobs.bias_page import LANGUAGES, turned
from corpusmill.jobs.report_numbers import between, times

MOST = 20  # findings listed


def bias(found: Bias, page: Path, as_json: bool) -> None:
    """The clearest findings, and where the page is."""
    if as_json:
        show.as_json({**found.to_dict(), "page": str(page)})
        return
    read = sum(row["documents"] for row in found.texts)
    sampled = "" if found.share == 1 else f", a sample of {found.documents:,}"
    compared = sum(ratio.kind != "near" for ratio in found.ratios)
    said = f"{len(found.findings):,} findings in {compared:,} comparisons"
    show.line(f"{found.version}: {read:,} documents read{sampled}; {said}")
    rows = sorted(({**turned(r), "language": r.language} for r in found.findings), key=lambda row: -row["low"])
    if rows:
        show.line()
        show.table(
            ("what", "language", "more often beside", "than beside", "times", "interval", "counts"),
            [
                (
                    row["what"],
                    LANGUAGES[row["language"]],
                    row["group"],
                    row["other"],
                    times(row["times"]),
                    between(row["low"], row["high"]),
                    f"{row['count']:,} : {row['other_count']:,}",
                )
                for row in rows[:MOST]
            ],
        )
        if len(rows) > MOST:
            show.line(f"{len(rows) - MOST:,} more on the page")
    show.line(f"\nreport   {page}")
