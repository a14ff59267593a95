"""Which lines may settle something, told from whole columns: the same allocations as with every line looked at."""

import random
from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from mopsaudit.facts.allocation import Allocated, Allocation, Commitment, Invoice, allocate
from mopsaudit.facts.line_columns import LineColumns, columns_of, may_settle, waiting_among
from mopsaudit.periods import Period

SINCE, UNTIL = date(2024, 11, 17), date(2026, 9, 30)
YEAR = Period(start=date(2026, 1, 1), end=date(2027, 1, 1))
WINDOW, PERCENT = 45, 5


def columns(invoices: Sequence[Invoice], since: date = SINCE, until: date = UNTIL) -> LineColumns:
    rows = [
        (each.id, each.tool_id, each.day, each.minor, each.currency, each.base_minor, each.spend_type)
        for each in invoices
        if each.tool_id is not None and each.day is not None
    ]
    return columns_of(rows, since=since, until=until)


def few(
    invoices: Sequence[Invoice], commitments: Sequence[Commitment], said: Sequence[Allocation]
) -> list[Invoice]:
    """The lines the columns choose, with those that name something or that a person meant."""
    meant = {each.invoice_id for each in said}
    spoken = [each for each in invoices if each.order or each.reference or each.id in meant]
    ids = {each.id for each in spoken} | set(
        may_settle(
            columns(invoices), commitments, spoken=spoken, by_person=said,
            amount_percent=PERCENT, window_days=WINDOW,
        )
    )  # fmt: skip
    return [each for each in invoices if each.id in ids]


def company(seed: int) -> tuple[list[Commitment], list[Invoice], list[Allocation]]:
    """Tools with instalments and terms, overlapping and in two currencies; lines that pay, nearly pay, or do not."""
    chance = random.Random(seed)
    commitments: list[Commitment] = []
    invoices: list[Invoice] = []
    for tool in range(1, 5):
        for nth in range(chance.randrange(4)):
            start = date(2025, 1, 1) + timedelta(days=chance.randrange(600))
            end = start + timedelta(days=chance.randrange(20, 400))
            minor = chance.choice((0, chance.randrange(1, 90_000)))
            currency = chance.choice(("USD", "USD", "USD", "EUR"))
            commitments.append(
                Commitment(
                    key=f"c:{tool}:{nth}", minor=minor, currency=currency,
                    base_minor=chance.choice((None, minor * 11 // 10)) if currency == "EUR" else minor,
                    due_on=chance.choice((None, start, start)), tool_id=tool,
                    service=chance.choice((None, Period(start=start, end=end))),
                    rhythm_known=chance.random() < 0.4,
                    spend_type=chance.choice((None, "software", "usage")),
                    orders=("PO 1",) if chance.random() < 0.2 else (),
                    reference="MSA-2024" if chance.random() < 0.2 else None,
                )
            )  # fmt: skip
    for number in range(1, 400):
        minor = chance.choice((chance.randrange(-9_000, 30_000), *(each.minor for each in commitments)))
        currency = chance.choice(("USD",) * 7 + ("EUR",))
        invoices.append(
            Invoice(
                id=number if chance.random() < 0.9 else -number, line_id=number, minor=minor, currency=currency,
                base_minor=chance.choice((None, minor * 11 // 10)) if currency == "EUR" else minor,
                day=SINCE + timedelta(days=chance.randrange((UNTIL - SINCE).days + 1)),
                tool_id=chance.choice((None, 1, 2, 3, 4, 5)),
                spend_type=chance.choice((None, "software", "software", "usage")),
                order="PO-1" if chance.random() < 0.02 else None,
                reference="msa 2024" if chance.random() < 0.02 else None,
            )
        )  # fmt: skip
    said = [
        Allocation(
            invoice_id=each.id, key=chance.choice(commitments).key, minor=each.minor // 2, how="person"
        )
        for each in chance.sample(invoices, 3)
        if commitments
    ]
    return commitments, invoices, said


def put(
    commitments: Sequence[Commitment], invoices: Sequence[Invoice], said: Sequence[Allocation]
) -> Allocated:
    return allocate(commitments, invoices, by_person=said, amount_percent=PERCENT, window_days=WINDOW)


@pytest.mark.parametrize(
    "seed", [*range(150), *(pytest.param(each, marks=pytest.mark.soak) for each in range(150, 3_000))]
)
def test_few_lines_are_allocated_as_all_of_them_are(seed: int) -> None:
    commitments, invoices, said = company(seed)
    chosen = few(invoices, commitments, said)
    assert put(commitments, chosen, said) == put(commitments, invoices, said)


def test_of_a_term_only_its_oldest_lines_are_looked_at() -> None:
    term = Commitment(
        key="t", minor=100_000, currency="USD", base_minor=100_000, due_on=None, tool_id=1, rhythm_known=False,
        service=Period(start=date(2025, 1, 1), end=date(2026, 1, 1)), spend_type="software",
    )  # fmt: skip
    days = [date(2025, 1, 1) + timedelta(days=n % 360) for n in range(3_000)]
    invoices = [
        Invoice(id=n, minor=1_000, currency="USD", base_minor=1_000, day=day, tool_id=1)
        for n, day in enumerate(days)
    ]
    assert len(few(invoices, [term], [])) == 100


def test_what_settles_nothing_waits_the_largest_by_name() -> None:
    def line(number: int, day: date, minor: int, tool: int = 7) -> Invoice:
        return Invoice(id=number, minor=minor, currency="USD", base_minor=minor, day=day, tool_id=tool)

    new_year, before = date(2026, 1, 1), date(2025, 12, 31)
    lines = [
        line(1, new_year, 40_000), line(2, new_year, 90, tool=8), line(3, before, 10),
        line(4, date(2026, 3, 1), -50_000), line(5, date(2026, 2, 1), 40_000), line(6, date(2026, 2, 2), 5),
    ]  # fmt: skip
    found = waiting_among(columns(lines), {7}, {6}, YEAR, most=2)
    assert (found.count, found.in_year, found.tools) == (4, 3, (7,))
    assert found.largest == (1, 4), "of equal ones the older id; in order of day"
    assert waiting_among(columns(lines), {7}, {6}, YEAR, most=3).largest == (1, 5, 4)
    assert waiting_among(columns([]), set(), set(), YEAR, most=3).count == 0


def test_columns_of_merged_tools_and_of_fewer_days() -> None:
    day = date(2026, 5, 1)
    lines = [
        Invoice(
            id=n, minor=n, currency="USD", base_minor=None, day=day + timedelta(days=n), tool_id=n % 3 + 1
        )
        for n in range(6)
    ]
    whole = columns(lines)
    assert list(whole.placed({3: 1}).ids) == [0, 2, 3, 5, 1, 4]
    assert list(whole.between(day + timedelta(days=1), day + timedelta(days=3)).ids) == [3, 1, 2]
    assert whole.of_tools({2}, {1, 3, 9}) == {1}
