"""Codes of notes on spend and people that are read as they stand, though nothing in the sheet says that it is right."""

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
EXPECTED = declare(
    "spend.expected_lines",
    Severity.NOTE,
    "Lines that say they are a plan or a forecast",
    "If they are not paid yet, export the actual lines alone and replace this import.",
)
THERE_AGAIN = declare(
    "people.active_left",
    Severity.NOTE,
    "Active people with a leaving day that is past",
    "If the day ended an earlier employment, clear it in the file, or give the day they came back (a column *Rehire "
    "date*).",
)
