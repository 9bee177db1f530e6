"""Our readers beside the libraries, gunzip and a bare expat pass, on real files and on files made here.

    python benchmarks/readers.py                        the whole table, in some four minutes
    python benchmarks/readers.py --quick                few files, one round: a first look
    python benchmarks/readers.py --into docs/speed.md   writes the table into the page, between its marks

CPU time of one call from bytes to what the reader gives, the least of n, file by file; the ratio is taken on each
file, the median over the files, and the median of three such rounds is told. Never a test.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from support.files import File, made_files, real_files
from support.page import into_page, machine
from support.peers import OURS, PEERS, Peer, Read

LARGE = 100_000
"""Bytes; what a run of half an hour takes as FIT. Smaller files are read in no time by anybody."""
ROUNDS = 3
TURNS = 9
"""How often the quick readers read a file in a round."""
QUICK_FILES = 6
SLOW_QUICK_FILES = 2


@dataclass(frozen=True)
class Row:
    """One line of the table: a reader of ours beside one of theirs, on one set of files."""

    kind: str
    files: str
    count: int
    peer: Peer
    ratio: float
    ours_ms: float
    judged: bool

    def words(self) -> str:
        if self.peer.floor is None or not self.judged:
            return ""
        if self.reaches(self.peer.aim or self.peer.floor):
            return "aim"
        return "floor" if self.reaches(self.peer.floor) else "BELOW"

    def reaches(self, limit: float) -> bool:
        return self.ratio >= limit if self.peer.at_least else self.ratio <= limit

    def limits(self) -> str:
        if self.peer.floor is None or not self.judged:
            return ""
        return f"{'>=' if self.peer.at_least else '<='} {self.peer.floor:g} -> {self.peer.aim:g}"

    def told(self) -> str:
        return f"{self.ratio:.2f}x {'as fast' if self.peer.at_least else 'its time'}"


def main() -> None:
    wanted = arguments()
    rows: list[Row] = []
    for kind in wanted.kinds:
        for name, files, judged in sets(kind, quick=wanted.quick):
            rows += compared(kind, name, files, judged=judged, quick=wanted.quick)
    print(text(rows))
    if wanted.into:
        into_page(wanted.into, "readers", markdown(rows))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="few files, one round")
    parser.add_argument("--into", type=Path, metavar="PAGE", help="write the table into this page")
    parser.add_argument("kinds", nargs="*", default=list(PEERS), metavar="KIND", help="FIT GPX TCX (default: all)")
    return parser.parse_args()


def sets(kind: str, *, quick: bool) -> Iterator[tuple[str, list[File], bool]]:
    """The sets of files of a format: name, files, whether floors are judged on it."""
    real = [f for f in real_files() if f.kind == kind]
    made = [f for f in made_files() if f.kind == kind]
    large = sorted((f for f in real if f.size > LARGE), key=lambda f: (f.size, f.label))
    small = [f for f in real if f.size <= LARGE]
    yield "real, over 100 KB", spread(large, QUICK_FILES) if quick else large, True
    if not quick:
        yield "real, smaller", spread(small, QUICK_FILES * 2), False
    yield "made here", made, not large


def spread(files: Sequence[File], count: int) -> list[File]:
    """So many of them, from the smallest to the largest."""
    if len(files) <= count:
        return list(files)
    return [files[round(i * (len(files) - 1) / (count - 1))] for i in range(count)]


def compared(kind: str, name: str, files: list[File], *, judged: bool, quick: bool) -> list[Row]:
    """Every peer of a format on one set of files."""
    peers = [peer for peer in PEERS[kind] if peer.is_here()]
    for read in (OURS[kind], *(peer.read for peer in peers)):  # imports and first times are nobody's speed
        cpu_seconds(read, min(files, key=lambda f: f.size))
    rounds = [one_round(kind, files, peers, quick=quick) for _ in range(1 if quick else ROUNDS)]
    rows = []
    for peer in peers:
        found = [ratios(r, peer) for r in rounds]
        if found and found[0]:
            middle = statistics.median(statistics.median(ratio) for ratio in found)
            ours = statistics.median(statistics.median(times[None] for times in r) for r in rounds)
            rows.append(Row(kind, name, len(found[0]), peer, middle, ours * 1e3, judged))
    return rows


Times = dict[Peer | None, float]
"""Least CPU seconds on one file by peer; None is our reader."""


def ratios(times: Sequence[Times], peer: Peer) -> list[float]:
    both = [(t[None], t[peer]) for t in times if peer in t]
    return [theirs / ours if peer.at_least else ours / theirs for ours, theirs in both]


def one_round(kind: str, files: Sequence[File], peers: Sequence[Peer], *, quick: bool) -> list[Times]:
    for_slow = spread(files, SLOW_QUICK_FILES) if quick else files
    return [times(kind, file, [p for p in peers if not p.slow or file in for_slow]) for file in files]


def times(kind: str, file: File, peers: Sequence[Peer]) -> Times:
    """The quick ones take turns, so that a change of the machine's mood meets all of them; the slow ones read once."""
    found: Times = {}
    for turn in range(TURNS):
        taken = {None: cpu_seconds(OURS[kind], file)}
        taken |= {p: cpu_seconds(p.read, file) for p in peers if turn == 0 or not p.slow}
        for who, seconds in taken.items():
            if seconds is not None:
                found[who] = min(found.get(who, seconds), seconds)
    return found


def cpu_seconds(read: Read, file: File) -> float | None:
    """CPU seconds of one call; None where the reader does not read this file."""
    begun = time.process_time_ns()
    try:
        read(file)
    except Exception:  # whatever a library raises on a real file
        return None
    return (time.process_time_ns() - begun) / 1e9


# ---------------------------------------------------------------- tables
HEAD = ("format", "files", "n", "beside", "ratio", "floor -> aim", "", "ours, ms a file")


def cells(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    return [
        (r.kind, r.files, str(r.count), r.peer.title, r.told(), r.limits(), r.words(), f"{r.ours_ms:.2f}") for r in rows
    ]


def text(rows: Sequence[Row]) -> str:
    lines = [HEAD, *cells(rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEAD))]
    table = ["  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)).rstrip() for line in lines]
    absent = [p.name for peers in PEERS.values() for p in peers if not p.is_here()]
    return "\n".join([machine(), *table, *(f"not installed, left out: {name}" for name in absent)])


def markdown(rows: Sequence[Row]) -> str:
    lines = [HEAD, tuple("---" for _ in HEAD), *cells(rows)]
    return "\n".join([f"{machine()}.", "", *("| " + " | ".join(line) + " |" for line in lines)])


if __name__ == "__main__":
    main()
