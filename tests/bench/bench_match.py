"""Supplier matching: 50,000 distinct strings against the full catalogue, and against rapidfuzz over the same aliases.

The plain way is measured on 500 of them (it takes minutes for all), so both are given per string. Accuracy is told for
both on the labelled names: the published ones where they are beside the checkout, and our own blind ones; with the list
of our errors.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from mopsaudit.intake.match import Matcher
from mopsaudit.intake.match_score import Labelled, label_forms, read_labels, score
from tests.bench.measure import Bench, BenchFailedError, Row
from tests.bench.supplier_strings import plain_matches
from tests.shared_data import SHARED

MANY: Final = 50_000
FEW: Final = 500
SECONDS_BAR: Final = 10.0
MEMORY_BAR: Final = 300.0
PROBES: Final = Path(__file__).resolve().parents[1] / "intake_match"


def measure(bench: Bench) -> Iterator[Row]:
    """Ours on many and on few, the plain way on few; then the accuracies in words."""
    program: list[str | Path] = [bench.python, "-m", "tests.bench.supplier_strings"]
    few = bench.process(f"rapidfuzz extractOne(WRatio), {FEW:,} strings", [*program, "plain", str(FEW)])
    yield few
    yield bench.process(
        f"mopsaudit match, {FEW:,} strings", [*program, "ours", str(FEW)], against=(few.name,), bar=1, runs=3
    )
    many = bench.process(f"mopsaudit match, {MANY:,} strings", [*program, "ours", str(MANY)], runs=3)
    if many.seconds > SECONDS_BAR and many.cpu_seconds > SECONDS_BAR:
        raise BenchFailedError(f"{MANY:,} strings took {many.seconds:.1f} s, more than {SECONDS_BAR:.0f} s")
    yield replace(many, memory_bar=MEMORY_BAR)
    per_string = few.cpu_seconds / FEW * MANY / many.cpu_seconds
    sys.stdout.write(f"  per string rapidfuzz takes {per_string:.0f} times the CPU\n")
    for path in (SHARED / "matching" / "labels.tsv", *sorted(PROBES.glob("*.tsv"))):
        if path.is_file():
            rows = read_labels(path)
            sys.stdout.write("\n".join(_accuracy(path.name, rows)) + "\n")


def _accuracy(name: str, rows: Sequence[Labelled]) -> Iterator[str]:
    result = score(rows, Matcher.from_catalogue())
    matched = right = martech = 0
    for row, alias in zip(rows, plain_matches([row.raw for row in rows]), strict=True):
        good = (
            alias is not None
            and row.canonical is not None
            and bool(label_forms(row.canonical) & {each.casefold() for each in alias.target.names})
        )
        matched += alias is not None
        right += good
        martech += good and row.kind == "martech"
    wanted = sum(row.kind == "martech" for row in rows)
    yield f"  {name}: ours precision {result.precision:.4f}, martech recall {result.recall('martech'):.3f}"
    yield (
        f"  {name}: rapidfuzz precision {right / matched if matched else 1:.4f}, "
        f"martech recall {martech / wanted if wanted else 1:.3f}"
    )
    yield from (f"    {error}" for error in result.errors)
