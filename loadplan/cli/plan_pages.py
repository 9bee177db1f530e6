"""A plan for people: its weeks as a table, sessions of one week, why a week is as it is."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from loadplan.cli.table import Column, table, wrapped
from loadplan.text import clean
from loadplan.units import distance, number, pace, spoken

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from loadplan.units import Units

WEEK: Final = timedelta(days=7)
SECONDS, METRES = 60, 1000
LIFTED: Final = "Stop lifted by "
"""Begin of the note of a lifted stop; a page has it in its head."""
UNSCREENED: Final = "Not screened."
"""Begin of the note that lists the questions; a page has them as warning signs, below its footer."""
SESSION_KEYS: Final = (
    "day", "kind", "minutes", "distance_km", "walk_minutes", "run_walk", "level", "cadence_low_spm", "cadence_high_spm",
    "shoe", "hills", "drills",
)  # fmt: skip


def session_rows(plan: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every session with the number of its week: the rows of the CSV."""
    return [
        {"week": week["number"], **{key: session.get(key) for key in SESSION_KEYS}}
        for week in plan["weeks"]
        for session in week["sessions"]
    ]


def plan_lines(
    plan: Mapping[str, Any], units: Units, as_of: date, *, week: int | None = None, whole: bool = False
) -> list[str]:
    """The whole page: head, weeks, sessions of the current (or asked, or every) week, notes, footer."""
    from loadplan.outbox.words import hold_signs, stop_signs
    from plans.words import FOOTER

    weeks = plan["weeks"]
    chosen = weeks if whole else [_current(weeks, as_of) if week is None else _numbered(weeks, week)]
    over = date.fromisoformat(weeks[-1]["start"]) + WEEK <= as_of
    lines = [*_head(plan, units), *(["This plan is over."] if over else []), "", *_week_table(weeks, units)]
    for one in chosen:
        lines += ["", *_week_page(one, units)]
    lines += _listed("What to do", plan.get("what_to_do", ())) + _listed("What to watch", plan.get("what_to_watch", ()))
    lines += _listed("When it hurts", (stop_signs(plan), hold_signs(plan)))
    lines += _exercises(chosen)
    for note in plan["notes"]:
        lines += ["", *wrapped(spoken(note, units))] if not note.startswith((UNSCREENED, LIFTED)) else []
    return [*lines, "", *wrapped(FOOTER), *_warning_signs()]


def _listed(title: str, sentences: Sequence[str]) -> list[str]:
    told = [line for sentence in sentences for line in wrapped(sentence, "    ", "  - ")]
    return ["", title, *told] if told else []


def _warning_signs() -> list[str]:
    """What the footer points to, on every page, whether screened or not."""
    from plans.screen import warning_signs

    lines: list[str] = []
    for do, questions in warning_signs():
        lines += ["", *wrapped(f"If you would say yes to one of these: {do[0].lower()}{do[1:]}")]
        for question in questions:
            lines += wrapped(question, "    ", "  - ")
    return lines


def why_lines(week: Mapping[str, Any], units: Units) -> list[str]:
    """Why a week is as it is."""
    head = f"Week {week['number']} from {week['start']}: {week['phase']}, bound by {week['bound_by']}"
    return [head, *(line for reason in week["why"] for line in wrapped(spoken(reason, units), "    ", "  - "))]


def lifted_lines(plan: Mapping[str, Any]) -> list[str]:
    """Who lifted a stop of the screening, and why: on every page."""
    return [line for note in plan["notes"] if note.startswith(LIFTED) for line in wrapped(note)]


def change_lines(plan: Mapping[str, Any], units: Units) -> list[str]:
    """What an update made different: what became of the weeks that are over, then week by week what is new."""
    lines = [f"Updated; planned again from {plan['planned_from']} on."]
    for week in plan["weeks"]:
        done = week.get("done")
        if done:
            ran = f"{distance(done['distance_km'], units)} of {distance(week['distance_km'], units)} {units}"
            lines += wrapped(f"Week {week['number']}: {ran}, {done['light']}: {done['why']}", "    ", "  ")
    if not plan["changes"]:
        return [*lines, "Nothing else changes.", ""]
    lines += ["What changes"]
    for one in plan["changes"]:
        was, now = (distance(one[key], units) if one[key] is not None else "none" for key in ("was_km", "now_km"))
        made = one["original_km"]
        first = "" if made in (None, one["was_km"]) else f", first {distance(made, units)}"
        told = f"Week {one['week']}: {was} -> {now} {units}{first}: {spoken(one['why'], units)}"
        lines += wrapped(told, "    ", "  ")
    return [*lines, ""]


def _head(plan: Mapping[str, Any], units: Units) -> list[str]:
    base = plan["baseline"]
    km = distance(base["distance_km"], units)
    runs = number(base["runs_per_week"], 1).removesuffix(".0")
    span = f", {base['from']} to {base['to']}" if base["from"] else ""
    full = plan["full_load_week"]
    horizon = f"full load in week {full}" if full is not None else "full load lies beyond this plan"
    screened = "screened" if plan["screened"] else "NOT screened"
    lines = wrapped(f"Plan {plan['id']}: {plan['profile']}, from {plan['start']}, {screened}; {horizon}.")
    if plan.get("planned_from"):
        told = f"Updated: planned again from {plan['planned_from']} on. As it was made: loadplan plan show --original"
        lines += wrapped(told)
    lines += lifted_lines(plan)
    if not base["distance_km"]:
        return [*lines, *wrapped("Baseline: not known; the way starts with run and walk.")]
    stated = ", as stated" if base["stated"] else span
    longest = f", longest {distance(base['longest_km'], units)} {units}" if base["longest_km"] else ""
    counted = f" in {runs} runs" if base["runs_per_week"] else ""
    return [*lines, *wrapped(f"Baseline: {km} {units} a week{counted}{longest}{stated}.")]


def _week_table(weeks: Sequence[Mapping[str, Any]], units: Units) -> list[str]:
    columns = [
        Column("No", right=True), Column("From"), Column("Phase"), Column(units, right=True), Column("Min", right=True),
        Column("Runs", right=True), Column("Longest", right=True), Column("Bound by"), Column("New", flexible=True),
    ]  # fmt: skip
    rows = [
        [
            str(w["number"]), w["start"], w["phase"].replace("_", " "), distance(w["distance_km"], units),
            number(w["minutes"]), str(w["runs"]), distance(w["longest_km"], units), w["bound_by"],
            w.get("starts") or ("!" if w["warnings"] else ""),
        ]
        for w in weeks
    ]  # fmt: skip
    return table(columns, rows, gap=" ")


def _week_page(week: Mapping[str, Any], units: Units) -> list[str]:
    lines = [f"Week {week['number']}, from {week['start']}: {_dose(week, units)}"]
    lines += wrapped(f"Why this size: {spoken(binding(week), units)}", "    ", "  ")
    lines += _ran(week, units)
    told: dict[tuple[str, ...], date] = {}
    for session in week["sessions"]:
        day = date.fromisoformat(session["day"])
        head = f"  {day:%a %d %b}  {session['kind'].replace('_', ' '):<9} "
        same = told.setdefault((*session["drills"],), day) if session["drills"] else day
        text = _session(session, units) if same == day else f"{number(session['minutes'])} min, as on {same:%A}"
        lines += wrapped(text, " " * len(head), head)
        lines += _done(session, units, " " * len(head))
    for note in (*week.get("checkpoints", ()), *week["warnings"]):
        lines += wrapped(spoken(note, units), "    ", "  ! ")
    return lines


def _dose(week: Mapping[str, Any], units: Units) -> str:
    runs = f"{week['runs']} run{'' if week['runs'] == 1 else 's'}"
    easy = pace(SECONDS * week["minutes"], METRES * week["distance_km"], units)
    told = f"{distance(week['distance_km'], units)} {units}, {number(week['minutes'])} min in {runs}"
    return f"{told}, about {easy} min/{units}" if week["runs"] else told


def binding(week: Mapping[str, Any]) -> str:
    """The line of ``why`` that set the size of the week, in words."""
    from plans.words import binding_line

    return binding_line(week["why"], week["bound_by"])


def _ran(week: Mapping[str, Any], units: Units) -> list[str]:
    """What was run of the week, where it has begun."""
    actual = week.get("actual")
    if not actual or not actual["runs"]:
        return []
    told = [
        f"{distance(actual['distance_km'], units)} {units}, {number(actual['minutes'])} min in {actual['runs']} runs"
    ]
    if actual["cadence_compliance"] is not None:
        told.append(f"on the target of cadence {100 * actual['cadence_compliance']:.0f} % of the time")
    told += _climb(actual)
    if actual["missed"]:
        told.append(f"{actual['missed']} missed")
    if actual["unplanned_days"]:
        told.append(f"not planned: {', '.join(actual['unplanned_days'])}")
    return wrapped(f"Run so far: {'; '.join(told)}", "    ", "  ")


def _session(session: Mapping[str, Any], units: Units) -> str:
    """One session in a line: how long, how far, then step by step; exercises by name only."""
    low, high = session["cadence_low_spm"], session["cadence_high_spm"]
    size = [
        f"{number(session['minutes'])} min{' of running' if session['run_walk'] else ''}" if session["minutes"] else "",
        f"{distance(session['distance_km'], units)} {units}" if session["distance_km"] else "",
        f"run/walk {session['run_walk']}" if session["run_walk"] else "",
        f"{low:.0f}-{high:.0f} steps/min" if low and high else "",
        f"in {session['shoe']}" if session["shoe"] else "",
        _hills(session),
    ]
    names = ", ".join(_name(drill) for drill in session["drills"])
    steps = names or "; ".join(session.get("steps", ()))
    return ": ".join(part for part in (", ".join(part for part in size if part), steps) if part)


def _done(session: Mapping[str, Any], units: Units, indent: str) -> list[str]:
    """Beside a run: what was really run, or that it was missed."""
    actual = session.get("actual")
    if actual is None:
        return wrapped("-> missed", indent) if session.get("actual_reason") == "missed" else []
    moved = f" on {actual['day']}" if actual["day"] != session["day"] else ""
    spm = f", {actual['cadence_spm']:.0f} steps/min" if actual["cadence_spm"] is not None else ""
    share = actual["cadence_compliance"]
    within = f", on target {100 * share:.0f} %" if share is not None else ""
    km = f"{distance(actual['distance_km'], units)} {units}, {number(actual['minutes'])} min"
    climb = "".join(f", {told}" for told in _climb(actual))
    return wrapped(f"-> run{moved}: {km}{spm}{within}{climb}{_worn(session, actual)}", indent)


def _worn(session: Mapping[str, Any], actual: Mapping[str, Any]) -> str:
    if not actual["shoe"]:
        return ""
    planned = f", not in {session['shoe']}" if actual["shoe_as_planned"] is False else ""
    return clean(f", in {actual['shoe']}{planned}")


def _hills(session: Mapping[str, Any]) -> str:
    """The dose of a hilly run in metres up and down."""
    if not session["hills"]:
        return ""
    told = _climb(session)
    return f"hilly ({', '.join(told)})" if told else "hilly"


def _climb(run: Mapping[str, Any]) -> list[str]:
    """Metres up and down, as far as they are known and any."""
    ways = ((run.get("ascent_m"), "up"), (run.get("descent_m"), "down"))
    return [f"{metres:.0f} m {way}" for metres, way in ways if metres]


def _exercises(weeks: Sequence[Mapping[str, Any]]) -> list[str]:
    """Every exercise of these weeks, explained once."""
    sessions = [session for week in weeks for session in week["sessions"] if session["drills"]]
    told = dict.fromkeys(drill for session in sessions for drill in session["drills"])
    hints = dict.fromkeys(step for session in sessions for step in session.get("steps", ()))
    lines = ["", "Exercises"] if told else []
    for drill in told:
        lines += wrapped(drill, "    ", "  - ")
    for hint in hints if told else ():
        lines += wrapped(hint, "  ")
    return lines


def _name(drill: str) -> str:
    return drill.partition(":")[0]


def _current(weeks: Sequence[Mapping[str, Any]], as_of: date) -> Mapping[str, Any]:
    for week in weeks:
        if as_of < date.fromisoformat(week["start"]) + WEEK:
            return week
    return weeks[-1]


def _numbered(weeks: Sequence[Mapping[str, Any]], asked: int) -> Mapping[str, Any]:
    return next(week for week in weeks if week["number"] == asked)
