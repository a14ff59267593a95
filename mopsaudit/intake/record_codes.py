"""What may be wrong with a row of records once it meets what is known here."""

from mopsaudit.problems import Severity, declare

ROW_REFUSED = declare(
    "row.refused",
    Severity.ROW,
    "A row breaks a rule of the records",
    "Correct the cell; the other rows are kept.",
)
NAME_UNKNOWN = declare(
    "row.name_unknown",
    Severity.ROW,
    "A row names a tool, vendor, person or unit that is not known",
    "Add it first, or correct the spelling; the rest of the row is kept where it can stand alone.",
)
LEAVER_OWNS = declare(
    "people.leaver_owns",
    Severity.ROW,
    "Somebody who left still owns a tool or holds its budget",
    "Name a new owner on the tool's page; until then the tool counts as without one.",
)
NO_ADDRESS = declare(
    "people.no_address",
    Severity.NOTE,
    "People of a roster without an e-mail address",
    "Nothing, if the tools' users are known by employee id; else add the addresses, or their use stays nobody's.",
)
PERSON_ENTERED = declare(
    "person.entered",
    Severity.NOTE,
    "A person named in the file was not known",
    "They were entered by name alone; a roster with their e-mail address completes the record.",
)
TERM_ASSUMED = declare(
    "contract.term_assumed",
    Severity.NOTE,
    "A contract renews by itself and the list has no renewal term",
    "Twelve months are assumed; enter the term on the contract's page where it is another.",
)
TOOL_PROPOSED = declare(
    "tool.proposed",
    Severity.NOTE,
    "A tool named in the file was not in the inventory",
    "It was entered as proposed, from the catalogue; confirm or merge it on its page.",
)
