"""Scores the matcher on a file of labelled supplier names: `python -m mopsaudit.intake.match_score LABELS.tsv`.

The file has the columns raw, canonical (`-` where it is no marketing technology) and class. Catalogue only, no company
data. A label is met when it, or either part of `A (B)`, is among the names of the match.
"""

import csv
import re
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mopsaudit.intake.match import Decision, Match, Matcher


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """One labelled string: the name as printed, its vendor (None: not marketing technology) and its class."""

    raw: str
    canonical: str | None
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Matched rows and those of them that are right; right and all rows per class; errors as readable lines."""

    matched: int
    right: int
    by_class: tuple[tuple[str, int, int], ...]
    errors: tuple[str, ...]

    @property
    def precision(self) -> float:
        """Right matches ÷ all matches; 1.0 where nothing is matched."""
        return self.right / self.matched if self.matched else 1.0

    def recall(self, kind: str) -> float:
        """Right matches ÷ rows of a class; 1.0 for a class without rows."""
        return next((right / rows for name, right, rows in self.by_class if name == kind), 1.0)


def read_labels(path: Path) -> tuple[Labelled, ...]:
    """The labelled rows in file order. Raises OSError, and KeyError for a file without the three columns."""
    with path.open(encoding="utf-8", newline="") as stream:
        return tuple(
            Labelled(
                raw=row["raw"],
                canonical=None if row["canonical"] == "-" else row["canonical"],
                kind=row["class"],
            )
            for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        )


def label_forms(label: str) -> set[str]:
    """The case-folded texts that meet a label: it, and either part of `A (B)`."""
    found = re.fullmatch(r"(.*?)\s*\(([^)]*)\)\s*(.*)", label)
    forms = {label}
    if found:
        forms |= {found.group(1), found.group(2), f"{found.group(1)} {found.group(3)}".strip()}
    return {form.casefold() for form in forms if form}


def is_right(answer: Match, label: str | None) -> bool:
    """True when a match names the label."""
    return label is not None and bool(label_forms(label) & {name.casefold() for name in answer.names})


def score(rows: Iterable[Labelled], matcher: Matcher) -> Score:
    """Precision over everything decided *match*, recall per class, and the errors."""
    matched = right = 0
    classes: dict[str, list[int]] = {}
    errors: list[str] = []
    for row in rows:
        answer = matcher.match(row.raw)
        tally = classes.setdefault(row.kind, [0, 0])
        tally[1] += 1
        is_match = answer.decision is Decision.MATCH
        good = is_match and is_right(answer, row.canonical)
        matched += is_match
        right += good
        tally[0] += good
        if is_match and not good:
            errors.append(
                f"WRONG  {row.raw!r} is {row.canonical or '-'}, matched {answer.vendor} / {answer.tool}"
            )
        elif row.canonical is not None and not is_match:
            errors.append(
                f"MISSED {row.raw!r} is {row.canonical}, {answer.decision} {answer.score:.2f}: {answer.reason}"
            )
    by_class = tuple((kind, tally[0], tally[1]) for kind, tally in sorted(classes.items()))
    return Score(matched=matched, right=right, by_class=by_class, errors=tuple(errors))


def main(arguments: list[str]) -> int:
    """Print precision, recall per class and errors. Returns 0 when the bars hold, 4 when not, 2 without a file."""
    if len(arguments) != 1 or not Path(arguments[0]).is_file():
        sys.stderr.write("Name one file of labels.\n")
        return 2
    begun = time.perf_counter()
    matcher = Matcher.from_catalogue()
    built = time.perf_counter()
    rows = read_labels(Path(arguments[0]))
    result = score(rows, matcher)
    done = time.perf_counter()
    lines = list(result.errors)
    lines.append(f"precision {result.precision:.4f} ({result.right} of {result.matched} matched rows)")
    for kind, good, count in result.by_class:
        lines.append(f"{kind}: {good} of {count} matched right ({good / count:.3f})")
    lines.append(f"catalogue and index {built - begun:.2f} s, {len(rows)} names {done - built:.2f} s")
    sys.stdout.write("\n".join(lines) + "\n")
    return 0 if result.precision >= 0.99 and result.recall("martech") >= 0.95 else 4


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
