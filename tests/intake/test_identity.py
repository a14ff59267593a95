from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mopsaudit.intake.identity import Identities, LineKey, Ordinals, digest, identity, ordinals

KEY = LineKey(
    source_id=1,
    day=date(2026, 3, 5),
    month=None,
    supplier="ACME  Ltd ",
    minor=12345,
    currency="GBP",
    reference="INV 7",
    description=None,
)


def test_white_space_is_folded() -> None:
    assert identity(KEY) == identity(replace(KEY, supplier="ACME Ltd", reference=" INV  7"))


@pytest.mark.parametrize(
    "other",
    [
        {"source_id": 2},
        {"day": date(2026, 3, 6)},
        {"day": None},
        {"day": None, "month": date(2026, 3, 1)},
        {"supplier": "ACME LTD"},
        {"supplier": None},
        {"minor": -12345},
        {"currency": "EUR"},
        {"reference": ""},
        {"reference": None},
        {"description": ""},
    ],
)
def test_every_part_tells_lines_apart(other: dict[str, object]) -> None:
    assert identity(KEY) != identity(replace(KEY, **other))  # type: ignore[arg-type]


def test_a_text_cannot_pretend_to_be_two() -> None:
    one = replace(KEY, reference="a|s1:b", description="c")
    two = replace(KEY, reference="a", description="b|s1:c")
    assert identity(one) != identity(two)


def test_the_month_of_an_undated_line_takes_part() -> None:
    january, february = (replace(KEY, day=None, month=date(2026, month, 1)) for month in (1, 2))
    assert identity(january) != identity(february)


def test_equals_are_numbered_in_order() -> None:
    assert ordinals([b"a", b"b", b"a", b"a", b"b"]) == [1, 1, 2, 3, 2]


@given(st.lists(st.lists(st.sampled_from([b"a", b"b", b"c", b"d", b"e", b"f"]), max_size=4), max_size=6))
def test_ordinals_are_the_same_in_portions(portions: list[list[bytes]]) -> None:
    order, whole = Ordinals(), [value for portion in portions for value in portion]
    told = [ordinal for portion in portions for ordinal in order.of(portion)]
    assert told == ordinals(whole) == [whole[: place + 1].count(value) for place, value in enumerate(whole)]


def test_the_digest_of_lines_ignores_their_order() -> None:
    assert digest([(b"a", 1), (b"b", 1)]) == digest([(b"b", 1), (b"a", 1)])
    assert digest([(b"a", 1)]) != digest([(b"a", 2)])


@pytest.mark.parametrize("day", [None, date(2026, 3, 5)])
@pytest.mark.parametrize("month", [None, date(2026, 3, 1)])
@pytest.mark.parametrize("supplier", [None, "", "ACME  Ltd ", "ACME Ltd", "half \ud800 of a pair"])
@pytest.mark.parametrize("reference", [None, "", "INV  7"])
def test_many_at_once_are_the_same_as_one_by_one(
    day: date | None, month: date | None, supplier: str | None, reference: str | None
) -> None:
    key = replace(KEY, day=day, month=month, supplier=supplier, reference=reference, minor=-7)
    many = Identities(key.source_id)
    for _ in range(2):  # as found first, and as remembered
        given = many.of(
            [day], [month], [supplier], [key.minor], [key.currency], [reference], [key.description]
        )
        assert given == [identity(key)]


def test_columns_of_lines_keep_their_order() -> None:
    keys = [
        replace(KEY, minor=minor, reference=reference)
        for minor, reference in ((1, None), (2, "A  B"), (3, ""))
    ]
    size = len(keys)
    given = Identities(KEY.source_id).of(
        [KEY.day] * size,
        [KEY.month] * size,
        [KEY.supplier] * size,
        [key.minor for key in keys],
        [KEY.currency] * size,
        [key.reference for key in keys],
        [KEY.description] * size,
    )
    assert given == [identity(key) for key in keys]
