"""A study by the real command: exports and a list of injuries in, sentences out, and the planted effect among them."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import account_exports
import pytest
from activity_files import zipped
from made_runs import Made

from cohort_tables import counted_plainly
from loadplan.cohort.before_injury import AFTER_DAYS, HISTORY_WEEKS, PRIMARY
from loadplan.synthetic.cohort import MadeCohort, tell_cohort

pytestmark = pytest.mark.story
RUNNERS, WEEKS = 30, 60


def export_of(made: MadeCohort, number: int) -> bytes:
    """One runner's account, as downloaded: a row a run, no files."""
    runs = [
        Made(start=one["start"], metres=float(one["distance_m"]), seconds=round(one["moving_s"]), offset_s=0)
        for one in made.runs(number)
    ]
    return zipped(dict(account_exports.strava(runs, ways=("none",), first_id=10**9 * (number + 1)).files))


@pytest.fixture(scope="module")
def made() -> MadeCohort:
    return tell_cohort(RUNNERS, WEEKS, seed=4, times=8.0)


@pytest.fixture(scope="module")
def club(made: MadeCohort, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("club")
    told = made.injury_rows()
    lines = ["path,label,injuries,tz"]
    for number, label in enumerate(made.labels):
        (folder / f"{number}.zip").write_bytes(export_of(made, number))
        days = [day for day, runner in zip(told["date"], told["runner"], strict=True) if runner == label]
        lines.append(f"{number}.zip,{label},{' '.join(days)},UTC")
    (folder / "runners.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def told(
    club: Path, made: MadeCohort, in_home: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Any, str]:
    home = tmp_path_factory.mktemp("home")
    line = ("cohort", club, "--study", "--as-of", made.last_day.isoformat())
    data = in_home(home, *line, "--out", home / "f.csv", "--format", "json")
    assert data.status == 0, data.err
    return home / "f.csv", data.data["study"], in_home(home, *line, "--out", home / "f.csv", "--force").out


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_planted_effect_comes_out_of_the_exports(told: tuple[Path, Any, str]) -> None:
    first = told[1]["before_injury"]["answers"][0]
    assert first["name"] == PRIMARY
    assert first["over_runners"]["low"] > 1


def test_its_counts_are_those_of_the_written_tables_counted_plainly(
    told: tuple[Path, Any, str], made: MadeCohort
) -> None:
    weeks = [
        {
            "runner": row["runner"], "week": row["week"], "complete": row["complete"] == "True",
            "runs": int(row["runs"]), "spike_band": row["spike_band"] or None,
            "spike_pct": float(row["spike_pct"] or "nan"),
        }
        for row in rows_of(told[0])
    ]  # fmt: skip
    rows = made.injury_rows()
    hurt = [(runner, day, None) for runner, day in zip(rows["runner"], rows["date"], strict=True)]
    counts = [
        sum(column) for column in zip(*counted_plainly(weeks, hurt, AFTER_DAYS, HISTORY_WEEKS).values(), strict=True)
    ]
    first = told[1]["before_injury"]["answers"][0]
    assert (first["case_exposed"], first["case_known"]) == (counts[0], counts[0] + counts[1])
    assert (first["base_exposed"], first["base_known"]) == (counts[2], counts[2] + counts[3])


def test_its_shares_are_those_of_the_written_flags(told: tuple[Path, Any, str]) -> None:
    flags = rows_of(told[0].with_name("f-flags.csv"))
    for one in told[1]["shares"]:
        mine = [row for row in flags if (row["unit"], row["by"]) == (one["unit"], one["by"])]
        assert one["judged"] == sum(int(row["judged"]) for row in mine)
        assert one["flagged"] == sum(int(row["flagged"]) for row in mine)


def test_hours_and_injuries_are_those_of_the_runners(told: tuple[Path, Any, str], made: MadeCohort) -> None:
    rate = told[1]["incidence"]
    hours = sum(one["moving_s"] for number in range(RUNNERS) for one in made.runs(number)) / 3600
    assert rate["hours"] == pytest.approx(hours, rel=1e-3)
    assert rate["injuries"] + rate["outside"] == len(made.injuries)
    assert rate["outside"] == 0


def test_people_read_it_in_sentences(told: tuple[Path, Any, str]) -> None:
    rate = told[1]["incidence"]
    text = " ".join(told[2].split())
    assert f"{rate['injuries']} injuries in {rate['hours']:,.0f} h of running" in text
    assert "not what causes what" in text
    assert max(len(line) for line in told[2].splitlines() if "/" not in line) <= 80
