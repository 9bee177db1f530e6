"""Cohorts on disk: exports of small runners, made in a moment, each with a name that must not leak, and bad ones."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import account_exports
from activity_files import zipped
from bombs import blank_gzip
from made_runs import Made, some_runs

AS_OF = "2023-07-09"
SECRET = "Quetzalcoatl"
"""Stands in every name that a runner's files tell: of the archive, of the files in it, of shoes, titles and folders."""
NAMES = ("anna", "bert", "cleo", "dora", "emil", "fee", "gina", "hugo")
WAYS = ("none", "none", "fit.gz", "none", "gpx")


def runs_of(number: int, count: int) -> list[Made]:
    """A runner's own runs: other days, other lengths."""
    first = datetime(2023, 3, 6, 5, 10, tzinfo=UTC) + timedelta(days=3 * number, minutes=11 * number)
    runs = some_runs(count, first=first)
    shoe = f"{SECRET} {number}"
    return [
        replace(run, metres=round(run.metres * (1 + 0.05 * number), 2), shoe=shoe if n % 2 else "Ghost 15",
                title=f"Run with {SECRET}")
        for n, run in enumerate(runs)
    ]  # fmt: skip


def runner_files(number: int, count: int = 60) -> dict[str, bytes]:
    """What one runner's Strava export holds."""
    files = dict(account_exports.strava(runs_of(number, count), ways=WAYS, first_id=10**9 * (number + 1)).files)
    first = next(name for name in files if name.endswith(".gpx"))
    return {**files, f"activities/{SECRET}-{number}.gpx": files[first]}


def make_cohort(folder: Path, names: Sequence[str] = NAMES[:4], *, runs: int = 60) -> Path:
    """Zips, and every third runner as a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, name in enumerate(names):
        files = runner_files(number, runs)
        if number % 3 == 2:
            unpack(folder / f"{name} {SECRET}", files)
        else:
            (folder / f"{name} {SECRET}.zip").write_bytes(zipped(files))
    return folder


def unpack(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        os.utime(target, (1_700_000_000, 1_700_000_000))


def hostile() -> dict[str, bytes]:
    """Name -> a zip that cannot be read, or not wholly."""
    good = zipped(runner_files(9, 6))
    locked = bytearray(good)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # the flag of encryption, in both places
        begin = 0
        while (begin := locked.find(mark, begin)) >= 0:
            locked[begin + at] |= 1
            begin += 4
    return {
        "bomb.zip": zipped({"a.gpx.gz": blank_gzip(500)}),
        "cut.zip": good[: len(good) // 2],
        "empty.zip": zipped({}),
        "garbage.zip": bytes(range(256)) * 64,
        "locked.zip": bytes(locked),
        "nothing.zip": b"",
    }
