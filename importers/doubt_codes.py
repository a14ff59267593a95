"""Codes of notes on spend that is read as it stands, though nothing in the sheet says that it is right."""

from mopsaudit.problems import Severity, declare

SECTIONS = declare(
    "spend.sections",
    Severity.NOTE,
    "Rows above the lines taken for suppliers",
    "If they are kinds of cost or parts of the list, choose the column that names suppliers on the review page, if "
    "there is one.",
)
UNDATED = declare(
    "spend.undated",
    Severity.NOTE,
    "No column dates the lines",
    "Choose the column of dates on the review page if there is one; else the lines stand beside every figure by month.",
)
