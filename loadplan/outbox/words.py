"""A planned session in words, the same in every file that goes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from loadplan.text import clean
from plans.words import FOOTER

TITLES: Final = {
    "run": "Run", "run_walk": "Run and walk", "long": "Long run", "hills": "Hilly run", "strides": "Run with strides",
    "cross": "Cross-training", "strength": "Strength", "rest": "Rest",
}  # fmt: skip
STOP: Final = (
    "Stop and walk home when it hurts 5 of 10 or more, when the pain builds up, when your stride changes or the knee "
    "swells; rest one or two days."
)
"""Signs to stop, on every session that is a run."""


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
