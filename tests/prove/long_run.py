"""Thousands of random runners, their plans, lives and updates, on all cores: ``make prove``.

Each gets a plan, which is judged by the checker that shares no code with the planner and then tampered with; lives by
it more or less; updates it; and updates it again with one entry of the diary made worse.
"""

from __future__ import annotations

import argparse
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


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runners", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=100_000)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    tried: Counter[str] = Counter()
    faults: list[str] = []
    began = told = time.monotonic()
    with ProcessPoolExecutor(asked.jobs) as pool:
        starts = range(asked.first, asked.first + asked.runners, BATCH)
        jobs = [pool.submit(batch, at, min(BATCH, asked.first + asked.runners - at)) for at in starts]
        for job in as_completed(jobs):
            some, wrong = job.result()
            tried.update(some)
            faults += wrong
            for fault in wrong:
                print(f"  {fault}", flush=True)
            if time.monotonic() - told > EVERY_S:
                told = time.monotonic()
                print(
                    f"{tried['runners']} of {asked.runners} runners, {len(faults)} faults, {told - began:.0f} s",
                    flush=True,
                )
    print(f"\n{tried['runners']} runners in {time.monotonic() - began:.0f} s on {asked.jobs} cores")
    for name, count in sorted(tried.items()):
        print(f"  {name}: {count}")
    print(f"faults: {len(faults)}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
