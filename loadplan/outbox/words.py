"""A planned session in words, the same in every file that goes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from loadplan.text import clean
from plans.evidence import limit
from plans.words import FOOTER

TITLES: Final = {
    "run": "Run", "run_walk": "Run and walk", "long": "Long run", "hills": "Hilly run", "strides": "Run with strides",
    "cross": "Cross-training", "strength": "Strength", "rest": "Rest",
}  # fmt: skip
TENDON: Final = "patellar-tendon"


def stop_signs(plan: Mapping[str, Any]) -> str:
    """When to stop a run; on every page, at every session that is a run."""
    tendon = plan["profile"] == TENDON
    over, most = limit("pain_red_above_tendon"), limit("pain_red_min")
    pain = f"more than {over:.0f} of 10" if tendon else f"{most:.0f} of 10 or more"
    return (
        f"Stop and walk home when it hurts {pain}, when the pain builds up, when your stride changes or the knee "
        "swells; rest one or two days, also after a morning that is worse than usual."
    )


def hold_signs(plan: Mapping[str, Any]) -> str:
    """What lies between going on and stopping: then the plan repeats the week."""
    tendon = plan["profile"] == TENDON
    most = limit("pain_green_max_tendon" if tendon else "pain_green_max")
    later = "the next day" if tendon else "an hour later, but gone the next morning"
    return (
        f"More than {most:.0f} of 10, or pain that is still there {later}: write it down and update the plan; it "
        "repeats the week instead of growing."
    )


def title(session: Mapping[str, Any]) -> str:
    """Such as 'Run and walk, 12 min of running, 6x(2/3)'."""
    minutes = f", {session['minutes']:.0f} min" if session["minutes"] else ""
    km = f", {session['distance_km']:.1f} km" if session["distance_km"] else ""
    pattern = f", {session['run_walk']}" if session["run_walk"] else ""
    running = " of running" if session["run_walk"] else ""
    return f"{TITLES[session['kind']]}{minutes}{running}{km}{pattern}"


def details(session: Mapping[str, Any]) -> list[str]:
    """What to do, step by step, with cadence, shoe and climb."""
    low, high = session["cadence_low_spm"], session["cadence_high_spm"]
    lines = [*session.get("steps", ()), *session["drills"]]
    if low is not None and high is not None:
        lines.append(f"cadence {low:.0f} to {high:.0f} steps/min")
    if session["shoe"]:
        lines.append(f"in {session['shoe']}")
    if session["hills"]:
        ways = (("ascent_m", "up"), ("descent_m", "down"))
        climb = [f"{session[key]:.0f} m {way}" for key, way in ways if session[key]]
        lines.append(f"hilly: {', '.join(climb)}" if climb else "hilly")
    return [clean(line) for line in lines]


def lifted(plan: Mapping[str, Any]) -> list[str]:
    """Who lifted a stop of the screening, and why: on every page."""
    return [clean(note) for note in plan["notes"] if note.startswith("Stop lifted by ")]


def footer(plan: Mapping[str, Any]) -> Sequence[str]:
    """What stands at the end of every page."""
    return (*lifted(plan), FOOTER)
