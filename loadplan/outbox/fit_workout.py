"""Planned runs as FIT workout files, one a run. No serial numbers, no places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

from loadplan.outbox.fit_file import Message, Value, encode
from loadplan.outbox.words import TENDON, lifted
from loadplan.outbox.workout import Block, CadenceUnit, Repeat, Step, workout

TIME, REPEAT = 0, 6
"""Kinds of duration: seconds, and repeat until so many times were done."""
CADENCE, OPEN = 3, 2
"""Kinds of target."""
INTENSITY: Final = {"active": 0, "rest": 1, "warmup": 2, "cooldown": 3}
MILLI: Final = 1000
SHORT: Final = "Stop when it hurts {} of 10, builds up or swells. Training information, not medical advice."
NAMES: Final = {
    "run": "Run",
    "run_walk": "Run/walk",
    "long": "Long run",
    "hills": "Hilly run",
    "strides": "Run with strides",
}


def workout_files(
    plan: Mapping[str, Any], first: date, unit: CadenceUnit = CadenceUnit.STRIDES
) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of a FIT workout for each planned run from ``first`` on.

    Args:
        plan: As it is kept.
        first: Earlier runs are left out.
        unit: What a target of cadence counts; the range in steps/min is in the name of the step, too.
    """
    for week in plan["weeks"]:
        for session in week["sessions"]:
            blocks = workout(session)
            if blocks and date.fromisoformat(session["day"]) >= first:
                name = f"{NAMES[session['kind']]} {session['minutes']:.0f} min, week {week['number']}"
                made = _file(name, date.fromisoformat(session["day"]), blocks, unit, _notes(plan))
                yield f"{session['day']}-{session['kind'].replace('_', '-')}.fit", made


def _notes(plan: Mapping[str, Any]) -> str:
    """What stands at each step: when to stop, and who lifted a stop of the screening, as far as the field has room."""
    most = "over 5" if plan["profile"] == TENDON else "5"
    return " ".join((SHORT.format(most), *lifted(plan)))


def _file(name: str, day: date, blocks: tuple[Block, ...], unit: CadenceUnit, notes: str) -> bytes:
    steps = list(_steps(blocks, unit, notes))
    # A watch tells workouts apart by this time: the day of the run.
    made = datetime(day.year, day.month, day.day, tzinfo=UTC)
    identity: dict[str, Value] = {
        "type": "workout", "manufacturer": "development", "product": 0, "time_created": made,
    }  # fmt: skip
    head: dict[str, Value] = {"sport": "running", "num_valid_steps": len(steps), "wkt_name": name}
    return encode([Message("file_id", identity), Message("workout", head), *steps])


def _steps(blocks: tuple[Block, ...], unit: CadenceUnit, notes: str) -> Iterator[Message]:
    number = 0
    for block in blocks:
        parts = block.steps if isinstance(block, Repeat) else (block,)
        first = number
        for part in parts:
            yield _step(number, part, unit, notes)
            number += 1
        if isinstance(block, Repeat):
            repeat: dict[str, Value] = {
                "message_index": number, "duration_type": REPEAT, "duration_value": first, "target_type": OPEN,
                "target_value": block.times, "intensity": INTENSITY["active"],
            }  # fmt: skip
            yield Message("workout_step", repeat)
            number += 1


def _step(number: int, step: Step, unit: CadenceUnit, notes: str) -> Message:
    values: dict[str, Value] = {
        "message_index": number, "wkt_step_name": step.title, "duration_type": TIME,
        "duration_value": step.seconds * MILLI, "target_type": OPEN, "target_value": 0,
        "intensity": INTENSITY[step.intensity], "notes": notes,
    }  # fmt: skip
    if step.low_spm is not None and step.high_spm is not None:
        legs = 2 if unit is CadenceUnit.STRIDES else 1
        values |= {
            "target_type": CADENCE, "custom_target_value_low": round(step.low_spm / legs),
            "custom_target_value_high": round(step.high_spm / legs),
        }  # fmt: skip
    return Message("workout_step", values)
