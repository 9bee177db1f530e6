"""Cohorts to read: runners with whole recordings, and any number of small ones of whom a table tells."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from support.copies import copies
from support.files import File

from loadplan.synthetic.cohort import tell_cohort

HEADER = "id,date,name,type,description,elapsed_time,distance,commute,gear,filename"
WEEKS = 104


def recorded(folder: Path, files: Sequence[File], runners: int, runs: int) -> int:
    """So many zips as Strava makes them, so many recordings in each; no two hold the same. Returns bytes unpacked."""
    folder.mkdir()
    size = 0
    made = copies(files)
    for runner in range(runners):
        with zipfile.ZipFile(folder / f"runner-{runner:05}.zip", "w") as archive:
            for number, (kind, data) in enumerate(islice(made, runs)):
                size += len(data)
                archive.writestr(
                    zipfile.ZipInfo(f"activities/{number:05}.{kind.lower()}.gz"), File("", kind, data).packed
                )
    return size


def told(folder: Path, runners: int) -> None:
    """So many runners of two years, of whom an account's table tells: runs without files."""
    folder.mkdir()
    made = tell_cohort(runners, WEEKS, seed=1)
    for number, label in enumerate(made.labels):
        rows = [
            f"{n},{run['start']:%Y-%m-%d %H:%M:%S},Run,Run,,{run['elapsed_s']:.0f},{run['distance_m']:.1f},false,,"
            for n, run in enumerate(made.runs(number), 1)
        ]
        with zipfile.ZipFile(folder / f"{label}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(zipfile.ZipInfo("activities.csv"), "\n".join([HEADER, *rows, ""]))
