"""Contract terms in words."""

import pytest

from importers.terms import length_in_months, notice_of, parse_terms


@pytest.mark.parametrize(
    "text, expected",
    [
        (
            "36 months, auto-renews annually, 90 days' notice",
            {
                "initial_months": 36,
                "renewal_months": 12,
                "auto_renew": True,
                "notice": 90,
                "notice_unit": "days",
            },
        ),
        (
            "Term of three (3) years; renews for successive 12 month periods unless cancelled with 3 months notice",
            {
                "initial_months": 36,
                "renewal_months": 12,
                "auto_renew": True,
                "notice": 3,
                "notice_unit": "months",
            },
        ),
        ("12 months, no auto-renewal", {"initial_months": 12, "auto_renew": False}),
        ("60 day notice", {"notice": 60, "notice_unit": "days"}),
        (
            "Laufzeit 24 Monate, Kündigungsfrist 3 Monate",
            {"initial_months": 24, "notice": 3, "notice_unit": "months"},
        ),
        ("monthly", {"initial_months": 1}),
        ("", {}),
    ],
)
def test_a_sentence_of_terms(text: str, expected: dict[str, object]) -> None:
    assert parse_terms(text) == expected


@pytest.mark.parametrize(
    "text, months",
    [
        ("36", 36),
        ("36 months", 36),
        ("3 years", 36),
        ("1 year", 12),
        ("annual", 12),
        ("24 Monate", 24),
        ("soon", None),
        ("90 days", None),
    ],
)
def test_lengths(text: str, months: int | None) -> None:
    assert length_in_months(text) == months


@pytest.mark.parametrize(
    "text, notice",
    [
        ("90 days", (90, "days")),
        ("3 months", (3, "months")),
        ("two weeks", (14, "days")),
        ("60", (60, None)),
        ("none", (0, "days")),
        ("tbd", None),
    ],
)
def test_notice(text: str, notice: tuple[int, str | None] | None) -> None:
    assert notice_of(text) == notice
