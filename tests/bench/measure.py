"""What a benchmark measures with: a child process or a function, always wall time, CPU time and memory."""

import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_SAID = "said.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measured thing.

    `seconds` is wall time and `cpu_seconds` user plus system time, both of the best of `runs`; `peak_mib` is the
    highest resident memory of the process (None for a function in this process). `against` names rows of the
    same module; `bar` and `cpu_bar` are the highest ratios of wall and of CPU to the first of them that were promised,
    if any were; `seconds_bar` is the highest `seconds` and `memory_bar` the highest `peak_mib` promised.
    `note` is printed below the figures.
    """

    name: str
    seconds: float
    cpu_seconds: float
    peak_mib: float | None = None
    runs: int = 1
    against: tuple[str, ...] = ()
    bar: float | None = None
    cpu_bar: float | None = None
    memory_bar: float | None = None
    seconds_bar: float | None = None
    note: str | None = None


class BenchFailedError(Exception):
    """A measured program did not do its work; its words are in the message."""


class _Watch:
    """Looks ten times a second at what a process holds, or it and its descendants together."""

    def __init__(self, pid: int, held: Callable[[int], int]) -> None:
        self._pid, self._held, self._peak, self._over = pid, held, 0, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._over.wait(0.1):
            self._peak = max(self._peak, self._held(self._pid))

    def stop(self) -> float:
        """The peak in MiB."""
        self._over.set()
        self._thread.join()
        return self._peak / 1024


def _most(pid: int) -> int:
    """KiB a process has held at most, itself alone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:  # it ended meanwhile
        return 0
    return sum(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))


def _held(pid: int) -> int:
    """KiB a process and its descendants hold; a page that several share counts for each its part."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
        below = [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text(encoding="ascii").split()
        ]
    except OSError:  # it ended meanwhile
        return 0
    own = sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return own + sum(_held(child) for child in below)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """The run's surroundings: a scratch folder and, where it was built, the interpreter of the peers."""

    scratch: Path
    peers: Path | None = None
    python: Path = field(default_factory=lambda: Path(sys.executable))

    def process(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        against: tuple[str, ...] = (),
        bar: float | None = None,
        environment: Mapping[str, str] | None = None,
        runs: int = 1,
        before: Callable[[], object] | None = None,
        check: Callable[[str], object] | None = None,
        family: bool = False,
    ) -> Row:
        """Runs a program to its end `runs` times (`before` each, not measured) and keeps the fastest.

        CPU includes the children the program waited for. Memory is that of its largest process, with `family` that of
        all its processes at the same moment, each page counted once; they are slowed by being asked. `check` looks at
        what each run printed. Raises BenchFailedError when it ends with anything but 0.
        """
        best: Row | None = None
        for _ in range(runs):
            if before is not None:
                before()
            row = self._once(name, command, environment, family=family)
            if check is not None:
                check((self.scratch / _SAID).read_text(encoding="utf-8", errors="replace"))
            if best is None or row.seconds < best.seconds:
                best = row
        if best is None:
            raise ValueError("runs must be at least 1")
        return Row(
            name=name,
            seconds=best.seconds,
            cpu_seconds=best.cpu_seconds,
            peak_mib=best.peak_mib,
            runs=runs,
            against=against,
            bar=bar,
        )

    def _once(
        self,
        name: str,
        command: Sequence[str | Path],
        environment: Mapping[str, str] | None,
        *,
        family: bool = False,
    ) -> Row:
        said = self.scratch / _SAID
        with said.open("wb") as output:
            started = time.perf_counter()
            process = subprocess.Popen(
                list(command),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(environment or {})},
            )
            watch = _Watch(process.pid, _held if family else _most)
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - started
            peak = watch.stop()
        if not family and usage.ru_maxrss > resource.getrusage(resource.RUSAGE_SELF).ru_maxrss:
            peak = usage.ru_maxrss / 1024  # below that it is what this process held when it forked
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            words = said.read_text(encoding="utf-8", errors="replace")[-2000:]
            raise BenchFailedError(f"{name}: ended with {process.returncode}: {words}")
        return Row(
            name=name,
            seconds=seconds,
            cpu_seconds=usage.ru_utime + usage.ru_stime,
            peak_mib=peak,
        )

    def function(
        self,
        name: str,
        work: Callable[[], object],
        *,
        against: tuple[str, ...] = (),
        bar: float | None = None,
        runs: int = 5,
    ) -> Row:
        """Calls `work` once to warm up, then `runs` times, and keeps the fastest call."""
        work()
        timings: list[tuple[float, float]] = []
        for _ in range(runs):
            cpu, started = time.process_time(), time.perf_counter()
            work()
            timings.append((time.perf_counter() - started, time.process_time() - cpu))
        seconds, cpu_seconds = min(timings)
        return Row(name=name, seconds=seconds, cpu_seconds=cpu_seconds, runs=runs, against=against, bar=bar)

    def peer(self, script: str) -> tuple[str | Path, Path] | None:
        """How to start `tests/bench/peers/SCRIPT` in the peers' environment; None where it was not built."""
        if self.peers is None:
            return None
        return (self.peers, Path(__file__).with_name("peers") / script)
