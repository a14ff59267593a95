"""What is worked out for many lines at once is what is worked out for each alone."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from mopsaudit.intake.bulk import Same
from mopsaudit.intake.duplicates import invoice_key
from mopsaudit.intake.line_columns import texts_of
from mopsaudit.intake.placing import storable
from mopsaudit.money import to_minor, to_minors

AMOUNTS = st.lists(
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30)
    | st.decimals(min_value=-1000, max_value=1000, places=3)
    | st.integers(-(10**17), 10**17).map(lambda cents: Decimal(cents).scaleb(-2)),
    max_size=6,
)


@given(AMOUNTS, st.sampled_from(["GBP", "JPY", "KWD", "CLF"]))
def test_amounts_in_minor_units(values: list[Decimal], currency: str) -> None:
    minors, residues = to_minors(values, currency)
    assert [(minor, residues.get(place, Decimal(0))) for place, minor in enumerate(minors)] == [
        to_minor(value, currency) for value in values
    ]


def test_digits_beyond_any_cell_are_not_lost() -> None:
    long = Decimal("1234.5600000000000000000000000000000000001")
    assert to_minors([Decimal("1.00"), long], "GBP") == ([100, 123456], {1: long - Decimal("1234.56")})


@given(st.lists(st.none() | st.text(max_size=8) | st.just("a\0b") | st.just("half \ud800"), min_size=1))
def test_texts_a_database_holds(values: list[str | None]) -> None:
    column = texts_of(values, 5)
    told = [column.value] * len(values) if isinstance(column, Same) else list(column)
    assert told == [storable(value, 5) for value in values]


@given(st.text(st.sampled_from("0Aa19-/. _#ßKZ"), max_size=8))
def test_invoice_numbers_of_any_letters(text: str) -> None:
    plain = "".join(letter for letter in text.casefold() if letter in "0123456789abcdefghijklmnopqrstuvwxyz")
    plain = plain.lstrip("0")
    told = plain if len(plain) >= 3 and any(letter.isdigit() for letter in plain) else None
    assert invoice_key(text) == told
