"""Two accounts and some copies of one runner, through the real command: one log, whatever came first, and for good."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from account_exports import Corrected, garmin, monitoring_file, strava, truth_of
from activity_files import PNG, zipped
from found import differences, reconciles
from made_runs import Made, as_fit, as_gpx, as_tcx, some_runs
from strava_exports import Table

pytestmark = pytest.mark.story

RUNS = some_runs(16)
RIDE = Made(RUNS[3].start + timedelta(hours=5), 24_000.0, 3300, kind="ride", title="Ride")
MINE = strava([*RUNS, RIDE], Table("fr", 94, seed=3, html=True))
THEIRS = garmin(RUNS, corrected=Corrected(metres={4: RUNS[4].metres * 1.06}))
COPIES = {
    **{f"shifted/{n}.gpx": as_gpx(run, shift_s=3600) for n, run in enumerate(RUNS[:5])},
    **{f"cut/{n}.tcx": as_tcx(run, cut=(30, 20)) for n, run in enumerate(RUNS[5:10])},
    **{f"half/{n}.fit": as_fit(run, cut=(0, 300)) for n, run in enumerate(RUNS[10:13])},
}
ARCHIVES = {"mine.zip": MINE.zipped(), "theirs.zip": THEIRS.zipped(), "copies.zip": zipped(COPIES)}
TRUTH = [*THEIRS.truth, MINE.truth[-1]]
JSON = ("--format", "json")


@dataclass(frozen=True)
class Kept:
    """A home, and what each import said."""

    home: Path
    told: dict[str, Any]
    log: str


def keep(call: Any, home: Path, order: tuple[str, ...], *more: object, env: dict[str, str] | None = None) -> Kept:
    """One import after the other."""
    for name, data in ARCHIVES.items():
        (home / name).write_bytes(data)
    told = {name: call(home, "import", name, *JSON, *more, env=env) for name in order}
    return Kept(home, told, call(home, "log", "--sport", "all", *JSON, env=env).out)


@pytest.fixture(scope="module")
def kept(at: Any, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """All three, the Strava account first. Copy it, do not write in it."""
    return keep(at, tmp_path_factory.mktemp("kept"), tuple(ARCHIVES))


@pytest.fixture
def again(at: Any, kept: Kept, home: Path) -> Callable[..., Any]:
    """The command in a copy of that home."""
    shutil.copytree(kept.home, home, dirs_exist_ok=True)
    return lambda *line, **more: at(home, *line, **more)


def runs_of(command: Callable[..., Any], *more: object) -> list[dict[str, Any]]:
    return command("log", *more, *JSON).data["runs"]


def the_run(command: Callable[..., Any], run: Made, off_s: float = 5.0) -> dict[str, Any]:
    rows = runs_of(command)
    at = [abs((start_of(row) - run.start).total_seconds()) for row in rows]
    assert min(at) <= off_s
    return rows[at.index(min(at))]


def start_of(row: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(row["start"])


# ---------------------------------------------------------------- one log
def test_each_run_is_there_once_and_as_it_was(kept: Kept) -> None:
    assert differences(TRUTH, json.loads(kept.log)["runs"]) == []
    assert [told.status for told in kept.told.values()] == [0, 0, 0]


def test_each_import_reconciles_and_says_what_was_new(kept: Kept) -> None:
    counts = {name: told.data["counts"] for name, told in kept.told.items()}
    assert all(reconciles(one) for one in counts.values())
    assert [one["new"] for one in counts.values()] == [17, 0, 0]
    assert [one["runs"] for one in counts.values()] == [16, 16, 13]
    judged = [one["kept"] + one["duplicates"] for one in counts.values()]
    assert judged == [MINE.found, THEIRS.found - 12, len(COPIES)]
    assert counts["theirs.zip"]["not_activities"] == 12


def test_again_nothing_is_new_and_the_rows_are_all_explained(again: Any, kept: Kept) -> None:
    told = again("import", *ARCHIVES, *JSON)
    assert (told.status, told.data["counts"]["new"]) == (0, 0)
    assert again("log", "--sport", "all", *JSON).out == kept.log
    page = " ".join(again("import", "mine.zip").out.split())
    assert re.search(rf"\b{MINE.rows} rows\b.*\b0 unexplained\b", page), page
    theirs = " ".join(again("import", "theirs.zip").out.split())
    assert "0 unexplained" in theirs


ORDERS = {
    "copies first": (("copies.zip", "theirs.zip", "mine.zip"), {"PYTHONHASHSEED": "1", "TZ": "Asia/Kathmandu"}),
    "Garmin first": (("theirs.zip", "mine.zip", "copies.zip"), {"PYTHONHASHSEED": "77", "TZ": "America/St_Johns"}),
}


@pytest.mark.parametrize("name", ORDERS)
def test_whatever_comes_first_the_log_has_the_same_bytes(at: Any, kept: Kept, home: Path, name: str) -> None:
    order, env = ORDERS[name]
    other = keep(at, home, order, "--jobs", 2 if "Garmin" in name else 1, env=env)
    assert other.log == kept.log
    assert sum(told.data["counts"]["new"] for told in other.told.values()) == 17


def test_all_at_once_and_as_a_folder_give_the_same_log(loadplan: Any, kept: Kept, home: Path) -> None:
    for name, data in ARCHIVES.items():
        (home / "downloads").mkdir(exist_ok=True)
        (home / "downloads" / name).write_bytes(data)
    assert loadplan("import", "downloads", *JSON).data["counts"]["new"] == 17
    runs = json.loads(loadplan("log", "--sport", "all", *JSON).out)["runs"]
    wanted = json.loads(kept.log)["runs"]
    assert [{**run, "source": ""} for run in runs] == [{**run, "source": ""} for run in wanted]


# ---------------------------------------------------------------- the ledger
def members(data: bytes) -> list[str]:
    """Names in a zip, and in the zips in it."""
    names = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            inner = archive.read(name)
            names += [f"{name}/{one}" for one in members(inner)] if inner[:4] == b"PK\x03\x04" else [name]
    return names


def test_every_member_and_every_row_without_a_file_is_in_the_ledger(again: Any) -> None:
    batches = again("imports", *JSON).data["imports"]
    for name, data in ARCHIVES.items():
        [batch] = [one for one in batches if any(path.endswith(name) for path in one["paths"])]
        ledger = again("imports", batch["id"], *JSON).data["ledger"]
        sources = [row["source"] for row in ledger]
        assert [one for one in members(data) if not any(source.endswith(one) for source in sources)] == []
        assert sum(row["fate"] != "ignored" for row in ledger) == batch["counts"]["found"]
        assert {row["fate"] for row in ledger} <= {"kept", "duplicate", "not_activity", "rejected", "ignored"}
        if name == "mine.zip":
            fates = {row["source"]: row["fate"] for row in ledger}
            beside = ("routes/1.gpx", "profile.csv", "media/photo.jpg", "goals.csv")
            assert {fates[one] for one in beside} <= {"ignored", "not_activity"}


# ---------------------------------------------------------------- why, and taken back
def test_a_merge_is_told_taken_back_and_stays_so(again: Any, kept: Kept) -> None:
    row = the_run(again, RUNS[1])
    page = again("log", "--why", row["id"])
    assert page.status == 0
    said = json.dumps(again("log", "--why", row["id"], *JSON).data)
    for witness in ("activities.csv", "summarizedActivities", "shifted/1.gpx"):
        assert witness in said, witness
        assert witness in "".join(page.out.split()), witness
    before = len(runs_of(again))
    assert again("run", "split", row["id"]).status == 0
    split = again("log", "--sport", "all", *JSON).out
    assert len(json.loads(split)["runs"]) > before
    told = again("import", *ARCHIVES, *JSON)
    assert (told.status, told.data["counts"]["new"]) == (0, 0)
    assert again("log", "--sport", "all", *JSON).out == split
    others = [one for one in json.loads(kept.log)["runs"] if one["id"] != row["id"]]
    assert [one for one in others if one not in json.loads(split)["runs"]] == []
    assert again("run", "split", "20010101T000000-run").status == 2


def test_a_run_of_one_witness_cannot_be_split(loadplan: Any, home: Path) -> None:
    (home / "a.fit").write_bytes(as_fit(RUNS[0]))
    loadplan("import", "a.fit")
    [row] = runs_of(loadplan)
    told = loadplan("run", "split", row["id"])
    assert (told.status in (0, 2), bool(told.out + told.err)) == (True, True)
    assert runs_of(loadplan) == [row]


def test_what_the_runner_said_survives_a_better_witness(home: Path, loadplan: Any) -> None:
    """First the table alone; then the files, whose watch started each run two seconds later."""
    rows = strava(RUNS[:6], ways=("none",), first_id=11)
    rows.put(home, "rows.zip")
    loadplan("import", "rows.zip", "--tz", "Africa/Johannesburg")
    first = runs_of(loadplan)
    assert loadplan("run", "edit", first[0]["id"], "--km", 2.22).status == 0
    assert loadplan("run", "remove", first[1]["id"]).status == 0
    assert loadplan("shoes", "wear", first[2]["id"], "Borrowed").status == 0
    late = {f"{n}.fit": as_fit(run, shift_s=2) for n, run in enumerate(RUNS[:6])}
    (home / "files.zip").write_bytes(zipped({**late, "new.fit": as_fit(RUNS[7])}))
    told = loadplan("import", "files.zip", *JSON)
    assert told.data["counts"]["new"] == 1
    after = runs_of(loadplan)
    assert len(after) == 6
    assert after[0]["distance_m"] == pytest.approx(2220.0)
    assert after[1]["shoe"] == "Borrowed"
    assert all(row["heart_rate_bpm"] is not None for row in after), "it is the files that tell the heart rate"
    gone = (RUNS[1].start, RUNS[1].start + timedelta(seconds=2))
    assert not any(start_of(row) in gone for row in after)
    (home / "hour.zip").write_bytes(zipped({f"{n}.tcx": as_tcx(run, shift_s=3600) for n, run in enumerate(RUNS[:6])}))
    again = loadplan("import", "rows.zip", "files.zip", "hour.zip", *JSON)
    assert again.data["counts"]["new"] == 0
    assert runs_of(loadplan) == after


def test_runs_typed_in_by_hand_are_never_merged_with_each_other(loadplan: Any) -> None:
    line = ("run", "add", "--date", "2026-03-07", "--time", "07:30", "--km", 8.2, "--minutes", 47)
    assert [loadplan(*line).status for _ in range(2)] == [0, 0]
    assert len(runs_of(loadplan)) == 2


# ---------------------------------------------------------------- shoes, athletes
def test_shoes_of_both_accounts_are_pairs_with_their_first_day_and_unknown_stays_unknown(
    again: Any, kept: Kept
) -> None:
    as_of = str(RUNS[-1].day)
    pairs = {one["name"]: one for one in again("shoes", "--as-of", as_of, *JSON).data["pairs"]}
    assert set(pairs) == {"Pegasus 33", "Brooks Ghost 15"}
    for name, pair in pairs.items():
        mine = [run for run in RUNS if run.shoe == name]
        assert pair["first_run"] == str(min(run.day for run in mine) - timedelta(days=3)), "as its box was opened"
        metres = sum(run.metres * (1.06 if run is RUNS[4] else 1) for run in mine)
        assert pair["distance_km"] == pytest.approx(metres / 1000, abs=0.02)
    unknown = [run for run in json.loads(kept.log)["runs"] if run["sport"] == "run" and run["shoe"] is None]
    assert len(unknown) == sum(not run.shoe for run in RUNS)
    assert all(run["shoe_reason"] for run in unknown)


def test_two_athletes_of_one_store_have_their_own_runs_of_the_same_files(again: Any, kept: Kept) -> None:
    told = again("--athlete", "ann", "import", "mine.zip", *JSON)
    assert told.data["counts"]["new"] == 17
    hers = again("--athlete", "ann", "log", *JSON).data["runs"]
    assert differences(MINE.truth[:-1], hers) == []
    assert again("--athlete", "ann", "run", "remove", hers[0]["id"]).status == 0
    assert again("--athlete", "ann", "run", "edit", hers[1]["id"], "--km", 1).status == 0
    assert again("log", "--sport", "all", *JSON).out == kept.log


# ---------------------------------------------------------------- dry runs, and what was rejected
def test_a_dry_run_tells_the_same_and_writes_nothing(home: Path, loadplan: Any, kept: Kept) -> None:
    (home / "mine.zip").write_bytes(ARCHIVES["mine.zip"])
    dry = loadplan("import", "mine.zip", "--dry-run", "--rejected-csv", "r.csv", *JSON)
    assert (dry.status, dry.data["counts"]) == (0, kept.told["mine.zip"].data["counts"])
    assert sorted(path.name for path in home.rglob("*") if path.is_file()) == ["mine.zip"]
    shutil.copytree(kept.home / "data", home / "data")
    (home / "theirs.zip").write_bytes(ARCHIVES["theirs.zip"])
    more = strava([*RUNS, RIDE, RUNS[-1].later(86_400)], ways=("fit",)).put(home, "more.zip")
    before = {path.name: path.read_bytes() for path in (home / "data").iterdir()}
    assert loadplan("import", more.name, "--dry-run", *JSON).data["counts"]["new"] == 1
    assert {p.name: p.read_bytes() for p in (home / "data").iterdir() if p.stat().st_size} == before
    assert len(loadplan("imports", *JSON).data["imports"]) == 3


def test_what_was_rejected_stands_in_a_table_and_each_has_its_reason(home: Path, loadplan: Any) -> None:
    good = {f"{n}.fit": as_fit(run) for n, run in enumerate(RUNS[:3])}
    bad = {"empty.fit": b"", "picture.gpx": PNG, "cut.fit": as_fit(RUNS[4])[:30], "m.fit": monitoring_file(1)}
    (home / "e.zip").write_bytes(zipped({**good, **bad}))
    told = loadplan("import", "e.zip", "--rejected-csv", "r.csv", *JSON)
    counts = told.data["counts"]
    assert (told.status, counts["kept"], counts["not_activities"], counts["rejected"]) == (3, 3, 1, 3)
    rows = list(csv.DictReader(io.StringIO((home / "r.csv").read_text(encoding="utf-8"))))
    assert sorted(row["source"] for row in rows) == ["cut.fit", "empty.fit", "picture.gpx"]
    assert all(row["code"] and row["detail"] for row in rows)


def test_one_file_changed_in_an_archive_of_the_same_name_is_read(home: Path, loadplan: Any) -> None:
    files = {f"{n}.fit": as_fit(run) for n, run in enumerate(RUNS[:4])}
    (home / "e.zip").write_bytes(zipped(files))
    loadplan("import", "e.zip")
    other = replace(RUNS[3], metres=RUNS[3].metres + 100, start=RUNS[3].start + timedelta(days=1))
    (home / "e.zip").write_bytes(zipped({**files, "3.fit": as_fit(other)}))
    told = loadplan("import", "e.zip", *JSON)
    assert told.data["counts"]["new"] == 1
    assert differences(truth_of([*RUNS[:4], other]), runs_of(loadplan), shoes=False) == []


def test_a_zone_named_by_hand_can_be_named_again_and_gives_way_to_what_a_file_says(home: Path, loadplan: Any) -> None:
    strava(RUNS[:3], ways=("none",)).put(home, "rows.zip")
    for zone, offset in ((None, "+00:00"), ("Asia/Tokyo", "+09:00")):
        loadplan("import", "rows.zip", *(("--tz", zone) if zone else ()))
        assert {row["start"][-6:] for row in runs_of(loadplan)} == {offset}
    (home / "one.fit").write_bytes(as_fit(RUNS[2]))
    loadplan("import", "one.fit")
    assert {row["start"][-6:] for row in runs_of(loadplan)} == {"+02:00"}, "the nearest run within a week tells"
