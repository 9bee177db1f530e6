"""The same run in several exports, and other runs that only look the same.

Copies are shifted, cut and written anew; ``read_export`` is held against what was done.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from account_exports import (
    MAIL,
    download_zips,
    false_start,
    garmin,
    never_stopped,
    stop_and_resume,
    strava,
    treadmill_pair,
    truth_of,
)
from activity_files import gz, zipped
from found import differences, reconciles
from made_runs import Made, as_fit, as_gpx, as_tcx, some_runs

from importers import read_export

MARCH = datetime(2024, 3, 4, 6, 0, tzinfo=UTC)
RUNS = some_runs(26)
SOME = RUNS[:12]
Write = Callable[..., bytes]


def put(folder: Path, data: bytes, name: str) -> Path:
    (folder / name).write_bytes(data)
    return folder / name


def files_of(runs: list[Made], write: Write, ending: str) -> bytes:
    return zipped({f"copies/{n:03d}.{ending}": write(run) for n, run in enumerate(runs)})


SHIFTS = [3600, -3600, 7200, -19_800, 2700, 900, 50_400, -50_400]


@pytest.mark.parametrize("shift", SHIFTS)
def test_a_copy_whose_clock_is_wrong_by_quarters_of_an_hour_doubles_nothing(tmp_path: Path, shift: int) -> None:
    mine = strava(SOME, ways=("fit",)).put(tmp_path, "mine.zip")
    copies = {
        "files.zip": files_of(SOME, lambda run: as_fit(run, shift_s=shift), "fit"),
        "strava.zip": strava([run.later(shift) for run in SOME], ways=("gpx.gz", "none"), first_id=1).zipped(),
        "garmin.zip": garmin([run.later(shift) for run in SOME]).zipped(),
    }
    for name, data in copies.items():
        read = read_export(mine, put(tmp_path, data, name))
        assert (name, len(read.runs)) == (name, len(SOME))
        assert reconciles(read.counts())
        near = [replace(one, start_off=abs(shift) + 2, day=None) for one in truth_of(SOME)]
        assert differences(near, read.runs, shoes=False) == []


def test_of_a_copy_only_the_summer_may_be_shifted(tmp_path: Path) -> None:
    copy = [run.later(3600 if n % 2 else 0) for n, run in enumerate(SOME)]
    read = read_export(strava(SOME).put(tmp_path, "a.zip"), garmin(copy).put(tmp_path, "b.zip"))
    assert len(read.runs) == len(SOME)


CUTS = {"seconds": (20, 10), "the first minute": (60, 0), "the last minutes": (0, 180), "most of it": (240, 150)}


@pytest.mark.parametrize("name", CUTS)
@pytest.mark.parametrize("write", [as_fit, as_gpx, as_tcx])
def test_a_copy_that_is_cut_at_its_ends_doubles_nothing(tmp_path: Path, name: str, write: Write) -> None:
    """The whole one tells how long it was."""
    whole = garmin(RUNS, without_file=()).put(tmp_path)
    ending = write.__name__.removeprefix("as_")
    copy = put(tmp_path, files_of(RUNS, lambda run: write(run, cut=CUTS[name]), ending), "copy.zip")
    read = read_export(whole, copy)
    assert differences(truth_of(RUNS), read.runs, shoes=False) == []


@pytest.mark.parametrize("write", [as_gpx, as_tcx])
def test_a_copy_in_another_format_doubles_nothing(tmp_path: Path, write: Write) -> None:
    ending = write.__name__.removeprefix("as_")
    copies = {
        "copy.zip": files_of(RUNS, write, ending),
        "late.zip": files_of(RUNS, lambda run: write(run, shift_s=1), ending),
        "zone.zip": files_of(RUNS, lambda run: write(run, shift_s=-3600), ending),
    }
    mine = strava(RUNS, ways=("fit",)).put(tmp_path, "mine.zip")
    for name, data in copies.items():
        read = read_export(mine, put(tmp_path, data, name))
        assert (name, differences(truth_of(RUNS), read.runs, shoes=False)) == (name, [])


def test_three_copies_with_three_clocks_are_one_run(tmp_path: Path) -> None:
    paths = [
        put(tmp_path, files_of(RUNS[:9], lambda run, s=shift: as_fit(run, shift_s=s), "fit"), f"{shift}.zip")
        for shift in (0, 3600, -19_800)
    ]
    assert len(read_export(*paths).runs) == len(read_export(*paths[::-1]).runs) == 9


def test_a_run_recorded_by_watch_and_phone_of_one_account_is_one_run(tmp_path: Path) -> None:
    """The phone was started eight seconds later and measured one percent less: two rows, two files."""
    phone = [replace(run, start=run.start + timedelta(seconds=8), metres=run.metres * 0.99) for run in RUNS[:8]]
    export = strava([*RUNS[:8], *phone], ways=("fit",) * 8 + ("gpx",) * 8)
    read = read_export(export.put(tmp_path))
    near = [replace(one, start_off=9.0, metres_off=40.0, moving_s=None) for one in truth_of(RUNS[:8])]
    assert differences(near, read.runs, shoes=False) == []
    assert reconciles(read.counts())


def test_the_same_activity_of_two_exports_is_one_whatever_its_table_says_now(tmp_path: Path) -> None:
    """The number at the service tells: start, distance and type were changed on the web page."""
    before, after = RUNS[:6], [*RUNS[1:6]]
    moved = replace(RUNS[0], start=RUNS[0].start - timedelta(hours=31), metres=RUNS[0].metres * 1.3)
    old = strava(before, ways=("none",)).put(tmp_path, "old.zip")
    new = strava([moved, *after, RUNS[9]], ways=("none",)).put(tmp_path, "new.zip")
    read = read_export(old, new, tz="Africa/Johannesburg")
    assert differences(truth_of([moved, *after, RUNS[9]]), read.runs, shoes=False) == []


def test_a_whole_run_and_its_two_halves_are_not_run_twice(tmp_path: Path) -> None:
    """One service holds it whole, for the other the watch was stopped and started at half-way."""
    whole = Made(MARCH, 10_000.0, 3300)
    halves = {f"{n}.fit": as_fit(whole, cut=cut) for n, cut in enumerate(((0, 1640), (1660, 0)))}
    paths = [put(tmp_path, zipped({"a.gpx": as_gpx(whole)}), "a.zip"), put(tmp_path, zipped(halves), "b.zip")]
    for chosen in (paths, paths[::-1]):
        assert sum(run.distance_m for run in read_export(*chosen).runs) == pytest.approx(10_000, abs=60)


def test_the_same_bytes_under_many_names_are_one_run(tmp_path: Path) -> None:
    files = {f"{n}/{name}": data for n in range(3) for name, data in download_zips(RUNS[:5]).items()}
    for name, data in {**files, "a.fit.gz": gz(as_fit(RUNS[0]))}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    read = read_export(tmp_path)
    assert differences(truth_of(RUNS[:5]), read.runs) == []
    assert (read.counts()["duplicates"], reconciles(read.counts())) == (11, True)


# ---------------------------------------------------------------- other runs that look the same
ALIKE = {
    "a false start": false_start(MARCH),
    "the same treadmill programme twice": treadmill_pair(MARCH),
    "a watch that was never stopped": never_stopped(MARCH),
    "three times round the same lap": [Made(MARCH + timedelta(seconds=k * 601), 2000.0, 600) for k in range(3)],
    "a run within a ride": [
        Made(MARCH, 30_000.0, 5400, kind="ride"),
        Made(MARCH + timedelta(seconds=600), 4000.0, 1500),
    ],
    "morning and evening": [
        Made(MARCH, 5000.0, 1500, kind="treadmill"),
        Made(MARCH + timedelta(hours=10), 5000.0, 1500),
    ],
}


@pytest.mark.parametrize("name", ALIKE)
def test_runs_that_look_alike_stay_apart(tmp_path: Path, name: str) -> None:
    """As files, in either account, and where both accounts hold them."""
    runs = ALIKE[name]
    around = [run.later((MARCH - RUNS[0].start).total_seconds() + 86_400 * 5) for run in RUNS[:4]]
    mine = strava([*runs, *around], ways=("fit", "fit.gz"))
    theirs = garmin([*runs, *around], without_file=(1,))
    exports = {
        "files": zipped({f"{n}.fit": as_fit(run) for n, run in enumerate([*runs, *around])}),
        "strava": mine.zipped(), "garmin": theirs.zipped(), "rows": strava([*runs, *around], ways=("none",)).zipped(),
    }  # fmt: skip
    paths = {key: put(tmp_path, data, f"{key}.zip") for key, data in exports.items()}
    wanted = truth_of([*runs, *around])
    tz = "Africa/Johannesburg"
    for chosen in (
        ("files",),
        ("strava",),
        ("garmin",),
        ("rows",),
        ("strava", "garmin"),
        ("garmin", "rows"),
        tuple(paths),
    ):
        read = read_export(*(paths[key] for key in chosen), tz=tz)
        assert (chosen, differences(wanted, read.runs, shoes=False)) == (chosen, [])


def test_the_sessions_of_one_file_stay_apart_and_their_row_adds_nothing(tmp_path: Path) -> None:
    """Stopped, saved by laps and resumed: the accounts list one activity, the file holds three."""
    file, legs, whole = stop_and_resume(MARCH)
    account = strava([whole], ways=("fit",))
    name = next(name for name in account.files if name.endswith(".fit"))
    theirs = garmin([whole])
    exports = {
        "files.zip": zipped({"a.fit": file}),
        "whole.zip": zipped({"a.gpx": as_gpx(whole)}),
        "strava.zip": replace(account, files={**account.files, name: file}).zipped(),
        "garmin.zip": replace(theirs, files={**theirs.files, f"DI_CONNECT/{MAIL}_1.fit": file}).zipped(),
    }
    paths = [put(tmp_path, data, name) for name, data in exports.items()]
    for chosen in (*([path] for path in paths), paths[:2], paths):
        read = read_export(*chosen)
        metres = sum(run.distance_m for run in read.runs)
        assert ([p.name for p in chosen], metres) == ([p.name for p in chosen], pytest.approx(whole.metres, abs=3))
    assert differences(truth_of(legs), read_export(paths[0]).runs) == []


# ---------------------------------------------------------------- whatever comes first
def test_neither_order_nor_workers_change_anything(tmp_path: Path) -> None:
    """Enough bytes that workers are called."""
    long = [Made(MARCH + timedelta(days=n), 9000.0, 3000) for n in range(5)]
    noise = [os.urandom(600_000).hex().encode() for _ in long]
    big = {f"big/{n}.gpx": as_gpx(run) + b"<!--" + noise[n] + b"-->" for n, run in enumerate(long)}
    paths = [
        strava(RUNS).put(tmp_path, "a.zip"), garmin(RUNS).put(tmp_path, "b.zip"), put(tmp_path, zipped(big), "c.zip"),
        put(tmp_path, files_of(RUNS, lambda run: as_gpx(run, cut=(10, 10)), "gpx"), "d.zip"),
    ]  # fmt: skip
    one = read_export(*paths, jobs=1)
    assert len(one.runs) == len(RUNS) + len(long)
    assert one.runs == read_export(*paths, jobs=2).runs
    assert one.runs == read_export(*paths[::-1]).runs == read_export(paths[2], paths[0], paths[3], paths[1]).runs


def test_a_run_of_unknown_local_time_has_the_offset_of_the_nearest_within_a_week(tmp_path: Path) -> None:
    """Before ``--tz``; and a run far from all others takes it."""
    home = [Made(MARCH + timedelta(days=n, hours=16), 5000.0, 1500, offset_s=-28_800) for n in range(3)]
    near = Made(MARCH + timedelta(days=4, hours=17), 5200.0, 1500, offset_s=-28_800)
    far = Made(MARCH + timedelta(days=60, hours=23), 5200.0, 1500, offset_s=7200)
    export = strava([*home, near, far], ways=("fit", "fit", "fit", "none", "none"))
    read = read_export(export.put(tmp_path), tz="Africa/Johannesburg")
    assert [str(run.day) for run in read.runs] == [str(run.day) for run in (*home, near, far)]
