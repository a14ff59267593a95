"""Accounts of suppliers one below the other: a heading names each, the header follows it, a balance runs beside."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from tests.importers.layouts.cases import grouped_by, sheet_case
from tests.importers.layouts.lines import Case, Line, Rows, amount_text, lines


class Printed(NamedTuple):
    """How a program prints such accounts; ``heading`` has the places ``number`` and ``name``."""

    name: str
    title: str
    heading: str
    columns: tuple[str, str, str, str, str, str]
    opening: str
    total: str
    everything: str
    style: str
    day: str


PROGRAMS = (
    Printed(
        "accounts-italian",
        "Partitario fornitori - Esercizio 2026",
        "Fornitore: {number:06} - {name}",
        ("Data reg.", "N. doc.", "Descrizione", "Dare", "Avere", "Saldo"),
        "Saldo iniziale",
        "Totale fornitore",
        "TOTALE GENERALE",
        "de",
        "%d/%m/%Y",
    ),
    Printed(
        "accounts-german",
        "Kreditorenkontoblatt 2026",
        "Lieferant {number} {name}",
        ("Datum", "Beleg", "Buchungstext", "Soll", "Haben", "Saldo"),
        "Anfangssaldo",
        "Summe Lieferant",
        "Gesamtsumme",
        "de",
        "%d.%m.%Y",
    ),
    Printed(
        "accounts-english",
        "Supplier account activity (detailed)",
        "Supplier: {number} - {name}",
        ("Date", "Document", "Details", "Debit", "Credit", "Balance"),
        "Opening balance",
        "Supplier total",
        "Grand total",
        "en",
        "%d %b %Y",
    ),
    Printed(
        "accounts-french",
        "Grand livre auxiliaire fournisseurs - 2026",
        "Fournisseur : {number} - {name}",
        ("Date", "Pièce", "Libellé", "Débit", "Crédit", "Solde"),
        "Solde initial",
        "Total fournisseur",
        "TOTAL GENERAL",
        "fr",
        "%d/%m/%Y",
    ),
)


def _account(program: Printed, number: int, name: str, of: Sequence[Line]) -> Rows:
    rows: Rows = [
        [program.heading.format(number=number, name=name)],
        list(program.columns),
        [None, None, program.opening, None, None, amount_text(0, program.style)],
    ]
    debit = credit = 0
    for line in of:
        sides: list[Any] = [None, amount_text(line.cents, program.style)]
        if line.cents < 0:
            sides = [amount_text(-line.cents, program.style), None]
        debit += max(-line.cents, 0)
        credit += max(line.cents, 0)
        balance = amount_text(debit - credit, program.style)
        rows.append([line.day.strftime(program.day), f"D{line.number}", line.text, *sides, balance])
    ends = [
        amount_text(debit, program.style),
        amount_text(credit, program.style),
        amount_text(debit - credit, program.style),
    ]
    return [*rows, [None, None, program.total, *ends], []]


def cases() -> list[Case]:
    """One report of each program, whose groups say that they are suppliers' accounts: nothing is asked."""
    made: list[Case] = []
    for index, program in enumerate(PROGRAMS):
        of = lines(7201 + index, 30)
        rows: Rows = [["Rossi Moda"], [program.title], []]
        for number, (name, account) in enumerate(grouped_by(of, lambda line: line.supplier).items()):
            rows += _account(program, 70_001 + 17 * number, name, account)
        debit = amount_text(-sum(line.cents for line in of if line.cents < 0), program.style)
        credit = amount_text(sum(line.cents for line in of if line.cents > 0), program.style)
        rows.append([None, None, program.everything, debit, credit])
        made.append(sheet_case(program.name, rows, of, currency="EUR", base="EUR"))
    return made
