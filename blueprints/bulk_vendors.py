"""Changing many vendors at once: the company they belong to, and their country."""

from typing import ClassVar

from sqlalchemy.orm import Session

from blueprints import bulk_changes, choices, tables
from blueprints.bulk_changes import MOST, ChangeForm
from blueprints.vendors import COLUMNS, vendor_row
from mopsaudit.inventory import vendors
from mopsaudit.inventory.bulk import Kind
from mopsaudit.inventory.bulk_records import VENDORS, VendorField


class CountryForm(bulk_changes.TextForm):
    """A country's two letters."""

    @property
    def chosen(self) -> str | None:
        """In capitals; None when empty."""
        found = super().chosen
        return found.upper() if found else None


class ManyVendors(bulk_changes.Many):
    """Vendors, which the whole company shares."""

    kind: ClassVar[Kind] = VENDORS
    noun = "vendor"
    index = "vendors.index"
    path = "/vendors"
    name = "bulk_vendors"
    words = {VendorField.PARENT: "Parent company", VendorField.COUNTRY: "Country"}

    def form(self, field: object, session: Session) -> ChangeForm:
        """Another vendor, or two letters."""
        if field is VendorField.COUNTRY:
            country = CountryForm()
            country["value"].label.text = "Two letters, like GB; empty: not known"
            return country
        parent = bulk_changes.RecordForm()
        parent.value.choices = [("", "no other vendor"), *choices.vendors(session)[1:]]
        return parent

    def known(self, session: Session) -> list[int]:
        """Living vendors by name."""
        return [row.id for row in vendors.list_vendors(session)]

    def listed(self, session: Session) -> tables.Table:
        """The list of vendors."""
        rows = [vendor_row(each) for each in vendors.list_vendors(session)]
        return tables.of_rows(COLUMNS, rows, name="vendors", size=MOST + 1)


blueprint = bulk_changes.pages(ManyVendors())
