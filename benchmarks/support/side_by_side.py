"""Ratios, not seconds: the two sides take turns, and the median of their ratios is told."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

Timed = Callable[[], object]


def seconds(work: Timed) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def ratios(ours: Timed, beside: Timed, n: int) -> list[float]:
    """Both are run once to warm up, then n times in turn."""
    ours(), beside()
    return [seconds(ours) / seconds(beside) for _ in range(n)]


def cpu_ratios(ours: Sequence[str], beside: Sequence[str], n: int) -> list[float]:
    """CPU time of two Python processes, in turns: what other programs do meanwhile matters less than by the clock."""
    process_cpu(ours), process_cpu(beside)
    return [process_cpu(ours) / process_cpu(beside) for _ in range(n)]


def process_cpu(arguments: Sequence[str]) -> float:
    """CPU seconds of a new Python process, its start included."""
    quiet = subprocess.DEVNULL
    process = subprocess.Popen([sys.executable, *arguments], stdout=quiet, stderr=quiet)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{arguments} ended with {process.returncode}")
    return used.ru_utime + used.ru_stime


def python(*arguments: str) -> Timed:
    """A new Python process."""
    line = [sys.executable, *arguments]
    return lambda: subprocess.run(line, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def table(title: str, rows: Sequence[tuple[str, str, list[float], float | None]]) -> None:
    """What, beside what, median and range of the ratios, and what they should not exceed."""
    print(title)
    print(f"  {'what':<34} {'beside':<34} {'median':>7} {'range':>15} {'limit':>7}")
    for what, beside, found, limit in rows:
        median = statistics.median(found)
        span = f"{min(found):.2f}-{max(found):.2f}"
        bound = "" if limit is None else f"{limit:.2f}x"
        mark = "  <-- above" if limit is not None and median > limit else ""
        print(f"  {what:<34} {beside:<34} {median:>6.2f}x {span:>15} {bound:>7}{mark}")
