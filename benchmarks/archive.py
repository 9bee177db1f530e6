"""An export of 3,000 runs into the run log: beside the libraries on the same files, and beside unpacking them at all.

    python benchmarks/archive.py                      3,000 runs, in some two minutes
    python benchmarks/archive.py --runs 600           a first look
    python benchmarks/archive.py --into docs/speed.md writes the table into the page, between its marks

Every import is the command itself in a new process, with 1 and with 2 workers, into a new store. Never a test.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from support.copies import write_export
from support.files import GZIP, File, made_files, real_files
from support.page import into_page, judged, machine
from support.peers import PEERS

RUNS = 3_000
ROUNDS = 5
STARTS = 9
"""So often the short commands are started."""
SAMPLE = 8
"""Every eighth file goes through the libraries."""
KILOBYTES_A_MEGABYTE = 1024
WELL = (0, 3)
"""Exit statuses of an import: all kept, or some file rejected with its reason."""


def main() -> None:
    wanted = arguments()
    files = real_files() or made_files()
    with tempfile.TemporaryDirectory() as folder:
        export = Path(folder) / "export.zip"
        size = write_export(export, files, wanted.runs)
        found = {
            **in_turns(export, Path(folder)),
            **once_more(export, Path(folder) / "one-0.db", Path(folder) / "none.db"),
        }
    rows = cells(found, libraries(files) * size)
    title = f"{machine()}; {wanted.runs:,} runs, {size / 1e6:.0f} MB unpacked"
    print(title, *("  ".join(c.ljust(w) for c, w in zip(row, (54, 12, 18, 6), strict=True)) for row in rows), sep="\n")
    if wanted.into:
        lines = [rows[0], ("---",) * len(rows[0]), *rows[1:]]
        into_page(wanted.into, "archive", "\n".join([f"{title}.", "", *(f"| {' | '.join(line)} |" for line in lines)]))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--into", type=Path, metavar="PAGE", help="write the table into this page")
    return parser.parse_args()


@dataclass(frozen=True)
class Cost:
    """What a process and the workers it had took, its start included."""

    clock_s: float
    cpu_s: float
    memory_mb: float


UNPACK = f"""
import sys, zipfile, zlib
with zipfile.ZipFile(sys.argv[1]) as archive:
    for info in archive.infolist():
        zlib.decompress(archive.read(info), {GZIP})
"""
"""What nobody who reads the export can do without."""


BARE = """
import sys
sys.modules["isal"] = None
from loadplan.cli import run
sys.exit(run(sys.argv[1:]))
"""
"""The command where ``loadplan[fast]`` is not installed."""


def in_turns(export: Path, folder: Path) -> dict[str | int, list[Cost]]:
    """Round after round of them all, so that a change of the machine's mood meets each."""
    found: dict[str | int, list[Cost]] = {name: [] for name in ("unpack", 1, 2, "bare")}
    for n in range(ROUNDS):
        found["unpack"].append(in_a_new_process("-c", UNPACK, str(export)))
        found[1].append(imported(export, folder / f"one-{n}.db", 1))
        found[2].append(imported(export, folder / f"two-{n}.db", 2))
        found["bare"].append(imported(export, folder / f"bare-{n}.db", 1, "-c", BARE))
    return found


def imported(export: Path, store: Path, jobs: int, *program: str) -> Cost:
    line = ("--store", str(store), "import", "--jobs", str(jobs), str(export))
    return in_a_new_process(*(program or ("-m", "loadplan")), *line)


def once_more(export: Path, store: Path, empty: Path) -> dict[str | int, list[Cost]]:
    """An archive that the store knows, in turn with commands that have nothing to do."""
    lines = {
        "again": ("--store", str(store), "import", str(export)),
        "nothing": ("--store", str(empty), "imports"),
        "version": ("--version",),
    }
    found: dict[str | int, list[Cost]] = {name: [] for name in lines}
    for _ in range(STARTS):
        for name, line in lines.items():
            found[name].append(in_a_new_process("-m", "loadplan", *line))
    return found


def in_a_new_process(*arguments: str) -> Cost:
    begun = time.perf_counter()
    process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in WELL:
        raise RuntimeError(f"{arguments} ended with {process.returncode}")
    return Cost(time.perf_counter() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / KILOBYTES_A_MEGABYTE)


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
def cells(found: dict[str | int, list[Cost]], theirs: float) -> list[tuple[str, str, str, str]]:
    one, bare = (statistics.median(cost.cpu_s for cost in found[name]) for name in (1, "unpack"))
    clock = [statistics.median(cost.clock_s for cost in found[jobs]) for jobs in (1, 2)]
    gain = median_ratio((cost.clock_s for cost in found[1]), (cost.clock_s for cost in found[2]))
    beside, slow = (
        median_ratio((cost.cpu_s for cost in found[name]), (cost.cpu_s for cost in found["unpack"]))
        for name in (1, "bare")
    )
    again = [beyond(found["again"], found[name]) for name in ("nothing", "version")]
    memory = max(cost.memory_mb for costs in found.values() for cost in costs)
    return [
        ("what", "measured", "floor -> aim", ""),
        ("fitparse, gpxpy, tcxreader beside one process", f"{theirs / one:.0f}x", *judged(theirs / one, 80, 120)),
        ("one process beside two", f"{gain:.2f}x", *judged(gain, 1.6, 1.85)),
        ("one process beside zip and gunzip alone", f"{beside:.2f}x", *judged(-beside, -6, -3.5)),
        ("the same without loadplan[fast]", f"{slow:.2f}x", "", ""),
        ("most memory of a process, MB", f"{memory:.0f}", *judged(-memory, -150, -77)),
        ("the same again, s beyond a command with nothing to do", f"{again[0]:.3f}", *judged(-again[0], -0.05, -0.012)),
        ("the same again, s beyond --version", f"{again[1]:.3f}", "", ""),
        ("one process, s of CPU", f"{one:.2f}", "", ""),
        ("one process, s by the clock", f"{clock[0]:.2f}", "", ""),
        ("two processes, s by the clock", f"{clock[1]:.2f}", "", ""),
        ("zip and gunzip alone, s of CPU", f"{bare:.2f}", "", ""),
    ]


def median_ratio(ours: Iterable[float], theirs: Iterable[float]) -> float:
    """Median over the rounds of what one took beside the other in the same round."""
    return statistics.median(one / other for one, other in zip(ours, theirs, strict=True))


def beyond(costs: list[Cost], others: list[Cost]) -> float:
    """Median of what each took more than the other beside it, s of CPU."""
    return statistics.median(one.cpu_s - other.cpu_s for one, other in zip(costs, others, strict=True))


if __name__ == "__main__":
    main()
