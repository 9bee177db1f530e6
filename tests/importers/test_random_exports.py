"""Exports of the same runs drawn at random: some runs each, in other formats, shifted or cut, files, tables, lists.

Whatever was drawn, each run is in the log once, and the order of the exports changes nothing.
"""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from account_exports import false_start, garmin, garmin_list, strava
from activity_files import zipped
from found import reconciles
from garmin_exports import Writing
from made_runs import Made, as_fit, as_gpx, as_tcx

from importers import read_export

SEEDS = range(int(os.environ.get("SEEDS", "6")))
SHIFTS_S = (0, 0, 0, 3600, -3600, -19_800, 2700)
CUTS = ((0, 0), (0, 0), (20, 10), (60, 0), (0, 120))
FORGOTTEN_S = 62 * 3600
CROPPED = 0.12
"""Of a run that is nowhere whole so much of the distance may be missing."""


def drawn_runs(dice: random.Random) -> list[Made]:
    """Two weeks: treadmills, pauses, a watch that was not stopped, false starts, second runs in the evening."""
    runs, day = [], datetime(2024, 3, 4, tzinfo=UTC)
    for _ in range(8):
        day += timedelta(days=dice.choice((1, 1, 2, 3)))
        start = day + timedelta(seconds=dice.randrange(4 * 3600, 8 * 3600))
        seconds = 10 * dice.randrange(60, 180)
        run = Made(
            start, round(seconds * dice.uniform(2.3, 3.6), 1), seconds, kind=dice.choice(("run", "treadmill", "trail"))
        )
        if dice.random() < 0.4:
            run = replace(run, pauses=((200, 260),) if dice.random() < 0.6 else ((300, 300 + FORGOTTEN_S),))
        if dice.random() < 0.2:
            runs.append(replace(false_start(start)[0], start=start - timedelta(seconds=159 + 50)))
        runs.append(run)
        if dice.random() < 0.3:
            evening = start + timedelta(hours=10, seconds=dice.randrange(900))
            runs.append(Made(evening, round(run.metres * dice.uniform(1.1, 1.4), 1), seconds + 100))
    return runs


@dataclass(frozen=True)
class Drawn:
    """One export: what it is, by how much its clock is wrong, and its bytes."""

    kind: str
    shift_s: int
    name: str
    data: bytes


def drawn_export(dice: random.Random, runs: Sequence[Made], shifts: dict[str, int], *, whole: bool) -> Drawn:
    """A service knows a run under one number and has one clock; ``whole``: all runs, with their files, as they were."""
    kind = dice.choice(("files", "strava", "garmin") if whole else ("files", "strava", "rows", "garmin", "list"))
    some = [(n, run) for n, run in enumerate(runs) if whole or dice.random() < 0.7]
    shift = 0 if whole else shifts.get("strava" if kind == "rows" else kind, 0)
    late, numbers = [run.later(shift) for _, run in some], [7000 + n for n, _ in some]
    if kind == "files":
        files = dict(_file(dice, n, run, shift, whole=whole) for n, run in some)
        return Drawn(kind, shift, "files.zip", zipped(files))
    if kind == "list":
        how = Writing(dice.choice(("en", "de", "fr")))
        return Drawn(kind, 0, "Activities.csv", garmin_list([run for _, run in some], how))
    if kind == "garmin":
        lost = () if whole else dice.sample(range(len(some)), len(some) // 3)
        return Drawn(kind, shift, "garmin.zip", garmin(late, without_file=lost, ids=numbers).zipped())
    ways = ("fit",) if whole else ("none",) if kind == "rows" else ("none", "error", "fit.gz")
    return Drawn(kind, shift, "strava.zip", strava(late, ways=ways, ids=numbers).zipped())


def _file(dice: random.Random, n: int, run: Made, shift_s: int, *, whole: bool) -> tuple[str, bytes]:
    write = as_fit if run.kind == "treadmill" else dice.choice((as_fit, as_gpx, as_tcx))
    may_be_cut = not whole and not shift_s and run.seconds > 300 and run.elapsed < FORGOTTEN_S
    cut = dice.choice(CUTS) if may_be_cut else (0, 0)
    return f"{n}.{write.__name__.removeprefix('as_')}", write(run, shift_s=shift_s + dice.choice((0, 0, 1)), cut=cut)


@pytest.mark.parametrize("seed", SEEDS)
def test_exports_drawn_at_random_hold_each_run_once_in_any_order(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    runs = drawn_runs(dice)
    shifts = {kind: dice.choice(SHIFTS_S) for kind in ("files", "strava", "garmin")}
    drawn = [drawn_export(dice, runs, shifts, whole=k == 0) for k in range(dice.choice((2, 3, 4)))]
    if any(a.kind == b.kind and a.shift_s != b.shift_s for a in drawn for b in drawn):
        drawn = drawn[:1]
    paths = []
    for k, one in enumerate(drawn):
        paths.append(tmp_path / str(k) / one.name)
        paths[-1].parent.mkdir()
        paths[-1].write_bytes(one.data)
    what = [(one.kind, one.shift_s) for one in drawn]
    read = read_export(*paths, tz="Africa/Johannesburg")
    assert (what, len(read.runs)) == (what, len(runs))
    for told, done in zip(sorted(run.distance_m for run in read.runs), sorted(run.metres for run in runs), strict=True):
        assert done * (1 - CROPPED) - 10 < told < done * 1.005 + 10, what
    assert reconciles(read.counts())
    assert read.runs == read_export(*paths[::-1], tz="Africa/Johannesburg").runs
    assert read.runs == read_export(*dice.sample(paths, len(paths)), tz="Africa/Johannesburg").runs
