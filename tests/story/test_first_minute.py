"""A first minute with an export: import, log, load, check, screen, plan, charts, as a user types it."""

from __future__ import annotations

import csv
import io
import json
import stat
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.story

DAY = "2026-03-08"
LOG_KEYS = {
    "id", "start", "day", "sport", "distance_m", "moving_s", "elapsed_s", "ascent_m", "descent_m", "climb_source",
    "hill_up_m", "hill_down_m", "steps", "cadence_spm", "heart_rate_bpm", "shoe", "source",
}  # fmt: skip
WEEK_KEYS = {
    "week", "complete", "runs", "distance_km", "duration_min", "change_pct", "build_change_pct", "recovery", "acwr",
    "acwr_reason", "acwr_band", "longest_km", "spike_pct", "spike_band", "ascent_m", "descent_m", "hill_up_km",
    "hill_down_km", "ascent_acwr", "descent_acwr", "new_shoe_share", "cadence_spm", "monotony", "strain",
}  # fmt: skip
WARNING_KEYS = {"code", "name", "level", "measured", "limit", "unit", "message", "source", "grade"}
PLAN_KEYS = {"profile", "screened", "start", "baseline", "original", "weeks", "full_load_week", "notes"}
PLAN_WEEK_KEYS = {
    "number", "start", "phase", "distance_km", "minutes", "runs", "longest_km", "descent_m", "cadence_target_spm",
    "recovery", "bound_by", "sessions", "warnings",
}  # fmt: skip
SESSION_KEYS = {
    "day", "kind", "minutes", "distance_km", "run_walk", "cadence_low_spm", "cadence_high_spm", "shoe", "hills",
    "drills",
}  # fmt: skip


def test_an_import_counts_everything_found(imported: Path) -> None:
    told = json.loads((imported / "import.json").read_text(encoding="utf-8"))
    counts = told["counts"]
    assert (told["schema"], told["command"], told["athlete"]) == (1, "import", "me")
    assert counts["found"] == counts["kept"] + counts["duplicates"] + counts["not_activities"] + counts["rejected"]
    assert counts["new"] == counts["runs"] + counts["other"] > 200
    assert {"source", "code", "detail"} == set(told["problems"][0])
    assert (imported / "import.status").read_text(encoding="utf-8") == ("3" if counts["rejected"] else "0")


def test_importing_again_adds_nothing_and_ends_the_same(runner: Any, imported: Path) -> None:
    before = json.loads((imported / "import.json").read_text(encoding="utf-8"))["counts"]
    again = runner("import", "export.zip", "--format", "json")
    assert again.data["counts"] == before | {"new": 0}
    assert str(again.status) == (imported / "import.status").read_text(encoding="utf-8")


def test_the_store_is_private_and_every_member_is_in_the_ledger(runner: Any, home: Path) -> None:
    assert stat.S_IMODE((home / "data" / "loadplan.db").stat().st_mode) == 0o600
    batch = runner("imports", "--format", "json").data["imports"][0]
    ledger = runner("imports", batch["id"], "--format", "json").data["ledger"]
    assert sum(row["fate"] != "ignored" for row in ledger) == batch["counts"]["found"]


def test_the_log_has_its_keys_and_its_filters(runner: Any) -> None:
    runs = runner("log", "--format", "json").data["runs"]
    assert set(runs[0]) >= LOG_KEYS
    assert {run["sport"] for run in runs} == {"run"}
    assert [run["start"] for run in runs] == sorted(run["start"] for run in runs)
    assert len(runner("log", "--last", 3, "--format", "json").data["runs"]) == 3
    some = runner("log", "--from", "2026-01-01", "--to", "2026-01-31", "--sport", "all", "--format", "json").data[
        "runs"
    ]
    assert {run["day"][:7] for run in some} == {"2026-01"}
    why = runner("log", "--why", runs[0]["id"], "--format", "json").data["origin"]
    assert why["source"] == runs[0]["source"]


def test_load_speaks_json_csv_and_a_table_of_eighty_columns(runner: Any) -> None:
    told = runner("load", "--as-of", DAY, "--weeks", 6, "--format", "json").data
    assert (told["method"], told["measure"], len(told["weeks"])) == ("uncoupled", "distance", 6)
    assert set(told["weeks"][0]) >= WEEK_KEYS
    assert all(set(one) >= WARNING_KEYS and ("week" in one or "day" in one) for one in told["warnings"])
    assert told["warnings"]
    rows = list(csv.DictReader(io.StringIO(runner("load", "--as-of", DAY, "--format", "csv").out)))
    assert len(rows) == 16
    page = runner("load", "--as-of", DAY).out
    assert "What they rest on" in page
    assert max(len(line) for line in page.splitlines()) <= 80


def test_the_unfinished_week_stands_last_without_band_and_changes(runner: Any) -> None:
    last = runner("load", "--as-of", "2026-03-05", "--format", "json").data["weeks"][-1]
    assert (last["week"], last["complete"], last["acwr_reason"]) == ("2026-03-02", False, "partial_week")
    assert last["acwr_band"] is last["change_pct"] is last["build_change_pct"] is None


@pytest.mark.parametrize("method", ["coupled", "ewma"])
def test_every_method_names_itself(runner: Any, method: str) -> None:
    told = runner("load", "--as-of", DAY, "--method", method, "--measure", "duration", "--format", "json").data
    assert (told["method"], told["measure"]) == (method, "duration")


def test_check_stops_only_when_strict(runner: Any) -> None:
    loud = "2026-02-15"
    assert runner("check", "--as-of", loud).status == 0
    strict = runner("check", "--as-of", loud, "--strict", "--format", "json")
    assert strict.status == 6
    codes = {warning["code"] for warning in strict.data["warnings"]}
    quiet = [word for code in sorted(codes) for word in ("--ignore", code)]
    assert runner("check", "--as-of", loud, "--strict", *quiet).status == 0
    assert runner("check", "--ignore", "LP999").status == 2


def test_a_plan_is_made_kept_shown_checked_and_explained(runner: Any) -> None:
    made = runner("plan", "new", "--profile", "general", "--start", "2026-03-09", "--as-of", DAY, "--format", "json")
    assert made.status == 0
    assert "Not screened" in made.err
    shown = runner("plan", "show", "--as-of", DAY, "--format", "json").data
    assert set(shown) >= PLAN_KEYS
    assert set(shown["weeks"][0]) >= PLAN_WEEK_KEYS
    assert set(shown["weeks"][0]["sessions"][0]) >= SESSION_KEYS
    assert (shown["screened"], shown["original"], shown["start"]) == (False, shown["id"], "2026-03-09")
    assert made.data["weeks"] == shown["weeks"]
    assert [week["warnings"] for week in shown["weeks"]] == [[] for _ in shown["weeks"]]
    assert runner("plan", "check", "--strict", "--format", "json").data["warnings"] == []
    assert shown["weeks"][0]["bound_by"] in runner("plan", "why", shown["weeks"][0]["number"]).out
    page = runner("plan", "show", "--all", "--as-of", DAY).out
    assert "not medical advice" in page
    assert max(len(line) for line in page.splitlines()) <= 80
    assert runner("plan", "why", 99).status == 2


def test_the_same_question_gives_the_same_bytes(runner: Any) -> None:
    line = ("plan", "new", "--profile", "itb", "--start", "2026-03-12", "--as-of", DAY, "--dry-run", "--format", "json")
    first = runner(*line)
    assert first.data["weeks"]
    assert first.out == runner(*line, env={"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"}).out
    assert runner("plan", "show").status == 2, "a dry run keeps no plan"


def test_runs_after_the_day_are_not_read(runner: Any) -> None:
    line = ("plan", "new", "--profile", "general", "--start", "2026-01-12", "--as-of", "2026-01-11", "--dry-run")
    before = runner(*line, "--format", "json").data["weeks"]
    runner("run", "add", "--date", "2026-01-12", "--km", 30, "--minutes", 180)
    assert runner(*line, "--format", "json").data["weeks"] == before


def test_a_screening_that_stops_ends_the_plan_until_a_clinician_lifts_it(runner: Any, home: Path) -> None:
    (home / "a.toml").write_text("locking = true\nlocation = 'front'\n", encoding="utf-8")
    told = runner("screen", "--answers", "a.toml", "--as-of", DAY, "--format", "json")
    assert (told.status, told.data["level"], told.data["flags"], told.data["stops"]) == (
        6,
        "same_day",
        ["locking"],
        True,
    )
    line = ("plan", "new", "--profile", "general", "--start", "2026-03-09", "--as-of", DAY)
    assert runner(*line).status == 6
    assert runner("plan", "show").status == 2
    assert runner("screen", "--override", "seen and well", "--as-of", DAY).status == 2, (
        "the clinician's name is missing"
    )
    lifted = runner("screen", "--override", "seen and well", "--clinician", "Dr A", "--as-of", DAY)
    assert lifted.status == 0
    page = runner(*line)
    assert page.status == 0
    assert "Stop lifted by Dr A: seen and well" in page.out


def test_advice_starts_the_plan_at_its_smallest_dose_and_stands_on_the_page(runner: Any, home: Path) -> None:
    (home / "a.toml").write_text("daily_life_pain = 6\nlocation = 'front'\n", encoding="utf-8")
    assert runner("screen", "--answers", "a.toml", "--as-of", DAY).status == 0
    plan = runner("plan", "new", "--start", "2026-03-09", "--as-of", DAY, "--format", "json").data
    assert (plan["profile"], plan["screened"], plan["request"]["smallest_factor"]) == ("patellofemoral", True, True)
    assert "physio" in " ".join(plan["notes"])


def test_the_baseline_lies_before_the_pain_of_the_diary(runner: Any) -> None:
    line = ("plan", "new", "--profile", "patellofemoral", "--start", "2026-03-09", "--as-of", DAY, "--dry-run")
    runner("pain", "add", "--date", "2026-02-16", "--during", 5)
    runner("pain", "add", "--date", "2026-03-01", "--during", 3)
    plan = runner(*line, "--format", "json").data
    assert (plan["baseline"]["to"], plan["request"]["worst_pain"]) == ("2026-02-15", 3.0)
    stated = runner(*line, "--pain-since", "2026-02-02", "--format", "json").data
    assert stated["baseline"]["to"] == "2026-02-01"


def test_shoes_by_rule_worn_and_new(runner: Any) -> None:
    assert runner("shoes", "--as-of", DAY, "--format", "json").data["pairs"] == []
    last = runner("log", "--to", DAY, "--last", 1, "--format", "json").data["runs"][0]["id"]
    assert runner("shoes", "add", "Old", "--drop", 10, "--stack", 30).status == 0
    assert runner("shoes", "default", "Old", "--from", "2025-01-01").status == 0
    assert runner("shoes", "wear", last, "=New").status == 0
    pairs = {p["name"]: p for p in runner("shoes", "--as-of", DAY, "--format", "json").data["pairs"]}
    assert (pairs["Old"]["new"], pairs["=New"]["new"]) == (False, True)
    assert sum(p["share_7d"] for p in pairs.values()) == pytest.approx(1)
    assert "'=New" in runner("shoes", "--as-of", DAY, "--format", "csv").out
    assert runner("shoes", "retire", "Odl").status == 2
    assert runner("shoes", "retire", "Old", "--on", "2026-01-01").status == 0
    assert runner("log", "--last", 1, "--to", DAY, "--format", "json").data["runs"][0]["shoe"] == "=New"


def test_a_run_typed_in_is_kept_corrected_and_removed(runner: Any) -> None:
    line = ("run", "add", "--date", "2026-03-07", "--time", "07:30", "--km", 8.2, "--minutes", 47, "--rpe", 4)
    run_id = runner(*line, "--format", "json").data["id"]
    assert runner("run", "edit", run_id, "--km", 8.4, "--shoe", "Pegasus").status == 0
    run = next(r for r in runner("log", "--format", "json").data["runs"] if r["id"] == run_id)
    assert (run["distance_m"], run["shoe"], run["rpe"], run["day"]) == (8400.0, "Pegasus", 4.0, "2026-03-07")
    assert "corrected: distance_m" in runner("log", "--why", run_id).out
    assert runner("run", "remove", run_id).status == 0
    assert runner("run", "remove", run_id).status == 2


def test_a_removed_run_does_not_come_back_with_its_file(runner: Any) -> None:
    first = runner("log", "--format", "json").data["runs"][0]["id"]
    runner("run", "remove", first)
    assert runner("import", "export.zip", "--format", "json").data["counts"]["new"] == 0
    assert first not in {run["id"] for run in runner("log", "--format", "json").data["runs"]}


def test_charts_are_drawn_and_never_over_another_file(runner: Any, home: Path) -> None:
    assert runner("chart", "mileage", "--out", "m.svg", "--as-of", DAY).status == 0
    assert (home / "m.svg").read_text(encoding="utf-8").lstrip().startswith("<?xml")
    assert stat.S_IMODE((home / "m.svg").stat().st_mode) == 0o600
    assert runner("chart", "mileage", "--out", "m.svg", "--as-of", DAY).status == 2
    assert runner("chart", "mileage", "--out", "m.txt").status == 2
    assert runner("chart", "nonsense", "--out", "x.png").status == 2
    every = runner("chart", "all", "--out", "charts", "--as-of", DAY)
    assert every.status == 0
    assert {Path(line).name for line in every.out.split()} >= {"mileage.png", "acwr.png", "shoes.png"}


def test_a_backup_can_take_the_stores_place(runner: Any, home: Path) -> None:
    assert runner("backup", "copy.db").status == 0
    assert runner("backup", "copy.db").status == 2
    assert runner("backup", "data/loadplan.db", "--force").status == 2
    assert len(runner("--store", "copy.db", "log", "--format", "json").data["runs"]) > 200
    health = runner("doctor", "--format", "json").data
    assert health["ok"]
    assert {"integrity", "privacy", "content"} <= {check["name"] for check in health["checks"]}
    assert (home / "copy.db").stat().st_mode & 0o777 == 0o600
