"""Pages for many athletes: processor time a page, two processes beside one, and peak memory that does not grow."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from importers.run import Run
from loadplan.store import Store

ATHLETES = (25, 100)
AS_OF = date(2026, 3, 29)
WEEKS = 30
MAKE = """
import resource, sys
from datetime import date
from pathlib import Path
from loadplan.report.many import write_all
if __name__ == "__main__":
    store, out, jobs = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    out.mkdir()
    pages = list(write_all(store, out, date(2026, 3, 29), jobs=jobs))
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(max(one.ru_maxrss for one in used), sum(one.ru_utime + one.ru_stime for one in used))
"""


LOOP = "sum(range(100_000_000))"


def fill(path: Path, athletes: int) -> None:
    """More than half a year of four runs a week for each."""
    for n in range(athletes):
        with Store.open(path, athlete=f"athlete {n:03d}") as store, store.together():
            for week in range(WEEKS):
                for weekday, km in ((1, 8), (3, 9), (5, 7), (6, 13)):
                    day = AS_OF - timedelta(weeks=week, days=6 - weekday)
                    start = datetime(day.year, day.month, day.day, 7, tzinfo=UTC)
                    store.add_run(
                        Run(start=start, utc_offset_s=0, sport="run", distance_m=km * 1000.0 + n, elapsed_s=km * 360.0,
                            moving_s=km * 360.0, shoe=f"pair {week // 10}")
                    )  # fmt: skip


def two_loops() -> float:
    """How many times two processes of plain arithmetic gain on this machine now: the limit for pages, too."""

    def seconds(n: int) -> float:
        began = time.perf_counter()
        for one in [subprocess.Popen([sys.executable, "-c", LOOP]) for _ in range(n)]:
            one.wait()
        return time.perf_counter() - began

    return 2 * seconds(1) / seconds(2)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "make.py"
        script.write_text(MAKE)
        print(f"Pages of {WEEKS * 4} runs each, as HTML")
        head = ("athletes", "processes", "wall s", "CPU s", "CPU s a page", "peak MB", "times")
        print("{:>9} {:>9} {:>7} {:>6} {:>12} {:>8} {:>6}".format(*head))
        for athletes in ATHLETES:
            store = Path(folder) / f"{athletes}.db"
            fill(store, athletes)
            alone = 0.0
            for jobs in (1, 2):
                out = Path(folder) / f"{athletes}-{jobs}"
                began = time.perf_counter()
                told = subprocess.run(
                    [sys.executable, script, store, out, str(jobs)], capture_output=True, check=True, text=True
                )
                wall = time.perf_counter() - began
                alone = alone or wall
                peak, cpu = map(float, told.stdout.split())
                print(
                    f"{athletes:>9} {jobs:>9} {wall:>7.1f} {cpu:>6.1f} {cpu / athletes:>12.2f} {peak / 1024:>8.0f} "
                    f"{alone / wall:>6.2f}"
                )
            print(f"{'':>9} two processes of plain arithmetic gain {two_loops():.2f} times here and now")


if __name__ == "__main__":
    main()
