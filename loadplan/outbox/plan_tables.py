"""A plan as CSV, JSON and Markdown: for a spreadsheet, a program, and a physio's desk."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from loadplan.outbox.words import details, footer, hold_signs, stop_signs, title
from loadplan.text import clean, csv_cell
from loadplan.units import pace
from plans.screen import warning_signs
from plans.words import binding_line

CSV_KEYS: Final = (
    "day", "kind", "minutes", "distance_km", "walk_minutes", "run_walk", "level", "cadence_low_spm", "cadence_high_spm",
    "shoe", "hills", "ascent_m", "descent_m", "steps", "drills",
)  # fmt: skip
SCHEMA: Final = 1
SECONDS, METRES = 60, 1000
LOCAL_ONLY: Final = ("own_protocol",)
"""What is kept for updates and has no place in a file for others."""


def plan_csv(plan: Mapping[str, Any]) -> str:
    """A row a session, with week, phase and reason; text that a spreadsheet would take for a formula is guarded."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["week", "phase", *CSV_KEYS, "why", "footer"])
    for week in plan["weeks"]:
        why = binding_line(week["why"], week["bound_by"])
        for session in week["sessions"]:
            cells = [_cell(session.get(key)) for key in CSV_KEYS]
            row = [week["number"], week["phase"], *cells, why, " ".join(footer(plan))]
            writer.writerow([csv_cell(cell) for cell in row])
    return out.getvalue()


def _cell(value: Any) -> object:
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value))
    return round(value, 3) if isinstance(value, float) else value


def plan_json(plan: Mapping[str, Any]) -> str:
    """The plan as plain JSON, unrounded; ``plan_schema.json`` in this folder describes it. ``plan check`` reads it."""
    body = {key: value for key, value in plan.items() if key not in LOCAL_ONLY and key != "as_of"}
    return json.dumps({"schema": SCHEMA, "made_as_of": plan["as_of"], **body}, indent=2, allow_nan=False) + "\n"


def plan_markdown(plan: Mapping[str, Any]) -> str:
    """The plan as a page to print: each week with dose, reason and signs to stop."""
    lines = [*_head(plan), *_weeks(plan)]
    for week in plan["weeks"]:
        lines += ["", *_week(plan, week)]
    lines += [*_exercises(plan), "", "## Warning signs"]
    for do, signs in warning_signs():
        lines += ["", clean(do), "", *(f"- {sign}" for sign in signs)]
    return "\n".join(lines) + "\n"


def _head(plan: Mapping[str, Any]) -> Iterator[str]:
    yield f"# Return-to-run plan: {plan['profile']}, from {plan['start']}"
    yield ""
    full = plan["full_load_week"]
    yield f"Full load is week {full}." if full is not None else "Full load lies beyond this plan."
    for note in plan["notes"]:
        yield from ("", _plain(note))
    for name, sentences in (("What to do", plan["what_to_do"]), ("What to watch", plan["what_to_watch"])):
        if sentences:
            yield from ("", f"## {name}", "", *(f"- {_plain(sentence)}" for sentence in sentences))
    yield from ("", *(f"> {_plain(line)}" for line in footer(plan)))


def _weeks(plan: Mapping[str, Any]) -> Iterator[str]:
    yield from ("", "## Weeks", "", "| week | from | phase | km | min | runs | longest | new | set by |")
    yield "|---:|---|---|---:|---:|---:|---:|---|---|"
    for week in plan["weeks"]:
        yield (
            f"| {week['number']} | {week['start']} | {week['phase'].replace('_', ' ')} | {week['distance_km']:.1f} | "
            f"{week['minutes']:.0f} | {week['runs']} | {week['longest_km']:.1f} | {week['starts'] or ''} | "
            f"{week['bound_by'].replace('_', ' ')} |"
        )


def _week(plan: Mapping[str, Any], week: Mapping[str, Any]) -> Iterator[str]:
    yield f"## Week {week['number']}, from {week['start']}"
    yield ""
    easy = f", about {pace(SECONDS * week['minutes'], METRES * week['distance_km'])} min/km" if week["runs"] else ""
    dose = f"{week['distance_km']:.1f} km, {week['minutes']:.0f} min in {week['runs']} runs{easy}"
    yield f"{dose}. Why: {_plain(binding_line(week['why'], week['bound_by']))}"
    yield ""
    for session in week["sessions"]:
        day = date.fromisoformat(session["day"])
        names = [drill.partition(":")[0] for drill in session["drills"]]
        more = f"{session['steps'][0]}: {', '.join(names)}" if names else "; ".join(details(session))
        yield f"- **{day:%a %d %b}: {_plain(title(session))}**{f': {_plain(more)}' if more else ''}"
    for note in (*week["checkpoints"], *week["warnings"]):
        yield f"- {_plain(note)}"
    yield from ("", stop_signs(plan), "", hold_signs(plan), "", *(f"> {_plain(line)}" for line in footer(plan)))


def _exercises(plan: Mapping[str, Any]) -> Iterator[str]:
    """Every exercise of the plan, explained once under its stage."""
    stages: dict[str, dict[str, None]] = {}
    for week in plan["weeks"]:
        for session in week["sessions"]:
            if session["drills"]:
                stages.setdefault(". ".join(session["steps"]), {}).update(dict.fromkeys(session["drills"]))
    if stages:
        yield from ("", "## Exercises")
    for stage, drills in stages.items():
        yield from ("", _plain(stage), "", *(f"- {_plain(drill)}" for drill in drills))


def _plain(text: str) -> str:
    """Text that Markdown takes for nothing but text."""
    cleaned = clean(text)
    for letter in ("\\", "`", "*", "_", "[", "]", "<", ">", "|", "#"):
        cleaned = cleaned.replace(letter, f"\\{letter}")
    return cleaned
