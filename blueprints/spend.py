"""What the spend says, from one ledger file on: likely tools, run rate, rhythm, price changes, duplicate payments."""

from dataclasses import dataclass
from typing import Final

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy.orm import Session

from blueprints import exports, filters, links, permissions, shell, tables
from blueprints.navigation import Entry, Group
from blueprints.reports import Figure
from mopsaudit.facts.reading import answer
from mopsaudit.facts.spending import SpendFacts
from mopsaudit.facts.supplier_spend import SPENT, holdings, payments, spend_facts
from mopsaudit.intake.pairs import duplicate_payments
from mopsaudit.periods import month_of, month_start
from mopsaudit.reporting import Amount, LineFilter, Row
from mopsaudit.reports.dashboard import Dashboard
from mopsaudit.scope import Scope
from mopsaudit.spending import Duplicate, Held, SpendSaid, say
from mopsaudit.spending.answers import span
from mopsaudit.spending.tables import (
    COLUMNS,
    DUPLICATE_COLUMNS,
    duplicate_rows,
    perhaps_rows,
    supplier_rows,
)
from mopsaudit.store.session import reading

blueprint = Blueprint("spend", __name__)
navigation = (Entry("spend.index", "What the spend says", Group.MONEY, 5),)

_TWICE: Final = "twice."
_PERHAPS: Final = "perhaps."
#: Suppliers or lines an address can name.
_IN_ADDRESS: Final = 200


def kept_facts(session: Session, scope: Scope) -> tuple[SpendFacts, tuple[Duplicate, ...]]:
    """The ledger's facts and likely duplicates, kept while nothing changes that they were made from."""
    return answer(
        session,
        ("spend", scope),
        lambda: (spend_facts(session, scope), _kept_duplicates(session, scope)),
        alone=True,
    )


def _kept_duplicates(session: Session, scope: Scope) -> tuple[Duplicate, ...]:
    """Pairs among all lines: kept apart, so that a change of anything else does not look for them again."""
    return answer(session, ("duplicates", scope), lambda: _duplicates(session, scope))


def gather(session: Session, scope: Scope, *, held: Held, tie: str = "") -> SpendSaid:
    """What the spend of a scope says; one snapshot. Kept as its facts are."""

    def work() -> SpendSaid:
        facts, twice = kept_facts(session, scope)
        return say(facts, twice, held=held, tie=tie, as_of=scope.as_of)

    return answer(session, ("spend-said", scope, held, tie), work)


def _duplicates(session: Session, scope: Scope) -> tuple[Duplicate, ...]:
    """Likely duplicate payments with their days and base amounts, the largest first."""
    found = duplicate_payments(session, scope)
    lines = payments(session, sorted({line for each in found for line in each.lines}))
    made = []
    for each in found:
        paid = [(line, lines[line]) for line in each.lines if line in lines]
        dated = sorted((one.day, line, one) for line, one in paid if one.day and one.day <= scope.as_of)
        if not dated:
            continue
        too_many = each.minor // dated[0][2].minor - (len(paid) - len(dated))
        if too_many <= 0:
            continue
        extra = [one.base_minor for _, _, one in dated[-too_many:]]
        made.append(
            Duplicate(
                supplier_id=each.party,
                supplier=dated[0][2].supplier,
                reference=each.reference,
                days=tuple(sorted({day for day, _, _ in dated})),
                currency=each.currency,
                minor=dated[0][2].minor * too_many,
                base_minor=None if None in extra else sum(one or 0 for one in extra),
                lines=tuple(line for _, line, _ in dated),
                extra=tuple((month_of(day), one.minor) for day, _, one in dated[-too_many:]),
            )
        )
    return tuple(made)


def held(session: Session, scope: Scope) -> Held:
    """What else is there, for naming the next file."""
    return Held(**holdings(session, scope))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One of the five questions with its answer and where it leads."""

    asks: str
    answer: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class First:
    """The dashboard's block before there are contracts: the spend's answer, figures, five answers, the next file."""

    answer: str
    trust: str
    basis: str
    figures: tuple[Figure, ...]
    questions: tuple[Asked, ...]
    next_file: str
    ended: str | None
    href: str


def first_answers(session: Session, scope: Scope, board: Dashboard) -> First | None:
    """The block, where there is spend and no contract yet; an answer a report gives already stands instead."""
    there = held(session, scope)
    if there.contracts:
        return None
    by_key = {each.key: each for each in board.questions}
    said = gather(session, scope, held=there, tie=by_key["tie"].answer)
    if said.empty:
        return None
    answered = {
        "tie": True,
        "decide": by_key["decide"].amount is not None,
        "land": there.budget,
        "take_out": bool(board.joined.stakes),
        "position": by_key["position"].amount is not None,
    }
    questions = []
    for each in said.answers:
        own = by_key[each.key]
        if answered[each.key]:
            questions.append(
                Asked(asks=own.asks, answer=own.answer, href=url_for("reports.show", slug=own.opens))
            )
        else:
            questions.append(Asked(asks=each.asks, answer=each.answer, href=url_for("spend.index")))
    return First(
        answer=said.answer,
        trust=_trust(said, scope),
        basis=said.basis,
        figures=figures(said),
        questions=tuple(questions),
        next_file=said.next_file.sentence if said.next_file else "",
        ended=_ended(said, scope, "shell.dashboard"),
        href=url_for("spend.index"),
    )


def _trust(said: SpendSaid, scope: Scope) -> str:
    left = said.facts.out_of_scope.lines
    outside = f" · {filters.count(left)} line{'' if left == 1 else 's'} out of scope" if left else ""
    return f"{said.coverage}{outside} · {scope.unit_label or 'whole company'} · {scope.currency}"


@blueprint.get("/spend")
def index() -> ResponseReturnValue:
    """Likely marketing suppliers and likely duplicate payments, each with its lines; tables can be exported."""
    scope = shell.scope()
    every = request.args.get("every") == "1"
    with reading() as session:
        said = gather(session, scope, held=held(session, scope))
    found = tables.of_rows(
        COLUMNS,
        supplier_rows(said),
        name="suppliers",
        noun="supplier",
        caption="Likely marketing suppliers",
        empty="No supplier of the ledger is marketing that the catalogue knows.",
        row_actions=_lines_link,
    )
    perhaps = tables.of_rows(
        COLUMNS,
        perhaps_rows(said),
        name="perhaps",
        prefix=_PERHAPS,
        noun="supplier",
        caption="Suppliers that may be marketing",
        empty="No other supplier sounds like marketing.",
        row_actions=_lines_link,
    )
    twice = tables.of_rows(
        DUPLICATE_COLUMNS,
        duplicate_rows(said, every=every),
        name="duplicates",
        prefix=_TWICE,
        noun="invoice",
        caption="Likely duplicate payments",
        empty="No invoice looks paid twice.",
        row_actions=_lines_link,
    )
    for each in (perhaps, twice):
        if each.asked.export:
            return exports.export(each)
    return tables.page(
        found,
        "spend/index.html",
        said=said,
        perhaps=perhaps,
        twice=twice,
        every=every,
        figures=figures(said),
        trust=_trust(said, scope),
        scope=scope,
        ended=_ended(said, scope, "spend.index"),
        upload_url=upload_url(),
    )


def upload_url() -> str | None:
    """Where files are uploaded, for those who may."""
    return url_for("imports.index") if permissions.may(permissions.Action.UPLOAD) else None


def _ended(said: SpendSaid, scope: Scope, endpoint: str) -> str | None:
    """The address of a page as of the day the ledger ends, where that is months before the day asked about."""
    months = said.facts.held
    if not months or month_of(scope.as_of) - months[-1] <= 2:
        return None
    return url_for(endpoint, as_of=month_start(months[-1] + 1).isoformat())


def _lines_link(row: Row) -> str:
    """The row's way down to its lines."""
    wanted = row.detail.get("lines")
    href = links.lines_url(wanted) if isinstance(wanted, LineFilter) else None
    if href is None:
        return ""
    name = filters.plain(row.values.get("supplier"))
    return Markup(
        '<a class="btn btn-quiet btn-sm" href="{}">Lines<span class="visually-hidden"> of {}</span></a>'
    ).format(href, name)


def _way_down(wanted: LineFilter | None) -> str | None:
    """The lines of a figure; of very many suppliers or lines the table, whose rows lead to theirs."""
    if wanted is None:
        return None
    if len(wanted.supplier_ids) > _IN_ADDRESS or len(wanted.line_ids) > _IN_ADDRESS:
        return "#duplicates" if wanted.line_ids else "#suppliers"
    return links.lines_url(wanted)


def figures(said: SpendSaid) -> tuple[Figure, ...]:
    """At most four figures, each a link to the lines it sums."""

    def lines(amount: Amount) -> str | None:
        return _way_down(amount.trace.lines if amount.trace else None)

    tools = [each for each in said.judged if each.is_tool]
    renewing = [each for each in said.soon if each.cost.minor]
    renewals = Amount(currency=said.facts.currency, minor=sum(each.cost.minor or 0 for each in renewing))
    return (
        Figure(
            label=f"Likely tools, {span(said.facts)}",
            text=filters.short(said.tools),
            what=f"{filters.count(len(tools))} supplier{'' if len(tools) == 1 else 's'}",
            tone="plain",
            href=lines(said.tools),
        ),
        Figure(
            label="Other known marketing",
            text=filters.short(said.others),
            what="media, agencies, vendors that sell both",
            tone="plain",
            href=lines(said.others),
        ),
        Figure(
            label="Likely paid twice",
            text=filters.short(said.twice),
            what=f"{filters.count(len(said.duplicates))} invoice{'' if len(said.duplicates) == 1 else 's'}",
            tone="warn" if said.duplicates else "plain",
            href=lines(said.twice) or "#duplicates",
        ),
        Figure(
            label="Likely to renew in three months",
            text=filters.short(renewals),
            what=f"{filters.count(len(said.soon))} supplier{'' if len(said.soon) == 1 else 's'}, grade D",
            tone="plain",
            href=_way_down(
                LineFilter(
                    supplier_ids=tuple(each.facts.id for each in renewing),
                    spend_types=SPENT,
                    month_from=said.facts.window[0],
                    month_until=said.facts.window[1],
                )
            )
            if renewing
            else None,
        ),
    )
