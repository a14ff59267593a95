"""The fields of every kind of import: what ``--map FIELD=HEADER``, the review page, template and manual offer."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from mopsaudit.intake.contract import FieldSpec, Kind


def _field(
    key: str,
    label: str,
    what: str,
    *names: str,
    required: bool = False,
    money: bool = False,
    dated: bool = False,
) -> FieldSpec:
    return FieldSpec(
        key=key, label=label, what=what, required=required, money=money, dated=dated, names=names or (label,)
    )


_SPEND = (
    _field(
        "date",
        "Date",
        "Invoice or posting date of the line.",
        "Invoice date",
        "Posting date",
        "Date",
        dated=True,
    ),
    _field(
        "supplier", "Supplier", "Who was paid, as printed.", "Supplier", "Vendor name", "Payee", "Merchant"
    ),
    _field(
        "amount",
        "Amount",
        "The booked amount; cost positive.",
        "Amount",
        "Value",
        "Net amount",
        required=True,
        money=True,
    ),
    _field(
        "debit",
        "Debit",
        "Booked amount of a cost, where debit and credit stand apart.",
        "Debit",
        "Paid out",
        money=True,
    ),
    _field("credit", "Credit", "Booked amount of a credit.", "Credit", "Paid in", money=True),
    _field(
        "net",
        "Net amount",
        "The booked amount without recoverable tax.",
        "Net amount",
        "Amount excl. VAT",
        money=True,
    ),
    _field("tax", "Tax amount", "Tax of the line.", "VAT", "Tax amount", money=True),
    _field("gross", "Gross amount", "The amount with tax.", "Gross amount", "Amount incl. VAT", money=True),
    _field("currency", "Currency", "ISO code of the booked amount.", "Currency"),
    _field(
        "original_amount",
        "Original amount",
        "Amount in the invoice's currency, as information.",
        "Original amount",
        money=True,
    ),
    _field("original_currency", "Original currency", "ISO code of the original amount.", "Original currency"),
    _field("description", "Description", "What it was for.", "Description", "Narrative", "Expense type"),
    _field(
        "reference",
        "Reference",
        "Transaction, document or invoice number.",
        "Transaction number",
        "Invoice number",
    ),
    _field("cost_centre", "Cost centre", "Cost centre code or name.", "Cost centre"),
    _field("unit", "Business unit", "Business unit or department.", "Business unit", "Department"),
    _field("gl_account", "GL account", "Account of the general ledger.", "GL account", "Nominal code"),
    _field("purchase_order", "Purchase order", "Order number.", "PO number"),
    _field(
        "period", "Period", "Month the line belongs to, where it has no date.", "Period", "Month", dated=True
    ),
    _field("entity", "Legal entity", "Company that booked the line.", "Company", "Entity"),
    _field(
        "service_from",
        "Service from",
        "First day of what the line pays for (or both days in one cell).",
        "Service start",
        "Service period",
        dated=True,
    ),
    _field(
        "service_until",
        "Service until",
        "Last day of what the line pays for.",
        "Service end",
        dated=True,
    ),
    _field(
        "invoice",
        "Invoice number",
        "The supplier's invoice number, where another reference stands beside it.",
    ),
)
_USAGE = (
    _field(
        "tool",
        "Tool",
        "Tool the person uses (or name it with the tool option).",
        "Tool",
        "Application",
        "Product",
    ),
    _field("user_email", "E-mail", "E-mail address of the person.", "Email", "User principal name"),
    _field("user_id", "User id", "Id of the account, where there is no e-mail.", "User ID", "Username"),
    _field("user_name", "Name", "Name of the person.", "Full name", "Display name"),
    _field("status", "Status", "Active, suspended, deactivated …", "Status", "Active"),
    _field("licence", "Licence", "Kind of licence or product assigned.", "Licence", "Seat type", "User type"),
    _field(
        "assigned",
        "Assigned",
        "Date or yes/no: since when a seat is assigned.",
        "Assigned",
        "Licence assigned date",
        dated=True,
    ),
    _field(
        "last_activity",
        "Last activity",
        "Last sign-in or activity; empty or “never” = none known.",
        "Last activity",
        "Last login",
        dated=True,
    ),
    _field("created", "Created", "Date the account was made.", "Created", "Added to org", dated=True),
    _field(
        "active_count",
        "Active people",
        "Number of active people, in a table of counts.",
        "Active users",
        "MAU",
    ),
    _field("feature", "Feature", "Feature or capability used.", "Feature"),
    _field("used", "Used", "Use of the feature: yes, partly, no, or a number.", "Used"),
    _field("department", "Department", "Department or unit of the person.", "Department", "Org unit path"),
    _field(
        "account_kind",
        "Account kind",
        "person, leaver, shared, service, external, admin or test.",
        "Account type",
    ),
)
_INVENTORY = (
    _field("id", "Id", "Our id, in a file exported from here (round trip).", "Id"),
    _field("tool", "Tool", "Name of the tool.", "Tool", "Application", "Product", required=True),
    _field("vendor", "Vendor", "Who sells it.", "Vendor", "Supplier"),
    _field("category", "Category", "One of the four categories.", "Category"),
    _field("types", "Technology types", "Types, separated by semicolons.", "Technology types", "Type"),
    _field("capabilities", "Capabilities", "Capabilities, separated by semicolons.", "Capabilities"),
    _field("owner", "Business owner", "E-mail of the business owner.", "Owner", "Business owner"),
    _field("budget_holder", "Budget holder", "E-mail of who controls the budget.", "Budget holder"),
    _field("unit", "Business units", "Business units that use it, separated by semicolons.", "Business unit"),
    _field("status", "Status", "proposed, trial, active, sunset or retired.", "Status"),
    _field(
        "licence_metric",
        "Licence metric",
        "named seat, concurrent, site, consumption or flat.",
        "Licence metric",
    ),
    _field("seats", "Seats", "Seats bought.", "Seats", "Licences"),
    _field("yearly_cost", "Yearly cost", "Cost of a year.", "Yearly cost", "Annual cost", money=True),
    _field("currency", "Currency", "ISO code of the yearly cost.", "Currency"),
    _field("site", "Web site", "Product page.", "Website", "URL"),
    _field("description", "Description", "What it is used for.", "Description", "Purpose"),
    _field("start", "In use since", "Day it went live.", "Start date", dated=True),
    _field("renewal", "Renews", "Next renewal.", "Renewal date", dated=True),
    _field("notes", "Notes", "Anything else.", "Notes"),
    _field(
        "seen", "Seen", "What was known at the export, in a file exported from here (round trip).", "Seen"
    ),
)
_CONTRACTS = (
    _field(
        "id", "Our record", "Our contract and line, in a file exported from here (round trip).", "Our record"
    ),
    _field("vendor", "Vendor", "Who the contract is with.", "Vendor", "Supplier"),
    _field("tool", "Tool", "Tool of this line.", "Tool", "Product"),
    _field("reference", "Contract", "Contract number or name.", "Contract number", "Contract"),
    _field("sku", "SKU", "Vendor's article.", "SKU", "Edition"),
    _field(
        "licence_metric",
        "Licence metric",
        "named seat, concurrent, site, consumption or flat.",
        "Licence metric",
    ),
    _field("quantity", "Quantity", "Seats or units of the line.", "Quantity", "Seats"),
    _field("amount", "Amount", "Total of the line per term year.", "Annual value", "Amount", money=True),
    _field(
        "amount_months",
        "Amount covers (months)",
        "Months the amount is for; 12 unless said.",
        "Amount covers (months)",
    ),
    _field("unit_price", "Unit price", "Price of one unit.", "Unit price", money=True),
    _field("currency", "Currency", "ISO code.", "Currency"),
    _field("start", "Start", "First day of the term.", "Start date", dated=True),
    _field("end", "End", "End of the current term.", "End date", "Renewal date", dated=True),
    _field("end_kind", "End means", "last day or renewal date.", "End means"),
    _field("initial_months", "Initial term (months)", "Length of the first term.", "Initial term"),
    _field("renewal_months", "Renewal term (months)", "Length of each renewal.", "Renewal term"),
    _field("auto_renew", "Renews by itself", "yes or no.", "Auto-renew"),
    _field("notice", "Notice", "Notice period as a number.", "Notice period"),
    _field("notice_unit", "Notice in", "days or months.", "Notice unit"),
    _field("delivery_days", "Delivery days", "Business days a notice travels.", "Delivery days"),
    _field(
        "escalator", "Price increase", "Yearly increase: a percentage, CPI + 2, list …", "Escalator", "Uplift"
    ),
    _field("pack_size", "Pack size", "Seats are sold in packs of.", "Pack size"),
    _field("minimum", "Minimum", "Least quantity.", "Minimum"),
    _field("reducible", "Reducible", "May the quantity go down at renewal: yes or no.", "Reducible"),
    _field("terms", "Terms in words", "“36 months, auto-renews annually, 90 days' notice”.", "Terms"),
    _field(
        "billing",
        "Billing",
        "How often it is billed: monthly, quarterly, yearly; in advance or in arrears.",
        "Billing frequency",
    ),
    _field("owner", "Owner", "E-mail of who owns the renewal.", "Owner"),
    _field("unit", "Business unit", "Business unit that pays.", "Business unit"),
    _field("entity", "Legal entity", "Company that signed.", "Entity"),
    _field("notice_served", "Notice served", "Day notice was given.", "Notice served", dated=True),
    _field("notes", "Notes", "Anything else.", "Notes"),
    _field(
        "seen", "Seen", "What was known at the export, in a file exported from here (round trip).", "Seen"
    ),
)
_ORDERS = (
    _field(
        "order_number", "Order number", "Purchase order number.", "PO number", "Order number", required=True
    ),
    _field("line", "Line", "Line of the order.", "Line"),
    _field("date", "Order date", "Day of the order.", "Order date", dated=True),
    _field("supplier", "Supplier", "Who the order goes to.", "Supplier", "Vendor"),
    _field("tool", "Tool", "Tool ordered.", "Tool"),
    _field("description", "Description", "What is ordered.", "Description"),
    _field("amount", "Amount", "Value of the line.", "Amount", "Order value", required=True, money=True),
    _field("invoiced", "Invoiced", "Invoiced so far, as information.", "Invoiced", money=True),
    _field("open", "Open", "Not yet invoiced, as information.", "Open amount", money=True),
    _field("currency", "Currency", "ISO code.", "Currency"),
    _field("status", "Status", "open or closed.", "Status"),
    _field("delivery", "Expected", "Delivery or service start.", "Delivery date", dated=True),
    _field("end", "Service end", "End of the service ordered.", "End date", dated=True),
    _field("cost_centre", "Cost centre", "Cost centre.", "Cost centre"),
    _field("gl_account", "GL account", "Account.", "GL account"),
    _field("unit", "Business unit", "Business unit.", "Business unit"),
    _field("entity", "Legal entity", "Company that ordered.", "Entity"),
    _field("contract", "Contract", "Contract it draws on.", "Contract"),
    _field("requester", "Requester", "Who asked for it.", "Requester"),
)
_PEOPLE = (
    _field("email", "E-mail", "Work e-mail.", "Email", required=True),
    _field("employee_id", "Employee id", "Personnel number.", "Employee ID"),
    _field("name", "Name", "Full name.", "Full name"),
    _field("unit", "Business unit", "Business unit or department.", "Business unit", "Department"),
    _field("title", "Job title", "Job title.", "Job title"),
    _field("manager", "Manager", "E-mail of the manager.", "Manager email"),
    _field("joined", "Joined", "First day.", "Start date", dated=True),
    _field("left", "Left", "Last day; empty while employed.", "Leaving date", dated=True),
    _field("status", "Status", "active, on leave or left.", "Status"),
    _field("cost_centre", "Cost centre", "Cost centre.", "Cost centre"),
    _field("account_kind", "Account kind", "person, external, service …", "Employee type"),
)
_BUDGET = (
    _field("cost_centre", "Cost centre", "Cost centre.", "Cost centre"),
    _field("gl_account", "GL account", "Account.", "GL account"),
    _field("unit", "Business unit", "Business unit.", "Business unit"),
    _field("vendor", "Vendor", "Vendor planned for.", "Vendor"),
    _field("tool", "Tool", "Tool planned for.", "Tool"),
    _field("programme", "Programme", "Programme or campaign.", "Programme"),
    _field("month", "Month", "Month of the amount (or one column per month).", "Month", dated=True),
    _field("amount", "Amount", "Planned amount.", "Amount", "Budget", required=True, money=True),
    _field("currency", "Currency", "ISO code.", "Currency"),
    _field("version", "Version", "Budget, revised budget, forecast …", "Version"),
    _field("fiscal_year", "Fiscal year", "Name of the year, by the year it ends in.", "Fiscal year"),
    _field("description", "Description", "What the line is for.", "Description"),
    _field("owner", "Budget holder", "Who controls it.", "Budget holder"),
)
_BENEFITS = (
    _field("case", "Business case", "Name or number of the case.", "Business case", required=True),
    _field("metric", "Metric", "What is measured.", "Metric"),
    _field("kind", "Kind", "revenue, cash reduction, avoidance or time.", "Kind"),
    _field("month", "Month", "Month of the figure.", "Month", dated=True),
    _field("planned", "Planned", "Promised value.", "Planned", money=True),
    _field("amount", "Realised", "Realised value.", "Realised", "Actual", required=True, money=True),
    _field("hours", "Hours", "Hours saved, for time.", "Hours"),
    _field("currency", "Currency", "ISO code.", "Currency"),
    _field("method", "Method", "experiment, model, attribution or opinion.", "Method"),
    _field("tool", "Tool", "Tool the case is for.", "Tool"),
    _field("source", "Source", "Where the figure comes from.", "Source"),
    _field("notes", "Notes", "Anything else.", "Notes"),
)
_RATES = (
    _field("from", "From", "Currency converted from.", "From", "Currency", required=True),
    _field("to", "To", "Currency converted into.", "To", "Base currency"),
    _field("rate", "Rate", "Units of “to” for one unit of “from”.", "Rate", required=True),
    _field(
        "valid_from",
        "Valid from",
        "First day (or month) the rate holds.",
        "Valid from",
        "Date",
        "Month",
        dated=True,
    ),
    _field("valid_to", "Valid to", "Last day it holds.", "Valid to", dated=True),
    _field("kind", "Kind", "budget, month average, closing or day.", "Rate type"),
)
_CREDITS = (
    _field(
        "tool",
        "Tool",
        "Tool the credits are of (or name it with the tool option).",
        "Tool",
        "Application",
        "Product",
    ),
    _field("date", "Read on", "Day the figures were read.", "Read on", "As of", "Date", dated=True),
    _field("bought", "Bought", "Credits bought so far this term.", "Bought", "Purchased", "Entitlement"),
    _field("used", "Used", "Credits used so far this term.", "Used", "Consumed", "Used to date"),
    _field("expired", "Expired", "Credits expired so far this term.", "Expired", "Forfeited"),
)

#: The fields of each kind, in the order they are shown.
FIELDS: Final[Mapping[Kind, tuple[FieldSpec, ...]]] = MappingProxyType(
    {
        Kind.INVENTORY: _INVENTORY,
        Kind.CONTRACTS: _CONTRACTS,
        Kind.ORDERS: _ORDERS,
        Kind.SPEND: _SPEND,
        Kind.USAGE: _USAGE,
        Kind.PEOPLE: _PEOPLE,
        Kind.BUDGET: _BUDGET,
        Kind.BENEFITS: _BENEFITS,
        Kind.RATES: _RATES,
        Kind.CREDITS: _CREDITS,
    }
)


def labels(kind: Kind) -> dict[str, str]:
    """Field → label of a kind."""
    return {spec.key: spec.label for spec in FIELDS[kind]}
