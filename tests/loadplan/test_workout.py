"""Workouts for the watch, read back by fitdecode: repeats, lengths, ranges of cadence in both units."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import fitdecode
import pytest
from some_plans import FIRST_DAY, versions

from importers.fit import read_fit
from loadplan.outbox.fit_workout import workout_files
from loadplan.outbox.intervals import intervals_text
from loadplan.outbox.plan_tables import plan_json
from loadplan.outbox.workout import RUNNING, CadenceUnit, Repeat, Step, workout


def messages(data: bytes, name: str) -> list[dict[str, Any]]:
    with fitdecode.FitReader(io.BytesIO(data), check_crc=fitdecode.CrcCheck.RAISE) as reader:
        frames = [f for f in reader if f.frame_type == fitdecode.FIT_FRAME_DATA and f.name == name]
    return [{field.name: field.value for field in frame.fields} for frame in frames]


def sessions(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for week in plan["weeks"] for one in week["sessions"] if one["kind"] in RUNNING]


def running_s(session: dict[str, Any]) -> int:
    total = 0
    for block in workout(session):
        steps, times = (block.steps, block.times) if isinstance(block, Repeat) else ((block,), 1)
        total += times * sum(step.seconds for step in steps if step.intensity == "active")
    return total


@pytest.mark.parametrize("off", [1, 40])
def test_the_steps_of_a_session_hold_its_running_minutes(off: int) -> None:
    for one in sessions(versions(off=off)[0]):
        strides = 4 * 20 if one["kind"] == "strides" else 0
        assert running_s(one) == pytest.approx(60 * one["minutes"] + strides, abs=1)


def test_a_ladder_session_is_a_repeat_of_run_and_walk() -> None:
    plan = versions(off=40)[0]
    first = sessions(plan)[0]
    data = dict(workout_files(plan, FIRST_DAY))[f"{first['day']}-run-walk.fit"]
    steps = messages(data, "workout_step")
    assert messages(data, "file_id")[0]["type"] == "workout"
    assert messages(data, "workout")[0]["num_valid_steps"] == len(steps)
    assert [step["duration_type"] for step in steps] == ["time", "time", "time", "repeat_until_steps_cmplt", "time"]
    run, walk, repeat = steps[1:4]
    assert (run["duration_time"], walk["duration_time"]) == (120.0, 180.0), "level 2"
    assert (repeat["duration_step"], repeat["repeat_steps"]) == (1, 6)
    assert [step["intensity"] for step in steps[:3]] == ["warmup", "active", "rest"]


@pytest.mark.parametrize(("unit", "legs"), [(CadenceUnit.STRIDES, 2), (CadenceUnit.STEPS, 1)])
def test_the_range_of_the_cadence_is_a_target_and_stands_in_the_name(unit: CadenceUnit, legs: int) -> None:
    plan = versions()[0]
    first = sessions(plan)[0]
    low, high = first["cadence_low_spm"], first["cadence_high_spm"]
    data = dict(workout_files(plan, FIRST_DAY, unit))[f"{first['day']}-run.fit"]
    step = next(one for one in messages(data, "workout_step") if one["target_type"] == "cadence")
    assert step["custom_target_cadence_low"] == round(low / legs)
    assert step["custom_target_cadence_high"] == round(high / legs)
    assert f"{low:.0f}-{high:.0f} spm" in step["wkt_step_name"]


@pytest.mark.parametrize("reason", ["seen and well", "gesehen, läuft schmerzfrei über 5 km; " * 9])
def test_a_lifted_stop_stands_at_every_step_behind_the_signs_to_stop(reason: str) -> None:
    plan = versions()[0] | {"notes": [f"Stop lifted by Dr A: {reason}"]}
    for _, data in workout_files(plan, FIRST_DAY):
        steps = [step for step in messages(data, "workout_step") if step["duration_type"] == "time"]
        assert all("Stop when it hurts" in step["notes"] for step in steps)
        assert all("Stop lifted by Dr A: " + reason[:9] in step["notes"] for step in steps)


def test_a_lifted_stop_stands_in_the_text_for_intervals_and_in_the_json() -> None:
    plan = versions()[0] | {"notes": ["Stop lifted by Dr A: seen and well"]}
    assert "# Stop lifted by Dr A: seen and well" in intervals_text(plan, FIRST_DAY)
    assert "Stop lifted by Dr A: seen and well" in plan_json(plan)


def test_workouts_begin_on_the_day_asked_for_and_each_has_its_own_time() -> None:
    plan = versions()[0]
    later = date(2027, 1, 4)
    names = [name for name, _ in workout_files(plan, later)]
    assert names
    assert min(names) >= later.isoformat()
    times = [messages(data, "file_id")[0]["time_created"] for _, data in workout_files(plan, later)]
    assert len(set(times)) == len(times)
    assert not any("serial_number" in messages(data, "file_id")[0] for _, data in workout_files(plan, later))


def test_our_own_reader_takes_a_workout_for_no_activity() -> None:
    _, data = next(workout_files(versions()[0], FIRST_DAY))
    assert all(recording.start is None for recording in read_fit(data))


def test_intervals_text_has_a_section_a_run_with_blank_lines_around_repeats() -> None:
    plan = versions(off=40)[0]
    lines = intervals_text(plan, FIRST_DAY).splitlines()
    assert sum(line.startswith("## ") for line in lines) == len(sessions(plan))
    at = lines.index("6x")
    assert lines[at - 1] == ""
    assert lines[at + 1].startswith("- Run 2m ")
    assert lines[at + 2] == "- Walk 3m"
    assert lines[at + 3] == ""
    assert any("not medical advice" in line for line in lines)
    assert Step(name="Run", seconds=90, intensity="active", low_spm=161.0, high_spm=167.0).title == "Run 161-167 spm"
