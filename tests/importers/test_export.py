from __future__ import annotations

import zipfile
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta

import pytest
from activity_files import PNG, START, fit_run, gpx, gpx_points, gz, tcx, tcx_activity, zipped

from importers import Fate, ImporterError, Progress, read_export
from importers.archive import Limits
from loadplan.outbox.fit_activity import file_id
from loadplan.outbox.fit_file import encode

NOW = datetime(2025, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
FILES = {
    "activities/1.fit.gz": gz(fit_run()),
    "activities/2.gpx": gpx(gpx_points(range(600), start=START + DAY)),
    "activities/3.tcx": b" " * 10 + tcx(tcx_activity(600, sport="Biking")),
    "activities/4.fit": gz(fit_run()),
    "activities/5.fit": b"time,hr\n1,2\n",
    "activities/6.gpx": b"",
    "activities/7.fit": fit_run(start=START + 2 * DAY)[:4000],
    "activities/8.fit": encode([file_id(START, "monitoring_b")]),
    "routes/1.gpx": b"<gpx version='1.1'><rte><rtept lat='1' lon='1'/></rte></gpx>",
    "media/1.jpg": b"\xff\xd8\xff\xe0 a picture",
    "activities.csv": b"id,date\n1,2\n",
}


@pytest.fixture
def export_zip(tmp_path):
    path = tmp_path / "export.zip"
    path.write_bytes(zipped(FILES))
    return path


def test_everything_looked_at_has_one_fate(export_zip):
    export = read_export(export_zip, now=NOW)
    fates = {row.source: (row.fate, row.code) for row in export.ledger}
    assert fates == {
        "activities/1.fit.gz": (Fate.KEPT, None),
        "activities/2.gpx": (Fate.KEPT, None),
        "activities/3.tcx": (Fate.KEPT, None),
        "activities/4.fit": (Fate.DUPLICATE, "same_content"),
        "activities/5.fit": (Fate.REJECTED, "table"),
        "activities/6.gpx": (Fate.REJECTED, "empty_file"),
        "activities/7.fit": (Fate.KEPT, "truncated"),
        "activities/8.fit": (Fate.NOT_ACTIVITY, "not_activity"),
        "routes/1.gpx": (Fate.NOT_ACTIVITY, "no_points"),
        "media/1.jpg": (Fate.IGNORED, "picture"),
        "activities.csv": (Fate.IGNORED, "table"),
    }
    counts = export.counts()
    assert counts == {
        "found": 9,
        "kept": 4,
        "runs": 3,
        "other": 1,
        "not_activities": 2,
        "duplicates": 1,
        "salvaged": 1,
        "rejected": 2,
    }
    assert counts["found"] == sum(counts[k] for k in ("kept", "duplicates", "not_activities", "rejected"))
    rejected = {p.source for p in export.problems}
    assert rejected == {"activities/5.fit", "activities/6.gpx", "activities/7.fit"}


def test_what_the_system_that_packed_it_hides_is_in_the_ledger_and_no_run_is_hidden(tmp_path):
    path = tmp_path / "e.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("__MACOSX/._1.gpx", ".DS_Store", "a/.git/2.gpx", "..\\3.gpx", "a/"):
            archive.writestr(
                zipfile.ZipInfo(name), gpx(gpx_points(range(0, 600, 10))) if name.endswith("3.gpx") else b"x"
            )
    export = read_export(path, now=NOW)
    fates = {row.source: (row.fate, row.code) for row in export.ledger}
    hidden = dict.fromkeys(("__MACOSX/._1.gpx", ".DS_Store", "a/.git/2.gpx"), (Fate.IGNORED, "hidden"))
    assert fates == hidden | {"..\\3.gpx": (Fate.KEPT, None)}
    assert (len(export.runs), export.problems) == (1, ())


def test_a_folder_a_zip_and_two_workers_give_the_same_runs(export_zip, tmp_path):
    folder = tmp_path / "folder"
    for name, data in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    one = read_export(export_zip, now=NOW)
    other = read_export(folder, now=NOW)
    assert replace(one, witnesses=(), merged=()) == replace(other, witnesses=(), merged=())
    assert one == read_export(export_zip, now=NOW, jobs=2)
    assert [asdict(run) for run in one.runs] == [asdict(run) for run in read_export(export_zip, now=NOW).runs]


def test_runs_come_by_start_and_know_where_they_came_from(export_zip):
    runs = read_export(export_zip, now=NOW).runs
    assert [r.start for r in runs] == sorted(r.start for r in runs)
    by_source = {r.source: r for r in runs}
    first = by_source["activities/1.fit.gz"]
    assert len(first.content_sha256) == 64
    assert first.day.isoformat() == "2024-05-04"
    assert by_source["activities/7.fit"].salvaged


def test_unknown_local_time_is_that_of_a_week_else_of_the_zone_else_of_the_nearest_run(tmp_path):
    files = {
        "a.fit": fit_run(utc_offset_s=-25200),
        "b.gpx": gpx(gpx_points(range(99), start=START + 6 * DAY)),
        "c.gpx": gpx(gpx_points(range(99), start=START + 60 * DAY)),
    }
    path = tmp_path / "e.zip"
    path.write_bytes(zipped(files))
    plain = [(r.utc_offset_s, r.offset_source) for r in read_export(path, now=NOW).runs]
    assert plain == [(-25200, "file"), (-25200, "neighbours"), (-25200, "neighbours")]
    zoned = [(r.utc_offset_s, r.offset_source) for r in read_export(path, tz="Europe/Vienna", now=NOW).runs]
    assert zoned == [(-25200, "file"), (-25200, "neighbours"), (7200, "tz")]


def test_an_unknown_zone_is_an_error_in_words(export_zip):
    with pytest.raises(ImporterError, match="Mars/Base"):
        read_export(export_zip, tz="Mars/Base")


@pytest.mark.parametrize(
    ("start", "code"), [(NOW + 2 * DAY, "future_date"), (datetime(1999, 12, 31, tzinfo=UTC), "past_date")]
)
def test_impossible_dates_are_rejected(tmp_path, start, code):
    path = tmp_path / "run.fit"
    path.write_bytes(fit_run(start=start))
    export = read_export(path, now=NOW)
    assert export.runs == ()
    assert [(r.fate, r.code) for r in export.ledger] == [(Fate.REJECTED, code)]


def test_tomorrow_is_still_believed(tmp_path):
    path = tmp_path / "run.fit"
    path.write_bytes(fit_run(start=NOW + DAY * 0.9))
    assert len(read_export(path, now=NOW).runs) == 1


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("photo.png", PNG, "picture"),
        ("notes.csv", b"a,b\n", "table"),
        ("empty.fit", b"", "empty_file"),
        ("page.html", b"<html></html>", "document"),
        ("noise.bin", bytes(range(256)), "unknown_content"),
        ("times.gpx", gpx('<trkpt lat="1" lon="1"/>'), "no_time"),
        ("broken.zip", b"PK\x03\x04 and no more", "bad_zip"),
    ],
)
def test_a_path_given_by_name_that_is_no_activity_is_rejected_with_its_reason(tmp_path, name, data, code):
    path = tmp_path / name
    path.write_bytes(data)
    export = read_export(path, now=NOW)
    assert [(r.fate, r.code) for r in export.ledger] == [(Fate.REJECTED, code)]
    assert [(p.source, p.code) for p in export.problems] == [(name, code)]


def test_an_empty_folder_and_an_empty_zip_are_empty_exports(tmp_path):
    (tmp_path / "none").mkdir()
    (tmp_path / "none.zip").write_bytes(zipped({}))
    assert read_export(tmp_path / "none").counts()["found"] == 0
    assert read_export(tmp_path / "none.zip").ledger == ()


def test_a_path_that_is_not_there_is_an_error_in_words(tmp_path):
    with pytest.raises(ImporterError, match="missing"):
        read_export(tmp_path / "missing")


def test_a_salvaged_gzip_marks_its_run(tmp_path):
    data = gz(fit_run())
    path = tmp_path / "run.fit.gz"
    path.write_bytes(data[: len(data) // 2])
    export = read_export(path, now=NOW)
    assert export.runs[0].salvaged
    assert {p.code for p in export.problems} >= {"truncated_gzip", "truncated"}
    assert set(export.runs[0].flags) >= {"truncated", "truncated_gzip"}


def test_a_damaged_gzip_is_told_with_its_run(tmp_path):
    data = gz(fit_run())
    path = tmp_path / "run.fit.gz"
    path.write_bytes(data[: len(data) // 2])
    export = read_export(path, now=NOW)
    assert set(export.runs[0].notes) == {(p.code, p.detail) for p in export.problems}


def test_of_a_file_that_is_not_kept_nobody_is_told_where_its_values_come_from(tmp_path):
    from importers.gpx import read_gpx

    early = gpx(gpx_points(range(60), start=START - 50 * 365 * DAY)).replace(b"<type>running</type>", b"")
    assert "sport_guessed" in {problem.code for problem in read_gpx(early)[0].problems}
    (tmp_path / "run.gpx").write_bytes(early)
    codes = {problem.code for problem in read_export(tmp_path / "run.gpx", now=NOW).problems}
    assert ("past_date" in codes, "sport_guessed" in codes) == (True, False)


def test_a_gzip_whose_checksum_does_not_fit_marks_its_run(tmp_path):
    data = gz(fit_run())
    path = tmp_path / "run.fit.gz"
    path.write_bytes(data[:-8] + bytes(4) + data[-4:])
    run = read_export(path, now=NOW).runs[0]
    assert (run.salvaged, run.flags, run.distance_m) == (True, ("bad_gzip",), 1800)


def test_several_paths_are_one_export_in_which_one_gives_another_its_local_time(tmp_path):
    paths = [tmp_path / name for name in ("a.fit", "b.gpx", "again.fit")]
    contents = [
        fit_run(utc_offset_s=-25200),
        gpx(gpx_points(range(99), start=START + DAY)),
        fit_run(utc_offset_s=-25200),
    ]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    seen: list[Progress] = []
    export = read_export(*paths, now=NOW, progress=seen.append)
    fates = {row.source: row.fate for row in export.ledger}
    assert fates == {"a.fit": Fate.KEPT, "again.fit": Fate.DUPLICATE, "b.gpx": Fate.KEPT}
    assert [(r.utc_offset_s, r.offset_source) for r in export.runs] == [(-25200, "file"), (-25200, "neighbours")]
    assert [(p.done, p.total) for p in seen] == [(1, 3), (2, 3), (3, 3)]
    with pytest.raises(ImporterError, match="nowhere"):
        read_export(*paths, tmp_path / "nowhere", now=NOW)


def test_the_order_in_which_paths_are_typed_changes_nothing(tmp_path):
    (tmp_path / "folder").mkdir()
    paths = [tmp_path / "b.fit", tmp_path / "a.fit", tmp_path / "folder"]
    paths[0].write_bytes(fit_run())
    paths[1].write_bytes(fit_run(start=START + DAY))
    (paths[2] / "run.fit").write_bytes(fit_run())
    assert read_export(*paths) == read_export(*paths[::-1]) == read_export(*paths, paths[1])


def test_limits_are_options(export_zip):
    export = read_export(export_zip, now=NOW, limits=Limits(activity_bytes=2000))
    assert "activity_too_big" in {r.code for r in export.ledger}


def test_progress_is_told_after_each_file(export_zip):
    seen: list[Progress] = []
    read_export(export_zip, now=NOW, progress=seen.append)
    assert [p.done for p in seen] == list(range(1, 12))
    assert {p.total for p in seen} == {11}


def test_a_defect_in_a_reader_costs_one_file(tmp_path, monkeypatch):
    def broken(data):
        raise ZeroDivisionError("a defect")

    monkeypatch.setattr("importers.gpx.read_gpx", broken)
    (tmp_path / "a.gpx").write_bytes(gpx(gpx_points(range(60))))
    (tmp_path / "b.fit").write_bytes(fit_run())
    export = read_export(tmp_path, now=NOW)
    assert [(r.fate, r.code) for r in export.ledger] == [(Fate.REJECTED, "reader_failed"), (Fate.KEPT, None)]


def test_no_run_of_an_export_holds_a_coordinate(export_zip):
    for run in read_export(export_zip, now=NOW).runs:
        assert not any("latitude" in name or "longitude" in name for name in asdict(run))
