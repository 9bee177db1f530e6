"""Plans as CSV, JSON and Markdown, and the click track; each read back by somebody else."""

from __future__ import annotations

import csv
import io
import json
import wave
from array import array
from importlib.resources import files

import jsonschema
import pytest
from some_plans import versions

from loadplan.outbox.metronome import click_track
from loadplan.outbox.plan_tables import plan_csv, plan_json, plan_markdown
from loadplan.plan_view import read_plan

SCHEMA = json.loads(files("loadplan").joinpath("outbox", "plan_schema.json").read_text(encoding="utf-8"))


def test_the_csv_has_a_row_a_session_and_no_formula() -> None:
    plan = versions()[1]
    rows = list(csv.DictReader(io.StringIO(plan_csv(plan))))
    assert len(rows) == sum(len(week["sessions"]) for week in plan["weeks"])
    cells = [cell for row in rows for cell in row.values()]
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "@") or (cell[:1] == "-" and not cell[1:2].isdigit())]
    assert any(cell.startswith("'=cmd") for cell in cells)
    assert all("not medical advice" in row["footer"] for row in rows)


@pytest.mark.parametrize("off", [1, 40])
@pytest.mark.parametrize("version", [0, 1])
def test_the_json_follows_its_schema_and_the_checker_reads_it(off: int, version: int) -> None:
    page = json.loads(plan_json(versions(off=off)[version]))
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(page, SCHEMA)
    assert len(read_plan(page).weeks) == len(page["weeks"])


def test_the_schema_refuses_another_phase() -> None:
    page = json.loads(plan_json(versions()[0]))
    page["weeks"][0]["phase"] = "faster"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(page, SCHEMA)


def test_each_week_of_the_page_has_dose_reason_signs_to_stop_and_footer() -> None:
    plan = versions()[1]
    page = plan_markdown(plan)
    weeks = page.split("\n## Week ")[1:]
    assert len(weeks) == len(plan["weeks"])
    for week in weeks:
        assert "Why: " in week
        assert "Stop and walk home" in week
        assert "not medical advice" in week
    assert "## Warning signs" in page
    assert "## Exercises" in page


def test_a_lifted_stop_is_on_every_week_of_every_file() -> None:
    plan = versions()[0] | {"notes": ["Stop lifted by Dr A: seen and well"]}
    assert plan_markdown(plan).count("Stop lifted by Dr A") >= len(plan["weeks"])
    assert plan_csv(plan).count("Stop lifted by Dr A") >= len(plan["weeks"])


def test_a_click_track_clicks_at_every_step_and_drifts_not_at_all() -> None:
    with wave.open(io.BytesIO(click_track(168, 2))) as file:
        rate, frames = file.getframerate(), file.getnframes()
        samples = array("h", file.readframes(frames))
    assert frames == 2 * 60 * rate
    step = 60 * rate / 168
    starts = [n for n in range(336) if any(abs(v) > 1000 for v in samples[round(n * step) : round(n * step) + 40])]
    assert len(starts) == 336
    silent = [n for n in range(336) if any(samples[round((n + 0.6) * step) : round((n + 0.7) * step)])]
    assert silent == []


@pytest.mark.parametrize(("spm", "minutes"), [(20, 1), (400, 1), (168, 0), (168, 1000), (float("nan"), 1)])
def test_a_click_track_that_nobody_means_is_refused(spm: float, minutes: float) -> None:
    with pytest.raises(ValueError, match=r"steps/min|minutes"):
        click_track(spm, minutes)
