"""Thousands of random runners, their plans, lives and updates, on all cores: ``make prove``.

Each gets a plan, which is judged by the checker that shares no code with the planner and then tampered with; lives by
it more or less; updates it; and updates it again with one entry of the diary made worse.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

BATCH = 20
EVERY_S = 20.0


def batch(first: int, count: int) -> tuple[Counter[str], list[str]]:
    sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
    from proofs import prove

    tried: Counter[str] = Counter()
    faults: list[str] = []
    for seed in range(first, first + count):
        try:
            found = prove(seed)
        except Exception as error:
            tried["runners"] += 1
            faults.append(f"seed {seed}: {type(error).__name__}: {error}")
            continue
        tried.update(found.tried)
        tried["runners"] += 1
        faults += found.faults
    return tried, faults


class Tally:
    """What was tried and found, batch by batch; kept in a file, where one is named, so that a run can go on."""

    def __init__(self, log: Path | None) -> None:
        self.log = log
        self.tried: Counter[str] = Counter()
        self.faults: list[str] = []
        self.known: set[int] = set()
        for line in log.read_text(encoding="utf-8").splitlines() if log is not None and log.exists() else ():
            self._count(*json.loads(line))

    def add(self, first: int, tried: Counter[str], faults: list[str]) -> None:
        self._count(first, tried, faults)
        if self.log is not None:
            with self.log.open("a", encoding="utf-8") as file:
                file.write(json.dumps([first, tried, faults]) + "\n")

    def _count(self, first: int, tried: dict[str, int], faults: list[str]) -> None:
        self.known.add(first)
        self.tried.update(tried)
        self.faults += faults


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runners", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=100_000)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--log", type=Path, help="Batches that are done; named again, the run goes on behind them.")
    asked = parser.parse_args()
    found = Tally(asked.log)
    began = told = time.monotonic()
    with ProcessPoolExecutor(asked.jobs) as pool:
        starts = range(asked.first, asked.first + asked.runners, BATCH)
        jobs = {
            pool.submit(batch, at, min(BATCH, asked.first + asked.runners - at)): at
            for at in starts
            if at not in found.known
        }
        for job in as_completed(jobs):
            some, wrong = job.result()
            found.add(jobs[job], some, wrong)
            for fault in wrong:
                print(f"  {fault}", flush=True)
            if time.monotonic() - told > EVERY_S:
                told = time.monotonic()
                done = f"{found.tried['runners']} of {asked.runners} runners, {len(found.faults)} faults"
                print(f"{done}, {told - began:.0f} s", flush=True)
    print(f"\n{found.tried['runners']} runners in {time.monotonic() - began:.0f} s on {asked.jobs} cores")
    for name, count in sorted(found.tried.items()):
        print(f"  {name}: {count}")
    print(f"faults: {len(found.faults)}")
    return 1 if found.faults else 0


if __name__ == "__main__":
    sys.exit(main())
