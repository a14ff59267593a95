"""What the imports of records share: finding what a row names, problems with cells, money, and the row's journal."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mopsaudit.catalogue.products import catalogue, product, products_of_vendor, vendor
from mopsaudit.errors import InvalidError, MopsauditError
from mopsaudit.intake.booking import Entities, Units
from mopsaudit.intake.certificate import SheetCertificate
from mopsaudit.intake.contract import RecordRow
from mopsaudit.intake.journal import Journal, journal, keep_journal
from mopsaudit.intake.keepers import Keepers
from mopsaudit.intake.match import Decision, Matcher
from mopsaudit.intake.matching import Inventory, inventory, matcher_for
from mopsaudit.intake.outcome import Outcome
from mopsaudit.intake.record_codes import NAME_UNKNOWN, ROW_REFUSED, TOOL_PROPOSED
from mopsaudit.intake.work_order import Work
from mopsaudit.inventory.from_catalogue import add_from_catalogue, vendor_from_catalogue
from mopsaudit.inventory.tools import create_tool, find_tool, living_tool
from mopsaudit.inventory.vendors import create_vendor, find_vendor
from mopsaudit.money import UnknownCurrencyError, currency_code, to_minor
from mopsaudit.problems import Problem, ProblemCode
from mopsaudit.store.inventory import Contract, Tool, ToolState, Vendor
from mopsaudit.words import ToolStatus

#: By sheet position: record → the row that wrote it and its cells, for telling what changed.
Touched = dict[int, dict[Any, tuple[int | None, Mapping[str, str]]]]
#: By sheet position and currency: minor units entered, residue, exact sum.
Sums = dict[tuple[int, str], list[Any]]


def _zero() -> list[Any]:
    return [0, Decimal(0), Decimal(0)]


@dataclass(slots=True)
class Desk:
    """One import of records at work: names are looked up once, problems and money gathered by sheet."""

    work: Work
    journal: Journal
    outcome: Outcome = field(default_factory=Outcome)
    _ours: Inventory | None = None
    _matcher: Matcher | None = None
    _tools: dict[tuple[str, int | None], Tool | None] = field(default_factory=dict)
    _keepers: Keepers | None = None
    _sums: Sums = field(default_factory=lambda: defaultdict(_zero))
    _row_sums: Sums = field(default_factory=lambda: defaultdict(_zero))
    _written: list[str] = field(default_factory=list)
    touched: Touched = field(default_factory=lambda: defaultdict(dict))
    _tool_cell: str | None = None
    _units: Units | None = None
    _entities: Entities | None = None

    @property
    def session(self) -> Session:
        """The session of the unit of work."""
        return self.work.session

    @property
    def today(self) -> date:
        """The day the file stands for: the as-of option, else the organisation's today."""
        return self.work.options.as_of or self.work.today

    @property
    def units(self) -> Units:
        """Business units by name."""
        if self._units is None:
            self._units = Units(self.session, self.work.record.unit_id)
        return self._units

    @property
    def entities(self) -> Entities:
        """Legal entities by name."""
        if self._entities is None:
            self._entities = Entities(self.session, self.work.record.entity_id)
        return self._entities

    def problem(
        self, code: ProblemCode, message: str, position: int, cell: str | None, *, rejected: bool = False
    ) -> None:
        """Add a problem of a row."""
        name = self.work.read.reading.sheets[position].decision.name
        self.outcome.problems.append(
            Problem(
                code=code.code,
                severity=code.severity,
                message=message,
                sheet=name,
                cell=cell,
                rejected=rejected,
            )
        )

    def rows(self, handle: Callable[["Desk", int, RecordRow], bool]) -> None:
        """Give every row to ``handle`` (true: something was written, false: known as it stands); a row that breaks a
        rule is taken back by itself and listed with its cell, the others go on.
        """
        for position, row in self.work.read.records():
            first = next(iter(row.cells.values()), None)
            self.journal.at(self.session, position, row.row, first)
            sheet = self.outcome.sheet(position)
            before, said = len(self.journal.entries[position]), len(self.outcome.problems)
            self._tool_cell = row.cells.get("tool") or first
            self._row_sums.clear()
            try:
                with self.session.begin_nested():
                    changed = handle(self, position, row)
                    self.session.flush()
            except MopsauditError as error:
                del self.journal.entries[position][before:]
                del self.outcome.problems[said:]
                self._tools.clear()  # what the row entered went with it
                self._keepers = None
                field_name = getattr(error, "field", None)
                cell = row.cells.get(_FIELD_OF.get(field_name or "", field_name or ""), first)
                self.problem(ROW_REFUSED, f"Row {row.row}: {error}", position, cell, rejected=True)
                sheet.rejected += 1
                continue
            for key, sums in self._row_sums.items():
                for index, value in enumerate(sums):
                    self._sums[key][index] += value
            if changed:
                sheet.imported += 1
                self._written.append(f"{position}:{row.row}:{sorted(row.values.items())!r}")
            else:
                sheet.duplicate += 1

    def money(self, position: int, value: Decimal, currency: str) -> int:
        """Minor units of an amount that enters, counted in the sheet's certificate."""
        minor, residue = to_minor(value, currency)
        sums = self._row_sums[position, currency]
        sums[0] += minor
        sums[1] += residue
        sums[2] += value
        return minor

    def currency(self, row: RecordRow, position: int) -> str:
        """The currency of a row: its column, the sheet's, the base currency.

        Raises:
            InvalidError: when the cell holds no currency code.
        """
        decision = self.work.read.reading.sheets[position].decision
        text = row.values.get("currency") or decision.currency or self.work.settings.base_currency
        try:
            return currency_code(str(text))
        except UnknownCurrencyError as error:
            raise InvalidError(str(error), "currency") from error

    def finish(self) -> Outcome:
        """Certificates and digest; the journal is stored with the sheets."""
        self.session.flush()
        for position, reading in enumerate(self.work.read.reading.sheets):
            if not reading.decision.used:
                continue
            sheet = self.outcome.sheet(position)
            sheet.rejected += reading.lines_rejected
            read = {total.currency: total for total in reading.totals}
            for currency in sorted({*read, *(code for at, code in self._sums if at == position)}):
                minor, residue, data = self._sums[position, currency]
                total = read.get(currency)
                whole = total.data if total is not None else data
                sheet.certificates.append(
                    SheetCertificate(
                        currency=currency,
                        data=whole,
                        imported_minor=minor,
                        rejected=whole - data,
                        rounding=residue,
                        unreadable=total.unreadable if total else 0,
                        sheet_total=total.sheet_total if total else None,
                        foots=total.foots if total else None,
                    )
                )
        keep_journal(self.work.sheets, self.journal)
        self.outcome.digest = sha256("\n".join(self._written).encode("utf-8", "surrogatepass")).hexdigest()
        self.outcome.written = len(self._written)
        return self.outcome

    # --- what a row names

    @property
    def ours(self) -> Inventory:
        """The inventory as it was when the import began."""
        if self._ours is None:
            self._ours = inventory(self.session)
        return self._ours

    @property
    def matcher(self) -> Matcher:
        """Catalogue and inventory by any of their names."""
        if self._matcher is None:
            self._matcher = matcher_for(self.session, self.ours)
        return self._matcher

    def tool(self, name: str, *, vendor_id: int | None = None, propose: bool = False) -> Tool | None:
        """The tool of that name: exact, by another name, or by the matcher when it is sure.

        With ``propose`` a tool the catalogue knows is entered as *proposed*, with a note.
        """
        key = (" ".join(name.split()).casefold(), vendor_id)
        if key not in self._tools or (propose and self._tools[key] is None):
            self._tools[key] = self._find_tool(name, vendor_id, propose=propose)
        return self._tools[key]

    def _find_tool(self, name: str, vendor_id: int | None, *, propose: bool) -> Tool | None:
        found = find_tool(self.session, name, vendor_id) or find_tool(self.session, name)
        if found is not None:
            return living_tool(self.session, found.id)
        match = self.matcher.match(name)
        if match.decision is not Decision.MATCH:
            return self._named_in_catalogue(name) if propose else None
        tool_id = self.ours.tool_id(match.tool_id)
        if tool_id is not None:
            return living_tool(self.session, tool_id)
        if match.tool_id is None:
            only = self._only_tool_of(self.ours.vendor_id(match.vendor_id))
            if only is not None:
                return only
        if not propose or match.vendor_id is None or ":" in match.vendor_id:
            return None
        if match.tool_id is not None:
            return self._added(match.tool_id)
        return self._under_vendor(name, match.vendor_id)

    def _named_in_catalogue(self, name: str) -> Tool | None:
        key = " ".join(name.split()).casefold()
        same = [item for item in catalogue().products if key in (item.name.casefold(), item.id)]
        return self._added(same[0].id) if len(same) == 1 else None

    def _added(self, product_id: str) -> Tool:
        owned = self.session.scalars(
            select(Tool)
            .where(Tool.catalogue_id == product_id, Tool.merged_into_id.is_(None))
            .order_by(Tool.id)
        ).first()
        if owned is not None:
            return owned
        tool = add_from_catalogue(self.session, product_id, on=self.today)
        self._proposed(tool, f"the catalogue's {product(product_id).name}")
        return tool

    def _under_vendor(self, name: str, vendor_id: str) -> Tool | None:
        products = products_of_vendor(vendor_id)
        if not products:
            return None
        seller = vendor_from_catalogue(self.session, vendor_id)
        tool = create_tool(
            self.session,
            name=name,
            category=products[0].category.value,
            on=self.today,
            vendor_id=seller.id,
            site=vendor(vendor_id).site or None,
        )
        self._proposed(tool, f"a product of {seller.name}")
        return tool

    def _proposed(self, tool: Tool, what: str) -> None:
        tool.status = ToolStatus.PROPOSED.value
        for state in self.session.scalars(
            select(ToolState).where(ToolState.tool_id == tool.id).order_by(ToolState.id)
        ):
            state.status = ToolStatus.PROPOSED.value
        self.session.flush()
        self.problem(
            TOOL_PROPOSED,
            f"{tool.name} was not in the inventory; it was entered as proposed, as {what}.",
            self.journal.sheet,
            self._tool_cell or self.journal.cell,
        )

    def _only_tool_of(self, vendor_id: int | None) -> Tool | None:
        if vendor_id is None:
            return None
        tools = self.session.scalars(
            select(Tool)
            .where(Tool.vendor_id == vendor_id, Tool.merged_into_id.is_(None))
            .order_by(Tool.id)
            .limit(2)
        ).all()
        return tools[0] if len(tools) == 1 else None

    def vendor(self, name: str) -> Vendor:
        """The vendor of that name; from the catalogue when it surely knows it, else entered as written."""
        found = find_vendor(self.session, name)
        if found is not None:
            return found
        match = self.matcher.match(name)
        if match.decision is Decision.MATCH and match.vendor_id is not None:
            known = self.ours.vendor_id(match.vendor_id)
            if known is not None:
                return self.session.get_one(Vendor, known)
            if ":" not in match.vendor_id:
                return vendor_from_catalogue(self.session, match.vendor_id)
        return create_vendor(self.session, name=name)

    @property
    def keepers(self) -> Keepers:
        """People by e-mail address or name."""
        if self._keepers is None:
            self._keepers = Keepers(self.session, self.today, self.problem)
        return self._keepers

    def unit_id(self, text: str | None, position: int, cell: str | None) -> int | None:
        """The unit a row names, else the import's; an unknown name is a problem and the row goes on without."""
        if not text:
            return self.work.record.unit_id
        found = self.units.named(text)
        if found is None:
            self.problem(
                NAME_UNKNOWN,
                f"There is no business unit “{text}”; add it in the settings or correct the cell.",
                position,
                cell,
            )
        return found

    def contract(self, reference: str | None) -> Contract | None:
        """The contract of that reference, or None."""
        if not reference:
            return None
        return self.session.scalars(
            select(Contract)
            .where(func.lower(Contract.reference) == reference.lower(), Contract.retired_on.is_(None))
            .order_by(Contract.id)
        ).first()


#: Column of a record an error speaks of → field of the file.
_FIELD_OF = {"name": "tool", "end_on": "end", "amount_months": "amount", "ends_on": "end", "email": "email"}


@contextmanager
def desk(work: Work) -> Iterator[Desk]:
    """A desk with its journal open."""
    with journal(work.session) as kept:
        yield Desk(work, kept)


def listed(text: object) -> list[str]:
    """The parts of a cell that lists several, separated by semicolons or commas."""
    parts = str(text or "").replace(",", ";").split(";")
    return [" ".join(part.split()) for part in parts if part.strip()]


def given(row: RecordRow, names: Mapping[str, str]) -> dict[str, Any]:
    """Values of the fields the file has a column for, by column of the record: an omitted column is untouched."""
    return {column: row.values[name] for name, column in names.items() if name in row.values}
