"""Whole account exports as Strava and Garmin give them to download, out of runs that are known, and their truth.

``strava(runs, table)`` and ``garmin(runs)`` give the members of a zip and what an importer must make of them. The
disorder is that of real exports: rows without files, files without rows, lost files, plans of routes, other tables.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import garmin_exports
import strava_exports
from activity_files import gz, zipped
from found import Truth
from garmin_exports import Done, Writing
from made_runs import Made, as_fit, as_gpx, as_tcx, fit_of, part_of
from strava_exports import Activity, Table

from loadplan.outbox.fit_activity import file_id
from loadplan.outbox.fit_file import Message, encode

MAIL = "someone@example.org"
FITNESS = "DI_CONNECT/DI-Connect-Fitness"
UPLOADED = "DI_CONNECT/DI-Connect-Uploaded-Files"
PHOTO = b"\xff\xd8\xff\xe0" + bytes(200)
ROUTE = b"<?xml version='1.0'?><gpx version='1.1' creator='x'><rte><rtept lat='1' lon='1'/></rte></gpx>"


@dataclass(frozen=True)
class Account:
    """The members of an export, and what must be found in it."""

    files: Mapping[str, bytes]
    truth: Sequence[Truth]
    found: int
    """Files that are looked at, and rows or summaries without a file."""
    rows: int = 0
    """Rows of activities.csv, or summaries."""

    def zipped(self) -> bytes:
        return zipped(self.files)

    def put(self, folder: Path, name: str = "export.zip") -> Path:
        """As the download lies in a folder."""
        (folder / name).write_bytes(self.zipped())
        return folder / name

    def unpacked(self, folder: Path) -> Path:
        """As somebody has unpacked it."""
        for name, data in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return folder

    def activities(self) -> dict[str, bytes]:
        """Only the files, as somebody keeps them who has thrown the tables away."""
        return {k: v for k, v in self.files.items() if k.startswith("activities/")}


# ---------------------------------------------------------------- Strava
WAYS = (
    "fit.gz", "gpx.gz", "none", "tcx.gz", "fit", "error", "timeless", "absent", "other", "fit.gz", "error", "gpx",
    "none",
)  # fmt: skip
"""What becomes of the file of one activity after the other: how it is written, or how it is lost."""
WITHOUT_FILE = ("none", "error", "absent")
_FILES: Mapping[str, tuple[str, Callable[[Made], bytes]]] = {
    "fit": ("fit", as_fit),
    "fit.gz": ("fit.gz", lambda run: gz(as_fit(run))),
    "gpx": ("gpx", as_gpx),
    "gpx.gz": ("gpx.gz", lambda run: gz(as_gpx(run, kind="9" if run.kind == "run" else ""))),
    "tcx.gz": ("tcx.gz", lambda run: gz(as_tcx(run, blanks=10))),
    "other": ("tcx.gz", lambda run: gz(as_tcx(run, sport="Other", blanks=10))),
    "timeless": ("gpx.gz", lambda run: gz(as_gpx(run, timed=False))),
    "cut": ("fit.gz", lambda run: gz(_cut(as_fit(run)))),
    "cut gzip": ("fit.gz", lambda run: _cut(gz(as_fit(run)))),
}


def _cut(data: bytes) -> bytes:
    return data[: len(data) * 2 // 3]


def strava(
    runs: Sequence[Made],
    table: Table | None = None,
    *,
    ways: Sequence[str] = WAYS,
    orphans: Sequence[Made] = (),
    nicknames: bool = True,
    first_id: int = 7_000_000_000,
    ids: Sequence[int] = (),
    blanks: Collection[int] = (),
) -> Account:
    """An export of Strava.

    Args:
        runs: activities that have a row.
        table: how activities.csv is written.
        ways: of the files, in turn.
        orphans: activities with a file and no row.
        nicknames: whether shoes.csv names the pairs, or only their make and model.
        first_id: number of the first activity.
        ids: numbers of the activities, where they are not to follow from their places.
        blanks: places of rows whose second block is empty, as in old rows.
    """
    table = table or Table(seed=1)
    files: dict[str, bytes] = {}
    activities, truth = [], []
    for n, run in enumerate(runs):
        way = "none" if run.kind == "swim" else ways[n % len(ways)]
        ident = ids[n] if ids else first_id + 97 * n
        name = _put_file(files, run, way, ident + 1_000_000_000)
        activities.append(_activity(run, ident, name, blank=n in blanks))
        truth.append(_strava_truth(run, way, table, blank=n in blanks))
    for n, run in enumerate(orphans):
        _put_file(files, run, "fit.gz", first_id + 2_500_000_000 + n)
        truth.append(Truth(run.start, run.sport, run.metres, run.seconds, run.day, metres_off=0.1))
    looked_at = len(files) + sum(one.filename not in files for one in activities)
    files |= {"activities.csv": strava_exports.write(activities, table), **_beside(runs, nicknames=nicknames)}
    return Account(files, truth, looked_at, rows=len(runs))


def _put_file(files: dict[str, bytes], run: Made, way: str, number: int) -> str:
    """Puts the file where there is one; what the row says of it."""
    if way in ("none", "error"):
        return "" if way == "none" else "#error#"
    if way == "absent":
        return f"activities/{number}.fit.gz"
    ending, write = _FILES[way]
    name = f"activities/{number}.{ending}"
    files[name] = write(run)
    return name


def _activity(run: Made, number: int, filename: str, *, blank: bool) -> Activity:
    later = {} if run.rpe is None else {"rpe": run.rpe}
    return Activity(
        number=number, start=run.start, kind="run" if run.kind == "treadmill" else run.kind, name=run.title,
        elapsed=run.elapsed, moving=float(run.seconds), metres=run.metres, ascent=run.ascent, gear=run.shoe,
        filename=filename, blank=blank, later=later,
    )  # fmt: skip


def _strava_truth(run: Made, way: str, table: Table, *, blank: bool) -> Truth:
    """Rows alone know the distance as the columns of that year tell it."""
    once = table.old or table.width == 10
    cut = way.startswith("cut")
    alone = way in WITHOUT_FILE or cut or run.kind == "swim"
    by_row = alone or way == "timeless"
    rounded = 5.01 if by_row and run.kind != "swim" and not table.old and (once or blank) else 0.6
    untold = by_row and (once or blank)
    timer = None if untold or cut else float(run.seconds)
    return Truth(run.start, run.sport, run.metres, timer, run.day, run.shoe or None, metres_off=rounded)


def _beside(runs: Sequence[Made], *, nicknames: bool) -> dict[str, bytes]:
    """Tables, plans and pictures that are no activities."""
    names = ("bikes", "components", "comments", "clubs", "goals", "reactions", "logins", "starred_segments", "routes")
    table = b'Some Id,Some Date,Distance\n1,"Mar 1, 2024, 10:00:00 AM",5000\n'
    return {
        "shoes.csv": _shoes_table(sorted({run.shoe for run in runs if run.shoe}), nicknames=nicknames),
        "profile.csv": b"Athlete ID,Email Address\n1,someone@example.org\n",
        "routes/1.gpx": ROUTE,
        "media/photo.jpg": PHOTO, "media/clip.mp4": b"\0\0\0\x18ftypmp42" + bytes(90), "messaging.json": b"[]",
        **{f"{name}.csv": table for name in names},
    }  # fmt: skip


def _shoes_table(names: Sequence[str], *, nicknames: bool) -> bytes:
    lines = ["Shoe Name,Shoe Brand,Shoe Model,Shoe Default Sport Types"]
    for name in names:
        brand, _, model = name.partition(" ")
        lines.append(f'"{name}",Nike,Vomero,Run' if nicknames else f'"",{brand},{model},')
    return "\r\n".join([*lines, ""]).encode()


# ---------------------------------------------------------------- Garmin
GARMIN_KINDS = {"run": "running", "trail": "trail_running", "virtual": "virtual_run", "treadmill": "treadmill_running",
                "ride": "cycling", "walk": "walking", "swim": "lap_swimming"}  # fmt: skip
MONITORING_DAY = datetime(2023, 3, 1, 12, tzinfo=UTC)


def done(run: Made, ident: int, *, metres: float | None = None, ascent: float | None = None) -> Done:
    """The run as Garmin's tables know it."""
    return Done(
        ident=ident, start=run.start, offset_s=run.offset_s, kind=GARMIN_KINDS[run.kind],
        distance_m=run.metres if metres is None else metres, timer_s=float(run.seconds), elapsed_s=float(run.elapsed),
        ascent_m=run.ascent if ascent is None else ascent, descent_m=run.ascent, cadence_spm=166.0,
        heart_rate_bpm=140.0, title=run.title,
    )  # fmt: skip


@dataclass(frozen=True)
class Corrected:
    """What the runner has corrected on the web page."""

    metres: Mapping[int, float] = field(default_factory=dict)
    ascent: Mapping[int, float] = field(default_factory=dict)


def garmin(
    runs: Sequence[Made],
    *,
    without_file: Collection[int] = (0, 1),
    without_summary: Collection[int] = (),
    corrected: Corrected | None = None,
    old: bool = False,
    monitoring: int = 12,
    triathlon: datetime | None = None,
    first_id: int = 1_500_000_000,
    ids: Sequence[int] = (),
) -> Account:
    """A Garmin export; ``old``: the zips stand beside the summaries, as in exports of some years ago.

    ``triathlon``: when one was done; it has a parent, three children and one file.
    """
    right = corrected or Corrected()
    files = {f"{MAIL}_{2_300_000_000 + 17 * n}.fit": as_fit(run) for n, run in enumerate(runs) if n not in without_file}
    numbers = ids or [first_id + 131 * n for n in range(len(runs))]
    listed = [_summary(run, numbers[n], right, n) for n, run in enumerate(runs) if n not in without_summary]
    truth = [_garmin_truth(run, n, right, listed=n not in without_summary) for n, run in enumerate(runs)]
    found = len(files) + monitoring + sum(n in without_file and n not in without_summary for n in range(len(runs)))
    if triathlon is not None:
        race = triathlon_at(triathlon)
        files[f"{MAIL}_2399999999.fit"] = race.file
        listed += race.summaries
        truth += race.truth
        found += 1
    files |= {f"{MAIL}_{2_900_000_000 + n}.fit": monitoring_file(n) for n in range(monitoring)}
    members = summary_files(listed) | {f"{FITNESS}/{MAIL}_gear.json": gear_file(runs, numbers, without_summary)}
    members |= _parts(files, FITNESS if old else UPLOADED) | {"DI_CONNECT/DI-Connect-User/user_profile.json": b"{}"}
    members["DI_CONNECT/DI-Connect-Wellness/2023_sleepData.json"] = (
        b'[{"calendarDate":"2023-03-01","sleepStartTimestampGMT":1}]'
    )
    return Account(members, truth, found, rows=len(listed))


def _summary(run: Made, ident: int, right: Corrected, n: int) -> dict[str, Any]:
    told = garmin_exports.summary(done(run, ident, metres=right.metres.get(n), ascent=right.ascent.get(n)))
    return {**told, "elevationCorrected": n in right.ascent}


def _garmin_truth(run: Made, n: int, right: Corrected, *, listed: bool) -> Truth:
    metres = right.metres.get(n, run.metres) if listed else run.metres
    shoe = (run.shoe or None) if listed else None
    return Truth(run.start, run.sport, metres, run.seconds, run.day, shoe, metres_off=0.1)


def summary_files(listed: Sequence[dict[str, Any]], per_file: int = 1000) -> dict[str, bytes]:
    """``_0_`` and ``_1001_``; the service lists the newest first. Two files wherever there is more than one entry."""
    half = max(1, (len(listed) + 1) // 2)
    newest_first = sorted(listed, key=lambda one: -one["beginTimestamp"])
    parts = {0: newest_first[:half], per_file + 1: newest_first[half:]}
    return {
        f"{FITNESS}/{MAIL}_{first}_summarizedActivities.json": garmin_exports.export_json(part)
        for first, part in parts.items()
        if part
    }


def gear_file(runs: Sequence[Made], ids: Sequence[int], unlisted: Collection[int] = ()) -> bytes:
    """Pairs, of which every second has no name of its own, each three days older than its first run; a bicycle too."""
    names = sorted({run.shoe for run in runs if run.shoe})
    pairs = [_pair(111 * (n + 1), name, runs, own=n % 2 == 0) for n, name in enumerate(names)]
    bike = {"gearPk": 999, "gearTypeName": "Bike", "gearStatusName": "active", "displayName": "Old bike",
            "customMakeModel": "Koga", "dateBegin": "2012-01-01T00:00:00.0"}  # fmt: skip
    links = {
        str(111 * (n + 1)): [
            {"gearPk": 111 * (n + 1), "activityId": ids[k]}
            for k, run in enumerate(runs)
            if run.shoe == name and k not in unlisted
        ]
        for n, name in enumerate(names)
    }
    return json.dumps([{"gearDTOS": [*pairs, bike], "gearActivityDTOs": links}]).encode()


def _pair(number: int, name: str, runs: Sequence[Made], *, own: bool) -> dict[str, Any]:
    day = min(run.day for run in runs if run.shoe == name) - timedelta(days=3)
    told = {"gearPk": number, "gearTypeName": "Shoes", "gearStatusName": "active", "dateBegin": f"{day}T00:00:00.0",
            "customMakeModel": "Nike Something" if own else name, "maximumMeters": 800_000.0}  # fmt: skip
    return {**told, "displayName": name} if own else told


def _parts(files: Mapping[str, bytes], folder: str) -> dict[str, bytes]:
    """Zips in the zip, the files spread over two."""
    names = sorted(files)
    return {
        f"{folder}/UploadedFiles_0-_Part{k + 1}.zip": zipped({name: files[name] for name in names[k::2]})
        for k in range(2)
    }


def monitoring_file(n: int) -> bytes:
    """A day of steps: most FIT files of an account are no activities."""
    noon = MONITORING_DAY + timedelta(days=n)
    steps = [Message("monitoring", {"timestamp": noon, "cycles": 4000 + n, "activity_type": 6})]
    return encode([file_id(noon, "monitoring_b"), *steps])


@dataclass(frozen=True)
class Race:
    """A triathlon: its file, what the service lists of it, and its parts."""

    file: bytes
    summaries: list[dict[str, Any]]
    truth: list[Truth]
    legs: list[Made]


def triathlon_at(start: datetime, first_id: int = 1_900_000_000) -> Race:
    """Swim, ride, run, one after the other, in one file; the service lists their parent and each of them."""
    swim = Made(start, 750.0, 900, kind="swim", title="Swim")
    ride = Made(swim.end + timedelta(seconds=180), 20_000.0, 2400, kind="ride", title="Ride")
    run = Made(ride.end + timedelta(seconds=120), 5_000.0, 1500, title="Run", shoe="Pegasus 33")
    legs = [swim, ride, run]
    before = [0.0, swim.metres, swim.metres + ride.metres]
    parts = [part_of(leg, metres=metres) for leg, metres in zip(legs, before, strict=True)]
    whole = Made(start, sum(leg.metres for leg in legs), int((run.end - start).total_seconds()), title="Triathlon")
    children = [garmin_exports.summary(done(leg, first_id + 1 + n), parentId=first_id) for n, leg in enumerate(legs)]
    parent = garmin_exports.summary(
        done(whole, first_id), parent=True, activityType="multi_sport", sportType="MULTISPORT"
    )
    # The pair of the third leg stands in no gear file here.
    truth = [Truth(leg.start, leg.sport, leg.metres, leg.seconds, leg.day, metres_off=0.6) for leg in legs]
    return Race(fit_of(parts, swim.offset_s), [parent, *children], truth, legs)


def garmin_list(runs: Sequence[Made], how: Writing | None = None) -> bytes:
    """``Activities.csv`` of the web page."""
    newest_first = sorted(runs, key=lambda run: run.start, reverse=True)
    return garmin_exports.listed([done(run, n) for n, run in enumerate(newest_first)], how or Writing())


def download_zips(runs: Sequence[Made], first_id: int = 3_000_000_000) -> dict[str, bytes]:
    """``<id>.zip`` with ``<id>_ACTIVITY.fit``, as the web page gives one activity."""
    return {f"{first_id + n}.zip": zipped({f"{first_id + n}_ACTIVITY.fit": as_fit(run)}) for n, run in enumerate(runs)}


# ---------------------------------------------------------------- runs that are hard to tell apart, or to recognise
def false_start(start: datetime) -> list[Made]:
    """138 m, and 159 s after their end a run of 11.5 km."""
    first = Made(start, 138.0, 50, title="Oops")
    return [first, Made(first.end + timedelta(seconds=159), 11_500.0, 3900, title="Long run")]


def treadmill_pair(start: datetime) -> list[Made]:
    """The same programme of a treadmill twice, an hour apart."""
    first = Made(start, 3000.0, 1080, kind="treadmill", title="Treadmill")
    return [first, first.later(3600)]


def never_stopped(start: datetime) -> list[Made]:
    """62 h elapsed, 48 min on the timer; the runs of the next two days lie within."""
    forgotten = Made(start, 8000.0, 2880, pauses=((1440, 1440 + 62 * 3600 - 2880),), title="Forgot to stop")
    return [forgotten, Made(start + timedelta(hours=24), 5000.0, 1750), Made(start + timedelta(hours=47), 6100.0, 2100)]


def stop_and_resume(start: datetime) -> tuple[bytes, list[Made], Made]:
    """Three sessions of one file, a minute between them; the file, the sessions, and the whole as a row tells it."""
    first = Made(start, 4000.0, 1300)
    second = Made(first.end + timedelta(seconds=60), 3500.0, 1150)
    third = Made(second.end + timedelta(seconds=60), 2500.0, 800)
    legs = [first, second, third]
    before = [0.0, first.metres, first.metres + second.metres]
    gaps = tuple(
        (int((a.end - start).total_seconds()), int((b.start - start).total_seconds())) for a, b in pairwise(legs)
    )
    whole = Made(start, sum(leg.metres for leg in legs), sum(leg.seconds for leg in legs), pauses=gaps)
    return fit_of([part_of(leg, metres=m) for leg, m in zip(legs, before, strict=True)], first.offset_s), legs, whole


def truth_of(runs: Sequence[Made], *, off: float = 1.0) -> list[Truth]:
    """As the log must tell them, whatever told it; no shoes."""
    return [Truth(run.start, run.sport, run.metres, run.seconds, run.day, metres_off=off) for run in runs]


def unworn(truths: Sequence[Truth]) -> list[Truth]:
    """The same, as one tells who does not know the shoes."""
    return [replace(one, shoe=None) for one in truths]
