"""The bars on labelled names: the published ones, and names and look-alikes written down before tuning."""

from pathlib import Path

import pytest

from mopsaudit.intake.match import Matcher
from mopsaudit.intake.match_score import Labelled, main, read_labels, score
from tests.shared_data import SHARED, requires_shared

PROBES = Path(__file__).with_name("probes.tsv")
LABELS = SHARED / "matching" / "labels.tsv"


@requires_shared
def test_the_published_labels_reach_the_bars() -> None:
    result = score(read_labels(LABELS), Matcher.from_catalogue())
    assert result.precision >= 0.99, "\n".join(result.errors)
    assert result.recall("martech") >= 0.95, "\n".join(result.errors)
    assert not [line for line in result.errors if line.startswith("WRONG") and " is -," in line]


@pytest.mark.parametrize(
    "name",
    [
        "probes.tsv",
        "blind_first.tsv",
        "blind_second.tsv",
        "blind_third.tsv",
        "blind_fourth.tsv",
        "blind_fifth.tsv",
    ],
)
def test_our_own_probes_reach_the_bars_and_no_look_alike_is_matched(name: str) -> None:
    rows = read_labels(PROBES.with_name(name))
    assert len(rows) > 440
    result = score(rows, Matcher.from_catalogue())
    assert result.precision >= 0.99, "\n".join(result.errors)
    assert result.recall("martech") >= 0.95, "\n".join(result.errors)
    assert not [line for line in result.errors if line.startswith("WRONG") and " is -," in line]


def test_a_label_is_met_by_either_part() -> None:
    matcher = Matcher.from_catalogue()
    rows = [
        Labelled(raw="SOCIALSIGNIN LTD", canonical="Orlo (SocialSignIn)", kind="martech"),
        Labelled(raw="SOCIALSIGNIN LTD", canonical="Somebody Else", kind="martech"),
        Labelled(raw="TARMAC LTD", canonical=None, kind="negative"),
        Labelled(raw="NEVER HEARD OF", canonical="Never", kind="martech"),
    ]
    result = score(rows, matcher)
    assert (result.matched, result.right) == (2, 1)
    assert result.precision == 0.5
    assert result.recall("martech") == pytest.approx(1 / 3)
    assert [line.split()[0] for line in result.errors] == ["WRONG", "MISSED"]


def test_the_command_prints_the_figures(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(PROBES)]) == 0
    assert "precision" in capsys.readouterr().out
    assert main([]) == 2
    assert main(["no-such-file.tsv"]) == 2
