"""Whole exports through ``read_export``: each activity once and as it was, whatever the year, language or half of it.

Nothing here knows how it is done: exports are made with their truth beside them, read, and compared.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from account_exports import (
    WAYS,
    Corrected,
    download_zips,
    garmin,
    garmin_list,
    strava,
    triathlon_at,
    truth_of,
    unworn,
)
from activity_files import gpx, zipped
from found import differences, gist, reconciles
from garmin_exports import Writing
from made_runs import Made, as_fit, some_runs
from strava_exports import WIDTHS, Table

from importers import read_export

MARCH = datetime(2024, 3, 4, 6, 0, tzinfo=UTC)
RUNS = some_runs(26)
OTHERS = [
    Made(RUNS[3].start + timedelta(hours=5), 24_000.0, 3300, kind="ride", title="Ride"),
    Made(RUNS[5].start + timedelta(hours=4), 1500.0, 1900, kind="swim", title="Swim"),
    Made(RUNS[8].start + timedelta(hours=3), 3100.0, 2400, kind="walk", title="Walk"),
    Made(RUNS[9].start + timedelta(hours=7), 4200.0, 1600, kind="trail", shoe="Pegasus 33"),
]
ALL = [*RUNS, *OTHERS]


def put(folder: Path, data: bytes, name: str) -> Path:
    (folder / name).write_bytes(data)
    return folder / name


def counted(runs: list[Made]) -> dict[str, int]:
    ran = sum(run.sport == "run" for run in runs)
    return {"runs": ran, "other": len(runs) - ran}


# ---------------------------------------------------------------- Strava
TABLES = {
    **{f"{width} columns": Table(width=width, seed=width) for width in WIDTHS},
    "until 2019": Table(old=True, seed=4),
    "de": Table("de", 94, seed=1, newline="\n"),
    "fr": Table("fr", 92, seed=2),
    "es": Table("es", 87, html=True),
    "it": Table("it", 84, seed=3, encoding="utf-8-sig"),
    "pt": Table("pt", 83, seed=4, newline="\n"),
    "nl": Table("nl", 81, html=True, seed=5),
    "pl": Table("pl", 77, seed=6),
    "sv": Table("sv", 72, seed=7, html=True),
    "ja": Table("ja", 101, seed=8),
    "de, resaved": Table("de", 101, sign=";", seed=9, encoding="utf-8-sig"),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_strava_export_of_any_year_and_language_loses_and_doubles_nothing(tmp_path: Path, name: str) -> None:
    orphan = Made(RUNS[7].start + timedelta(hours=9), 2345.6, 800)
    export = strava(ALL, TABLES[name], orphans=[orphan])
    read = read_export(export.put(tmp_path))
    assert differences(export.truth, read.runs) == []
    counts = read.counts()
    assert reconciles(counts)
    assert counts["kept"] + counts["duplicates"] == export.found, "plans of routes are no activities"
    assert {k: counts[k] for k in ("runs", "other", "rejected")} == {**counted([*ALL, orphan]), "rejected": 0}


def test_an_unpacked_export_is_the_same_export(tmp_path: Path) -> None:
    export = strava(ALL)
    packed = read_export(export.put(tmp_path))
    folder = read_export(export.unpacked(tmp_path / "folder"))
    export.unpacked(tmp_path / "downloads" / "export_1234" / "mine")
    deeper = read_export(tmp_path / "downloads")
    inside = read_export(put(tmp_path, zipped({f"export_1234/{k}": v for k, v in export.files.items()}), "inside.zip"))
    assert gist(packed.runs) == gist(folder.runs) == gist(deeper.runs) == gist(inside.runs)
    assert packed.counts() == folder.counts() == deeper.counts() == inside.counts()


def test_without_its_table_an_export_gives_the_runs_of_its_files(tmp_path: Path) -> None:
    kept = [run for n, run in enumerate(RUNS) if WAYS[n % len(WAYS)] in ("fit.gz", "fit", "gpx.gz", "gpx", "tcx.gz")]
    read = read_export(put(tmp_path, zipped(strava(RUNS).activities()), "files.zip"))
    runs = [run for run in read.runs if run.sport == "run"]
    assert differences(truth_of(kept), runs) == []


def test_without_its_files_an_export_gives_the_runs_of_its_table(tmp_path: Path) -> None:
    export = strava(ALL, ways=("absent", "error", "none"))
    read = read_export(put(tmp_path, export.files["activities.csv"], "activities.csv"), tz="Africa/Johannesburg")
    assert differences(export.truth, read.runs) == []
    assert read.counts()["found"] == len(ALL)


def test_old_rows_whose_second_block_is_empty_are_runs(tmp_path: Path) -> None:
    export = strava(RUNS, Table("de", 92, seed=2), blanks=range(0, 26, 2))
    read = read_export(export.put(tmp_path))
    assert differences(export.truth, read.runs) == []


@pytest.mark.parametrize("nicknames", [True, False])
def test_shoes_are_those_of_the_rows_and_an_unknown_shoe_is_none(tmp_path: Path, nicknames: bool) -> None:
    read = read_export(strava(RUNS, nicknames=nicknames).put(tmp_path))
    assert {run.shoe for run in read.runs} == {"Pegasus 33", "Brooks Ghost 15", None}


@pytest.mark.parametrize("language", ["en", "de"])
def test_effort_and_titles_come_from_the_rows_as_they_were_typed(tmp_path: Path, language: str) -> None:
    runs = [replace(run, rpe=float(3 + n % 6)) for n, run in enumerate(RUNS)]
    read = read_export(strava(runs, Table(language, 101, seed=3)).put(tmp_path))
    assert [(run.rpe, run.title) for run in read.runs] == [(run.rpe, run.title) for run in runs]


@pytest.mark.parametrize("way", ["cut", "cut gzip"])
def test_a_run_whose_file_is_cut_short_has_the_distance_of_its_row(tmp_path: Path, way: str) -> None:
    export = strava(RUNS, ways=("fit", "fit", way))
    read = read_export(export.put(tmp_path))
    assert differences(export.truth, read.runs) == []
    assert read.counts()["salvaged"] == sum(n % 3 == 2 for n in range(len(RUNS)))


def test_a_file_whose_watch_had_a_wrong_clock_starts_when_its_row_says(tmp_path: Path) -> None:
    """Reset to the first day of its maker; the runner has put it right on the web page."""
    export = strava(RUNS[:6], ways=("fit",))
    name = next(name for name in sorted(export.files) if name.endswith(".fit"))
    wrong = as_fit(RUNS[0], shift_s=-int((RUNS[0].start - datetime(2015, 1, 1, tzinfo=UTC)).total_seconds()))
    read = read_export(replace(export, files={**export.files, name: wrong}).put(tmp_path))
    assert differences(export.truth, read.runs) == []


def test_a_name_that_leads_to_another_run_is_not_believed(tmp_path: Path) -> None:
    """The table of one row names the file of a run of another year and length: both are runs."""
    export = strava(RUNS[:6], ways=("fit",))
    other = Made(datetime(2021, 8, 1, 6, tzinfo=UTC), 15_000.0, 4700)
    name = next(name for name in sorted(export.files) if name.endswith(".fit"))
    read = read_export(replace(export, files={**export.files, name: as_fit(other)}).put(tmp_path))
    wanted = [*export.truth[1:], replace(export.truth[0], metres_off=1.0), *truth_of([other])]
    assert differences(wanted, read.runs) == []


def test_a_file_that_another_row_names_too_belongs_to_the_row_of_its_start(tmp_path: Path) -> None:
    export = strava(RUNS[:4], ways=("fit",))
    names = [name for name in sorted(export.files) if name.endswith(".fit")]
    table = export.files["activities.csv"].replace(names[1].encode(), names[0].encode())
    files = {k: v for k, v in export.files.items() if k != names[1]}
    read = read_export(replace(export, files={**files, "activities.csv": table}).put(tmp_path))
    assert differences(export.truth, read.runs) == []


def test_the_same_export_of_two_years_gives_each_run_once_and_the_newest_words(tmp_path: Path) -> None:
    old = strava(RUNS[:20], Table(width=72))
    runs = [replace(run, shoe="Renamed") if run.shoe == "Pegasus 33" else run for run in RUNS]
    new = strava(runs, Table(width=101, seed=2), ways=("none", "fit", "gpx.gz"))
    read = read_export(new.put(tmp_path, "new.zip"), old.put(tmp_path, "old.zip"))
    assert differences([replace(one, metres_off=1.0) for one in new.truth], read.runs) == []
    assert reconciles(read.counts())


def test_plans_of_routes_are_neither_runs_nor_rejected(tmp_path: Path) -> None:
    """Strava plans a route as a track without times, which is no fault of anybody."""
    points = "".join(f'<trkpt lat="{10 + n * 0.001}" lon="20"><ele>5</ele></trkpt>' for n in range(40))
    export = strava(RUNS[:4], ways=("fit",))
    plan = {"routes/7.gpx": gpx(points, kind="running", name="My route")}
    counts = read_export(replace(export, files={**export.files, **plan}).put(tmp_path)).counts()
    assert (counts["runs"], counts["rejected"]) == (4, 0)


def test_two_years_unpacked_beside_each_other_are_two_exports(tmp_path: Path) -> None:
    old, new = strava(RUNS[:9], Table(old=True)), strava(ALL, Table("pl", 99), ways=("gpx", "none"))
    old.unpacked(tmp_path / "downloads" / "2018")
    new.unpacked(tmp_path / "downloads" / "2024")
    read = read_export(tmp_path / "downloads")
    assert differences([replace(one, metres_off=1.0) for one in new.truth], read.runs) == []
    assert gist(read.runs) == gist(read_export(new.put(tmp_path, "new.zip"), old.put(tmp_path, "old.zip")).runs)


@pytest.mark.parametrize("bytes_", [b"", b"\x89PNG\r\n\x1a\n" + bytes(40), b"<gpx>", as_fit(RUNS[0])[:60]])
def test_a_row_whose_file_is_worthless_is_a_run_all_the_same(tmp_path: Path, bytes_: bytes) -> None:
    export = strava(RUNS[:6], ways=("fit",))
    name = sorted(name for name in export.files if name.endswith(".fit"))[2]
    read = read_export(replace(export, files={**export.files, name: bytes_}).put(tmp_path))
    assert differences(export.truth, read.runs) == []
    assert reconciles(read.counts())


def test_a_file_whose_type_was_put_right_on_the_web_page_is_one_activity(tmp_path: Path) -> None:
    """Recorded as a ride, or as a walk; the row says that it was a run."""
    export = strava(RUNS[:6], ways=("fit",))
    names = sorted(name for name in export.files if name.endswith(".fit"))
    wrong = {names[1]: as_fit(replace(RUNS[1], kind="ride")), names[2]: as_fit(replace(RUNS[2], kind="walk"))}
    read = read_export(replace(export, files={**export.files, **wrong}).put(tmp_path))
    assert len(read.runs) == 6
    assert differences(export.truth, read.runs) == []


# ---------------------------------------------------------------- Garmin
@pytest.mark.parametrize("old", [False, True])
def test_a_garmin_export_loses_and_doubles_nothing(tmp_path: Path, old: bool) -> None:
    export = garmin(ALL, old=old, triathlon=MARCH, without_file=(0, 1, 25), without_summary=(4, 17))
    read = read_export(export.put(tmp_path))
    assert differences(export.truth, read.runs) == []
    counts = read.counts()
    assert reconciles(counts)
    assert (counts["kept"] + counts["duplicates"], counts["rejected"]) == (export.found - 12, 0)
    assert counts["not_activities"] in (12, 13), "the days of steps, and the parent of the race at most"
    assert {k: counts[k] for k in ("runs", "other")} == {"runs": counted(ALL)["runs"] + 1, "other": 5}


def test_a_file_that_says_no_local_time_has_the_day_of_its_summary(tmp_path: Path) -> None:
    late = [replace(run, start=run.start.replace(hour=6), offset_s=-28_800) for run in RUNS]
    export = garmin(late, without_file=range(26))
    files = {f"up/{n}.fit": as_fit(run, offset=False) for n, run in enumerate(late)}
    read = read_export(replace(export, files={**export.files, **files}).put(tmp_path), tz="Asia/Tokyo")
    assert differences(export.truth, read.runs) == []


PARTS_OF_IT = {
    "summaries": lambda name: "DI-Connect-Fitness" in name,
    "files": lambda name: "Uploaded" in name,
    "one zip": lambda name: "Part1" in name,
    "without gear": lambda name: "gear" not in name,
}


@pytest.mark.parametrize("part", PARTS_OF_IT)
def test_any_part_of_a_garmin_export_can_be_read(tmp_path: Path, part: str) -> None:
    export = garmin(RUNS)
    files = {name: data for name, data in export.files.items() if PARTS_OF_IT[part](name)}
    read = read_export(replace(export, files=files).unpacked(tmp_path))
    filed = [one for n, one in enumerate(export.truth) if n not in (0, 1)]
    wanted = filed[::1] if part == "files" else filed if part == "one zip" else list(export.truth)
    said = differences(unworn(wanted) if part in ("files", "one zip", "without gear") else wanted, read.runs)
    assert [one for one in said if part != "one zip" or not one.startswith("lost")] == []
    if part == "one zip":
        assert len(said) == 12


def test_what_the_runner_corrected_on_the_web_page_wins_over_the_file(tmp_path: Path) -> None:
    right = Corrected(metres={4: RUNS[4].metres * 1.06, 9: 5000.0}, ascent={4: 71.0})
    export = garmin(RUNS, corrected=right)
    read = read_export(export.put(tmp_path))
    assert differences(export.truth, read.runs) == []
    run = next(run for run in read.runs if run.start == RUNS[4].start)
    assert run.ascent_m == pytest.approx(71.0)
    assert "garmin" in str(run.climb_source), "it is not the watch that says so"


def test_a_triathlon_is_its_legs_and_its_parent_is_nothing_more(tmp_path: Path) -> None:
    race = triathlon_at(MARCH)
    export = garmin([], triathlon=MARCH)
    alone = read_export(export.put(tmp_path))
    assert differences(race.truth, alone.runs) == []
    legs = strava(race.legs, ways=("gpx.gz", "fit", "fit"), first_id=6_000_000_000)
    both = read_export(export.put(tmp_path), legs.put(tmp_path, "strava.zip"))
    assert differences(race.truth, both.runs, shoes=False) == []


LISTS = {
    "en": Writing(), "en, miles": Writing(miles=True), "de": Writing("de"), "fr": Writing("fr"),
    "es": Writing("es", miles=True), "it": Writing("it"), "pt": Writing("pt"), "nl": Writing("nl"),
    "ja": Writing("ja"), "nb": Writing("nb"), "zh": Writing("zh", miles=True),
    "de, resaved": Writing("de", sign=";", comma=True, dates="%d.%m.%Y %H:%M"),
}  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_the_web_page_is_runs_of_the_local_time_that_is_named(tmp_path: Path, name: str) -> None:
    read = read_export(put(tmp_path, garmin_list(RUNS, LISTS[name]), "Activities.csv"), tz="Africa/Johannesburg")
    half = 8.1 if LISTS[name].miles else 5.1
    rough = 61.0 if "resaved" in name else 2.0
    wanted = [replace(one, metres_off=half, start_off=rough) for one in truth_of(RUNS)]
    assert differences(wanted, read.runs) == []


@pytest.mark.parametrize("name", ["en", "de", "es", "ja"])
def test_a_list_beside_its_downloaded_files_doubles_nothing(tmp_path: Path, name: str) -> None:
    (tmp_path / "Activities.csv").write_bytes(garmin_list(RUNS, LISTS[name]))
    for file, data in download_zips(RUNS[:20]).items():
        (tmp_path / file).write_bytes(data)
    read = read_export(tmp_path)
    wanted = [replace(one, metres_off=8.1) for one in truth_of(RUNS)]
    assert differences(wanted, read.runs) == []
    assert read.counts()["found"] == len(RUNS)


def test_both_accounts_of_one_runner_hold_the_same_runs(tmp_path: Path) -> None:
    right = Corrected(metres={4: RUNS[4].metres * 1.05})
    mine, theirs = garmin(ALL, corrected=right), strava(ALL, Table("nl", 94, seed=1))
    read = read_export(mine.put(tmp_path, "garmin.zip"), theirs.put(tmp_path, "strava.zip"))
    assert differences(mine.truth, read.runs) == []
    assert reconciles(read.counts())
    folder = tmp_path / "both"
    folder.mkdir()
    for name in ("garmin.zip", "strava.zip"):
        (tmp_path / name).rename(folder / name)
    assert gist(read_export(folder).runs) == gist(read.runs)
