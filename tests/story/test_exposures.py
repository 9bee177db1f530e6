"""What changed before it hurt, by the real commands on the made-up runner: flare, shoes try, cadence, form, limits."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest

DAY = "2026-03-08"
ONSET = "2026-02-15"
"""The long run on which the synthetic runner's knee began to hurt."""
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def enter_shoes(runner: Any) -> None:
    runner("shoes", "add", "Old", "--drop", 10, "--from", "2024-09-01")
    runner("shoes", "add", "Low", "--drop", 4)
    runner("shoes", "default", "Old", "--from", "2024-09-01")
    runner("shoes", "default", "Low", "--from", "2026-02-03")


def test_flare_finds_what_the_story_planted(runner: Any) -> None:
    enter_shoes(runner)
    told = runner("flare", ONSET, "--as-of", DAY, "--format", "json").data
    assert (told["onset"], told["first"]) == (ONSET, "2026-01-05")
    assert {"session-spike", "ascent", "descent", "build-change", "several-changes", "new-shoe-share"} <= set(
        told["outstanding"]
    )
    assert {"2026-02-03": "new-pair"}.items() <= {e["day"]: e["kind"] for e in told["events"]}.items()
    for one in told["triggers"]:
        assert one["source"]
        assert one["grade"]
        assert one["base_as_high"] <= one["base_weeks"]
    page = runner("flare", ONSET, "--as-of", DAY)
    assert page.status == 0
    assert max(len(line) for line in page.out.splitlines()) <= 80
    assert "A change before the pain is not its cause" in page.out
    rows = list(csv.DictReader(io.StringIO(runner("flare", ONSET, "--as-of", DAY, "--format", "csv").out)))
    assert len(rows) == len(told["triggers"])


def test_flare_takes_the_first_day_of_the_diary(runner: Any) -> None:
    assert runner("flare", "--as-of", DAY).status == 2
    runner("pain", "none", "--from", "2026-01-01", "--to", "2026-01-03")
    runner("pain", "add", "--date", ONSET, "--during", 4)
    assert runner("flare", "--as-of", DAY, "--format", "json").data["onset"] == ONSET


def test_in_a_quiet_time_flare_says_that_nothing_stands_out(runner: Any) -> None:
    told = runner("flare", "2025-12-21", "--as-of", DAY)
    assert "Nothing stands out" in told.out


@pytest.mark.parametrize("line", [
    ("flare", "2030-01-01"), ("flare", "soon"), ("cadence", "--target", 90), ("form", "add"),
    ("form", "add", "--hip-drop", "Z"), ("form", "add", "--knee-flexion", 20), ("shoes", "try", "Old", "--km", -1),
    ("shoes", "try", "Old"),
])  # fmt: skip
def test_what_cannot_be_meant_is_a_usage_error(loadplan: Any, line: tuple[Any, ...]) -> None:
    assert loadplan(*line).status == 2


@pytest.mark.parametrize("line", [("flare", "2026-01-01"), ("cadence",), ("form",), ("shoes", "try", "Old", "--km", 5)])
def test_on_an_empty_store_there_is_a_sentence_and_no_error(loadplan: Any, line: tuple[Any, ...]) -> None:
    told = loadplan(*line)
    assert told.status == 0
    assert told.out + told.err
    assert loadplan(*line, "--format", "json").data["schema"] == 1


def test_a_pair_may_be_tried_and_the_answer_says_why(runner: Any) -> None:
    enter_shoes(runner)
    told = runner("shoes", "try", "Low", "--km", 12, "--as-of", "2026-02-03", "--format", "json").data
    assert told["verdict"] in ("less", "no")
    assert told["up_to_km"] < 12
    assert told["big_change"] is True
    assert told["why"]
    assert told["source"]
    assert runner("shoes", "try", "Old", "--km", 5, "--as-of", DAY).out.startswith("Yes: nothing speaks against")


def test_cadence_shows_time_on_a_target(runner: Any) -> None:
    told = runner("cadence", "--target", 160, "--as-of", DAY, "--format", "json").data
    assert len(told["runs"]) == 12
    assert told["baseline"]["reason"] is None
    assert all(0 <= run["on_target"] <= 1 for run in told["runs"])
    assert max(run["on_target"] for run in told["runs"]) > 0.3
    assert told["targets_spm"][0] == pytest.approx(int(told["baseline"]["cadence_spm"]) + 4)
    plain = runner("cadence", "--as-of", DAY, "--format", "json").data["runs"][-1]
    assert (plain["target_spm"], plain["on_target"]) == (None, None)
    assert "Your usual" in runner("cadence", "--as-of", DAY).out


def test_form_is_typed_in_and_shown_before_and_after(runner: Any) -> None:
    assert runner("form", "add", "--date", "2026-01-20", "--hip-drop", "c", "--overstride").status == 0
    assert runner("form", "add", "--date", "2026-03-01", "--hip-drop", "B", "--dry-run").status == 0
    assert runner("form", "add", "--date", "2026-03-02", "--hip-drop", "B", "--no-overstride").status == 0
    told = runner("form", "--as-of", DAY, "--format", "json").data
    assert [(g["name"], g["before"], g["after"]) for g in told["grades"]] == [
        ("hip_drop", "C", "B"), ("overstride", True, False)]  # fmt: skip
    assert told["before"]["last"] == "2026-01-20"
    assert {"cadence_spm", "speed_m_s"} <= {m["name"] for m in told["measures"]}
    assert "hip drop" in runner("form", "--as-of", DAY).out
    assert len(runner("form", "--trend", "--as-of", DAY, "--format", "json").data["trend"]) == 6


def test_load_has_fast_minutes_grades_surfaces_and_fitness(runner: Any) -> None:
    week = runner("load", "--as-of", DAY, "--weeks", 4, "--format", "json").data["weeks"][0]
    assert week["fast_source"] == "samples"
    assert week["fast_min"] > 0
    assert sum(week["grade_km"].values()) == pytest.approx(week["distance_km"], rel=0.05)
    assert week["road_share"] is None
    assert week["road_share_reason"] == "unknown_surface"
    assert week["ctl"] > 0
    assert (week["known_days"], week["tsb_reason"]) == (35, None)


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_a_table_fits_its_terminal_and_a_wide_one_shows_more(runner: Any, columns: int) -> None:
    page = runner("load", "--as-of", DAY, env={"COLUMNS": str(columns)}).out
    assert max(len(line) for line in page.splitlines()) <= columns
    header = page.splitlines()[0]
    assert ("Fast" in header) == (columns > 80)
    assert {"Week", "ACWR", "Band"} <= set(header.split())


def test_every_number_of_load_that_is_null_has_its_reason(runner: Any) -> None:
    for week in runner("load", "--as-of", DAY, "--weeks", 60, "--format", "json").data["weeks"]:
        empty = [k for k, v in week.items() if v is None and not k.endswith("_reason")]
        assert not [k for k in empty if not week.get(f"{k}_reason")]


def test_a_limit_of_ones_own_speaks_with_its_source(runner: Any, home: Path) -> None:
    folder = home / ".config" / "loadplan"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text(
        '[limits]\nspike_small_pct = { value = 5, source = "Dr X" }\n', encoding="utf-8"
    )
    told = runner("check", "--as-of", "2026-02-15", "--format", "json", env={"XDG_CONFIG_HOME": str(home / ".config")})
    assert told.status == 0
    (folder / "config.toml").write_text("[limits]\nspike_small_pct = 5\n", encoding="utf-8")
    wrong = runner("check", env={"XDG_CONFIG_HOME": str(home / ".config")})
    assert wrong.status == 2
    assert "a value and a source" in wrong.err
