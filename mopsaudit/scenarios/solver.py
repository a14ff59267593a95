"""The cheapest set of tools that meets every requirement, as a mixed-integer programme (PRODUCT.md §4.2). Pure.

Kept or not is one binary a tool. People of a switched-off tool move to survivors that cover what they used it for; the
seats they need there beyond free ones are bought in packs. All figures are integers of minor units, so a lower bound
within half a unit of the value proves it: no set costs less. The value is recomputed in integers from the chosen set.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from mopsaudit.scenarios.search import search
from mopsaudit.scenarios.sets import Supply, unmet, widened
from mopsaudit.scenarios.values import (
    Block,
    Must,
    StackAnswer,
    StackProblem,
    StackSet,
    StackTool,
    Status,
)

if TYPE_CHECKING:
    import highspy

#: Called now and then with (share done in parts of a thousand, None where unknown); true stops the search.
Watch = Callable[[int | None], bool]
#: Objective coefficients are scaled below this, by a power of two, so that the solver's tolerances mean little.
_LARGEST: Final = 2**20
#: Two integers nearer than this are one; what the solver may leave between bound and value.
_GAP: Final = 0.4
_INTEGRAL: Final = 1e-9


def solve(
    problem: StackProblem,
    *,
    seconds: float = 60.0,
    alternatives: int = 0,
    margin_percent: int = 5,
    watch: Watch | None = None,
    steps: int = 0,
) -> StackAnswer:
    """The cheapest set with its proof, and up to ``alternatives`` next best ones within ``margin_percent`` of it.

    ``seconds`` bound the search for the set and, anew, that for all alternatives together. A search cut short answers
    *stopped* with the best set found and the bound reached. ``steps`` are first spent on going through all sets of a
    plain problem (:mod:`mopsaudit.scenarios.search`), which answers a small one without the programme.
    """
    missing = unmet(problem)
    if missing:
        return StackAnswer(status=Status.INFEASIBLE, missing=missing)
    if not problem.tools:
        nothing = StackSet(keep=(), off=(), moves=(), packs={}, value_minor=0)
        return StackAnswer(status=Status.OPTIMAL, best=nothing, bound_minor=0)
    if steps and not alternatives:
        tried, taken = search(problem, steps)
        if tried is not None:
            return StackAnswer(
                status=Status.OPTIMAL,
                best=tried,
                bound_minor=tried.value_minor,
                solver="all sets",
                nodes=taken,
            )
    model = _Model(problem)
    answer = model.run(seconds, watch)
    if answer.status is Status.INFEASIBLE and problem.vendor_percent is not None:
        return replace(answer, vendors_cannot=True)
    if not answer.proven or answer.best is None or not alternatives:
        return answer
    found, more = _next_best(model, answer.best, seconds, alternatives, margin_percent, watch)
    return replace(answer, alternatives=found, more_alternatives=more)


def _next_best(
    model: "_Model",
    best: StackSet,
    seconds: float,
    wanted: int,
    margin_percent: int,
    watch: Watch | None,
) -> tuple[tuple[StackSet, ...], bool]:
    """The next best sets, each cut off after it is found; whether the search for more was cut short."""
    limit = best.value_minor + best.value_minor * margin_percent // 100
    found: list[StackSet] = []
    last = best
    for _ in range(wanted):
        if not model.forbid(last):
            return tuple(found), False
        answer = model.run(seconds / wanted, watch)
        if answer.best is None or answer.best.value_minor > limit:
            return tuple(found), answer.status is Status.STOPPED
        found.append(answer.best)
        last = answer.best
    return tuple(found), True


@dataclass(slots=True)
class _Rows:
    """The matrix, row by row."""

    starts: list[int] = field(default_factory=lambda: [0])
    columns: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)

    def add(self, terms: Sequence[tuple[int, float]], lower: float, upper: float) -> None:
        for column, value in terms:
            self.columns.append(column)
            self.values.append(value)
        self.starts.append(len(self.columns))
        self.lower.append(lower)
        self.upper.append(upper)


class _Model:
    """One programme, built once and run again after each set is cut off."""

    def __init__(self, problem: StackProblem) -> None:
        import highspy

        self.problem = problem
        self.tools = problem.tools
        self.place = {tool.id: index for index, tool in enumerate(self.tools)}
        self.supply = Supply(problem)
        self.cost: list[int] = []
        self.upper: list[float] = []
        self.lower: list[float] = []
        self.rows = _Rows()
        #: What was cut off: sets of tools that may not all be kept.
        self.cuts: list[frozenset[int]] = []
        #: Column of (block, survivor) where going there may cost seats, and of a survivor's packs.
        self.goes: dict[tuple[int, int, int], int] = {}
        self.packs: dict[int, int] = {}
        self._kept()
        self._required()
        self._moved()
        self._vendors()
        self.highs = highspy.Highs()  # type: ignore[no-untyped-call]  # the library's own constructor
        self.infinity = highspy.kHighsInf
        self._pass(highspy)

    def _column(self, cost: int, lower: float, upper: float) -> int:
        self.cost.append(cost)
        self.lower.append(lower)
        self.upper.append(upper)
        return len(self.cost) - 1

    def _kept(self) -> None:
        """One binary a tool: its cost is what keeping it costs beyond switching it off; the rest is a constant."""
        self.constant = 0
        for tool in self.tools:
            self.constant += tool.off_minor
            fixed = {Must.KEEP: (1.0, 1.0), Must.GO: (0.0, 0.0), None: (0.0, 1.0)}[tool.must]
            self._column(tool.keep_minor - tool.off_minor, *fixed)

    def _required(self) -> None:
        """Σ kept suppliers ≥ wanted, once for each distinct set of suppliers."""
        wanted: dict[tuple[int, ...], int] = {}
        for each in self.problem.requirements:
            found = self.supply.of(each.unit_id, each.capability)
            wanted[found] = max(wanted.get(found, 0), each.suppliers)
        for found, least in wanted.items():
            self.rows.add([(self.place[each], 1.0) for each in found], least, math.inf)

    def _moved(self) -> None:
        """People of a switched-off tool go to survivors that cover what they used it for."""
        seats: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for tool in self.tools:
            if tool.must is Must.KEEP:
                continue
            for number, block in enumerate(tool.blocks):
                self._move_block(tool, number, block, seats)
        for survivor, goers in seats.items():
            tool = self.tools[self.place[survivor]]
            most = -(-sum(count for _, count in goers) // tool.pack)
            packs = self._column(tool.pack_minor, 0.0, float(most))
            self.packs[survivor] = packs
            terms = [(column, float(count)) for column, count in goers]
            self.rows.add([*terms, (packs, -float(tool.pack))], -math.inf, float(tool.free))

    def _move_block(
        self, tool: StackTool, number: int, block: Block, seats: dict[int, list[tuple[int, int]]]
    ) -> None:
        done: set[tuple[int, ...]] = set()
        for capability in sorted(block.needs):
            takers = tuple(each for each in self.supply.of(block.unit_id, capability) if each != tool.id)
            if takers in done:
                continue
            done.add(takers)
            terms = [(self.place[tool.id], 1.0)]
            for taker in takers:
                survivor = self.tools[self.place[taker]]
                wanted = block.seats.get(taker, block.people)
                if not wanted or not survivor.pack_minor:
                    terms.append((self.place[taker], 1.0))
                    continue
                key = (tool.id, number, taker)
                if key not in self.goes:
                    self.goes[key] = self._column(0, 0.0, 1.0)
                    seats[taker].append((self.goes[key], wanted))
                    self.rows.add([(self.goes[key], 1.0), (self.place[taker], -1.0)], -math.inf, 0.0)
                terms.append((self.goes[key], 1.0))
            self.rows.add(terms, 1.0, math.inf)

    def _vendors(self) -> None:
        """100 × a vendor's kept yearly cost ≤ cap × that of all."""
        percent = self.problem.vendor_percent
        if percent is None:
            return
        largest = max((tool.annual_minor for tool in self.tools), default=0) or 1
        for vendor in sorted({tool.vendor_id for tool in self.tools if tool.vendor_id is not None}):
            terms = [
                (index, tool.annual_minor * (100 * (tool.vendor_id == vendor) - percent) / largest)
                for index, tool in enumerate(self.tools)
                if tool.annual_minor
            ]
            if any(value > 0 for _, value in terms):
                self.rows.add(terms, -math.inf, 0.0)

    def _pass(self, highspy: Any) -> None:
        import numpy as np

        largest = max((abs(each) for each in self.cost), default=1) or 1
        self.scale = 2.0 ** -max(0, math.ceil(math.log2(largest / _LARGEST)))
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = len(self.cost), len(self.rows.lower)
        program.col_cost_ = np.array([each * self.scale for each in self.cost], dtype=np.double)
        program.col_lower_ = np.array(self.lower, dtype=np.double)
        program.col_upper_ = np.array(self.upper, dtype=np.double)
        program.row_lower_ = self._bounds(self.rows.lower)
        program.row_upper_ = self._bounds(self.rows.upper)
        program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        program.a_matrix_.start_ = np.array(self.rows.starts, dtype=np.int32)
        program.a_matrix_.index_ = np.array(self.rows.columns, dtype=np.int32)
        program.a_matrix_.value_ = np.array(self.rows.values, dtype=np.double)
        program.integrality_ = [highspy.HighsVarType.kInteger] * len(self.cost)
        highs = self.highs
        for name, value in (
            ("output_flag", False),
            ("threads", 1),
            ("random_seed", 0),
            ("mip_rel_gap", 0.0),
            ("mip_abs_gap", _GAP * self.scale),
            ("mip_feasibility_tolerance", _INTEGRAL),
            ("primal_feasibility_tolerance", _INTEGRAL),
            # The relaxation is nearly always whole at the root; looking for sets by luck took half the time.
            ("mip_detect_symmetry", False),
            ("mip_heuristic_effort", 0.0),
            ("mip_heuristic_run_rins", False),
            ("mip_heuristic_run_rens", False),
            ("mip_heuristic_run_root_reduced_cost", False),
            ("mip_heuristic_run_feasibility_jump", False),
        ):
            highs.setOptionValue(name, value)
        highs.passModel(program)

    def _bounds(self, found: Sequence[float]) -> Any:
        import numpy as np

        return np.array(
            [math.copysign(self.infinity, each) if math.isinf(each) else each for each in found],
            dtype=np.double,
        )

    def forbid(self, found: StackSet) -> bool:
        """Cut a set off with all that only add tools to it: one it keeps by choice and pays for must go.

        False where there is none.
        """
        import numpy as np

        free = [
            place
            for place in (self.place[each] for each in found.keep)
            if self.tools[place].must is not Must.KEEP and self.tools[place].keep_minor
        ]
        if not free:
            return False
        self.cuts.append(frozenset(self.tools[each].id for each in free))
        self.highs.addRow(
            -self.infinity,
            float(len(free) - 1),
            len(free),
            np.array(free, dtype=np.int32),
            np.ones(len(free), dtype=np.double),
        )
        return True

    def run(self, seconds: float, watch: Watch | None) -> StackAnswer:
        """Search for at most ``seconds``."""
        import highspy

        highs = self.highs
        highs.setOptionValue("time_limit", float(highs.getRunTime() + seconds))
        stop = _watching(highs, watch, seconds) if watch is not None else None
        highs.run()
        if stop is not None:
            stop()
        status = highs.getModelStatus()
        info = highs.getInfo()
        shape: dict[str, Any] = {
            "solver": f"HiGHS {highs.version()}",
            "nodes": max(0, int(info.mip_node_count)),
            "variables": len(self.cost),
            "rows": len(self.rows.lower),
        }
        if status == highspy.HighsModelStatus.kInfeasible:
            return StackAnswer(status=Status.INFEASIBLE, **shape)
        has_set = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        best = self._read(highs.getSolution().col_value) if has_set else None
        done = status == highspy.HighsModelStatus.kOptimal
        bound = info.mip_dual_bound / self.scale + self.constant
        least = math.ceil(bound - (1 - _GAP)) if math.isfinite(bound) else None
        if best is not None and least is not None:
            least = min(least, best.value_minor)
        return StackAnswer(
            status=Status.OPTIMAL if done else Status.STOPPED, best=best, bound_minor=least, **shape
        )

    def _read(self, columns: Sequence[float]) -> StackSet:
        """The set a solution means, with what costs nothing to keep kept, and its cost in integers."""
        keep = {tool.id for index, tool in enumerate(self.tools) if columns[index] > 0.5}
        going: dict[tuple[int, int], set[int]] = defaultdict(set)
        for (off, number, taker), column in self.goes.items():
            if columns[column] > 0.5:
                going[off, number].add(taker)
        return widened(self.problem, self.supply, keep, going, self.cuts)


def _watching(highs: "highspy.Highs", watch: Watch, seconds: float) -> Callable[[], None]:
    """Let ``watch`` see how far the search is and stop it; the answer takes the watching off again."""

    def look(event: Any) -> None:
        done = min(999, int(1000 * event.data_out.running_time / seconds)) if seconds else None
        if watch(done):
            event.interrupt()

    highs.cbMipInterrupt += look
    highs.cbSimplexInterrupt += look

    def off() -> None:
        highs.cbMipInterrupt -= look
        highs.cbSimplexInterrupt -= look

    return off
