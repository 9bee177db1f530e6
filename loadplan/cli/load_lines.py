"""The weeks and their warnings for people: complete weeks, the unfinished one apart, what stands out in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from loadplan.cli.table import Column, Shown, bar, coloured, table, wrapped
from loadplan.load_warning import LEVELS
from loadplan.units import distance, number, percent, spoken

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from loadplan.units import Units

BAR_CELLS: Final = 5
IN_FULL: Final = 2
"""weeks at the end whose warnings are told in full; older ones in a line each."""
BAND_WORDS: Final = {
    "insufficient_history": "too early", "zero_chronic": "no base", "low_chronic": "low base", "partial_week": "so far",
    "post_layoff": "aft. break", "ladder": "ladder", "missing_load": "gaps",
}  # fmt: skip
"""What the table says instead of a band, and the legend under it."""
BAND_LEGEND: Final = {
    "insufficient_history": "too early: the record is too short for this ratio",
    "zero_chronic": "no base: no running in the weeks it would be compared with",
    "low_chronic": "low base: so little before that a ratio says little",
    "post_layoff": "aft. break: within weeks of a break, where the ratio reads high by itself",
    "ladder": "ladder: run/walk weeks, judged by their own steps",
    "missing_load": "gaps: runs without this measure",
}
BAND_LEVELS: Final = {"raised": "warn", "high": "strong"}
"""Band -> the colour of its word and bar; the word says the same without. No colour says that a week is fine."""
SPIKE_LEVELS: Final = {"small": "warn", "moderate": "warn", "large": "strong"}
LOAD_TITLES: Final = {
    "duration": "Min", "steps": "Steps", "ascent": "Up m", "descent": "Down m", "srpe": "sRPE",
}  # fmt: skip
"""Title of the load in the table, where it is not distance."""
METHODS: Final = {
    "uncoupled": "this week against the average of the previous four",
    "coupled": "7 days against 28 days that include them",
    "ewma": "exponentially weighted, 7 days against 28",
}
MARKS: Final = {"strong": "!!", "warn": "!", "info": "", "": ""}
EXPLAINED: Final = {
    "new_shoe_share": "New: share of the km in pairs under 14 days old.",
    "fast_min": "Fast: minutes faster than 1.15 times the own easy speed.",
    "tsb": "Form: fitness (42 days) less fatigue (7 days) a day.",
}
"""Columns that only wide terminals show, in a sentence."""
DISTANCE: Final = "distance"


def load_lines(
    rows: Sequence[Mapping[str, Any]], warnings: Sequence[Mapping[str, Any]], method: str, measure: str, units: Units
) -> list[str]:
    """The weeks for people: complete ones, the unfinished one apart, then the warnings."""
    if not rows:
        return []
    columns = _columns(measure, units)
    most = max((row["load"] or 0.0 for row in rows), default=0.0) or 1.0
    lines = table(columns, [_cells(row, most, measure, units, _of(row, warnings)) for row in rows], gap=" ")
    if not rows[-1]["complete"]:
        lines.insert(len(lines) - 1, "-- this week, not over yet --")
    told = [*lines, "", *_legend(rows, method, measure, lines[0]), *_beside(rows)]
    recent, older = _split(rows, warnings)
    grounds = _grounds(warnings)
    told += ["", *_older(older, grounds)] if older else []
    told += ["", *_in_full(recent, grounds, units)] if recent else []
    return [*told, *(["", *_sources(grounds)] if grounds else [])]


def _columns(measure: str, units: Units) -> list[Column]:
    title = units if measure == DISTANCE else LOAD_TITLES[measure]
    return [
        Column("Week"), Column(""), Column("Runs", right=True, spare=4), Column(title, right=True),
        Column("", spare=7), Column("Change", right=True, spare=1), Column("Build", right=True, spare=2),
        Column("ACWR", right=True), Column("Band", flexible=True), Column("Long", right=True, spare=5),
        Column("Spike", right=True, spare=3),
        Column("Down m", right=True, spare=6), Column("Up m", right=True, spare=8),
        Column("Fast", right=True, spare=9), Column("New", right=True, spare=10), Column("spm", right=True, spare=11),
        Column("Form", right=True, spare=12), Column("Stands out", flexible=True, spare=13),
    ]  # fmt: skip


def _cells(
    row: Mapping[str, Any], most: float, measure: str, units: Units, warnings: Sequence[Mapping[str, Any]]
) -> list[str | Shown]:
    load = distance(row["load"], units) if measure == DISTANCE else number(row["load"])
    band = row["acwr_band"] or BAND_WORDS.get(row["acwr_reason"] or "", "-")
    level = BAND_LEVELS.get(row["acwr_band"] or "", "")
    worst = max((one["level"] for one in warnings), key=LEVELS.index, default="")
    share = row["new_shoe_share"]
    codes = ", ".join(one["code"].removeprefix("LP0") for one in warnings if one["level"] in LEVELS[1:])
    return [
        row["week"] + (" r" if row["recovery"] else ""), Shown(MARKS[worst], worst), str(row["runs"]), load,
        Shown(bar((row["load"] or 0.0) / most, BAR_CELLS), level), percent(row["change_pct"]),
        percent(row["build_change_pct"]), number(row["acwr"], 2), Shown(band, level),
        distance(row["longest_km"], units),
        Shown(percent(row["spike_pct"]), SPIKE_LEVELS.get(row["spike_band"] or "", "")),
        number(row["descent_m"]), number(row["ascent_m"]), number(row["fast_min"]),
        percent(None if share is None else 100 * share).lstrip("+"), number(row["cadence_spm"]),
        number(row["tsb"], 1), f"LP {codes}" if codes else "",
    ]  # fmt: skip


def _legend(rows: Sequence[Mapping[str, Any]], method: str, measure: str, header: str) -> list[str]:
    """What the columns mean, and the words that stand in them here; no more than that."""
    about = f"ACWR {method} of {measure}: {METHODS[method]}. A monitoring signal, not a forecast."
    build = "Build: against the larger of the last two ordinary weeks. r: a recovery week. ! and !!: see the warnings."
    used = [BAND_LEGEND[r] for r in BAND_LEGEND if any(row["acwr_reason"] == r for row in rows)]
    wide = [text for text in EXPLAINED.values() if f"{text.split(':')[0]} " in f"{header} "]
    return wrapped(" ".join([about, build, *(f"{text[0].upper()}{text[1:]}." for text in used), *wide]))


def _beside(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Other sports of the weeks shown, in one sentence: they are kept beside, and never added in."""
    counts: dict[str, int] = {}
    for row in rows:
        for sport, told in row.get("other_sports", {}).items():
            counts[sport] = counts.get(sport, 0) + int(told["count"])
    if not counts:
        return []
    named = ", ".join(f"{sport} {count}" for sport, count in sorted(counts.items()))
    return wrapped(f"Beside these runs, and never added in: {named}.")


def _of(row: Mapping[str, Any], warnings: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [one for one in warnings if one["week"] == row["week"]]


def _split(
    rows: Sequence[Mapping[str, Any]], warnings: Sequence[Mapping[str, Any]]
) -> tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    """Warnings of the last weeks and of older ones."""
    last = {row["week"] for row in rows[-IN_FULL:]}
    return [one for one in warnings if one["week"] in last], [one for one in warnings if one["week"] not in last]


def _older(warnings: Sequence[Mapping[str, Any]], grounds: Sequence[str]) -> list[str]:
    """A line for each week with what stood out in it."""
    lines = wrapped("Earlier weeks (one in full: loadplan check --as-of DAY; all: --format json)")
    for week in dict.fromkeys(one["week"] for one in warnings):
        names = [
            f"{coloured(one['name'], one['level'])} [{_number(one, grounds)}]"
            for one in warnings
            if one["week"] == week
        ]
        lines += wrapped(", ".join(names), "              ", f"  {week}  ", raw=True)
    return lines


def warning_lines(warnings: Sequence[Mapping[str, Any]], units: Units) -> list[str]:
    """Warnings for people; each names what it rests on by number, and the sources follow once."""
    grounds = _grounds(warnings)
    return [*_in_full(warnings, grounds, units), "", *_sources(grounds)]


def _grounds(warnings: Sequence[Mapping[str, Any]]) -> list[str]:
    """What the warnings rest on, each once: the source and its grade."""
    return list(dict.fromkeys(_ground(one) for one in warnings))


def _ground(one: Mapping[str, Any]) -> str:
    return f"{one['source']} ({one['grade']})"


def _number(one: Mapping[str, Any], grounds: Sequence[str]) -> int:
    return grounds.index(_ground(one)) + 1


def _in_full(warnings: Sequence[Mapping[str, Any]], grounds: Sequence[str], units: Units) -> list[str]:
    lines = ["Warnings"]
    for one in warnings:
        when = f"week of {one['week']}" if one.get("week") else str(one.get("day"))
        head = f"{one['code']} {one['name']}, {coloured(one['level'], one['level'])}, {when}"
        lines += wrapped(head, "    ", "  ", raw=True)
        lines += wrapped(f"{spoken(one['message'], units)} [{_number(one, grounds)}]", "    ")
        lines += wrapped(one["advice"], "    ") if one.get("advice") else []
    return lines


def _sources(grounds: Sequence[str]) -> list[str]:
    lines = wrapped("What they rest on (suggested upper limits, not forecasts)")
    for n, ground in enumerate(grounds, start=1):
        lines += wrapped(ground, "      ", f"  [{n}] ")
    return lines
