"""A plan lived: update, compare, explain, export, by the real command."""

from __future__ import annotations

import csv
import io
import json
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.story

DAY = "2026-03-08"
RUNS = {"run", "run_walk", "long", "hills", "strides"}


@pytest.fixture(scope="module")
def lived(imported: Path, tmp_path_factory: pytest.TempPathFactory, in_home: Any) -> Path:
    """A home with a plan for a painful kneecap; its first week was run, with a red light on the last day."""
    call, home = in_home, tmp_path_factory.mktemp("lived") / "home"
    shutil.copytree(imported, home)
    (home / "a.toml").write_text("location = 'front'\n", encoding="utf-8")
    assert call(home, "screen", "--answers", "a.toml", "--as-of", DAY).status == 0
    plan = call(home, "plan", "new", "--start", "2026-03-09", "--as-of", DAY, "--format", "json").data
    runs = [one for one in plan["weeks"][0]["sessions"] if one["kind"] in RUNS]
    for one in runs:
        call(home, "run", "add", "--date", one["day"], "--km", one["distance_km"], "--minutes", one["minutes"])
    for one, pain in ((runs[0], 1), (runs[-1], 6)):
        call(home, "pain", "add", "--date", one["day"], "--during", pain)
    return home


@dataclass(frozen=True)
class Said:
    """What a command printed and how it ended."""

    status: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def planned(lived: Path, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """The command in a copy of that home, in this process: a process for each line would cost the tests minutes."""
    from loadplan.cli import run

    shutil.copytree(lived, home, dirs_exist_ok=True)
    monkeypatch.chdir(home)
    for name, value in (("HOME", home), ("LOADPLAN_STORE", home / "data" / "loadplan.db"), ("COLUMNS", "80")):
        monkeypatch.setenv(name, str(value))

    def say(*line: object) -> Said:
        capsys.readouterr()
        status = run([str(word) for word in line])
        told = capsys.readouterr()
        return Said(status, told.out, told.err)

    return say


def test_an_update_tells_what_changed_and_keeps_the_original(planned: Any) -> None:
    before = planned("plan", "show", "--as-of", DAY, "--format", "json").data
    told = planned("plan", "update", "--as-of", "2026-03-15", "--format", "json")
    assert told.status == 0
    after = told.data
    assert (after["original"], after["planned_from"]) == (before["id"], "2026-03-16")
    assert after["changes"][0]["week"] == 2
    assert after["weeks"][1]["distance_km"] == pytest.approx(0.8 * before["weeks"][0]["distance_km"])
    assert after["weeks"][0]["done"]["light"] == "red"
    first = planned("plan", "show", "--original", "--as-of", "2026-03-16", "--format", "json").data
    assert [week["distance_km"] for week in first["weeks"]] == [week["distance_km"] for week in before["weeks"]]
    assert planned("plan", "check", "--strict").status == 0
    assert "red light" in planned("plan", "why", 2).out
    page = planned("plan", "update", "--as-of", "2026-03-15").out
    assert "Nothing else changes." in page
    assert max(len(line) for line in page.splitlines()) <= 80
    assert planned("plan", "update", "--as-of", "2026-03-10").status == 2, "it would forget what it knew"


def test_a_dry_update_keeps_nothing(planned: Any) -> None:
    assert planned("plan", "update", "--as-of", "2026-03-15", "--dry-run").status == 0
    assert planned("plan", "show", "--format", "json").data["planned_from"] is None


def test_plan_against_actual_by_session_and_week(planned: Any) -> None:
    shown = planned("plan", "show", "--as-of", "2026-03-16", "--format", "json").data
    week = shown["weeks"][0]
    assert week["actual"]["distance_km"] == pytest.approx(week["distance_km"], abs=0.01)
    assert (week["actual"]["missed"], week["actual"]["unplanned_days"]) == (0, [])
    session = next(one for one in week["sessions"] if one["kind"] in RUNS)
    assert session["actual"]["day"] == session["day"]
    assert (session["actual"]["cadence_compliance"], session["actual"]["cadence_compliance_reason"]) == (
        None,
        "not_recorded",
    )
    assert (shown["weeks"][3]["actual"], shown["weeks"][3]["actual_reason"]) == (None, "not_yet")
    run_id = session["actual"]["runs"][0]
    assert planned("run", "edit", run_id, "--ascent", 83, "--shoe", "Blue").status == 0
    page = planned("plan", "show", "--week", 1, "--as-of", "2026-03-16").out
    assert "Run so far:" in page
    assert "83 m up, in Blue" in " ".join(page.split())
    assert "Why this size:" in page


def test_a_red_flag_stops_an_update_until_a_new_screening_clears_it(planned: Any, home: Path) -> None:
    (home / "b.toml").write_text("locking = true\n", encoding="utf-8")
    assert planned("screen", "--answers", "b.toml", "--as-of", "2026-03-14").status == 6
    assert planned("plan", "update", "--as-of", "2026-03-15").status == 6
    assert planned("screen", "--answers", "a.toml", "--as-of", "2026-03-15").status == 0
    assert planned("plan", "update", "--as-of", "2026-03-15").status == 0


def test_a_lifted_stop_is_printed_on_every_page(planned: Any, home: Path) -> None:
    (home / "b.toml").write_text("locking = true\n", encoding="utf-8")
    planned("screen", "--answers", "b.toml", "--as-of", "2026-03-14")
    lifted = ("screen", "--override", "seen and well", "--clinician", "Dr A", "--as-of", "2026-03-14")
    assert planned(*lifted).status == 0
    assert "Stop lifted by Dr A: seen and well" in planned("plan", "update", "--as-of", "2026-03-15").out
    for line in (("plan", "show"), ("plan", "check"), ("plan", "why", 2)):
        assert "Stop lifted by Dr A: seen and well" in planned(*line).out
    planned("plan", "export", "--md", "p.md", "--ics", "p.ics")
    assert "Stop lifted by Dr A: seen and well" in (home / "p.md").read_text(encoding="utf-8")
    assert "Stop lifted by Dr A" in (home / "p.ics").read_bytes().decode().replace("\r\n ", "")


def test_export_writes_private_files_and_never_over_others(planned: Any, home: Path) -> None:
    line = (
        "plan", "export", "--ics", "p.ics", "--fit", "watch", "--csv", "p.csv", "--json", "p.json", "--md", "p.md",
        "--intervals", "i.txt", "--metronome", "m.wav", "--spm", 168, "--minutes", 1, "--as-of", "2026-03-09",
    )  # fmt: skip
    assert planned(*line, "--dry-run").status == 0
    assert not (home / "p.ics").exists()
    assert planned(*line).status == 0
    workouts = [f"watch/{path.name}" for path in (home / "watch").iterdir()]
    names = ["p.ics", "p.csv", "p.json", "p.md", "i.txt", "m.wav", *workouts]
    assert len(names) > 20
    assert {stat.S_IMODE((home / name).stat().st_mode) for name in names} == {0o600}
    assert stat.S_IMODE((home / "watch").stat().st_mode) == 0o700
    assert planned(*line).status == 2, "--force is missing"
    assert planned(*line, "--force").status == 0
    assert len(list(csv.DictReader(io.StringIO((home / "p.csv").read_text(encoding="utf-8"))))) > 50
    told = planned("plan", "check", "--file", "p.json", "--strict", "--format", "json")
    assert (told.status, told.data["warnings"]) == (0, [])
    page = json.loads((home / "p.json").read_text(encoding="utf-8"))
    page["weeks"][4]["distance_km"] *= 1.15
    for one in page["weeks"][4]["sessions"]:
        if one["kind"] in RUNS:
            one["distance_km"], one["minutes"] = one["distance_km"] * 1.15, one["minutes"] * 1.15
    page["weeks"][4]["minutes"] *= 1.15
    (home / "q.json").write_text(json.dumps(page), encoding="utf-8")
    assert planned("plan", "check", "--file", "q.json", "--strict").status == 6


def test_no_place_no_device_and_no_file_name_goes_out(planned: Any, home: Path) -> None:
    planned("plan", "export", "--ics", "p.ics", "--csv", "p.csv", "--json", "p.json", "--md", "p.md", "--fit", "watch")
    runs = planned("log", "--format", "json").data["runs"]
    secrets = {str(run["source"]).rpartition("/")[2] for run in runs if "." in str(run["source"])}
    assert secrets
    for path in [*home.glob("p.*"), *(home / "watch").iterdir()]:
        data = path.read_bytes()
        assert not [secret for secret in secrets if len(secret) > 3 and secret.encode() in data], path.name


@pytest.mark.parametrize(
    "line",
    [
        (),
        ("--metronome", "m.wav"),
        ("--metronome", "m.wav", "--spm", "10"),
        ("--ics", "nowhere/p.ics"),
        ("--csv", "x", "--md", "x"),
        ("--fit", "nowhere/watch"),
    ],
)
def test_an_export_that_cannot_be_meant_is_a_usage_error(planned: Any, home: Path, line: tuple[str, ...]) -> None:
    assert planned("plan", "export", *line).status == 2
    assert not (home / "m.wav").exists()
