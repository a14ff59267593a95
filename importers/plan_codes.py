"""The codes of what a reader tells of a plan; :mod:`importers.codes` holds them beside all others."""

from mopsaudit.problems import Severity, declare

PLAN_NEGATIVE = declare(
    "budget.negative",
    Severity.NOTE,
    "A plan of costs sums up to less than nought",
    "Where the list writes costs with a minus, turn them round and import it again.",
)
PLAN_SCENARIO = declare(
    "budget.scenario",
    Severity.NOTE,
    "Rows of a plan that say they are actuals or a forecast were left out",
    "Nothing, where they are no plan; else say which are by the answer `.scenario` (a text of the column or `all`).",
)
PLAN_TOTAL_KEPT = declare(
    "budget.total_kept",
    Severity.NOTE,
    "Rows of a plan that may be totals were kept as lines",
    "Nothing, where they are lines; a row that sums others up must come to them exactly, or be marked as a total.",
)
PLAN_MEASURE = declare(
    "budget.not_money",
    Severity.NOTE,
    "Rows of a plan that count people or are shares were left out",
    "Nothing, where they are no money; else give them their amounts in a list of their own.",
)
PLAN_ROW_TOTAL = declare(
    "budget.row_total_differs",
    Severity.NOTE,
    "A row of a plan does not come to its own total",
    "Find out which is right: the months were read, the total was not.",
)
PLAN_UNDATED = declare(
    "budget.undated", Severity.NOTE, "Lines of a plan that name no month", "Write the month into their rows."
)
PLAN_SPREAD = declare(
    "budget.spread",
    Severity.NOTE,
    "Amounts of a plan were spread over the days of their lines",
    "Nothing, where an amount is for all of these days; else add a column with the month of each amount.",
)
PLAN_TOTAL = declare(
    "budget.total_differs",
    Severity.NOTE,
    "A total printed with a plan is not what was read of it",
    "Find out which is right: a line may be missing or read twice, or the total is of something else.",
)
PLAN_VERSIONS = declare(
    "budget.versions",
    Severity.NOTE,
    "Several sheets were read as versions of one plan",
    "Nothing, where they are versions; parts of one plan are imported sheet by sheet, by the sheet option.",
)
PLAN_DERIVED = declare(
    "budget.months_derived",
    Severity.NOTE,
    "Months of a plan that are cumulated, or shares of the year's amount",
    "Nothing, where they are; else say so by the answer `.cumulated`, or import a list with the amounts of the months.",
)
PLAN_AGAIN = declare(
    "budget.lines_again",
    Severity.NOTE,
    "Lines of a plan that stand there more than once",
    "Nothing, where they add up; else leave out the scenario, version or second table that does not count.",
)
