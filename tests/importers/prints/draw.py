"""The print of a seed: a family by chance, then its habits."""

import random
from collections.abc import Callable
from pathlib import Path

from tests.importers.prints import cards, large, small
from tests.importers.prints.blocks import sheet_per_currency, sheet_per_month, side_by_side
from tests.importers.prints.crosstabs import crosstab, months_down
from tests.importers.prints.drawn import Line, Printed, Tongue, draw_lines
from tests.importers.prints.lists import listed
from tests.importers.prints.odd import ODD
from tests.importers.prints.systems import Draw

SYSTEMS: tuple[Callable[[Draw], Printed], ...] = (
    large.sap_fbl1n,
    large.sap_list,
    large.datev_journal,
    small.sage_audit,
    small.xero_bills,
    small.quickbooks,
    large.netsuite,
    large.dynamics,
    large.oracle,
    large.coupa,
    cards.concur,
    cards.amex,
    cards.visa,
    small.lexware,
    small.fortnox,
    small.economic,
    small.exact,
    small.odoo,
    cards.freeagent,
    large.ariba,
)
CURRENCIES = {
    "sap": "EUR",
    "datev": "EUR",
    "lexware": "EUR",
    "exact": "EUR",
    "odoo": "EUR",
    "quickbooks": "USD",
}


def exported(chance: random.Random, folder: Path) -> Printed:
    """One system's export."""
    tongue = Tongue(chance, "en")
    system = chance.choice(SYSTEMS)
    lines = draw_lines(chance, tongue, chance.randint(14, 40))
    currency = next((code for word, code in CURRENCIES.items() if system.__name__.startswith(word)), "GBP")
    lines = [Line(x.day, x.supplier, x.text, x.reference, x.cents, currency) for x in lines]
    return system((chance, folder, tongue, lines))


FAMILIES = (
    *(crosstab, crosstab, months_down, side_by_side, side_by_side, sheet_per_month, sheet_per_currency),
    *(listed, listed, listed, listed, exported, exported, exported),
)


def draw(seed: int, folder: Path) -> Printed:
    """A file from habits drawn by ``seed``."""
    chance = random.Random(f"print {seed}")
    made = chance.choice(FAMILIES if seed % 5 else ODD)(chance, folder)
    made.habits["seed"] = seed
    return made
