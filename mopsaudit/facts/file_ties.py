"""Whether a spend file ties: the typed ledger balances of the months whose lines entered with it."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.facts.reading import fetch, once
from mopsaudit.facts.tie_out import Balance, tie_out
from mopsaudit.facts.wording import money
from mopsaudit.facts.wording import month as month_name
from mopsaudit.money import amount_text
from mopsaudit.scope import Scope
from mopsaudit.store.models import LedgerBalance, SpendLine

TIES, DIFFERS, SIGNED, NOT_COMPARED = "ties", "does not tie", "signed off", "not compared"

#: Ledger, month index, currency.
Month = tuple[int, int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTie:
    """How a file stands beside what a person typed of its ledger.

    ``months`` are the ledger's months (with currency) of the lines that entered with the file, ``compared`` those of
    which a balance was typed. ``differs`` are the balances that differ: with an open difference under *does not tie*,
    signed for under *signed off*. A difference is the ledger's figure less our lines, minor units of its currency.
    """

    months: tuple[Month, ...]
    compared: tuple[Month, ...] = ()
    differs: tuple[Balance, ...] = ()

    @property
    def state(self) -> str:
        """``ties``, ``does not tie``, ``signed off`` or ``not compared``; an open difference outweighs a signed one."""
        if not self.compared:
            return NOT_COMPARED
        if any(each.open for each in self.differs):
            return DIFFERS
        return SIGNED if self.differs else TIES

    @property
    def differences(self) -> tuple[tuple[str, int], ...]:
        """What the balances differ by, summed by currency."""
        sums: dict[str, int] = defaultdict(int)
        for each in self.differs:
            if each.open or self.state == SIGNED:
                sums[each.currency] += each.difference or 0
        return tuple(sorted(sums.items()))

    @property
    def words(self) -> str:
        """The state for a list: with the difference, and how many of the months were compared where not all were."""
        text = self.state
        if self.differences:
            text += ", " + ", ".join(
                f"{'+' if minor > 0 else ''}{money(minor, code, exact=True)}"
                for code, minor in self.differences
            )
        if self.compared and len(self.compared) < len(self.months):
            text += f"; {len(self.compared)} of {len(self.months)} months"
        return text

    @property
    def sentence(self) -> str:
        """The state for the file's own page."""
        if not self.months:
            return "No dated line entered with this file, so there is no month to compare with the ledger."
        if not self.compared:
            return f"Not compared with the ledger: nobody typed its balance for {_listed(self.months)}."
        if self.differs:
            parts = [
                f"{month_name(each.month)}{' account ' + each.gl_account if each.gl_account else ''}: the ledger says "
                f"{money(abs(each.difference or 0), each.currency, exact=True)} "
                f"{'more' if (each.difference or 0) > 0 else 'less'} than our lines"
                f"{'' if each.open else f' (signed off by {each.signed_by})'}"
                for each in self.differs
            ]
            verb = (
                "Does not tie to the ledger"
                if self.state == DIFFERS
                else "Differs from the ledger, signed off"
            )
            text = f"{verb}. {'; '.join(parts)}."
        else:
            text = f"Ties to the ledger: its balance for {_listed(self.compared)} equals our lines."
        missing = tuple(month for month in self.months if month not in self.compared)
        return f"{text} Not compared: {_listed(missing)}." if missing else text

    def to_json(self) -> dict[str, object]:
        """For scripts: amounts as decimal strings and as minor units."""
        return {
            "state": self.state,
            "months": len(self.months),
            "compared": len(self.compared),
            "differences": [
                {"currency": code, "amount": amount_text(minor, code), "amount_minor": minor}
                for code, minor in self.differences
            ],
        }


_MOST: Final = 4


def _listed(months: tuple[Month, ...]) -> str:
    """Months in words; the currency stands with them where there are several."""
    several = len({code for _, _, code in months}) > 1
    words = [month_name(month) + (f" in {code}" if several else "") for _, month, code in months]
    if len(words) > _MOST:
        words = [*words[: _MOST - 1], f"{len(words) - _MOST + 1} more months"]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def file_ties(session: Session, scope: Scope) -> dict[int, FileTie]:
    """Import → how it ties, for imports of ledgers of which a balance was typed; others are *not compared*.

    A ledger is the whole company's: a scope that is not whole has none.
    """
    if not scope.whole:
        return {}
    sources = [source for (source,) in fetch(session, select(LedgerBalance.source_id).distinct())]
    if not sources:
        return {}
    typed: dict[Month, list[Balance]] = defaultdict(list)
    for each in tie_out(session, scope):
        if each.minor is not None:
            typed[each.source_id, each.month, each.currency].append(each)
    return {
        import_id: _tie(months, typed)
        for import_id, months in _months(session, tuple(sorted(sources))).items()
    }


def file_tie(session: Session, scope: Scope, import_id: int) -> FileTie | None:
    """How one spend file ties; None where the scope is not the whole company."""
    if not scope.whole:
        return None
    known = file_ties(session, scope).get(import_id)
    if known is not None:
        return known
    rows = fetch(
        session,
        select(SpendLine.source_id, SpendLine.month, SpendLine.currency)
        .where(SpendLine.first_import_id == import_id, SpendLine.living, SpendLine.month.is_not(None))
        .distinct(),
    )
    return FileTie(months=tuple(sorted((source, month, code) for source, month, code in rows if month)))


def _tie(months: tuple[Month, ...], typed: dict[Month, list[Balance]]) -> FileTie:
    return FileTie(
        months=months,
        compared=tuple(month for month in months if month in typed),
        differs=tuple(each for month in months for each in typed.get(month, ()) if each.difference),
    )


@once
def _months(session: Session, sources: tuple[int, ...]) -> dict[int, tuple[Month, ...]]:
    """Import → the months of the lines that entered with it, for some ledgers."""
    found: dict[int, list[Month]] = defaultdict(list)
    rows = fetch(
        session,
        select(SpendLine.first_import_id, SpendLine.source_id, SpendLine.month, SpendLine.currency)
        .where(SpendLine.source_id.in_(sources), SpendLine.living, SpendLine.month.is_not(None))
        .distinct(),
    )
    for import_id, source_id, month, currency in rows:
        if month is not None:
            found[import_id].append((source_id, month, currency))
    return {import_id: tuple(sorted(months)) for import_id, months in found.items()}
