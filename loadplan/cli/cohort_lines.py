"""What ``cohort`` prints for people: runners by who needs a look first, and what a cohort says together."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from loadplan.cli.table import Column, Shown, table, width, wrapped
from loadplan.text import clean, shortened
from loadplan.units import UNKNOWN, distance, number, percent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from loadplan.units import Units

SHOWN: Final = 50
"""So many runners the table has; all of them are in the files and the JSON."""
WIDE: Final = 100
"""Columns from which a terminal shows the whole table."""
NARROW: Final = 5
"""Columns of the table on others, so that there is room for the reason."""
NAME: Final = 24
"""Columns that a label may take; the JSON has it whole."""
ABOUT: Final = ("Week", "ACWR", "Build")
PER_CENT: Final = 100
BANDS: Final = {"raised": "warn", "high": "strong"}
ORDER: Final = "The order is by the reasons shown; it is no forecast of anything."


def coach_lines(rows: Sequence[Mapping[str, Any]], units: Units, most: int = SHOWN) -> list[str]:
    """A line a runner, who needs a look first on top; ``rows`` as ``coach.table`` gives them."""
    columns = [
        Column("#", right=True), Column("Runner"), Column("Why", flexible=True), Column(f"Week, {units}", right=True),
        Column("ACWR", right=True), Column("Build", right=True), Column("Last run"),
    ]  # fmt: skip
    shown = len(columns) if width() >= WIDE else NARROW
    lines = table(columns[:shown], [_coach_row(row, units)[:shown] for row in rows[:most]])
    if len(rows) > most:
        lines.append(f"... and {len(rows) - most:,} more, all of them in the files and with --format json")
    about = (
        f"{', '.join(ABOUT[: shown - 3])}: of the last complete week, against the runner's own weeks before. {ORDER}"
    )
    return [*lines, "", *wrapped(about)]


def _coach_row(row: Mapping[str, Any], units: Units) -> list[str | Shown]:
    return [
        str(row["rank"]), shortened(clean(row["runner"]), NAME), Shown(row["attention"], row["level"] or ""),
        distance(row["last_distance_km"], units),
        Shown(number(row["last_acwr"], 2), BANDS.get(row["last_acwr_band"] or "", "")),
        percent(row["last_build_change_pct"]), row["last_day"] or UNKNOWN,
    ]  # fmt: skip


def study_lines(found: Mapping[str, Any]) -> list[str]:
    """What a cohort says together; ``found`` as ``study.summary`` gives it."""
    head = f"{found['runners']:,} runners, {found['weeks']:,} complete weeks with running."
    lines = [*wrapped(head), "", *_shares(found)]
    if found["incidence"] is not None:
        lines += ["", *_injuries(found), "", *_before(found["before_injury"])]
    notes = dict(found["notes"])
    if found["incidence"] is None:
        notes = {name: notes[name] for name in ("clusters", "unknown")}
    return [*lines, "", *(line for text in notes.values() for line in wrapped(text, "  ", "- "))]


# ---------------------------------------------------------------- shares
def _shares(found: Mapping[str, Any]) -> list[str]:
    by = {(one["unit"], one["by"]): one for one in found["shares"]}
    names = list(dict.fromkeys(one["by"] for one in found["shares"]))
    columns = [
        Column("Flagged by"), Column("Weeks", right=True), Column("%", right=True),
        Column("from counts", spare=3), Column("over runners"), Column("Sessions", right=True, spare=1),
        Column("%", right=True), Column("over runners", spare=4), Column("published", right=True, spare=2),
    ]  # fmt: skip
    rows = [_share_row(by["week", name], by["session", name]) for name in names]
    about = (
        "Of the weeks and sessions of which each could have spoken; methods without a code are bare numbers, greyed by "
        f"nothing. Intervals of {found['level']:.0%}. Published: {found['published']}."
    )
    return [*table(columns, rows), *wrapped(about)]


def _share_row(week: Mapping[str, Any], session: Mapping[str, Any]) -> list[str | Shown]:
    name = week["by"] if week["by"] == week["name"] else f"{week['by']} {week['name']}"
    published = session["published_pct"]
    return [
        name, f"{week['judged']:,}", _pct(week["share"]), _between(week["interval"], PER_CENT),
        _between(week["over_runners"], PER_CENT), f"{session['judged']:,}", _pct(session["share"]),
        _between(session["over_runners"], PER_CENT), "" if published is None else f"{published:.1f}",
    ]  # fmt: skip


def _pct(share: float) -> str:
    return UNKNOWN if math.isnan(share) else f"{PER_CENT * share:.1f}"


def _between(interval: Mapping[str, float] | None, times: float = 1.0, digits: int = 1) -> str:
    """Two bounds, such as 4.8 to 18.4."""
    if interval is None:
        return UNKNOWN
    return f"{times * interval['low']:.{digits}f} to {times * interval['high']:.{digits}f}"


# ---------------------------------------------------------------- injuries
def _injuries(found: Mapping[str, Any]) -> list[str]:
    rate, lost = found["incidence"], found["days_lost"]
    told = (
        f"{rate['injuries']:,} injuries in {rate['hours']:,.0f} h of running: {number(rate['per_1000_h'], 2)} per "
        f"1,000 h ({_between(rate['interval'], digits=2)} by the count, {_between(rate['over_runners'], digits=2)} "
        "over runners)."
    )
    if rate["outside"]:
        told += f" {rate['outside']:,} more lie outside of the runner's record, or in a week without hours."
    if rate["weeks_without_hours"]:
        told += f" Of {rate['weeks_without_hours']:,} weeks the hours are not known; they are left out."
    days = "Days lost: of no injury known."
    if lost["known"]:
        per = "" if math.isnan(lost["per_1000_h"]) else f", {lost['per_1000_h']:,.0f} per 1,000 h"
        days = f"Days lost: median {lost['median']:.0f}, {lost['total']:,.0f} in all{per}"
        days += f"; not known of {lost['unknown']:,} injuries." if lost["unknown"] else "."
    return [*wrapped(told), *wrapped(days)]


def _before(found: Mapping[str, Any]) -> list[str]:
    weeks = found["weeks"]
    lines = wrapped(
        f"The {found['case_weeks']} weeks before an injury ({weeks['case']:,}) beside the same runners' other weeks "
        f"({weeks['base']:,}). Left out of injured runners: {weeks['after_injury']:,} weeks after an injury, "
        f"{weeks['behind_last_injury']:,} from the last injury on, {weeks['not_whole_or_early']:,} at the beginning of "
        f"a record or not over, {weeks['without_run']:,} without a run."
    )
    columns = [
        Column("In the week"), Column("before injury", right=True), Column("other weeks", right=True),
        Column("odds ratio", right=True), Column("over runners"), Column("by the count", spare=2),
        Column("not known", right=True, spare=1),
    ]  # fmt: skip
    lines += table(columns, [_answer_row(one, first=not n) for n, one in enumerate(found["answers"])])
    levels = [one["level"] for one in found["answers"]]
    lines += wrapped(
        f"Intervals of {levels[0]:.0%}; of {levels[-1]:.0%} for those beside the question, set in a little."
    )
    lines += ["", *wrapped("Load of these weeks over the mean of the runner's own other weeks (1: the same)")]
    return lines + _loads(found["load"])


def _answer_row(one: Mapping[str, Any], *, first: bool) -> list[str | Shown]:
    name = f"{one['name']} > {one['limit']:g}{' %' if one['unit'] == '%' else ''}"
    return [
        name if first else f"  {name}", _of(one["case_exposed"], one["case_known"]),
        _of(one["base_exposed"], one["base_known"]),
        UNKNOWN if one["over_runners"] is None else number(one["odds_ratio"], 2),
        _between(one["over_runners"], digits=2), _between(one["interval"], digits=2),
        f"{one['unknown']:,}",
    ]  # fmt: skip


def _of(some: int, total: int) -> str:
    return f"{PER_CENT * some / total:.1f}% of {total:,}" if total else UNKNOWN


def _loads(loads: Sequence[Mapping[str, Any]]) -> list[str]:
    measures = dict.fromkeys(one["measure"] for one in loads)
    columns = [Column("Weeks before", right=True), *(Column(name) for name in measures)]
    rows: dict[int, list[str]] = {}
    for one in loads:
        cell = f"{number(one['mean'], 2)} ({_between(one['over_runners'], digits=2)})"
        rows.setdefault(one["weeks_before"], [str(one["weeks_before"])]).append(cell)
    return table(columns, list(rows.values()))
