"""What the stack serves, how often, and what rests on one tool only (PRODUCT.md §4.1). Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mopsaudit.facts.values import ToolFact
from mopsaudit.facts.wording import count, day, listed
from mopsaudit.reporting import (
    Column,
    Coverage,
    Headline,
    Plot,
    Ratio,
    Ref,
    Report,
    Row,
    Section,
    Series,
    ValueKind,
    stated,
)
from mopsaudit.reports.coverage.facts import CapabilityWord, Facts

TITLE: Final = "Coverage"
OUTSIDE: Final = "Outside the taxonomy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """One capability: the tools that use it, that may (use unknown), and that own it unused.

    Served means used or of unknown use: what is known to be unused serves nobody.
    """

    word: CapabilityWord
    used: tuple[ToolFact, ...]
    unknown: tuple[ToolFact, ...]
    unused: tuple[ToolFact, ...]

    @property
    def by(self) -> tuple[ToolFact, ...]:
        """The tools that serve it."""
        return self.used + self.unknown

    @property
    def state(self) -> str:
        """``not served``, ``one tool``, ``several tools``."""
        return ("not served", "one tool", "several tools")[min(2, len(self.by))]


def analyse(facts: Facts) -> Report:
    """The whole report. Without any tool it has no rows: the taxonomy alone says nothing about the company."""
    scope = facts.scope
    served = _served(facts)
    outside = sum(not word.type_id for word in facts.capabilities)
    return Report(
        name="coverage",
        title=TITLE,
        as_of=scope.as_of,
        unit=scope.unit_label,
        currency=scope.currency,
        answer=_answer(served, facts),
        headlines=_headlines(served, facts),
        columns=_columns(),
        rows=tuple(_row(each, facts) for each in served) if facts.tools else (),
        sections=_sections(served, facts) if facts.tools else (),
        coverage=_coverage(facts, outside),
        plots=_plots(served, facts) if facts.tools else (),
        empty=None
        if facts.tools
        else "No running tool is in the inventory yet. Add tools from the catalogue: they bring their capabilities.",
    )


def _served(facts: Facts) -> tuple[Served, ...]:
    tools = {tool.id: tool for tool in facts.tools}
    used: dict[str, list[ToolFact]] = defaultdict(list)
    unknown: dict[str, list[ToolFact]] = defaultdict(list)
    unused: dict[str, list[ToolFact]] = defaultdict(list)
    for each in facts.owned:
        into = unknown if each.halves is None else used if each.halves else unused
        into[each.capability_id].append(tools[each.tool_id])
    return tuple(
        Served(
            word=word,
            used=tuple(used.get(word.id, ())),
            unknown=tuple(unknown.get(word.id, ())),
            unused=tuple(unused.get(word.id, ())),
        )
        for word in facts.capabilities
    )


def _answer(served: Sequence[Served], facts: Facts) -> str:
    if not facts.tools:
        return "There is no running tool yet, so nothing is served."
    if not facts.owned:
        return "No running tool has capabilities yet, so nothing can be said about coverage."
    some = [each for each in served if each.by]
    single = sum(len(each.by) == 1 for each in served)
    text = f"{len(some)} of {len(served)} capabilities are served, {single} of them by one tool only"
    roles = _roles(served, facts)
    empty = [name for name, got, _, _ in roles if not got]
    if empty:
        text += f"; unserved among the ten value roles: {listed(empty)}"
    else:
        name, got, whole, _ = min(roles, key=lambda each: (each[1] * 1000 // each[2], each[0]))
        text += f"; all ten value roles are served, {name} the least ({got} of {whole})"
    return text + "."


def _headlines(served: Sequence[Served], facts: Facts) -> tuple[Headline, ...]:
    roles = _roles(served, facts)
    types = _type_tools(served, facts)
    return (
        Headline(
            key="capabilities_served",
            label="Capabilities served",
            value=Ratio(numerator=sum(bool(each.by) for each in served), denominator=len(served)),
        ),
        Headline(
            key="single",
            label="Resting on one tool",
            value=sum(len(each.by) == 1 for each in served),
            what="Capabilities that fall to zero when that tool goes.",
        ),
        Headline(
            key="types_served",
            label="Technology types served",
            value=Ratio(numerator=sum(bool(each) for each in types.values()), denominator=len(types)),
        ),
        Headline(
            key="roles_served",
            label="Value roles served",
            value=Ratio(numerator=sum(bool(each[1]) for each in roles), denominator=len(roles)),
        ),
    )


def _columns() -> tuple[Column, ...]:
    return (
        Column(key="capability", label="Capability", primary=True),
        Column(key="type", label="Type"),
        Column(key="category", label="Category", wide=True),
        Column(key="state", label="Served by"),
        Column(key="served", label="Tools", kind=ValueKind.NUMBER, what="That use it or may use it."),
        Column(key="used_in", label="Used in", kind=ValueKind.REFS),
        Column(key="unknown_in", label="Use unknown in", kind=ValueKind.REFS, wide=True),
        Column(key="unused_in", label="Owned, unused in", kind=ValueKind.REFS, wide=True),
        Column(key="roles", label="Value roles", wide=True),
    )


def _refs(tools: Sequence[ToolFact]) -> tuple[Ref, ...]:
    return tuple(tool.ref for tool in tools)


def _row(each: Served, facts: Facts) -> Row:
    types = {ident: name for ident, name, _ in facts.types}
    roles = dict(facts.roles)
    return Row(
        id=each.word.id,
        opens=Ref(kind="capability", id=each.word.id, label=each.word.name),
        category=each.word.category or None,
        state=each.state,
        values={
            "capability": each.word.name,
            "type": types.get(each.word.type_id, OUTSIDE),
            "category": dict(facts.categories).get(each.word.category),
            "state": each.state,
            "served": len(each.by),
            "used_in": _refs(each.used),
            "unknown_in": _refs(each.unknown),
            "unused_in": _refs(each.unused),
            "roles": ", ".join(roles.get(role, role) for role in each.word.roles),
        },
    )


def _type_tools(served: Sequence[Served], facts: Facts) -> Mapping[str, tuple[ToolFact, ...]]:
    """The running tools of each type: by their own types, and by serving one of its capabilities."""
    found: dict[str, dict[int, ToolFact]] = {ident: {} for ident, _, _ in facts.types}
    for tool in facts.tools:
        for ident in tool.types:
            if ident in found:
                found[ident][tool.id] = tool
    for each in served:
        for tool in each.by if each.word.type_id else ():
            found[each.word.type_id][tool.id] = tool
    return {
        ident: tuple(sorted(tools.values(), key=lambda tool: (tool.name.lower(), tool.id)))
        for ident, tools in found.items()
    }


def _roles(served: Sequence[Served], facts: Facts) -> list[tuple[str, int, int, int]]:
    """(name, capabilities served, capabilities, resting on one tool) of each value role."""
    return [
        (
            name,
            sum(bool(each.by) for each in served if ident in each.word.roles),
            max(1, sum(ident in each.word.roles for each in served)),
            sum(len(each.by) == 1 for each in served if ident in each.word.roles),
        )
        for ident, name in facts.roles
    ]


def _sections(served: Sequence[Served], facts: Facts) -> tuple[Section, ...]:
    return (_types_section(served, facts), _roles_section(served, facts), _single_section(served, facts))


def _types_section(served: Sequence[Served], facts: Facts) -> Section:
    tools = _type_tools(served, facts)
    bare = [name for ident, name, _ in facts.types if not tools[ident]]
    several = sum(len(each) > 1 for each in tools.values())
    by_type: dict[str, list[Served]] = defaultdict(list)
    for each in served:
        by_type[each.word.type_id].append(each)
    return Section(
        key="types",
        title="Technology types",
        sentence=f"{len(bare)} of {len(tools)} types have no tool, {several} have several.",
        columns=(
            Column(key="type", label="Type", primary=True),
            Column(key="category", label="Category"),
            Column(key="tools", label="Tools", kind=ValueKind.NUMBER),
            Column(key="served", label="Capabilities served", kind=ValueKind.RATIO),
            Column(key="names", label="Which", kind=ValueKind.REFS, wide=True),
        ),
        rows=tuple(
            Row(
                id=ident,
                category=category,
                state=("not served", "one tool", "several tools")[min(2, len(tools[ident]))],
                values={
                    "type": name,
                    "category": dict(facts.categories)[category],
                    "tools": len(tools[ident]),
                    "served": Ratio(
                        numerator=sum(bool(each.by) for each in by_type[ident]),
                        denominator=len(by_type[ident]) or None,
                    ),
                    "names": _refs(tools[ident]),
                },
            )
            for ident, name, category in facts.types
        ),
    )


def _roles_section(served: Sequence[Served], facts: Facts) -> Section:
    roles = _roles(served, facts)
    empty = [name for name, got, _, _ in roles if not got]
    return Section(
        key="roles",
        title="The ten value roles",
        sentence=f"{count(len(empty), 'role')} unserved: {listed(empty)}."
        if empty
        else "Every role is served.",
        columns=(
            Column(key="role", label="Role", primary=True),
            Column(key="served", label="Capabilities served", kind=ValueKind.RATIO),
            Column(key="single", label="Resting on one tool", kind=ValueKind.NUMBER),
        ),
        rows=tuple(
            Row(
                id=ident,
                state="served" if got else "not served",
                values={"role": name, "served": Ratio(numerator=got, denominator=whole), "single": single},
            )
            for (ident, _), (name, got, whole, single) in zip(facts.roles, roles, strict=True)
        ),
    )


def _single_section(served: Sequence[Served], facts: Facts) -> Section:
    """Tools on which capabilities rest alone, most of them first."""
    alone: dict[int, list[Served]] = defaultdict(list)
    for each in served:
        if len(each.by) == 1:
            alone[each.by[0].id].append(each)
    tools = {tool.id: tool for tool in facts.tools}
    order = sorted(alone, key=lambda ident: (-len(alone[ident]), tools[ident].name.lower(), ident))
    return Section(
        key="single",
        title="Single points of failure",
        sentence=f"{count(len(order), 'tool')} serve capabilities nothing else serves."
        if order
        else "No capability rests on one tool only.",
        columns=(
            Column(key="tool", label="Tool", kind=ValueKind.REF, primary=True),
            Column(key="alone", label="Capabilities only it serves", kind=ValueKind.NUMBER),
            Column(key="which", label="Which", wide=True),
            Column(key="renews_on", label="Next renewal", kind=ValueKind.DATE),
            Column(key="yearly_cost", label=f"Yearly cost ({facts.scope.currency})", kind=ValueKind.MONEY),
        ),
        rows=tuple(
            Row(
                id=f"t{ident}",
                opens=tools[ident].ref,
                category=tools[ident].category,
                values={
                    "tool": tools[ident].ref,
                    "alone": len(alone[ident]),
                    "which": ", ".join(each.word.name for each in alone[ident]),
                    "renews_on": stated(
                        facts.renews_on.get(ident), "no contract of it says when a term ends"
                    ),
                    "yearly_cost": facts.costs[ident].amount,
                },
            )
            for ident in order
        ),
    )


def _coverage(facts: Facts, outside: int) -> Coverage:
    number = len(facts.tools)
    told = {each.tool_id for each in facts.owned}
    used = {each.tool_id for each in facts.owned if each.halves is not None}
    spend = sum(each.minor or 0 for each in facts.costs.values())
    share = Ratio(numerator=sum(facts.costs[each].minor or 0 for each in told), denominator=spend or None)
    percent = "" if share.percent is None else f" ({share.percent:.0f} % of yearly cost)"
    return Coverage(
        sentence=f"As of {day(facts.scope.as_of)}: capabilities known for {len(told)} of "
        f"{count(number, 'running tool')}{percent}, use of some known for {len(used)}"
        + (f"; {count(outside, 'capability', 'capabilities')} outside the taxonomy" if outside else "")
        + ".",
        parts={
            "with_capabilities": Ratio(numerator=len(told), denominator=number or None),
            "use_known": Ratio(numerator=len(used), denominator=number or None),
            "cost_covered": share,
            "outside_taxonomy": outside,
        },
    )


def _plots(served: Sequence[Served], facts: Facts) -> tuple[Plot, ...]:
    """By category: capabilities served by none, one and several tools; and the roles' share served."""
    states = ("several tools", "one tool", "not served")
    colours = {"several tools": "good", "one tool": "warn", "not served": "muted"}
    roles = _roles(served, facts)
    return (
        Plot(
            kind="bars",
            title="Capabilities by how many tools serve them",
            labels=tuple(name for _, name in facts.categories),
            series=tuple(
                Series(
                    key=state.replace(" ", "_"),
                    label=state.capitalize(),
                    values=tuple(
                        sum(each.state == state for each in served if each.word.category == ident)
                        for ident, _ in facts.categories
                    ),
                    colour=colours[state],
                )
                for state in states
            ),
            axis="capabilities",
            categories=tuple(ident for ident, _ in facts.categories),
        ),
        Plot(
            kind="bars",
            title="Capabilities served by value role",
            labels=tuple(name for name, _, _, _ in roles),
            series=(
                Series(
                    key="served",
                    label="Served",
                    values=tuple(100 * got // whole for _, got, whole, _ in roles),
                ),
            ),
            axis="percent",
        ),
    )
