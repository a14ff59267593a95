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
PERSONAL = declare(
    "spend.personal_lines",
    Severity.NOTE,
    "Lines that say they are personal",
    "If the company does not bear them, take them out of the file and replace this import.",
)
THERE_AGAIN = declare(
    "people.active_left",
    Severity.NOTE,
    "Active people with a leaving day that is past",
    "If the day ended an earlier employment, clear it in the file, or give the day they came back (a column *Rehire "
    "date*).",
)
STATE_UNREAD = declare(
    "rows.state_unread",
    Severity.NOTE,
    "Rows whose state says that they may not hold",
    "Nothing, where they count like the others; else take them out of the file and import it again.",
)
CONTRACT_DAYS = declare(
    "contract.days_differ",
    Severity.NOTE,
    "Days of a contract that contradict one another",
    "Find out which is right: the start, the end, the term or the notice; the dates of notice follow from them.",
)
CONTRACT_AGAIN = declare(
    "contract.lines_again",
    Severity.NOTE,
    "Lines of contracts that may be one",
    "Nothing, where each is owed; else leave out the earlier of an amendment, or the line that stands there twice.",
)
ONE_VENDOR = declare(
    "contract.one_vendor",
    Severity.NOTE,
    "All contracts of a list are with one vendor",
    "Nothing, where they are; else choose the column that names who the contracts are with.",
)
TOOL_AGAIN = declare(
    "inventory.tool_again",
    Severity.NOTE,
    "A tool that stands in several rows of an inventory",
    "Add its rows up in the file, or import them as contracts, where each row is a line of its own.",
)
AGREED = declare(
    "spend.agreed_lines",
    Severity.NOTE,
    "Lines of spend that look like contracts",
    "If they are, undo the import and import the file as contracts; else nothing.",
)
AGED = declare(
    "spend.aged",
    Severity.NOTE,
    "A list of what is still open, by age",
    "It leaves out what was paid already: import the list of invoices for the spend of a period.",
)
CONTRACT_PRICE = declare(
    "contract.price_differs",
    Severity.NOTE,
    "Amounts of contracts that are not their units times the price of one",
    "Find out which span each is of (a month, a year, the term) and say so in the headings.",
)
