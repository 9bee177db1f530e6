"""The week against its limits, the warnings with what they rest on, and the weeks in figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from loadplan.report.blocks import Block, Bullets, Cell, Level, Section, Table, Words, plain
from loadplan.report.facts import SHOWN_WEEKS
from loadplan.text import clean
from loadplan.units import distance, known, number, percent, spoken
from plans.evidence import limit

if TYPE_CHECKING:
    from loadplan.report.facts import Facts
    from loadplan.units import Units

Week = Mapping[str, Any]
REASONS: Final = {
    "insufficient_history": "record too short", "zero_chronic": "nothing before", "low_chronic": "little before",
    "partial_week": "so far", "post_layoff": "after a break", "ladder": "run/walk weeks", "missing_load": "gaps",
    "no_run": "no run", "few_runs": "too few runs", "unknown_shoe": "pair unknown", "not_recorded": "not recorded",
    "no_reference": "nothing to compare", "zero_reference": "nothing to compare", "source_change": "another device",
    "zero_previous": "nothing before",
}  # fmt: skip
"""Why a value is not known, in a word or two."""
NO_CHANGE: Final = {"partial_week": "-", "ladder": "after a long break"}
"""Why there is no build change, where the general words say it badly."""
BAND_LEVELS: Final[dict[str, Level]] = {"raised": "warn", "high": "strong"}
SPIKE_LEVELS: Final[dict[str, Level]] = {"small": "warn", "moderate": "warn", "large": "strong"}
QUIET: Final = "Nothing goes beyond a suggested limit in this week and the last complete one."


def this_week(facts: Facts) -> Section:
    """The last complete week and the one that is not over, measure by measure, beside the suggested upper limits."""
    last, now = facts.last_week, facts.this_week
    if last is None and now is None:
        text = f"No run is recorded up to {facts.as_of}."
        return Section(title="This week against its limits", blocks=(Words(text=text),), half=True)
    shown = [one for one in (last, now) if one is not None]
    head = ["Week of", *(_heading(one) for one in shown), "Limit"]
    rows = tuple(
        (Cell(name), *(cell(_plain(one), facts.units) for one in shown), Cell(bound(_plain(shown[-1]), facts.units)))
        for name, cell, bound in MEASURES
    )
    table = Table(head=tuple(head), rows=rows, right=frozenset(range(1, len(head) - 1)), shares=_shares(len(shown)))
    return Section(title="This week against its limits", blocks=(table,), half=True)


def _shares(columns: int) -> tuple[float, ...]:
    return (1.7, *([1.4] * columns), 1.4)


def _heading(week: pd.Series[Any]) -> str:
    first = pd.Timestamp(str(week.name))
    return f"{first:%d %b}" if week["complete"] else f"since {first:%d %b}"


def _plain(week: pd.Series[Any]) -> dict[str, Any]:
    return {str(key): (None if isinstance(value, float) and value != value else value) for key, value in week.items()}


def _why(week: Week, key: str) -> str:
    reason = week.get(f"{key}_reason")
    return REASONS.get(reason or "", "-")


def _km(week: Week, units: Units) -> Cell:
    return Cell(f"{distance(week['distance_km'], units)} {units}" if known(week["distance_km"]) else "-")


def _minutes(week: Week, units: Units) -> Cell:
    return Cell(f"{number(week['duration_min'])} min")


def _runs(week: Week, units: Units) -> Cell:
    return Cell(f"{week['runs']:.0f}")


def signed(value: float | None) -> str:
    """A signed whole percentage, with a blank as in sentences."""
    return percent(value).replace("%", " %")


def _change(week: Week, units: Units) -> Cell:
    change = week["build_change_pct"]
    if change is None:
        reason = week.get("build_change_pct_reason") or ""
        return Cell(NO_CHANGE.get(reason, _why(week, "build_change_pct")))
    warned = change > limit("build_change_pct") and (week["distance_rise"] or 0) > limit("change_ignore_km")
    strong = warned and change > limit("change_strong_pct")
    return Cell(signed(change), "strong" if strong else "warn" if warned else "")


def _acwr(week: Week, units: Units) -> Cell:
    if not known(week["acwr"]):
        return Cell(_why(week, "acwr"))
    band = week["acwr_band"] or REASONS.get(week["acwr_reason"] or "", "no band")
    return Cell(f"{number(week['acwr'], 2)}, {band}", BAND_LEVELS.get(week["acwr_band"] or "", ""))


def _longest(week: Week, units: Units) -> Cell:
    return Cell(f"{distance(week['longest_km'], units)} {units}" if week["longest_km"] else "-")


def _spike(week: Week, units: Units) -> Cell:
    if not known(week["spike_pct"]):
        return Cell(_why(week, "spike_pct"))
    return Cell(signed(week["spike_pct"]), SPIKE_LEVELS.get(week["spike_band"] or "", ""))


def _climb(key: str) -> Callable[[Week, Units], Cell]:
    def cell(week: Week, units: Units) -> Cell:
        if not known(week[f"{key}_m"]):
            return Cell(_why(week, f"{key}_m"))
        change, rise = week.get(f"{key}_build_pct"), week.get(f"{key}_rise")
        told = change is not None and bool(week["complete"])
        beyond = (
            change is not None and told and change > limit("climb_change_pct") and (rise or 0) > limit("climb_change_m")
        )
        more = f", {signed(change)}" if told else ""
        return Cell(f"{number(week[f'{key}_m'])} m{more}", "warn" if beyond else "")

    return cell


def _new_shoes(week: Week, units: Units) -> Cell:
    share = week["new_shoe_share"]
    if not known(share):
        return Cell(_why(week, "new_shoe_share"))
    return Cell(f"{number(100 * share)} %", "warn" if share > limit("new_shoe_share") else "")


def _cadence(week: Week, units: Units) -> Cell:
    spm, change = week["cadence_spm"], week["cadence_change_pct"]
    if not known(spm):
        return Cell(_why(week, "cadence_spm"))
    more = f", {signed(change)}" if known(change) else ""
    return Cell(f"{number(spm)} spm{more}")


def _up_to(week: Week, units: Units) -> str:
    reference = week.get("distance_reference")
    if not known(reference) or reference is None:
        return ""
    most = reference * (1 + limit("build_change_pct") / 100)
    return f"{distance(most, units)} {units}"


def _run_up_to(week: Week, units: Units) -> str:
    reference = week.get("spike_reference_km")
    if not known(reference) or reference is None:
        return ""
    return f"{distance(reference * (1 + limit('spike_small_pct') / 100), units)} {units}"


def _says(text: str) -> Callable[[Week, Units], str]:
    return lambda week, units: text


MEASURES: Final[tuple[tuple[str, Callable[[Week, Units], Cell], Callable[[Week, Units], str]], ...]] = (
    ("Distance", _km, _up_to),
    ("Runs", _runs, _says("")),
    ("Time", _minutes, _says("")),
    ("Build change", _change, _says(f"+{limit('build_change_pct'):.0f} %")),
    ("ACWR", _acwr, _says(f"{limit('acwr_raised'):g}")),
    ("Longest run", _longest, _run_up_to),
    ("Against 30 days", _spike, _says(f"+{limit('spike_small_pct'):.0f} %")),
    ("Ascent", _climb("ascent"), _says(f"+{limit('climb_change_pct'):.0f} %, {limit('climb_change_m'):.0f} m")),
    ("Descent", _climb("descent"), _says(f"+{limit('climb_change_pct'):.0f} %, {limit('climb_change_m'):.0f} m")),
    ("In new pairs", _new_shoes, _says(f"{100 * limit('new_shoe_share'):.0f} %")),
    ("Cadence", _cadence, _says("")),
)
"""Name, what the week has, and its suggested upper limit."""


def grounds_of(warnings: Sequence[Mapping[str, Any]]) -> list[str]:
    """What warnings rest on, each once."""
    return list(dict.fromkeys(f"{one['source']} ({one['grade']})" for one in warnings))


def warned(facts: Facts) -> Section:
    """Warnings of this week and the last complete one, with source and grade."""
    told = [one.as_json() for one in facts.warnings]
    if not told:
        text = QUIET if len(facts.weeks) else "No week is known yet."
        return Section(title="Warnings of these weeks", blocks=(Words(text=text),), half=True)
    grounds = grounds_of(told)
    items = [_told(code, told, grounds, facts.units) for code in dict.fromkeys(one["code"] for one in told)]
    sources = Bullets(
        items=tuple((f"[{n}] {ground}", _quiet()) for n, ground in enumerate(grounds, start=1)),
        title="What they rest on: suggested upper limits, not forecasts", small=True,
    )  # fmt: skip
    return Section(title="Warnings of these weeks", blocks=(Bullets(items=tuple(items)), sources), half=True)


def _told(code: str, told: Sequence[Mapping[str, Any]], grounds: Sequence[str], units: Units) -> tuple[str, Level]:
    """A warning in words with what it rests on; of two weeks with the same one the later, and that the other has it."""
    mine = [one for one in told if one["code"] == code]
    last = mine[-1]
    on = grounds.index(f"{last['source']} ({last['grade']})") + 1
    also = "".join(f" Also in the week of {one['week'] or one['day']}." for one in mine[:-1])
    head = f"{last['name']}, week of {last['week'] or last['day']}"
    level: Level = last["level"]
    return f"{head}: {spoken(clean(last['message']), units)} [{on}]{also}", level


def _quiet() -> Level:
    return ""


def in_figures(facts: Facts) -> Block | None:
    """The weeks of the charts as a table, for who wants the numbers."""
    if facts.weeks.empty:
        return None
    head = (
        "Week", "Runs", facts.units, "Min", "Build change", "ACWR", "Band", "Longest", "Spike", "Up m", "Down m",
        "New pairs", "spm",
    )  # fmt: skip
    latest = facts.weeks[::-1].head(SHOWN_WEEKS)
    rows = tuple(
        _week_row(_plain(row), first.date(), facts.units)
        for first, (_, row) in zip(pd.DatetimeIndex(latest.index), latest.iterrows(), strict=True)
    )
    return Table(
        head=head, rows=rows, right=frozenset({1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12}), folded=True,
        caption=f"The last {len(rows)} weeks in figures",
    )  # fmt: skip


def _week_row(week: Week, first: Any, units: Units) -> tuple[Cell, ...]:
    mark = " (recovery)" if week["recovery"] else "" if week["complete"] else " (not over)"
    share = week["new_shoe_share"]
    band = week["acwr_band"] or REASONS.get(week["acwr_reason"] or "", "-")
    return (
        *plain(
            f"{first}{mark}", f"{week['runs']:.0f}", distance(week["distance_km"], units), number(week["duration_min"])
        ),
        _change(week, units), Cell(number(week["acwr"], 2)), Cell(band, BAND_LEVELS.get(band, "")),
        Cell(distance(week["longest_km"], units)),
        Cell(signed(week["spike_pct"]), SPIKE_LEVELS.get(week["spike_band"] or "", "")),
        *plain(
            number(week["ascent_m"]), number(week["descent_m"]), number(None if share is None else 100 * share),
            number(week["cadence_spm"]),
        ),
    )  # fmt: skip
