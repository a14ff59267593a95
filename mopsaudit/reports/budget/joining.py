"""Which budget line a sum joins (PRODUCT.md §4.4: the most specific line that fits). Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Protocol

from mopsaudit.reports.budget.facts import PlanLine


class Keyed(Protocol):
    """What a budget joins on."""

    @property
    def tool_id(self) -> int | None:
        """The tool."""

    @property
    def vendor_id(self) -> int | None:
        """The tool's vendor, else the supplier's."""

    @property
    def unit_id(self) -> int | None:
        """The business unit."""

    @property
    def entity_id(self) -> int | None:
        """The legal entity."""

    @property
    def cost_centre(self) -> str | None:
        """The cost centre."""

    @property
    def gl_account(self) -> str | None:
        """The account."""


def fits(line: PlanLine, key: Keyed, ancestors: Mapping[int, frozenset[int]]) -> bool:
    """Whether everything the line names is what the key has; a unit also holds its sub-tree."""
    if line.tool is not None and line.tool.id != key.tool_id:
        return False
    if line.vendor is not None and line.vendor.id != key.vendor_id:
        return False
    if line.cost_centre is not None and line.cost_centre != key.cost_centre:
        return False
    if line.gl_account is not None and line.gl_account != key.gl_account:
        return False
    if line.entity_id is not None and line.entity_id != key.entity_id:
        return False
    if line.unit_id is None:
        return True
    return key.unit_id is not None and line.unit_id in ancestors.get(key.unit_id, frozenset({key.unit_id}))


def fits_by_name(line: PlanLine, key: Keyed, ancestors: Mapping[int, frozenset[int]]) -> bool:
    """Whether the line names the key's tool or vendor, and nothing else it names is known to be another.

    An invoice of a ledger without cost centres does not contradict the cost centre its tool is planned in.
    """
    if line.tool is None and line.vendor is None:
        return False
    if line.tool is not None and line.tool.id != key.tool_id:
        return False
    if line.vendor is not None and line.vendor.id != key.vendor_id:
        return False
    named = (
        (line.cost_centre, key.cost_centre),
        (line.gl_account, key.gl_account),
        (line.entity_id, key.entity_id),
    )
    if any(wanted is not None and stated is not None and wanted != stated for wanted, stated in named):
        return False
    if line.unit_id is None or key.unit_id is None:
        return True
    return line.unit_id in ancestors.get(key.unit_id, frozenset({key.unit_id}))


def weight(line: PlanLine, depth: int) -> tuple[int, ...]:
    """How specific a line is: tool, vendor, cost centre and account, entity, unit (deeper first), no programme."""
    return (
        line.tool is not None,
        line.vendor is not None,
        (line.cost_centre is not None) + (line.gl_account is not None),
        line.entity_id is not None,
        depth if line.unit_id is not None else 0,
        line.programme is None,
    )


class Joiner:
    """Finds the most specific line that fits a key; ties go to the line entered first.

    Where none fits, the one line that names the key's tool (else its vendor) and contradicts nothing the key states;
    of several such lines none, for which of them would be a guess.
    """

    def __init__(self, lines: Sequence[PlanLine], ancestors: Mapping[int, frozenset[int]]) -> None:
        self._ancestors = ancestors
        self._ordered = sorted(
            lines,
            key=lambda line: (
                tuple(-part for part in weight(line, len(ancestors.get(line.unit_id or 0, ())))),
                line.id,
            ),
        )
        self._by_tool: dict[int, list[PlanLine]] = defaultdict(list)
        self._general: list[PlanLine] = []
        for line in self._ordered:
            if line.tool is not None:
                self._by_tool[int(line.tool.id)].append(line)
            else:
                self._general.append(line)
        self._known: dict[tuple[object, ...], tuple[int | None, bool]] = {}

    def line_of(self, key: Keyed) -> int | None:
        """The id of the line, or None: unbudgeted."""
        return self._joined(key)[0]

    def by_name(self, key: Keyed) -> bool:
        """Whether the key joined its line by tool or vendor, without stating all that the line names."""
        return self._joined(key)[1]

    def _joined(self, key: Keyed) -> tuple[int | None, bool]:
        seen = (key.tool_id, key.vendor_id, key.unit_id, key.entity_id, key.cost_centre, key.gl_account)
        if seen not in self._known:
            self._known[seen] = self._find(key)
        return self._known[seen]

    def _find(self, key: Keyed) -> tuple[int | None, bool]:
        of_tool = self._by_tool.get(key.tool_id or 0, ())
        for line in (*of_tool, *self._general):
            if fits(line, key, self._ancestors):
                return line.id, False
        for lines in (of_tool, self._general):
            close = [line.id for line in lines if fits_by_name(line, key, self._ancestors)]
            if close:
                return (close[0], True) if len(close) == 1 else (None, False)
        return None, False
