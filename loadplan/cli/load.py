"""``load`` and ``check``: week by week, and what stands out."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from importers.run import RUN_SPORT
from loadplan.cli.app import app
from loadplan.cli.exits import Exit, say, usage
from loadplan.cli.frame import AsOf, Format, Formatted, command, limits_of, open_store, settings_of, today
from loadplan.cli.load_lines import load_lines as load_lines
from loadplan.cli.load_lines import warning_lines as warning_lines
from loadplan.cli.log import say_empty
from loadplan.cli.output import show

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from loadplan.rules import LoadWarning
    from loadplan.store import Store

WEEK_KEYS: Final = (
    "week", "complete", "runs", "load", "distance_km", "duration_min", "change_pct", "build_change_pct", "recovery",
    "acwr", "acwr_reason", "acwr_band", "longest_km", "spike_pct", "spike_band", "ascent_m", "descent_m", "hill_up_km",
    "hill_down_km", "ascent_acwr", "descent_acwr", "new_shoe_share", "cadence_spm", "monotony", "strain",
    "ctl", "atl", "tsb", "fast_min", "fast_source", "fast_change_pct", "steps", "srpe", "ascent_change_pct",
    "descent_change_pct", "hill_up_change_pct", "hill_down_change_pct", "climb_source", "climb_m_per_km", "road_share",
    "trail_share", "track_share", "treadmill_share", "virtual_share", "surface_rise", "surface_rise_to",
    "young_shoe_share", "cadence_baseline_spm", "cadence_adjusted_spm", "cadence_change_pct", "run_streak_days",
    "weeks_without_recovery", "known_days", "acwr_settled", "running_min",
)  # fmt: skip
WEEKS_SHOWN: Final = 16
WEEK: Final = timedelta(days=7)
THIS_AND_LAST: Final = 2
"""weeks that ``check`` reads; every rule judges one row of the weekly table."""
SECONDS_A_MINUTE: Final = 60
STRICT_LEVELS: Final = ("warn", "strong")


class Method(StrEnum):
    """How the acute:chronic ratio is taken."""

    UNCOUPLED = "uncoupled"
    COUPLED = "coupled"
    EWMA = "ewma"


class Measure(StrEnum):
    """What is counted as load."""

    DISTANCE = "distance"
    DURATION = "duration"
    STEPS = "steps"
    ASCENT = "ascent"
    DESCENT = "descent"
    SRPE = "srpe"


@command(app, "load", "loadplan load --weeks 12")
def load(
    ctx: typer.Context,
    weeks: Annotated[int, typer.Option(min=1, metavar="N", help="Weeks shown, the unfinished one last.")] = WEEKS_SHOWN,
    method: Annotated[Method, typer.Option(help="How the ratio is taken.")] = Method.UNCOUPLED,
    measure: Annotated[Measure, typer.Option(help="What is counted as load.")] = Measure.DISTANCE,
    as_of: AsOf = None,
    form: Formatted = Format.TABLE,
) -> None:
    """Week by week: how much, how much more than before, and warnings with what they rest on."""
    day = as_of or today()
    with open_store(ctx) as store, limits_of(ctx):
        log = store.runs(last=day)
        table_of_weeks = weekly(ctx, store, day, method=method, measure=measure, log=log)
        if table_of_weeks is None:
            say_empty(ctx, store, "runs")
        else:
            table_of_weeks = table_of_weeks.tail(weeks)
        rows = [] if table_of_weeks is None else week_rows(table_of_weeks)
        _add_log(rows, log)
        if rows and not any(row["runs"] for row in rows):
            last = store.runs(last=day, sport=RUN_SPORT)[-1]["day"]
            say(f"No run in these weeks. The last one is of {last}: --as-of {last} shows the weeks up to it.")
        warnings = [] if table_of_weeks is None else _of_weeks(_warnings(table_of_weeks, ()), rows)
    body = {"method": method.value, "measure": measure.value, "weeks": rows, "warnings": warnings}
    lines = load_lines(rows, warnings, method.value, measure.value, settings_of(ctx).units)
    show(ctx, form, body, lines, rows="weeks", as_of=day, header=WEEK_KEYS)


@command(app, "check", "loadplan check --strict")
def check(
    ctx: typer.Context,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 6 when a warning is warn or strong.")] = False,
    ignore: Annotated[list[str] | None, typer.Option(metavar="CODE", help="LP001 or a name; may be repeated.")] = None,
    as_of: AsOf = None,
    form: Formatted = Format.TABLE,
) -> None:
    """Warnings of this week and the last complete one."""
    day = as_of or today()
    with open_store(ctx) as store, limits_of(ctx):
        table_of_weeks = weekly(ctx, store, day)
        if table_of_weeks is None:
            say_empty(ctx, store, "runs")
        else:
            table_of_weeks = table_of_weeks.tail(THIS_AND_LAST)
        rows = [] if table_of_weeks is None else _this_and_last(week_rows(table_of_weeks))
        if rows and not any(row["runs"] for row in rows):
            say(f"No run in these weeks. The last one is of {store.runs(last=day, sport=RUN_SPORT)[-1]['day']}.")
        found = [] if table_of_weeks is None else _warnings(table_of_weeks, _codes(ignore or []))
    recent = _of_weeks(found, rows)
    quiet = ["Nothing stands out in this week and the last complete one."]
    lines = warning_lines(recent, settings_of(ctx).units) if recent else quiet
    show(ctx, form, {"warnings": recent}, lines if rows else [], rows="warnings", as_of=day)
    if strict and any(warning["level"] in STRICT_LEVELS for warning in recent):
        raise typer.Exit(Exit.STOP)


def _add_log(rows: Sequence[dict[str, Any]], log: Sequence[Mapping[str, Any]]) -> None:
    """Km by grade of each week shown, and the other sports beside it, which are never added in."""
    from loadplan.grades import grade_km

    for row in rows:
        last = (date.fromisoformat(row["week"]) + WEEK - timedelta(days=1)).isoformat()
        week = [one for one in log if row["week"] <= one["day"] <= last]
        row["grade_km"], row["grade_km_reason"] = grade_km(week)
        row["other_sports"] = other_sports(week)


def other_sports(log: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, float | None]]:
    """Sport -> how many activities there were of it, and their minutes (None where one of them has none)."""
    found: dict[str, dict[str, float | None]] = {}
    for one in log:
        if one["sport"] == RUN_SPORT:
            continue
        minutes = None if one["moving_s"] is None else one["moving_s"] / SECONDS_A_MINUTE
        so_far = found.setdefault(one["sport"], {"count": 0, "duration_min": 0.0})
        total = so_far["duration_min"]
        so_far["count"] = (so_far["count"] or 0) + 1
        so_far["duration_min"] = None if minutes is None or total is None else total + minutes
    return dict(sorted(found.items()))


def daily_table(
    ctx: typer.Context, store: Store, as_of: date, runs: Sequence[Mapping[str, Any]] | None = None
) -> pd.DataFrame:
    """One row a day from the first run to ``as_of``; empty where there is no run yet. ``runs``: read already."""
    from loadplan.daily import daily_load
    from loadplan.runlog import LOG_COLUMNS, log_table

    stated = {shoe["name"]: shoe for shoe in store.shoes()}
    rows = store.runs(last=as_of, sport=RUN_SPORT) if runs is None else runs
    needed = (*LOG_COLUMNS, "spread")
    log = log_table({key: row[key] for key in needed} for row in rows)
    return daily_load(log, as_of, week_start=settings_of(ctx).week_start, shoes=stated)


def weekly(
    ctx: typer.Context, store: Store, as_of: date, *, method: str = "uncoupled", measure: str = "distance",
    log: Sequence[Mapping[str, Any]] | None = None,
) -> pd.DataFrame | None:  # fmt: skip
    """One row a week up to ``as_of``, or None where there is no run yet. ``log``: all sports, read already."""
    runs = [one for one in (store.runs(last=as_of) if log is None else log) if one["sport"] == RUN_SPORT]
    if not runs:
        return None
    days = daily_table(ctx, store, as_of, runs)
    from loadplan.weekly import weekly_load

    start = settings_of(ctx).week_start
    weeks = weekly_load(days, as_of=as_of, method=str(method), measure=str(measure), week_start=start)
    return None if weeks.empty else weeks


def week_rows(weeks: pd.DataFrame) -> list[dict[str, Any]]:
    """The weeks as plain rows with the keys of the interface, reasons beside what is null."""
    table_of_weeks = weeks.reset_index()
    keys = list(WEEK_KEYS)
    for key in WEEK_KEYS:
        reason = f"{key}_reason"
        if reason in table_of_weeks.columns and reason not in keys:
            keys.insert(keys.index(key) + 1, reason)
    rows = table_of_weeks[keys].itertuples(index=False, name=None)
    return [_reasons({key: _plain(value) for key, value in zip(keys, row, strict=True)}) for row in rows]


def _reasons(row: dict[str, Any]) -> dict[str, Any]:
    """The reasons of a band and of the chosen load beside them: why there is none."""
    why = {
        "load": row.get("distance_km_reason") or "missing_load",
        "acwr_band": row["acwr_reason"] or "no_band_for_climb",
        "spike_band": row["spike_pct_reason"] or "not_banded",
        "young_shoe_share": row["new_shoe_share_reason"],
        "cadence_baseline_spm": row["cadence_change_pct_reason"],
        "cadence_adjusted_spm": row["cadence_change_pct_reason"],
        "fast_source": row["fast_min_reason"] or "no_run",
        "climb_source": row["ascent_m_reason"] or "no_run",
        "climb_m_per_km": row["ascent_m_reason"] or row["distance_km_reason"] or "no_run",
        "surface_rise_to": row["surface_rise_reason"],
    }
    told = {f"{key}_reason": reason if row[key] is None else None for key, reason in why.items()}
    return row | told


def _plain(value: Any) -> Any:
    """A value of a table as JSON takes it: None for NaN and NaT, a day as ISO text, no numpy types."""
    if hasattr(value, "isoformat"):
        return value.isoformat()[:10] if value == value else None
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and value != value else value


def _warnings(weeks: pd.DataFrame, ignore: Sequence[str]) -> list[LoadWarning]:
    from loadplan.rules import check_weeks

    return check_weeks(weeks, ignore=tuple(ignore))


def _codes(ignore: Sequence[str]) -> list[str]:
    from loadplan.load_warning import NAMES

    codes = {code: code for code in NAMES} | {name: code for code, name in NAMES.items()}
    unknown = [code for code in ignore if code.upper() not in codes and code not in codes]
    if unknown:
        raise usage(f"no warning is called {unknown[0]!r}; they are {', '.join(codes)}")
    return [codes.get(code.upper()) or codes[code] for code in ignore]


def _of_weeks(warnings: Sequence[LoadWarning], rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    weeks = {row["week"] for row in rows}
    told = [warning.as_json() for warning in warnings]
    return [one for one in told if _week_of(one, weeks)]


def _week_of(warning: Mapping[str, Any], weeks: set[str]) -> bool:
    if warning.get("week"):
        return warning["week"] in weeks
    day = date.fromisoformat(warning["day"])
    return any(date.fromisoformat(week) <= day < date.fromisoformat(week) + WEEK for week in weeks)


def _this_and_last(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    last_complete = [row for row in rows if row["complete"]][-1:]
    return [*last_complete, *(row for row in rows[-1:] if not row["complete"])]
