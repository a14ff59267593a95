"""Records as people keep them in other languages: every column is found, and its words are read."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from importers.reader import read_file
from importers.terms import notice_of, parse_terms
from mopsaudit.intake.contract import Kind, Reading, ReadOptions, RecordRow, SpendRow
from tests.importers.language_words import CONTRACTS, IN_USE, INVENTORY, SAID

Row = list[Any]


class Kept:
    """A sink that keeps what it is given."""

    def __init__(self) -> None:
        self.found: list[dict[str, Any]] = []

    def rows(self, sheet: str | None, batch: Sequence[SpendRow] | Sequence[RecordRow]) -> None:
        for row in batch:
            assert isinstance(row, RecordRow)
            self.found.append({name: value for name, value in row.values.items() if value is not None})

    def progress(self, done: int, total: int | None) -> None:
        pass


def read(folder: Path, kind: Kind, rows: list[Row], **options: Any) -> tuple[Reading, list[dict[str, Any]]]:
    """A workbook of these rows, read as records of the kind."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    book.save(folder / "book.xlsx")
    kept = Kept()
    reading = read_file(
        folder / "book.xlsx", "book.xlsx", ReadOptions(kind=kind, base_currency="EUR", **options), kept
    )
    return reading, kept.found


def words(text: str) -> Row:
    return text.split("|")


DAY, LAST = date(2025, 2, 1), date(2027, 1, 31)


@pytest.mark.parametrize("language", CONTRACTS)
def test_a_list_of_contracts(tmp_path: Path, language: str) -> None:
    term, notice, renewal = SAID[language]
    reading, found = read(
        tmp_path,
        Kind.CONTRACTS,
        [
            words(CONTRACTS[language]),
            ["Acme Ltd", "Acme Mail", "K-1", DAY, LAST, term, notice, renewal, 18600, 40, "Eva Berg"],
        ],
    )
    assert not reading.questions
    assert [problem for problem in reading.problems if problem.rejected or problem.cell] == []
    expected = {
        "vendor": "Acme Ltd",
        "tool": "Acme Mail",
        "reference": "K-1",
        "start": DAY,
        "end": LAST,
        "initial_months": 24,
        "notice": 3,
        "notice_unit": "months",
        "auto_renew": True,
        "renewal_months": 12,
        "amount": Decimal(18600),
        "quantity": 40,
        "owner": "Eva Berg",
    }
    (row,) = found
    assert {name: row.get(name) for name in expected} == expected


@pytest.mark.parametrize("language", INVENTORY)
def test_an_inventory(tmp_path: Path, language: str) -> None:
    reading, found = read(
        tmp_path,
        Kind.INVENTORY,
        [
            ["Marketing 2026"],
            words(INVENTORY[language]),
            ["Acme Mail", "Acme Ltd", "CRM", "Eva Berg", "PR", IN_USE[language], 15, 48000, "x y"],
        ],
    )
    assert not reading.questions
    expected = {
        "tool": "Acme Mail",
        "vendor": "Acme Ltd",
        "category": "CRM",
        "owner": "Eva Berg",
        "unit": "PR",
        "status": "active",
        "seats": 15,
        "yearly_cost": Decimal(48000),
        "notes": "x y",
    }
    (row,) = found
    assert {name: row.get(name) for name in expected} == expected


@pytest.mark.parametrize(
    "headings",
    [
        "Personalnummer|Nachname|Vorname|E-Mail-Adresse|Abteilung|Stelle|Eintrittsdatum|Austrittsdatum",
        "Matricule|Nom|Prénom|Adresse e-mail|Service|Fonction|Date d'entrée|Date de sortie",
        "Matricola|Cognome|Nome|Indirizzo e-mail|Reparto|Mansione|Data assunzione|Data cessazione",
        "Número de empleado|Apellidos|Nombre|Correo electrónico|Departamento|Puesto|Fecha de alta|Fecha de baja",
        "Anställningsnummer|Efternamn|Förnamn|E-postadress|Avdelning|Befattning|Anställningsdatum|Slutdatum",
        "Numer pracownika|Nazwisko|Imię|Adres e-mail|Dział|Stanowisko|Data zatrudnienia|Data zwolnienia",
    ],
)
def test_a_roster_in_which_the_name_stands_in_two_columns(tmp_path: Path, headings: str) -> None:
    reading, found = read(
        tmp_path,
        Kind.PEOPLE,
        [
            words(headings),
            ["A1", "Durand", "Luc", "luc@ex.fr", "PR", "Chef", date(2020, 2, 1), None],
            ["A2", "Martin", "Zoé", "zoe@ex.fr", "PR", "Chef", date(2021, 5, 15), date(2026, 9, 30)],
        ],
    )
    assert not reading.questions
    assert [(row["name"], row["email"], row["unit"], row.get("left")) for row in found] == [
        ("Luc Durand", "luc@ex.fr", "PR", None),
        ("Zoé Martin", "zoe@ex.fr", "PR", date(2026, 9, 30)),
    ]


def test_a_whole_name_beside_its_parts_is_left_as_it_is(tmp_path: Path) -> None:
    _, found = read(
        tmp_path,
        Kind.PEOPLE,
        [["Name", "First name", "Last name", "Email"], ["Luc Durand", "Luc", "Durand", "luc@ex.fr"]],
    )
    assert found[0]["name"] == "Luc Durand"


def test_users_in_italian(tmp_path: Path) -> None:
    reading, found = read(
        tmp_path,
        Kind.USAGE,
        [
            ["Elenco utenti Canva"],
            [],
            words("Nome|Cognome|Indirizzo e-mail|Tipo licenza|Ultimo accesso|Stato"),
            ["Giulia", "Rossi", "g@ex.it", "Pro", "13/10/2026", "Attivo"],
            ["Marco", "Bianchi", "m@ex.it", "Pro", "mai", "Attivo"],
        ],
        known_tools=("Canva",),
    )
    assert not reading.questions
    assert [(row["user_name"], row.get("last_activity"), row["never"]) for row in found] == [
        ("Giulia Rossi", date(2026, 10, 13), False),
        ("Marco Bianchi", None, True),
    ]


RATES: list[Row] = [
    ["Valuta", "Valutakurs", "Gyldig fra"],
    ["USD", "6,85", date(2026, 1, 1)],
    ["EUR", "7,46", date(2026, 1, 1)],
]


def test_rates_that_give_the_base_currency_a_rate_are_not_into_it(tmp_path: Path) -> None:
    reading, found = read(tmp_path, Kind.RATES, RATES)
    (question,) = reading.questions
    assert question.key == "Sheet!into"
    assert question.asks.startswith("A3 gives EUR, your own currency, a rate")
    assert "EUR" not in {choice.value for choice in question.choices}
    assert found == []
    reading, found = read(tmp_path, Kind.RATES, RATES, answers=(("Sheet!into", "DKK"),))
    assert not reading.questions
    assert [(row["from"], row["to"], row["rate"]) for row in found] == [
        ("USD", "DKK", Decimal("6.85")),
        ("DKK", "EUR", Decimal("0.134048257372654155")),  # kept into our own
    ]


def test_a_heading_says_into_which_currency_rates_are(tmp_path: Path) -> None:
    told = [["Valuta", "Kurs in DKK", "Gyldig fra"], *RATES[1:]]
    reading, found = read(tmp_path, Kind.RATES, told)
    assert not reading.questions
    assert {(row["from"], row["to"]) for row in found} == {("USD", "DKK"), ("DKK", "EUR")}


@pytest.mark.parametrize(
    "text, expected",
    [
        (
            "36 Monate, verlängert sich um jeweils 12 Monate, Kündigungsfrist 3 Monate zum Laufzeitende",
            (36, 12, True, 3, "months"),
        ),
        (
            "36 månader, förlängs automatiskt med 12 månader, uppsägningstid 90 dagar",
            (36, 12, True, 90, "days"),
        ),
        ("12 mdr., fornyes automatisk, opsigelse 90 dage", (12, None, True, 90, "days")),
        ("24 mnd, fornyes ikke, oppsigelse 3 måneder", (24, None, False, 3, "months")),
        (
            "12 miesięcy, odnawia się automatycznie na kolejne 12 miesięcy, okres wypowiedzenia 30 dni",
            (12, 12, True, 30, "days"),
        ),
        ("2 vuotta, irtisanomisaika 3 kk", (24, None, None, 3, "months")),
        ("1 rok, bez automatického prodloužení, výpovědní lhůta dva měsíce", (12, None, False, 2, "months")),
        ("Durée 3 ans, sans reconduction, préavis de trois mois", (36, None, False, 3, "months")),
        ("12ヶ月 自動更新 30日前予告", (12, None, True, 30, "days")),
        (
            "24 meses, renovación automática anual, preaviso de sesenta días",
            (24, 12, True, 60, "days"),
        ),
    ],
)
def test_terms_in_words(text: str, expected: tuple[object, ...]) -> None:
    said = parse_terms(text)
    names = ("initial_months", "renewal_months", "auto_renew", "notice", "notice_unit")
    assert tuple(said.get(name) for name in names) == expected


@pytest.mark.parametrize(
    "text", ["jederzeit", "à tout moment", "senza preavviso", "kdykoli", "når som helst"]
)
def test_no_notice_is_a_notice_of_no_days(text: str) -> None:
    assert notice_of(text) == (0, "days")


def test_cells_that_only_stand_for_nothing_are_nothing(tmp_path: Path) -> None:
    reading, found = read(
        tmp_path,
        Kind.CONTRACTS,
        [
            words(CONTRACTS["de"]),
            ["Acme Ltd", "Mail", "—", DAY, "unbefristet", "–", "k.A.", "entfällt", "kostenlos", "n/a", "-"],
            ["Bold AG", "Post", "K-2", DAY, LAST, "2 Jahre", "keine", "nein", 1200, 5, "Eva Berg"],
        ],
    )
    assert [problem for problem in reading.problems if problem.cell] == []
    assert found[:1] == [{"vendor": "Acme Ltd", "tool": "Mail", "start": DAY, "amount": Decimal(0)}]
