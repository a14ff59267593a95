"""What every kind of record but spend needs: the fields a sheet must have, a row must fill, and where its money is."""

from collections.abc import Mapping

from importers.fields import FIELDS
from mopsaudit.intake.contract import Kind

#: A row is a record when one of these is filled (all of the inner ones).
NAMED: Mapping[Kind, tuple[tuple[str, ...], ...]] = {
    Kind.INVENTORY: (("tool",),),
    Kind.CONTRACTS: (("vendor",), ("tool",), ("reference",)),
    Kind.ORDERS: (("order_number",), ("supplier", "amount")),
    Kind.PEOPLE: (("email",), ("employee_id",), ("name",)),
    Kind.USAGE: (("user_email",), ("user_id",), ("user_name",), ("active_count",), ("feature",)),
    Kind.BUDGET: (("amount",),),
    Kind.BENEFITS: (("case", "amount"), ("metric", "amount"), ("case", "hours")),
    Kind.RATES: (("from", "rate"),),
    Kind.CREDITS: (("bought",), ("used",), ("expired",)),
}
#: What a sheet must have to be of the kind: one of these sets of fields.
NEEDS: Mapping[Kind, tuple[tuple[str, ...], ...]] = {
    Kind.INVENTORY: (("tool",),),
    Kind.CONTRACTS: (
        ("vendor", "end"),
        ("vendor", "start"),
        ("vendor", "terms"),
        ("vendor", "notice"),
        ("tool", "end"),
        ("tool", "start"),
        ("vendor", "amount"),
        ("vendor", "reference"),
        ("vendor", "initial_months"),
        ("tool", "notice"),
        ("vendor", "auto_renew"),
    ),
    Kind.ORDERS: (("order_number", "amount"),),
    Kind.PEOPLE: (("email",), ("employee_id", "name")),
    Kind.USAGE: (
        ("user_email",),
        ("user_id",),
        ("user_name", "last_activity"),
        ("tool", "active_count"),
        ("active_count",),
        ("feature", "used"),
    ),
    Kind.BUDGET: (("amount",),),
    Kind.BENEFITS: (("case", "amount"), ("case", "hours"), ("metric", "amount")),
    Kind.RATES: (("from", "rate"),),
    Kind.CREDITS: (("date", "used"), ("date", "bought"), ("tool", "used"), ("bought", "used")),
}
MONEY_FIELD = {
    Kind.INVENTORY: "yearly_cost",
    Kind.CONTRACTS: "amount",
    Kind.ORDERS: "amount",
    Kind.BUDGET: "amount",
    Kind.BENEFITS: "amount",
}
#: Columns of money beside a kind's own, whose currency is the sheet's where that one is not there.
PRICES = ("unit_price", "_monthly_cost", "_unit_price")
ACROSS = (Kind.BUDGET, Kind.BENEFITS, Kind.USAGE, Kind.RATES)
#: The field the cells below month columns are of, where it is no amount of money.
CROSSED = {Kind.USAGE: "active_count", Kind.RATES: "rate"}
#: Columns that are no field of their own but help to make one.
HELPERS = (
    "_first_name",
    "_last_name",
    "_first",
    "_last",
    "_monthly_cost",
    "_deleted",
    "_notice_by",
    "_from",
    "_until",
    "_every",
    "_month",
    "_assigned_count",
    "_username",
    "_inverse",
    "_units",
    "_billing",
    "_quantity",
    "_unit_price",
    "_role",
    "_rehired",
    "_each",
    "_control",
    "_employment",
)


def label(kind: Kind, name: str) -> str:
    """What a field is called on the page, in lower case."""
    return next((spec.label.lower() for spec in FIELDS[kind] if spec.key == name), name)
