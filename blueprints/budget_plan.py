"""The plan of a budget as a table: its lines, the year and months of each, and what may be done with a draft's line."""

from collections.abc import Callable

from flask import render_template
from markupsafe import Markup

from blueprints import permissions
from blueprints.forms import VersionedForm
from mopsaudit.governance.plans import Plan, PlanLine
from mopsaudit.periods import month_start
from mopsaudit.reporting import Amount, Column, Row, ValueKind


def month_label(month: int) -> str:
    """``Jan 2026``."""
    return month_start(month).strftime("%b %Y")


def month_key(month: int) -> str:
    """The key of a month's column."""
    return f"m{month}"


def plan_columns(months: tuple[int, ...]) -> tuple[Column, ...]:
    """Columns of a plan: what the line is, its year, then each month."""
    return (
        Column(key="line", label="Line", primary=True),
        Column(key="unit", label="Unit", wide=True),
        Column(key="year", label="Year", kind=ValueKind.MONEY, summed=True),
        *(
            Column(key=month_key(month), label=month_label(month)[:3], kind=ValueKind.MONEY, summed=True)
            for month in months
        ),
        Column(key="holder", label="Budget holder", wide=True),
        Column(key="cost_centre", label="Cost centre", wide=True),
        Column(key="account", label="Account", wide=True),
    )


def plan_row(each: PlanLine, months: tuple[int, ...]) -> Row:
    """A line of the plan: money in minor units of the line's own currency, transfers included."""
    currency = each.line.currency
    return Row(
        id=str(each.line.id),
        values={
            "line": each.label,
            "unit": each.unit or "whole company",
            "year": Amount(currency=currency, minor=each.total),
            **{
                month_key(month): Amount(
                    currency=currency, minor=each.amounts.get(month), why="nobody entered an amount"
                )
                for month in months
            },
            "holder": each.holder,
            "cost_centre": each.line.cost_centre,
            "account": each.line.gl_account,
        },
    )


def plan_actions(plan: Plan, form: VersionedForm) -> Callable[[Row], str] | None:
    """Edit and remove at the end of a draft's rows, for those who may."""
    if plan.budget.status != "draft" or not permissions.may(permissions.Action.EDIT_PLAN):
        return None

    def of_row(row: Row) -> str:
        page = render_template("budgets/line_actions.html", budget=plan.budget, row=row, form=form)
        return Markup(page)  # noqa: S704  # our own template, escaped as it was rendered

    return of_row
