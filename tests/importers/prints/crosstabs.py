"""Suppliers down and months across, as planning and ledger programs print them."""

import datetime as dt
import random
from pathlib import Path
from typing import Any

from tests.importers.layouts.lines import SUPPLIERS
from tests.importers.prints.drawn import Line, Printed, Row, Rows, Tongue, number, save_book, save_text


def _heading(tongue: Tongue, style: str, month: dt.date) -> Any:
    short, full = tongue.words["short"][month.month - 1], tongue.words["months"][month.month - 1]
    match style:
        case "cell":
            return dt.datetime(month.year, month.month, 1)  # noqa: DTZ001 - a sheet has no zone
        case "short year":
            return f"{short} {month:%y}"
        case "full year":
            return f"{full} {month.year}"
        case "short-year":
            return f"{short.rstrip('.')}-{month:%y}"
        case "mm/yyyy":
            return f"{month:%m/%Y}"
        case "yyyy-mm":
            return f"{month:%Y-%m}"
        case "mm.yyyy":
            return f"{month:%m.%Y}"
        case "yyyy/mm":
            return f"{month:%Y/%m}"
        case _:
            return full if style == "full" else short


def crosstab(chance: random.Random, folder: Path) -> Printed:
    """A table of suppliers by month: year totals, two years, quarters between, thousands, a category, shares."""
    tongue = Tongue(chance)
    text_only = chance.random() < 0.25
    two_years = chance.random() < 0.3
    above = two_years and chance.random() < 0.5  # the year in a row of its own, over its months
    years = (2025, 2026) if two_years else (2026,)
    styles = ["short year", "full year", "short-year", "mm/yyyy", "yyyy-mm", "mm.yyyy", "yyyy/mm"]
    style = chance.choice([*styles, *([] if text_only else ["cell", "cell"]), "full", "short"])
    if tongue.name == "ja" and style in ("short year", "full year", "short-year"):
        style = "yyyy/mm"
    if above or two_years:
        style = chance.choice(("full", "short")) if above else style
        if not above and style in ("full", "short"):
            style = "yyyy-mm"
    start = chance.choice((1, 1, 1, 4, 7)) if style not in ("full", "short") else 1
    spans = []
    for year in years:
        spans.append([dt.date(year + (start + m - 1) // 12, (start + m - 1) % 12 + 1, 1) for m in range(12)])
    quarters = chance.random() < 0.35
    yearly = chance.random() < 0.6
    thousands = chance.random() < 0.2
    category = chance.random() < 0.3
    share = chance.random() < 0.15 and not text_only
    blank: Any = chance.choice((None, "-", None, "–")) if not text_only else chance.choice(("", "-"))
    names = chance.sample(SUPPLIERS, chance.randint(4, 9))
    cells: dict[tuple[str, dt.date], int] = {}
    for name in names:
        for span in spans:
            for month in span:
                if chance.random() < 0.8:
                    cents = round(10 ** chance.uniform(3, 6.5)) + chance.randrange(100)
                    cents = -cents // 4 if chance.random() < 0.03 else cents
                    cents = cents // 100 * 100 + 100 if tongue.whole or thousands else cents
                    cells[name, month] = cents

    def shown(cents: int) -> Any:
        value = cents // 1000 if thousands else cents
        if not text_only:
            return value / 100 if value % 100 else value // 100
        if thousands:
            return f"{cents / 100_000:.5f}".rstrip("0").replace(".", tongue.mark)
        return tongue.amount(value)

    if thousands:
        cells = {place: cents // 1000 * 1000 or 1000 for place, cents in cells.items()}
    label = tongue["supplier"]
    head: Row = [label, *(["Category"] if category else [])]
    upper: Row = [None] * len(head)
    for year, span in zip(years, spans, strict=True):
        first = True
        for place, month in enumerate(span):
            head.append(_heading(tongue, style, month))
            upper.append(year if first else None)
            first = False
            if quarters and place % 3 == 2:
                head.append(tongue["quarter"].format(place // 3 + 1) + ("" if not two_years else f" {year}"))
                upper.append(None)
        if yearly:
            head.append(f"{tongue['total']} {year}" if two_years else tongue["total"])
            upper.append(None)
    if share:
        head.append("%")
        upper.append(None)

    def body(title: str, these: list[str]) -> Row:
        row: Row = [title, *(["" if len(these) > 1 else f"Cat {len(title) % 3}"] if category else [])]
        everything = 0
        for span in spans:
            whole = quarter = 0
            for place, month in enumerate(span):
                present = [cells[name, month] for name in these if (name, month) in cells]
                value = sum(present)
                whole, quarter = whole + value, quarter + value
                row.append(shown(value) if present else blank)
                if quarters and place % 3 == 2:
                    row.append(shown(quarter))
                    quarter = 0
            everything += whole
            if yearly:
                row.append(shown(whole))
        if share:
            row.append(round(everything / max(1, sum(cells.values())), 4))
        return row

    rows: Rows = []
    bare = style in ("full", "short") and not above
    titles: Rows = [[f"Spend by supplier {years[0]}"]] if bare else []
    if thousands:
        sign = {"GBP": "£", "EUR": "€"}.get(tongue.currency, tongue.currency)
        titles.append([chance.choice((f"in k{sign}", f"(k{sign})", f"{sign} thousands"))])
    if chance.random() < 0.4:
        titles.append(["Example Group"])
    rows += titles
    if titles and chance.random() < 0.5:
        rows.append([])
    if above:
        rows.append(upper)
    rows.append(head)
    rows += [body(name, [name]) for name in names]
    if chance.random() < 0.6:
        if chance.random() < 0.3:
            rows.append([])
        rows.append(body(tongue["total"], names))
    at = chance.choice(((0, 0), (0, 0), (0, 1), (2, 2)))
    path = (
        save_text(folder, rows, delimiter=";" if tongue.mark == "," else ",")
        if text_only
        else save_book(folder, {"Sheet1": rows}, at=at)
    )
    lines = [
        Line(month, name, "", "", cents, tongue.currency) for (name, month), cents in cells.items() if cents
    ]
    habits = {
        "family": "crosstab",
        "language": tongue.name,
        "style": style,
        "years": years,
        "above": above,
        "quarters": quarters,
        "yearly": yearly,
        "thousands": thousands,
        "category": category,
        "share": share,
        "blank": blank,
        "text": text_only,
        "head": head,
    }
    shown_cents = [cents // 1000 % 100 > 0 for cents in cells.values()]
    # Titled as thousands while most amounts show two decimals: nothing says whether the title still holds.
    asked = thousands and sum(shown_cents) > len(shown_cents) / 2
    answers = {"scale": "1000"} if asked else {}
    return Printed(
        path=path, lines=lines, base=tongue.currency, dated="month", answers=answers, habits=habits
    )


def months_down(chance: random.Random, folder: Path) -> Printed:
    """One row per supplier and month, the month named once, in the language's words, with sums of the months."""
    tongue = Tongue(chance)
    names = chance.sample(SUPPLIERS, chance.randint(4, 8))
    style = chance.choice(("full year", "mm/yyyy", "yyyy-mm", "short-year"))
    if tongue.name == "ja" and style != "mm/yyyy":
        style = "yyyy/mm"
    once, sums = chance.random() < 0.5, chance.random() < 0.5
    rows: Rows = [[tongue["month"], tongue["supplier"], tongue["amount"]]]
    lines: list[Line] = []
    for at in range(1, 13):
        month = dt.date(2026, at, 1)
        mine = [
            Line(month, name, "", "", round(10 ** chance.uniform(3, 6)) // 100 * 100 + 100, tongue.currency)
            for name in names
            if chance.random() < 0.8
        ]
        for place, line in enumerate(mine):
            said = _heading(tongue, style, month) if not (once and place) else None
            rows.append([said, line.supplier, number(line.cents)])
        if sums and mine:
            rows.append([tongue["total"], None, number(sum(line.cents for line in mine))])
        lines += mine
    if chance.random() < 0.5:
        rows.append([tongue["total"], None, number(sum(line.cents for line in lines))])
    habits = {
        "family": "months down",
        "language": tongue.name,
        "style": style,
        "once": once,
        "sums": sums,
        "head": rows[0],
        "first": rows[1],
    }
    path = save_book(folder, {"Sheet1": rows})
    return Printed(path=path, lines=lines, base=tongue.currency, dated="month", habits=habits)
