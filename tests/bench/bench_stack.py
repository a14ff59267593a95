"""The lowest-cost stack: 500 tools, 300 capabilities, 20 units, solved to its proof, by unit and across them.

The bar is 10 seconds. The baseline is the same question of a tenth of the tools.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Final

from mopsaudit.scenarios.solver import solve
from mopsaudit.scenarios.values import StackProblem, Status
from tests.bench.measure import Bench, BenchFailedError, Row
from tests.scenarios.instances import random_problem

SECONDS: Final = 10.0
SEED: Final = 1


def measure(bench: Bench) -> Iterator[Row]:
    """Each question small and whole; an answer without its proof is a failure, not a fast one."""
    for across, words in ((False, "within units"), (True, "across units")):
        few = random_problem(SEED, tools=50, capabilities=300, units=20, across=across)
        all_ = random_problem(SEED, tools=500, capabilities=300, units=20, across=across)
        small = bench.function(f"50 tools, people move {words}", partial(_proved, few), runs=1)
        yield small
        whole = bench.function(
            f"500 tools, people move {words}", partial(_proved, all_), against=(small.name,), runs=1
        )
        yield replace(whole, seconds_bar=SECONDS)


def _proved(problem: StackProblem) -> None:
    answer = solve(problem, seconds=60.0)
    if (
        answer.status is not Status.OPTIMAL
        or answer.best is None
        or answer.bound_minor != answer.best.value_minor
    ):
        raise BenchFailedError(f"the stack was not proved: {answer.status}")
