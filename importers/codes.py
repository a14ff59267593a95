"""Every code a reader gives to a problem. The sentence says what happened, the manual page what to do."""

from importers import plan_codes
from mopsaudit.problems import Problem, ProblemCode, Severity, declare

PLAN_MEASURE = plan_codes.PLAN_MEASURE
PLAN_NEGATIVE = plan_codes.PLAN_NEGATIVE
PLAN_ROW_TOTAL = plan_codes.PLAN_ROW_TOTAL
PLAN_SCENARIO = plan_codes.PLAN_SCENARIO
PLAN_SPREAD = plan_codes.PLAN_SPREAD
PLAN_TOTAL = plan_codes.PLAN_TOTAL
PLAN_TOTAL_KEPT = plan_codes.PLAN_TOTAL_KEPT
PLAN_UNDATED = plan_codes.PLAN_UNDATED
PLAN_VERSIONS = plan_codes.PLAN_VERSIONS

NOT_A_WORKBOOK = declare(
    "file.not_a_workbook",
    Severity.FILE,
    "Not a workbook",
    "Open it in Excel and save it as .xlsx, or export it as .csv.",
)
EMPTY = declare(
    "file.empty", Severity.FILE, "The file is empty", "Export the file again and check that it holds rows."
)
BROKEN = declare(
    "file.broken",
    Severity.FILE,
    "The file is damaged",
    "Open it in Excel, let Excel repair it, save it again as .xlsx.",
)
ENCRYPTED = declare(
    "file.encrypted",
    Severity.FILE,
    "Protected by a password",
    "Remove the password in Excel (File, Info) and save again.",
)
EXTENSION = declare(
    "file.extension",
    Severity.FILE,
    "Name and content disagree",
    "Save it under the ending of what it really is.",
)
MACROS = declare(
    "file.macros",
    Severity.FILE,
    "A macro in a file that says it has none",
    "Save it as .xlsx without macros.",
)
UNSAFE = declare(
    "file.unsafe",
    Severity.FILE,
    "Built in a way no spreadsheet program builds it",
    "Open it in Excel and save it anew.",
)
TOO_LARGE = declare(
    "file.too_large",
    Severity.FILE,
    "Larger than the limits",
    "Split it: one month, or one cost centre, per file.",
)
NO_DATA = declare(
    "file.no_data",
    Severity.FILE,
    "No table of this kind found",
    "Choose the kind the file is, or map columns by hand.",
)
SHEET_MISSING = declare(
    "sheet.missing",
    Severity.FILE,
    "A sheet asked for is not in the file",
    "Check the sheet's name, letter by letter.",
)
MAP_UNKNOWN = declare(
    "map.unknown",
    Severity.FILE,
    "A mapping names no column of the file",
    "Use its header or its letter (F:).",
)
HIDDEN_ROWS = declare(
    "sheet.hidden_rows",
    Severity.NOTE,
    "Hidden rows were read like any other",
    "Nothing, if they belong to the data.",
)
COVERED = declare(
    "sheet.covered_cells",
    Severity.NOTE,
    "Values under merged cells were read like any other",
    "Unmerge the cells in Excel and see whether what lies beneath belongs to the data.",
)
STRUCK = declare(
    "sheet.struck_rows", Severity.NOTE, "Lines struck through or in white", "Take out the cancelled ones."
)
HIDDEN_COLUMNS = declare(
    "sheet.hidden_columns",
    Severity.NOTE,
    "Hidden columns were read like any other",
    "Nothing, if they belong to it.",
)
HIDDEN_SHEET = declare(
    "sheet.hidden", Severity.NOTE, "A hidden sheet was read", "Check that it is the sheet you meant."
)
STRAY = declare(
    "sheet.stray_cell", Severity.NOTE, "A cell far outside the table was left out", "Move or clear it."
)
NOT_FOOTING = declare(
    "sheet.total.differs",
    Severity.SHEET,
    "The sheet's own total is not the sum of its lines",
    "Find out which is right; sign off the difference by name.",
)
SUBTOTAL_DIFFERS = declare(
    "sheet.subtotal.differs",
    Severity.SHEET,
    "A subtotal is not the sum of its lines",
    "Check the rows above it.",
)
CLOSING_DIFFERS = declare(
    "sheet.closing.differs",
    Severity.SHEET,
    "A closing balance is not the opening one with its lines",
    "Check whether lines are missing between the two balances.",
)
MONTH_NOT_READ = declare(
    "sheet.month_not_read",
    Severity.SHEET,
    "A column between months was not read as one",
    "Head it with the month as 2026-04 or Apr 2026 and upload the file again.",
)
BESIDE = declare(
    "sheet.table_beside",
    Severity.SHEET,
    "A table beside the one read, and like it, was left out",
    "Move it below the other one and upload the file again.",
)
SIDE_BY_SIDE = declare(
    "sheet.side_by_side",
    Severity.NOTE,
    "Tables of one kind side by side were read one after the other",
    "Nothing, if they are parts of one list; else map the amount column of the one you mean.",
)
AFTER_TOTAL = declare(
    "sheet.after_total",
    Severity.NOTE,
    "Rows below the grand total were left out",
    "If they are lines, mark them as data on the review page.",
)
SALES_LEFT_OUT = declare(
    "sheet.sales_left_out",
    Severity.NOTE,
    "What was sold stands in the file too",
    "Nothing, if the rows are sales; else take the line above them away.",
)
OTHER_HEADER = declare(
    "sheet.other_header",
    Severity.SHEET,
    "Another table with columns of its own stands below",
    "Give each table a sheet or a file of its own: the lines below its headings were read by the first headings.",
)
DATE_CARRIED = declare(
    "spend.date.carried",
    Severity.NOTE,
    "Lines took the date named above them",
    "Nothing, if the sheet names each date once for the lines below it; else type the dates.",
)
QUARTERS = declare(
    "sheet.quarters",
    Severity.NOTE,
    "Amounts by quarter were read",
    "Nothing, or export them by month: each amount stands in the first month of its quarter.",
)
CREDIT_SECTION = declare(
    "spend.credit.section",
    Severity.NOTE,
    "Amounts under a heading of credits were subtracted",
    "Nothing, if they are credits.",
)
FORMULA = declare(
    "cell.formula_without_value",
    Severity.ROW,
    "A formula without a saved value",
    "Open the file in Excel, let it calculate, save it, and upload it again.",
)
ERROR_CELL = declare(
    "cell.error", Severity.ROW, "An error such as #REF! stands in the cell", "Repair the formula."
)
HASHES = declare(
    "cell.hashes",
    Severity.ROW,
    "The export saved ###### instead of the value",
    "Widen the column and export again.",
)
BAD_NUMBER = declare(
    "cell.number_unreadable",
    Severity.ROW,
    "The cell's number is none",
    "Type the number into the cell again.",
)
TOO_MANY_DIGITS = declare(
    "cell.too_many_digits",
    Severity.ROW,
    "A number of more digits than a spreadsheet keeps",
    "Type the amount as text ('99,999,999,999,999.99): a number cell holds 15 digits.",
)
UNSEEN = declare(
    "cell.unseen_signs",
    Severity.ROW,
    "An amount with signs in it that nobody sees",
    "Type the amount again, as a plain number: on screen it may read otherwise than in the file.",
)
SIGN_OF_FORMAT = declare(
    "cell.sign_of_format",
    Severity.NOTE,
    "An amount below nought by its number format alone",
    "Check that the lines are credits: the value in the cell is above nought.",
)
UNITS_OF_FORMAT = declare(
    "cell.units_of_format",
    Severity.NOTE,
    "An amount in thousands or millions by its number format alone",
    "Check the amounts: the cell shows a unit that its value does not hold.",
)
LETTERS_LOST = declare(
    "text.letters_lost",
    Severity.NOTE,
    "Letters of a text file are lost",
    "Export the file again as UTF-8, if the names on the lines matter.",
)
QUOTE_OPEN = declare(
    "text.quote_open",
    Severity.ROW,
    "A quote of a text file takes in the lines after it",
    "Compare the rows named with the file; take the stray quote out, or export the file again.",
)
DELIMITERS = declare(
    "text.delimiter_changes",
    Severity.NOTE,
    "Rows of a text file set their columns apart in another way than the rest",
    "Nothing, if they belong in; compare the first of them with the file.",
)
FIELDS_MORE = declare(
    "text.more_fields",
    Severity.NOTE,
    "Rows of a text file have more fields than its headings",
    "Look at the first of them: a delimiter within a value, not in quotes, moves what follows to the next column.",
)
ENCODINGS = declare(
    "text.encoding_changes",
    Severity.NOTE,
    "Lines of a text file are written in another encoding than the rest",
    "Compare the names in the line named with the file; export it again if one is wrong.",
)
REPEATED = declare(
    "cell.repeated",
    Severity.ROW,
    "The file holds this cell twice",
    "Open the file in Excel and save it again.",
)
BOOLEAN = declare(
    "cell.boolean",
    Severity.ROW,
    "Yes or no where an amount belongs",
    "Type the amount; check that no formula has slipped into the column.",
)
TIME = declare(
    "cell.time",
    Severity.ROW,
    "A date or time where an amount belongs",
    "Type the amount, or format the cell as a number if it is one.",
)
PERCENT = declare(
    "cell.percent",
    Severity.ROW,
    "A percentage where an amount belongs",
    "Type the amount; a share of something is no spend.",
)
AMOUNT_UNREADABLE = declare(
    "spend.amount.unreadable", Severity.ROW, "The amount cannot be read", "Type it as a plain number."
)
AMOUNT_MISSING = declare(
    "spend.amount.missing", Severity.ROW, "A line without an amount", "Type the amount, or remove the line."
)
AMOUNT_FINE = declare(
    "spend.amount.finer_than_minor",
    Severity.NOTE,
    "Amounts finer than the currency's smallest unit",
    "Nothing: they are rounded half-even and what the rounding took is shown.",
)
DATE_UNREADABLE = declare(
    "spend.date.unreadable",
    Severity.ROW,
    "The date cannot be read",
    "Type it as a date. The line counts as undated.",
)
SERVICE_UNREADABLE = declare(
    "spend.service.unreadable",
    Severity.ROW,
    "The days the line pays for cannot be read",
    "Type the first and the last day as dates. The line counts in full in its own month.",
)
DATE_MISSING = declare(
    "spend.date.missing",
    Severity.ROW,
    "A line without a date",
    "Type the date. Until then the line counts as undated.",
)
DATE_SWAPPED = declare(
    "spend.date.mixed",
    Severity.COLUMN,
    "Real dates and text dates mixed, as if days and months were swapped on opening",
    "Export again as .xlsx; check a date you know.",
)
SUPPLIER_MISSING = declare(
    "spend.supplier.missing",
    Severity.ROW,
    "A line without a supplier",
    "Name it; until then it has no supplier.",
)
CURRENCY_UNREADABLE = declare(
    "spend.currency.unreadable", Severity.ROW, "Not a currency code", "Use codes such as USD, EUR, GBP."
)
SPAN_ASSUMED = declare(
    "price.span_assumed",
    Severity.NOTE,
    "A price that names no span was taken as a year's",
    "Where it is a month's or the whole term's, say so by the answer `.covers` (`month`, `term`) or in the heading.",
)
TOOL_DESCRIBED = declare(
    "contract.tool_described",
    Severity.NOTE,
    "What a contract is for was taken for its tool",
    "Nothing, where it names products; else leave the column out by the mapping, or add a column with the tool.",
)
CURRENCY_ASSUMED = declare(
    "currency.assumed",
    Severity.NOTE,
    "The file names no currency",
    "Say which with the currency option, if not this.",
)
RATE_TURNED = declare(
    "rates.turned",
    Severity.NOTE,
    "Rates turned round",
    "Nothing, if one unit of that currency is what the file's rates are for.",
)
NOT_SPEND = declare(
    "spend.not_spend", Severity.NOTE, "A payment or transfer, not spend", "Nothing, if that is what it is."
)
NEGATIVE_SUM = declare(
    "spend.sum_negative",
    Severity.NOTE,
    "The sheet's sum is negative",
    "Check which sign charges have in this file.",
)
BOTH_SIDES = declare(
    "spend.both_sides",
    Severity.NOTE,
    "Debits and credits of the sheet cancel out",
    "It looks like a whole journal: import the postings to expense accounts only, without those to bank, tax and "
    "payables.",
)
SCALED = declare(
    "spend.amount.scaled",
    Severity.NOTE,
    "Amounts kept in thousands or millions",
    "Nothing, if its heading or title says so; else answer that the amounts are in whole units.",
)
VALUE_UNREADABLE = declare(
    "value.unreadable",
    Severity.ROW,
    "A value cannot be read",
    "Correct the cell; the rest of its row is kept.",
)
VALUE_MISSING = declare(
    "value.missing",
    Severity.ROW,
    "A row without what names it",
    "Fill in the missing cell, or remove the row.",
)
GRADE_LOW = declare(
    "usage.assignment_only",
    Severity.NOTE,
    "A list of assigned seats without activity",
    "Add an export with last sign-in or activity to see who uses the tool.",
)
RELATIVE_DATES = declare(
    "usage.relative_dates",
    Severity.NOTE,
    "Days told by how long ago they were",
    "Nothing, if the list was taken that day; else import it again with the as-of option set to the day it was taken.",
)

REPEATED_BILL = declare(
    "spend.repeated_bill",
    Severity.NOTE,
    "Every line of a bill shows one amount",
    "If it is the total of the bill, choose the column of the lines' own amounts; else nothing.",
)
NO_SUPPLIER = declare(
    "spend.no_supplier",
    Severity.NOTE,
    "No column names a supplier",
    "Choose the column of suppliers on the review page if there is one; else the lines count under “no supplier”.",
)
OTHER_MARK = declare(
    "amount.other_mark",
    Severity.ROW,
    "An amount written with another decimal mark than its column",
    "Write the amounts of the column alike and import it again: one of the two was read a thousand times too small.",
)
TAX_MIXED = declare(
    "amount.tax_mixed",
    Severity.NOTE,
    "Prices with tax and without it in one column",
    "Bring them to one of the two, or change the amounts of the contracts after the import.",
)
UNREAD = declare(
    "columns.unread",
    Severity.NOTE,
    "Columns of amounts, days or licences that are not read",
    "Nothing, if they do not belong in; else choose on the review page what each is, or name it with a map.",
)

#: Code of a bad cell's kind (``importers.grid.Bad.kind``) → the problem it becomes.
OF_BAD = {
    "error": ERROR_CELL,
    "formula": FORMULA,
    "hashes": HASHES,
    "number": BAD_NUMBER,
    "date": BAD_NUMBER,
    "quote": QUOTE_OPEN,
    "repeated": REPEATED,
}


def problem(
    entry: ProblemCode,
    message: str,
    *,
    sheet: str | None = None,
    cell: str | None = None,
    rejected: bool = False,
) -> Problem:
    """A problem of a declared code."""
    return Problem(
        code=entry.code, severity=entry.severity, message=message, sheet=sheet, cell=cell, rejected=rejected
    )
