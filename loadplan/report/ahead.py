"""What was run in the last two weeks, and what the plan has for the next two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from loadplan.charts.plan import BOUND_WORDS
from loadplan.report.beside import beside_the_runs
from loadplan.report.blocks import Block, Bullets, Cell, Level, Section, Table, Words, plain
from loadplan.report.facts import FORTNIGHT, WEEK
from loadplan.text import clean, shortened
from loadplan.units import METRES_PER_KM, distance, duration, known, number, pace, spoken

if TYPE_CHECKING:
    from loadplan.report.facts import Facts

TITLE_COLUMNS: Final = 28
SHOE_COLUMNS: Final = 18
TYPED: Final = "typed:"
"""Begin of the identity of a run without a file; its time of day may be made up."""
RUNS: Final = ("run", "run_walk", "long", "hills", "strides")
"""Kinds of session that are runs."""


def was_run(facts: Facts) -> Section:
    """The runs of the last 14 days."""
    since = (facts.as_of - FORTNIGHT + timedelta(days=1)).isoformat()
    recent = [row for row in facts.runs if row["day"] >= since]
    title = "What was run in the last 14 days"
    if not recent:
        last = facts.runs[-1]["day"] if facts.runs else None
        text = f"No run. The last one is of {last}." if last else "No run is recorded."
        return Section(title=title, blocks=(Words(text=text),), half=True)
    units = facts.units
    head = ["Day" if facts.share else "Start", units, "Time", f"/{units}", "Down m", "spm", "Pair"]
    titled = not facts.share and any(row["title"] for row in recent)
    head += ["Title"] if titled else []
    rows = tuple(_run(row, facts, titled) for row in recent)
    shares = (2.0, 0.7, 1.0, 0.8, 1.0, 0.7, 1.9, 1.8)[: len(head)]
    table = Table(head=tuple(head), rows=rows, right=frozenset({1, 2, 3, 4, 5}), shares=shares)
    return Section(title=title, blocks=(table,), half=True)


def _run(row: Mapping[str, Any], facts: Facts, titled: bool) -> tuple[Cell, ...]:
    metres = row["distance_m"]
    timed = not facts.share and not str(row.get("identity") or "").startswith(TYPED)
    begin = f"{_day(row['day'])} {row['start'][11:16]}" if timed else _day(row["day"])
    cells = (
        begin, distance(None if metres is None else metres / METRES_PER_KM, facts.units),
        duration(row["moving_s"]), pace(row["moving_s"], metres, facts.units), number(row["descent_m"]),
        number(row["cadence_spm"]), shortened(clean(row["shoe"] or "-"), SHOE_COLUMNS),
    )  # fmt: skip
    title = (shortened(clean(row["title"] or ""), TITLE_COLUMNS),) if titled else ()
    return plain(*cells, *title)


def _day(day: str) -> str:
    return f"{date.fromisoformat(day):%d %b}"


def planned(facts: Facts) -> Section:
    """The plan: where it stands, planned beside run, and the sessions of the next 14 days."""
    plan = facts.plan
    title = "The plan: the next 14 days"
    if plan is None:
        return Section(title=title, blocks=(Words(text="There is no plan."),), half=True)
    blocks: list[Block] = [Words(text=_where(plan, facts))]
    blocks += [Words(text=clean(note), level="strong") for note in plan["notes"] if note.startswith("Stop lifted by ")]
    against = _against(plan, facts)
    if against:
        blocks.append(against)
    sessions = list(_sessions(plan, facts))
    if sessions:
        head = ("Day", "Session", "Min", facts.units, "What")
        table = Table(
            head=head, rows=tuple(sessions), right=frozenset({2, 3}), shares=(1.4, 1.2, 0.6, 0.7, 3.4)
        )  # fmt: skip
        blocks.append(table)
    more = beside_the_runs(plan, facts.as_of)
    blocks += [more] if more else []
    warnings = _warned(plan, facts)
    if warnings:
        blocks.append(warnings)
    return Section(title=title, blocks=tuple(blocks), half=True)


def _where(plan: Mapping[str, Any], facts: Facts) -> str:
    weeks = plan["weeks"]
    end = date.fromisoformat(weeks[-1]["start"]) + WEEK
    full = plan["full_load_week"]
    target = f", full load in week {full}" if full is not None else ""
    base = plan["baseline"]["distance_km"]
    usual = f" Before: {distance(base, facts.units)} {facts.units} a week." if base else ""
    head = f"{plan['profile']}, {len(weeks)} weeks from {plan['start']}{target}.{usual}"
    if end <= facts.as_of:
        return f"{head} The plan is over."
    current = next((w for w in weeks if facts.as_of < date.fromisoformat(w["start"]) + WEEK), weeks[-1])
    if date.fromisoformat(current["start"]) > facts.as_of:
        return head
    bound = BOUND_WORDS.get(current["bound_by"], current["bound_by"])
    return f"{head} Now week {current['number']}, {current['phase'].replace('_', ' ')}; its size is set by: {bound}."


def _against(plan: Mapping[str, Any], facts: Facts) -> Block | None:
    """Planned beside run, for the weeks of the plan that have begun."""
    begun = [week for week in plan["weeks"] if date.fromisoformat(week["start"]) <= facts.as_of]
    if not begun:
        return None
    rows = tuple(_beside(week, facts) for week in begun[-3:])
    head = ("Week", "Phase", f"Planned {facts.units}", f"Run {facts.units}", "Planned min", "Run min")
    return Table(head=head, rows=rows, right=frozenset({2, 3, 4, 5}), shares=(1.2, 1.5, 1.1, 1, 1.1, 1))


def _beside(week: Mapping[str, Any], facts: Facts) -> tuple[Cell, ...]:
    """One week; minutes of a ladder count the running parts on both sides."""
    first = date.fromisoformat(week["start"])
    after = _next_start(week, facts)
    mine = [row for row in facts.runs if first.isoformat() <= row["day"] < after.isoformat()]
    km = sum(row["distance_m"] or 0.0 for row in mine) / METRES_PER_KM
    column = "running_s" if week["phase"] == "ladder" else "moving_s"
    minutes = sum((row[column] if row[column] is not None else row["moving_s"]) or 0.0 for row in mine) / 60
    over = " (so far)" if after > facts.as_of else ""
    units = facts.units
    return plain(
        f"{week['number']}, {_day(week['start'])}{over}", week["phase"].replace("_", " "),
        distance(week["distance_km"], units), distance(km, units), number(week["minutes"]), number(minutes),
    )  # fmt: skip


def _next_start(week: Mapping[str, Any], facts: Facts) -> date:
    later = [w["start"] for w in (facts.plan or {})["weeks"] if w["start"] > week["start"]]
    return date.fromisoformat(min(later)) if later else date.fromisoformat(week["start"]) + WEEK


def _sessions(plan: Mapping[str, Any], facts: Facts) -> Iterator[tuple[Cell, ...]]:
    """The runs of today and of the 14 days after it."""
    after = facts.as_of + FORTNIGHT + timedelta(days=1)
    for week in plan["weeks"]:
        for session in week["sessions"]:
            day = date.fromisoformat(session["day"])
            if facts.as_of <= day < after and session["kind"] in RUNS:
                yield _session(session, day, facts)


def _session(session: Mapping[str, Any], day: date, facts: Facts) -> tuple[Cell, ...]:
    low, high = session["cadence_low_spm"], session["cadence_high_spm"]
    parts = [
        f"run/walk {session['run_walk']}" if session["run_walk"] else "",
        f"{low:.0f}-{high:.0f} steps/min" if known(low) and known(high) else "",
        f"in {shortened(clean(session['shoe']), SHOE_COLUMNS)}" if session["shoe"] else "",
        "hilly" if session["hills"] else "",
    ]
    what = ", ".join(part for part in parts if part) or "easy, flat"
    return plain(
        f"{day:%a %d %b}", session["kind"].replace("_", "/"), number(session["minutes"]),
        distance(session["distance_km"], facts.units), what,
    )  # fmt: skip


def _warned(plan: Mapping[str, Any], facts: Facts) -> Block | None:
    """What the plan's own check says of these weeks (nothing, if all is well)."""
    after = (facts.as_of + FORTNIGHT).isoformat()
    since = (facts.as_of - WEEK).isoformat()
    notes = [note for week in plan["weeks"] if since < week["start"] < after for note in week["warnings"]]
    level: Level = "warn"
    items = tuple((spoken(clean(note), facts.units), level) for note in dict.fromkeys(notes))
    return Bullets(items=items, title="The plan's own check") if items else None
