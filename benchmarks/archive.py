"""An export of 3,000 runs into the run log: beside the libraries on the same files, and beside unpacking them at all.

    python benchmarks/archive.py                      3,000 runs, in some two minutes
    python benchmarks/archive.py --runs 600           a first look
    python benchmarks/archive.py --into docs/speed.md writes the table into the page, between its marks

Every import runs in a new process, on 1 and on 2 workers, and ends in a store. Never a test.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from support.copies import write_export
from support.files import GZIP, File, made_files, real_files
from support.page import into_page, machine
from support.peers import PEERS

RUNS = 3_000
ROUNDS = 3
SAMPLE = 8
"""Every eighth file goes through the libraries."""
KILOBYTES_A_MEGABYTE = 1024


def main() -> None:
    wanted = arguments()
    if wanted.work:
        print(json.dumps(measured(WORK[wanted.work], wanted.export, wanted.jobs)))
        return
    files = real_files() or made_files()
    with tempfile.TemporaryDirectory() as folder:
        export = Path(folder) / "export.zip"
        size = write_export(export, files, wanted.runs)
        found = {
            name: [in_a_new_process(export, *name) for _ in range(ROUNDS)]
            for name in (("unpack", 1), ("import", 1), ("import", 2))
        }
    theirs = libraries(files) * size
    rows = cells(found, theirs)
    title = f"{machine()}; {wanted.runs:,} runs, {size / 1e6:.0f} MB unpacked"
    print(title, *("  ".join(c.ljust(w) for c, w in zip(row, (46, 12, 18, 6), strict=True)) for row in rows), sep="\n")
    if wanted.into:
        lines = [rows[0], ("---",) * len(rows[0]), *rows[1:]]
        into_page(wanted.into, "archive", "\n".join([f"{title}.", "", *(f"| {' | '.join(line)} |" for line in lines)]))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--into", type=Path, metavar="PAGE", help="write the table into this page")
    parser.add_argument("--work", choices=WORK, help=argparse.SUPPRESS)
    parser.add_argument("--jobs", type=int, default=1, help=argparse.SUPPRESS)
    parser.add_argument("--export", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


# ---------------------------------------------------------------- in a process of its own
def import_all(export: Path, jobs: int) -> None:
    from importers import read_export
    from loadplan.store import Store

    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "loadplan.db") as store:
        store.add_import(read_export(export, jobs=jobs), [str(export)], reader="benchmark")


def unpack(export: Path, jobs: int) -> None:
    """What nobody who reads the export can do without."""
    with zipfile.ZipFile(export) as archive:
        for info in archive.infolist():
            zlib.decompress(archive.read(info), GZIP)


WORK: dict[str, Callable[[Path, int], None]] = {"import": import_all, "unpack": unpack}


def measured(work: Callable[[Path, int], None], export: Path, jobs: int) -> dict[str, float]:
    begun, cpu = time.perf_counter(), time.process_time()
    work(export, jobs)
    own, workers = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {
        "seconds": time.perf_counter() - begun,
        "cpu_s": time.process_time() - cpu + workers.ru_utime + workers.ru_stime,
        "own_mb": own.ru_maxrss / KILOBYTES_A_MEGABYTE,
        "worker_mb": workers.ru_maxrss / KILOBYTES_A_MEGABYTE,
    }


def in_a_new_process(export: Path, work: str, jobs: int) -> dict[str, Any]:
    line = [sys.executable, __file__, "--work", work, "--jobs", str(jobs), "--export", str(export)]
    told: dict[str, Any] = json.loads(subprocess.run(line, check=True, stdout=subprocess.PIPE).stdout)
    return told


def libraries(files: Sequence[File]) -> float:
    """CPU seconds a byte that fitparse, gpxpy and tcxreader take, by a sample of what they read."""
    seconds, size = 0.0, 0
    for file in sorted(files, key=lambda f: (f.kind, f.size))[::SAMPLE]:
        peer = next(p for p in PEERS[file.kind] if p.slow)
        begun = time.process_time()
        try:
            peer.read(file)
        except Exception:  # whatever a library raises on a real file
            continue
        seconds += time.process_time() - begun
        size += file.size
    return seconds / size


# ---------------------------------------------------------------- table
def cells(found: dict[tuple[str, int], list[dict[str, Any]]], theirs: float) -> list[tuple[str, str, str, str]]:
    def middle(name: tuple[str, int], what: str) -> float:
        return statistics.median(one[what] for one in found[name])

    one, bare = (middle((work, 1), "cpu_s") for work in ("import", "unpack"))
    clock = [middle(("import", jobs), "seconds") for jobs in (1, 2)]
    memory = max(one[what] for runs in found.values() for one in runs for what in ("own_mb", "worker_mb"))
    return [
        ("what", "measured", "floor -> aim", ""),
        ("fitparse, gpxpy, tcxreader beside one process", f"{theirs / one:.0f}x", *judged(theirs / one, 80, 120)),
        ("one process beside two", f"{clock[0] / clock[1]:.2f}x", *judged(clock[0] / clock[1], 1.6, 1.85)),
        ("one process beside zip and gunzip alone", f"{one / bare:.2f}x", *judged(-one / bare, -6, -3.5)),
        ("most memory of a process, MB", f"{memory:.0f}", *judged(-memory, -150, -77)),
        ("one process, s of CPU", f"{one:.2f}", "", ""),
        ("one process, s by the clock", f"{clock[0]:.2f}", "", ""),
        ("two processes, s by the clock", f"{clock[1]:.2f}", "", ""),
        ("zip and gunzip alone, s of CPU", f"{bare:.2f}", "", ""),
    ]


def judged(value: float, floor: float, aim: float) -> tuple[str, str]:
    """Limits and the word; negative ones are upper limits."""
    sign = ">=" if floor > 0 else "<="
    word = "aim" if value >= aim else "floor" if value >= floor else "BELOW"
    return f"{sign} {abs(floor):g} -> {abs(aim):g}", word


if __name__ == "__main__":
    main()
