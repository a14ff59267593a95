"""Names of every script in a PDF: Arabic letters joined, right to left as it is seen, letters from other fonts."""

from datetime import UTC, datetime

import pytest

from mopsaudit.workbook import paper
from mopsaudit.workbook.letters import as_seen, fallback_fonts, shaped


def _paper() -> paper.Paper:
    made = paper.Paper(
        title="Any", subject="", author="", created=datetime(2026, 9, 30, tzinfo=UTC), foot="Any"
    )
    made.add_page()
    made.type(9)
    return made


def test_arabic_letters_take_the_form_they_have_between_their_neighbours() -> None:
    # seen and meem join both ways, dal joins no letter after it, lam and alef are written as one
    assert shaped("سمد") == "\ufeb3\ufee4\ufeaa"
    assert shaped("دس") == "\ufea9\ufeb1"
    assert shaped("سلا") == "\ufeb3\ufefc"
    assert shaped("پ") == "\ufb56"
    assert shaped("سَم") == "\ufeb3\u064e\ufee2", "a mark over a letter parts it from nobody"
    assert shaped("Ltd 12") == "Ltd 12"


@pytest.mark.parametrize(
    "text, seen",
    [
        ("שלום", "םולש"),
        ("שלום Ltd 12", "Ltd 12 םולש"),
        ("Ltd שלום", "Ltd םולש"),
        ("אב (STC) גד", "דג (STC) בא"),
        ("Acme (UK) 12", "Acme (UK) 12"),
    ],
)
def test_right_to_left_text_stands_as_it_is_seen(text: str, seen: str) -> None:
    assert as_seen(text) == seen


def test_letters_the_type_lacks_come_from_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    if not fallback_fonts():
        pytest.skip("This system has no font of many scripts.")
    with _paper() as made:
        assert made.normalize_text("東京 Ltd") == "東京 Ltd"
        assert not made.unshown
        assert len(made.fonts) > 2
    monkeypatch.setattr(paper, "fallback_fonts", tuple)
    with _paper() as made:
        assert made.normalize_text("東京 Ltd") == "\ufffd\ufffd Ltd"
        assert made.unshown == {"東", "京"}
