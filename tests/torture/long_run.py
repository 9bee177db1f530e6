"""The long run of ``make torture``: imports are killed, their statements fail, their disk is full, another one comes.

Exit status 1 where anything was lost, doubled, changed or damaged by it.
"""

from __future__ import annotations

import argparse
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[1] / "support"), str(HERE.parents[2])]

import bad_disks  # noqa: E402 - only now can it be found
import torture  # noqa: E402
from torture import Bench, Tally, make_bench  # noqa: E402

SIZES_KB = (4, 16, 40, 64, 90, 120, 160, 220, 300, 400)
SWEPT_FILES = 30
APART_S = (0.0, 0.1, 0.4, 0.9)
RESUMED_AT = 0.75


def main() -> int:
    """Run, report, judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--every", type=int, default=1, help="which statements fail: every so many-th")
    parser.add_argument("--files", type=int, default=150, help="activities of the archive that is killed")
    parser.add_argument("--seed", type=int, default=1)
    wish = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        wrong = trials(Path(place), wish)
    for line in wrong:
        print(line)
    print(f"{len(wrong)} wrong")
    return min(len(wrong), 1)


def trials(place: Path, wish: argparse.Namespace) -> list[str]:
    """Everything, one after the other."""
    benches = {
        "one process": make_bench(place / "one", count=wish.files),
        "two processes": make_bench(place / "two", count=wish.files, jobs=2),
        "no store before": make_bench(place / "none", count=wish.files, earlier=False),
    }
    shares = (wish.kills - 2 * (wish.kills // 4), wish.kills // 4, wish.kills // 4)
    with ThreadPoolExecutor(len(benches)) as pool:
        said = pool.map(_killed, benches, benches.values(), shares, [wish.seed] * len(shares))
        wrong = list(chain.from_iterable(said))
    small = make_bench(place / "small", count=SWEPT_FILES)
    first = make_bench(place / "first", count=SWEPT_FILES, earlier=False)
    for name, bench in (("a store before", small), ("no store before", first)):
        wrong += told(f"statements, {name}", lambda b=bench: bad_disks.fault_sweep(b, wish.every, tell=progress))
    one = benches["one process"]
    wrong += told("killed, then another", lambda: torture.killed_then_other(one, wish.kills // 20, seed=wish.seed))
    wrong += told("files limited", lambda: gathered([bad_disks.full_disk(small, 1000 * size)[1] for size in SIZES_KB]))
    wrong += told("small disks", lambda: gathered(_small_disks(small)))
    wrong += told("two at once", lambda: gathered([_two(one, apart) for apart in APART_S]))
    print(resumed(benches["two processes"]))
    return wrong


def _killed(name: str, bench: Bench, kills: int, seed: int) -> list[str]:
    wrong = told(f"killed, {name}", lambda: torture.kill_loop(bench, kills, seed=seed, tell=progress))
    left = torture.leftovers(bench)
    return wrong + ([f"killed, {name}: {left} processes were left behind"] if left else [])


def _small_disks(bench: Bench) -> list[list[str]]:
    """None where no disk may be mounted."""
    return [said for size in SIZES_KB for said in [bad_disks.full_file_system(bench, size)] if said is not None]


def _two(bench: Bench, apart_s: float) -> list[str]:
    return bad_disks.two_at_once(bench, bench.fresh("both"), [str(bench.folder / "other.zip")], apart_s)


def gathered(each: list[list[str]]) -> Tally:
    """Trials one by one, as a tally."""
    return Tally(rounds=len(each), wrong=[line for said in each for line in said])


def told(name: str, trial: Callable[[], Tally]) -> list[str]:
    """A trial, with a line of its figures."""
    began = time.monotonic()
    tally = trial()
    stopped = f" ({tally.stopped} stopped in words)" if tally.stopped else ""
    kills = f"{tally.kills} kills, {tally.too_late} too late, " if tally.kills else ""
    print(
        f"{name}: {kills}{tally.rounds} rounds{stopped}, {len(tally.wrong)} wrong, {time.monotonic() - began:.0f} s",
        flush=True,
    )
    return [f"{name}: {line}" for line in tally.wrong]


def progress(line: str) -> None:
    """On a terminal, or where something is wrong."""
    if "\n" in line:
        print(line, flush=True)
    elif sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{line}")
        sys.stderr.flush()


def resumed(bench: Bench) -> str:
    """Computing time of a whole import, and of one that goes on where another was killed."""
    home = bench.fresh("whole")
    whole = _computing(bench, home)
    home = bench.fresh("resumed")
    running = torture.begin(home, bench.line)
    try:
        running.communicate(timeout=RESUMED_AT * bench.seconds)
    except subprocess.TimeoutExpired:
        os.killpg(running.pid, signal.SIGKILL)
        running.communicate()
    rest = _computing(bench, home)
    return f"a whole import: {whole:.2f} s of computing; after a kill at {RESUMED_AT:.0%} of its time: {rest:.2f} s"


def _computing(bench: Bench, home: Path) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    torture.ended(home, bench.line)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    sys.exit(main())
