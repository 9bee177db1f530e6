"""Form: grades that somebody typed in, and what the watch says of the stride, before and after.

Before and after are four weeks each, with the median of their runs: one run says little. Plain Python.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from statistics import median
from typing import Any, Final

PERIOD_DAYS: Final = 28
"""d; before and after are so long, and so far apart at least."""
LEAST_RUNS: Final = 3
"""runs; with fewer a period has no median."""
MEASURES: Final[dict[str, str]] = {
    "speed_m_s": "m/s",
    "cadence_spm": "spm",
    "steps_per_km": "steps/km",
    "step_length_mm": "mm",
    "vertical_oscillation_mm": "mm",
    "vertical_ratio_pct": "%",
    "ground_contact_ms": "ms",
    "ground_contact_balance_pct": "% left",
    "power_w": "W",
}
"""What is compared, and its unit."""
GRADES: Final[dict[str, str]] = {
    "hip_drop": "A to F",
    "knee_flexion_deg": "degrees",
    "trunk_lean_deg": "degrees",
    "overstride": "",
    "foot_strike": "",
}
"""What somebody may type in of a recording, and its unit."""
METRES_PER_KM, SECONDS_PER_MINUTE = 1000.0, 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Four weeks of runs."""

    first: date
    last: date
    runs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FormMeasure:
    """One measure before and after."""

    name: str
    unit: str
    before: float | str | bool | None
    after: float | str | bool | None
    change: float | None
    """After less before; None where one is not known, or it is no number."""
    runs_before: int | None
    """Runs of the period that have it; None for what was typed in."""
    runs_after: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Before and after."""

    before: Period | None
    """None where there is nothing to begin with."""
    after: Period | None
    """None where it would overlap with before: too soon."""
    measures: tuple[FormMeasure, ...]
    grades: tuple[FormMeasure, ...]
    """The first and the last of what was typed in."""

    def as_json(self) -> dict[str, Any]:
        """With the keys of ``form``."""
        return asdict(self)


def form_before_after(
    runs: Sequence[Mapping[str, Any]], entries: Sequence[Mapping[str, Any]], as_of: date, before: date | None
) -> Form:
    """The form before and after.

    Args:
        runs: Running rows of the log, as the store gives them.
        entries: What was typed in, by day (``Store.forms``).
        as_of: Last day of the four weeks after.
        before: Last day of the four weeks before; None: the day of the first entry, else four weeks after the first
            run that has any of the measures.
    """
    begin = before or _begin(runs, entries)
    early = None if begin is None else _period(runs, begin)
    late = None if begin is None or (as_of - begin).days < PERIOD_DAYS else _period(runs, as_of)
    measures = tuple(_measure(name, _of(runs, early), _of(runs, late)) for name in MEASURES)
    known = [one for one in measures if one.before is not None or one.after is not None]
    return Form(before=early, after=late, measures=tuple(known), grades=tuple(_grades(entries, as_of)))


def _begin(runs: Sequence[Mapping[str, Any]], entries: Sequence[Mapping[str, Any]]) -> date | None:
    if entries:
        return date.fromisoformat(entries[0]["day"])
    first = next((run["day"] for run in runs if any(_value(run, name) is not None for name in MEASURES)), None)
    return None if first is None else date.fromisoformat(first) + timedelta(days=PERIOD_DAYS - 1)


def _period(runs: Sequence[Mapping[str, Any]], last: date) -> Period:
    first = last - timedelta(days=PERIOD_DAYS - 1)
    return Period(first=first, last=last, runs=sum(first.isoformat() <= run["day"] <= last.isoformat() for run in runs))


def _of(runs: Sequence[Mapping[str, Any]], period: Period | None) -> list[Mapping[str, Any]]:
    if period is None:
        return []
    return [run for run in runs if period.first.isoformat() <= run["day"] <= period.last.isoformat()]


def _measure(name: str, early: Sequence[Mapping[str, Any]], late: Sequence[Mapping[str, Any]]) -> FormMeasure:
    then, now = ([v for v in (_value(run, name) for run in runs) if v is not None] for runs in (early, late))
    before, after = (median(values) if len(values) >= LEAST_RUNS else None for values in (then, now))
    change = None if before is None or after is None else after - before
    return FormMeasure(name=name, unit=MEASURES[name], before=before, after=after, change=change,
                       runs_before=len(then), runs_after=len(now))  # fmt: skip


def _value(run: Mapping[str, Any], name: str) -> float | None:
    speed = run["distance_m"] / run["moving_s"] if run["distance_m"] and run["moving_s"] else None
    if name == "speed_m_s":
        return speed
    if name == "steps_per_km":
        cadence = run["cadence_spm"]
        return None if cadence is None or not speed else cadence / SECONDS_PER_MINUTE * METRES_PER_KM / speed
    value = run.get(name)
    return None if value is None else float(value)


def _grades(entries: Sequence[Mapping[str, Any]], as_of: date) -> list[FormMeasure]:
    """First and last of each grade; the first alone where it was typed in once."""
    told = [entry for entry in entries if entry["day"] <= as_of.isoformat()]
    found = []
    for name, unit in GRADES.items():
        values = [entry[name] for entry in told if entry.get(name) is not None]
        if not values:
            continue
        after = values[-1] if len(values) > 1 else None
        numbers = all(isinstance(v, float | int) and not isinstance(v, bool) for v in (values[0], after))
        change = after - values[0] if numbers else None
        one = FormMeasure(name=name, unit=unit, before=values[0], after=after, change=change, runs_before=None,
                          runs_after=None)  # fmt: skip
        found.append(one)
    return found


def form_trend(runs: Sequence[Mapping[str, Any]], as_of: date, blocks: int) -> list[dict[str, Any]]:
    """Medians of the four weeks up to ``as_of`` and of those before them, oldest first.

    Args:
        runs: Running rows of the log.
        as_of: Last day of the newest block.
        blocks: How many.

    Returns:
        A dictionary a block: ``first``, ``last``, ``runs``, and every measure (None with fewer than three runs).
    """
    told = []
    for back in reversed(range(blocks)):
        period = _period(runs, as_of - timedelta(days=back * PERIOD_DAYS))
        medians = {name: _measure(name, (), _of(runs, period)).after for name in MEASURES}
        told.append({"first": period.first, "last": period.last, "runs": period.runs, **medians})
    return told
