"""What one field of a record says of another: terms in words, names in two columns, monthly prices, word lists."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from importers import codes, doubt_codes
from importers.account_states import present, said_gone
from importers.amounts import printed_number
from importers.billing import billing_of, price_months
from importers.cast_words import LEFT, METRIC_WORDS, NO_METRIC, STATUS_WORDS, known_word, says_nothing, yes_no
from importers.casts import Report
from importers.currencies import currency_of_text
from importers.price_texts import price_of
from importers.rates import many_units, pair_of, turned, units_in
from importers.terms import notice_of, parse_terms, renewal_of
from importers.texts import fold
from importers.usage_rows import bare_address, full_name
from importers.words import heading_words
from mopsaudit.intake.contract import Kind, ReadOptions, SheetDecision

_SEATS = re.compile(r"\b(?:seats?|users?|nutzer|benutzer|utilisateurs?|usuarios?|utenti)\b", re.IGNORECASE)
#: Headings of a price that is an invoice's, whose span the billing says.
_PER_PERIOD = re.compile(r"\b(?:period|cycle|recurring|instal+ments?|per invoice)\b", re.IGNORECASE)
#: Bills that come once.
_ONCE = re.compile(
    r"\b(?:once|one[ -]?(?:off|time)|single|up ?front|einmalig\w*|unique|une fois|únic[oa]|una (?:vez|tantum)|"
    r"eenmalig\w*|engång\w*|engangs\w*|jednorazow\w*|jednorázov\w*)\b",
    re.IGNORECASE,
)
#: Headings of a year's cost that name no span in a word of :func:`price_months`.
_PER_YEAR = re.compile(r"\b(?:acv|arr|run[\s_-]?rate|jahr\w*|año|anno|jaar|år|ročn\w*|rok)\b", re.IGNORECASE)


def part_named(heading: str, value: Any) -> Any:
    """The name in a cell that packs several facts as its heading says: ``[Name|Address|Ref type]``; else the value."""
    parts = re.search(r"\[([^\]|]+(?:\|[^\]|]*)+)\]", heading)
    if parts is None or not isinstance(value, str):
        return value
    place = next((at for at, part in enumerate(parts.group(1).split("|")) if "name" in part.casefold()), 0)
    packed = [cell.split("|") for cell in re.findall(r"\[([^\]]*)\]", value)]
    names = [cell[place].strip() for cell in packed if place < len(cell) and cell[place].strip()]
    return names[0] if names else value


def span_of_total(values: Mapping[str, Any], cost: Decimal, each: Decimal | None, billed: int) -> int:
    """How many months a cost covers: as ``billed``, unless it is ``each`` seat's price over a year or the term."""
    seats = values.get("seats")
    if each is None or not seats or each * seats == cost:
        return billed
    spans = [12]
    start, end = values.get("start"), values.get("renewal")
    if isinstance(start, date) and isinstance(end, date) and end > start:
        spans.append(max(1, round(((end - start).days + 1) / 30.4375)))
    return next((span for span in spans if each * seats * span == cost * billed), billed)


def _span_by_product(amount: Decimal, each: Decimal, count: Any, covered: int) -> int | None:
    """The months a seat's price is of, where all seats for as long come to the price of ``covered`` months."""
    if not isinstance(count, int | Decimal) or not count or not each:
        return None
    for months in (covered, 12, 1):
        if abs(each * count * covered / months - amount) <= abs(amount) / 1000:
            return months
    return None


class Finish:
    """Finishes the records of one sheet; problems go to ``report(code, message, cell)``."""

    def __init__(self, kind: Kind, decision: SheetDecision, options: ReadOptions, report: Report) -> None:
        self.kind, self.decision, self.options, self.report = kind, decision, options, report
        self.turned = self.there = False

    def record(self, values: dict[str, Any], cells: dict[str, str]) -> dict[str, Any]:
        """What one field says of another: terms in words, first and last names, monthly cost, fixed word lists."""
        match self.kind:
            case Kind.CONTRACTS:
                self._contract(values, cells)
            case Kind.PEOPLE:
                self._person(values, cells)
            case Kind.INVENTORY:
                self._year_of_cost(values, cells)
                self._word(values, cells, "status", STATUS_WORDS)
                self._metric(values, cells)
            case Kind.ORDERS:
                each, count = values.get("_unit_price"), values.get("_quantity")
                if "amount" not in values and isinstance(each, Decimal) and count is not None:
                    values["amount"] = each * count
                    cells["amount"] = cells["_unit_price"]
                status = values.get("status")
                if isinstance(status, str):
                    closed = re.search(
                        r"\b(?:closed|complete[d]?|fully (?:invoiced|billed|received)|finished|"
                        r"cancelled|canceled|yes)\b",
                        status,
                        re.IGNORECASE,
                    )
                    values["status"] = "closed" if closed else "open"
            case Kind.RATES:
                self._rate(values, cells)
            case _:
                pass
        for name in [name for name in values if name.startswith("_")]:
            values.pop(name)
            cells.pop(name, None)
        return values

    def _word(
        self,
        values: dict[str, Any],
        cells: Mapping[str, str],
        name: str,
        table: Mapping[str, tuple[str, ...]],
    ) -> None:
        text = values.get(name)
        if not isinstance(text, str):
            return
        found = known_word(text, table)
        if found is None:
            wanted = ", ".join(word.replace("_", " ") for word in table)
            self.report(codes.VALUE_UNREADABLE, f"“{text[:60]}” is none of {wanted}.", cells.get(name))
        values[name] = found

    def _year_of_cost(self, values: dict[str, Any], cells: dict[str, str]) -> None:
        """A year's cost from a month's, or from the price of a billing period that a cell of the row names.

        A heading that says what span its price covers (*annual cost*) is believed before the billing.
        """
        monthly, billed = values.pop("_monthly_cost", None), values.pop("_billing", None)
        cost = values.get("yearly_cost")
        spoken = price_of(str(values.get("_words_yearly_cost") or ""))
        if spoken is not None and isinstance(cost, Decimal) and (spoken.seat or spoken.months):
            seats = values.get("seats") if spoken.seat else 1
            values["yearly_cost"] = None if seats is None else cost * seats * 12 / (spoken.months or 12)
            if seats is None:
                self.report(
                    codes.VALUE_MISSING,
                    "The price of a seat, and no number of seats.",
                    cells.get("yearly_cost"),
                )
            return
        if isinstance(cost, Decimal) and dict(self.decision.extra).get("covers") == "term":
            start, end = values.get("start"), values.get("renewal")
            if isinstance(start, date) and isinstance(end, date) and end > start:
                values["yearly_cost"] = cost * 12 / max(1, round(((end - start).days + 1) / 30.4375))
            else:
                self._no_term(cells.get("yearly_cost"))
        if cost is None and isinstance(monthly, Decimal):
            values["yearly_cost"] = monthly * 12
            cells["yearly_cost"] = cells.get("_monthly_cost", "")
        elif (
            isinstance(cost, Decimal)
            and isinstance(billed, str)
            and price_months(self._heading("yearly_cost")) is None
            and not _PER_YEAR.search(self._heading("yearly_cost"))
        ):
            months, _ = billing_of(billed, alone=True)
            if months is not None:
                choice = self.decision.column("yearly_cost")
                each = printed_number(values.get("_each"), (choice and choice.decimal_mark) or ".")
                values["yearly_cost"] = cost * 12 / span_of_total(values, cost, each, months)
            elif cost and not says_nothing(billed):
                said = f"“{billed[:60]}” names no rhythm of bills: the cost was read as a year's."
                self.report(codes.SPAN_ASSUMED, said, cells.get("yearly_cost"))

    def _metric(self, values: dict[str, Any], cells: Mapping[str, str]) -> None:
        text = values.get("licence_metric")
        if isinstance(text, str) and fold(text).casefold() in NO_METRIC:
            values["licence_metric"] = None
        self._word(values, cells, "licence_metric", METRIC_WORDS)

    def _contract(self, values: dict[str, Any], cells: dict[str, str]) -> None:
        values["vendor"] = part_named(self._heading("vendor"), values.get("vendor"))
        self._metric(values, cells)
        notice = values.get("notice")
        if isinstance(notice, str):
            found = notice_of(notice)
            if found is None and says_nothing(notice):
                values["notice"] = None
            elif found is None:
                self.report(
                    codes.VALUE_UNREADABLE, f"“{notice[:60]}” is no notice period.", cells.get("notice")
                )
                values["notice"] = None
            else:
                values["notice"] = found[0]
                unit = found[1] or self._notice_unit(values)
                values["notice_unit"] = unit
                cells.setdefault("notice_unit", cells["notice"])
        unit_text = values.get("notice_unit")
        if isinstance(unit_text, str) and unit_text not in ("days", "months"):
            values["notice_unit"] = (
                "months"
                if unit_text.casefold().startswith(("m", "mo"))
                else "days"
                if unit_text.casefold().startswith(("d", "t", "j"))
                else None
            )
        self._billing(values, cells)
        self._said_in_words(values, cells)
        if (
            values.get("quantity")
            and values.get("licence_metric") is None
            and _SEATS.search(self._heading("quantity").replace("_", " "))
        ):
            # The column counts seats, whatever the product is sold by elsewhere.
            values["licence_metric"] = "named_seat"
            cells.setdefault("licence_metric", cells["quantity"])
        self._span_of_price(values, cells)
        renewal_text = self._heading("end")
        kind = values.get("end_kind")
        if isinstance(kind, str):
            values["end_kind"] = (
                "renewal_date"
                if "renew" in kind.casefold()
                else "last_day"
                if re.search(r"last|expir|end", kind, re.IGNORECASE)
                else None
            )
        elif "end" in values:
            if re.search(
                r"renew|verläng|renouvel|renov|rinnov|verleng|förny|forny|odnow", renewal_text, re.IGNORECASE
            ):
                values["end_kind"] = "renewal_date"
            elif re.search(r"last day|expir|valid (?:to|until)|until", renewal_text, re.IGNORECASE):
                values["end_kind"] = "last_day"
        served = values.pop("_notice_by", None)
        if served is not None and isinstance(served, date):
            values["notice_by"] = served

    def _said_in_words(self, values: dict[str, Any], cells: dict[str, str]) -> None:
        """What the columns of terms say beside the number each is read as; the first to say something is believed."""
        for source, read in (
            ("terms", parse_terms),
            ("_words_initial_months", parse_terms),
            ("_words_auto_renew", renewal_of),
            ("_words_renewal_months", renewal_of),
        ):
            text = values.get(source)
            if not isinstance(text, str):
                continue
            said = dict(read(text))
            if source == "_words_renewal_months" and (flag := yes_no(text)) is not None:
                said.setdefault("auto_renew", flag)
            for name, value in said.items():
                if values.get(name) is None:
                    values[name] = value
                    cells.setdefault(name, cells[source])

    def _heading(self, name: str) -> str:
        choice = self.decision.column(name)
        return choice.header if choice is not None else ""

    def _notice_unit(self, values: Mapping[str, Any]) -> str:
        said = values.get("notice_unit")
        if isinstance(said, str) and said:
            return "months" if said.casefold().startswith("m") else "days"
        heading = self._heading("notice").casefold()
        told = dict(self.decision.extra).get("term_units", {}).get("notice")
        return told or (
            "months"
            if re.search(r"month|mth|monat|mois|mes[ei]|maand|mån|mån|mies|měs|kk|月", heading)
            else "days"
        )

    def _person(self, values: dict[str, Any], cells: dict[str, str]) -> None:
        username = values.pop("_username", None)
        if isinstance(username, str) and not values.get("email"):
            values["email"], cells["email"] = username, cells.get("_username", "")
        first, last, name = values.pop("_first", None), values.pop("_last", None), values.get("name")
        if isinstance(name, str) and first and last:  # a whole name of its own, or what somebody is called
            whole = full_name(name, first, last)
            first, name, last = (None, name, None) if whole else (first, None, last)
        elif isinstance(
            name, str
        ):  # *Nom* beside *Prénom* is half a name, and so is *Nombre* beside *Apellidos*
            known = fold(name).casefold()
            first = None if first and fold(first).casefold() in known else first
            last = None if last and fold(last).casefold() in known else last
        if first or last:
            values["name"] = " ".join(part for part in (first, name, last) if part)
            cells["name"] = cells.get("name") or cells.get("_first") or cells.get("_last") or ""
        self._left(values, cells)
        if isinstance(values.get("email"), str):
            values["email"] = bare_address(values["email"].casefold())
            if "@" not in values["email"]:
                self.report(
                    codes.VALUE_UNREADABLE,
                    f"“{values['email'][:60]}” is no e-mail address.",
                    cells.get("email"),
                )
                values["email"] = None

    def _left(self, values: dict[str, Any], cells: Mapping[str, str]) -> None:
        """Who was hired again after leaving is there; who is not *active* or *employed*, or has resigned, is not."""
        rehired, left, status = values.pop("_rehired", None), values.get("left"), values.get("status")
        again = rehired if isinstance(rehired, date) else values.get("joined")
        if isinstance(again, date) and isinstance(left, date) and left < again:
            values["left"] = None  # who was hired after leaving is there
        if not isinstance(status, str):
            return
        said, read = heading_words(self._heading("status")), self.options.as_of
        left = values.get("left")
        if (
            isinstance(left, date)
            and read is not None
            and left <= read
            and present(status)
            and not self.there
        ):
            self.there = True
            self.report(
                doubt_codes.THERE_AGAIN,
                f"“{fold(status)[:40]}” beside a leaving day of {left}: read as left on that day, like every such row.",
                cells.get("left"),
            )
        if {"active", "employed", "current"}.intersection(said) and yes_no(status) is False:
            values["status"] = "inactive"
        elif LEFT.fullmatch(fold(status)) or said_gone(status, self.decision):
            values["status"] = f"left ({fold(status)[:40]})"

    def _rate(self, values: dict[str, Any], cells: dict[str, str]) -> None:
        """Both currencies of a rate and what one unit of the first is in the second, ours where it can be."""
        base, extra = self.options.base_currency, dict(self.decision.extra)
        name, into, side = values.get("from"), values.get("to"), values.pop("_of_one", None)
        of_one = bool(extra.get("of_one") if side is None else side)
        units = units_in(values.pop("_units", None), self._heading("_units"))
        if isinstance(name, str):
            pair = pair_of(name)
            if pair is not None:
                values["from"], into, of_one = pair[0], into or pair[1], False
            else:
                many, name = many_units(name)
                units = max(units, many)
                values["from"] = currency_of_text(name, base)
        if into is None:
            values["to"] = extra.get("into") or base
        else:
            values["to"] = currency_of_text(into, base) if isinstance(into, str) else into
        source, rate = values.get("from"), values.get("rate")
        if values.get("valid_from") is None and "day" in extra:
            values["valid_from"] = date.fromisoformat(extra["day"])
        if not isinstance(rate, Decimal) or rate <= 0:
            return
        rate = values["rate"] = rate / units
        if (
            source == base != values["to"]
        ):  # rates are kept into our own currency, where they convert something
            values["from"], values["to"], of_one = values["to"], base, not of_one
            cells["from"], cells["to"] = cells.get("to", cells["from"]), cells["from"]
        if of_one:
            values["rate"] = turned(rate)
            if not self.turned and values["from"] != values["to"]:
                self.turned = True
                self.report(
                    codes.RATE_TURNED,
                    f"One {values['to']} is {rate:f} {values['from']}: kept turned round, as what one "
                    f"{values['from']} is in {values['to']}, like every rate of this kind below.",
                    cells.get("rate"),
                )

    def _billing(self, values: dict[str, Any], cells: dict[str, str]) -> None:
        """``billing_months`` and ``payment_terms`` from a billing cell, else from the terms in words."""
        for name, alone in (("billing", True), ("terms", False)):
            said = values.get(name)
            if not isinstance(said, str):
                continue
            months, side = billing_of(said, alone=alone)
            if months is not None:
                values.setdefault("billing_months", months)
                cells.setdefault("billing_months", cells[name])
            if (months is not None or side is not None) and alone:
                values.setdefault("payment_terms", said[:200])
            elif side is not None:
                values.setdefault("payment_terms", f"in {side}")
            if months is None and side is None and alone:
                values.setdefault("payment_terms", said[:200])
        values.pop("billing", None)

    def _span_of_price(self, values: dict[str, Any], cells: Mapping[str, str]) -> None:
        """``amount_months``: what span the line's price covers, where its heading says so and it is not a year."""
        name = "amount" if isinstance(values.get("amount"), Decimal) else "unit_price"
        if values.get(name) is None:
            return
        told = dict(self.decision.extra).get("covers")
        months = "term" if told == "term" else price_months(self._heading(name))
        spoken = price_of(str(values.get(f"_words_{name}") or ""))
        if spoken is not None and spoken.seat and name == "amount" and values.get("unit_price") is None:
            values["unit_price"], values["amount"] = values["amount"], None
        if spoken is not None and spoken.months is not None:
            months = spoken.months
        elif told == "month":
            months = 1
        elif told == "billing":
            months = values.get("billing_months")
            if months is None and _ONCE.search(values.get("payment_terms") or ""):
                months = "term"
            elif months is None:
                self.report(
                    codes.VALUE_MISSING,
                    "No bill of this price is named; it was read as a year's.",
                    cells.get(name),
                )
        if months == "term":
            months = values.get("initial_months")
            if (
                months is None
                and isinstance(values.get("start"), date)
                and isinstance(values.get("end"), date)
            ):
                start, end = values["start"], values["end"]
                days = (end - start).days + 1
                months = max(1, round(days / 30.4375))
            if months is None:
                self._no_term(cells.get(name))
        if months is None and _PER_PERIOD.search(self._heading(name).replace("_", " ")):
            months = values.get("billing_months")
        if isinstance(months, int) and months != 12:
            values["amount_months"] = months
        each, unit = values.get("unit_price"), price_months(self._heading("unit_price"))
        covered = months or 12
        if (
            not isinstance(values.get("amount"), Decimal)
            or not isinstance(each, Decimal)
            or not isinstance(covered, int)
        ):
            return
        if unit is None and covered != 12:
            unit = _span_by_product(values["amount"], each, values.get("quantity"), covered)
        if isinstance(unit, int) and unit != covered:
            values["unit_price"] = each * covered / unit  # of the span the amount covers, whatever its own

    def _no_term(self, cell: str | None) -> None:
        self.report(
            codes.VALUE_MISSING,
            "The price is for the whole term, and no column says how long that is; it was read as a year's.",
            cell,
        )
