"""``log``: the run log, and what a run came from."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from importers.run import RUN_SPORT
from loadplan.cli.app import app
from loadplan.cli.exits import say, usage
from loadplan.cli.flags import LOW, MARK, climb_words, flag_words, is_marked, mark_lines, note_words
from loadplan.cli.frame import Format, Formatted, command, open_store, settings_of, stamp_day, typed_day
from loadplan.cli.output import show
from loadplan.cli.reasons import NOT_RECORDED, reasoned, run_reasons
from loadplan.cli.table import Column, end_of, table, wrapped
from loadplan.text import clean
from loadplan.units import METRES_PER_KM, distance, duration, number, pace

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from loadplan.store import Store
    from loadplan.units import Units

KEYS: Final = (
    "id", "start", "day", "sport", "surface", "distance_m", "moving_s", "elapsed_s", "running_s", "ascent_m",
    "descent_m", "climb_source", "climb_quality", "hill_up_m", "hill_down_m", "steps", "cadence_spm", "heart_rate_bpm",
    "power_w", "vertical_oscillation_mm", "ground_contact_ms", "ground_contact_balance_pct", "vertical_ratio_pct",
    "step_length_mm", "rpe", "shoe", "shoe_source", "title", "device", "salvaged", "flags", "source",
)  # fmt: skip
WHY_KEYS: Final = (
    "id", "start", "source", "content_sha256", "session", "imported", "reader", "salvaged", "flags", "notes",
    "utc_offset_s", "offset_source", "climb_source", "climb_quality", "shoe", "shoe_source", "corrections",
    "witnesses",
)  # fmt: skip
TELLERS: Final = {
    "fit": "FIT file", "tcx": "TCX file", "gpx": "GPX file", "garmin": "Garmin's summary", "strava": "Strava's row",
    "list": "Garmin's list", "typed": "typed in",
}  # fmt: skip
RULES: Final = {
    "number": "the service's own number", "start": "the same start", "overlap": "recorded at the same time",
    "shifted": "the same length and distance, its clock shifted",
}  # fmt: skip
"""Why a witness tells of this run."""
HASH_SHOWN: Final = 12
ROUGH: Final = "~"
"""Before a climb that is not to be trusted to the metre."""


class Sports(StrEnum):
    """Which recordings are listed."""

    RUN = "run"
    ALL = "all"


@command(app, "log", "loadplan log --last 10")
def log(
    ctx: typer.Context,
    last: Annotated[int | None, typer.Option(min=1, metavar="N", help="Only the last N.")] = None,
    first_day: Annotated[
        date | None, typer.Option("--from", parser=typed_day, metavar="DAY", help="First day, included.")
    ] = None,
    last_day: Annotated[
        date | None, typer.Option("--to", parser=typed_day, metavar="DAY", help="Last day, included.")
    ] = None,
    sport: Annotated[Sports, typer.Option(help="Runs, or everything recorded.")] = Sports.RUN,
    why: Annotated[str | None, typer.Option(metavar="ID", help="What one run came from.")] = None,
    form: Formatted = Format.TABLE,
) -> None:
    """The run log: one row a run, the oldest first."""
    with open_store(ctx) as store:
        if why is not None:
            _show_origin(ctx, store, why, form)
            return
        rows = store.runs(first=first_day, last=last_day, sport=RUN_SPORT if sport is Sports.RUN else None)
        rows = rows[-last:] if last else rows
        if not rows:
            say_empty(ctx, store, "runs" if sport is Sports.RUN else "activities")
    listed = [{key: row[key] for key in KEYS} for row in rows]
    told = ({**shown, **run_reasons(row, KEYS)} for shown, row in zip(listed, rows, strict=True))
    body = {"runs": listed if form is Format.CSV else reasoned(list(told), NOT_RECORDED)}
    show(ctx, form, body, log_lines(rows, settings_of(ctx).units), rows="runs", as_of=stamp_day(), header=KEYS)


def say_empty(ctx: typer.Context, store: Store, what: str) -> None:
    """A sentence beside an empty list: where was looked, and what to do."""
    chosen = settings_of(ctx)
    days = [row["day"] for row in store.runs()]
    if days:
        say(clean(f"No {what} of {chosen.athlete} in these days; the log goes from {min(days)} to {max(days)}."))
        return
    others = [name for name in store.athletes() if name != chosen.athlete]
    known = f" This store knows {', '.join(others)} (--athlete)." if others else ""
    say(clean(f"No {what} of {chosen.athlete} here in {chosen.store}.{known} Start with: loadplan import EXPORT.zip"))


def log_lines(rows: Sequence[Mapping[str, Any]], units: Units) -> list[str]:
    """The log for people; the sport is a column only where there is more than running."""
    if not rows:
        return []
    mixed, marked = any(row["sport"] != RUN_SPORT for row in rows), any(map(is_marked, rows))
    columns = [
        *([Column("")] if marked else []), Column("Start", spare=1), *([Column("Sport", spare=2)] if mixed else []),
        Column(units, right=True), Column("Time", right=True), Column(f"/{units}", right=True, spare=3),
        Column("Up m", right=True, spare=4), Column("spm", right=True, spare=6),
        Column("Shoe", flexible=True, spare=5), Column("Id"),
    ]  # fmt: skip
    notes = (
        wrapped(f"{ROUGH} climb of low quality: altitude by GPS alone, or in doubt", "  ", "")
        if any(map(_is_rough, rows))
        else []
    )
    notes += [line for text in mark_lines(rows, "activity" if mixed else "run") for line in wrapped(text, "  ", "")]
    cells = [[*([_mark(row)] if marked else []), *_cells(row, units, mixed=mixed)] for row in rows]
    return [*table(columns, cells, gap=" "), *([""] if notes else []), *notes]


def _mark(row: Mapping[str, Any]) -> str:
    return MARK if is_marked(row) else ""


def _is_rough(row: Mapping[str, Any]) -> bool:
    return row["ascent_m"] is not None and row["climb_quality"] == LOW


def _cells(row: Mapping[str, Any], units: Units, *, mixed: bool) -> list[str]:
    metres = row["distance_m"]
    start = datetime.fromisoformat(row["start"])
    return [
        f"{start:%Y-%m-%d %H:%M}",
        *([row["sport"]] if mixed else []),
        distance(None if metres is None else metres / METRES_PER_KM, units, 2),
        duration(row["moving_s"]),
        pace(row["moving_s"], metres, units),
        (ROUGH if _is_rough(row) else "") + number(row["ascent_m"]),
        number(row["cadence_spm"]),
        row["shoe"] or "-",
        row["id"],
    ]


def _show_origin(ctx: typer.Context, store: Store, run_id: str, form: Format) -> None:
    row = store.origin(run_id)
    if row is None:
        raise usage(f"no run {run_id!r} in the log; `loadplan log` shows the ids")
    origin = {key: row[key] for key in WHY_KEYS}
    lines = _origin_lines(row, settings_of(ctx).units)
    show(ctx, form, {"origin": origin, "origins": [origin]}, lines, rows="origins", as_of=stamp_day())


def _origin_lines(row: Mapping[str, Any], units: Units) -> list[str]:
    told = row["witnesses"]
    if row["content_sha256"]:
        batch = f", import {row['import']} of {row['imported']}" if row["import"] else ""
        came = f"read from {row['source']} (session {row['session'] + 1}{batch}) by {row['reader']}"
        mark = f"content sha256 {row['content_sha256'][:HASH_SHOWN]}..."
    elif told and told[0]["teller"] != "typed":
        came, mark = f"read from {row['source']} by {row['reader']}", "no file: the service's row is all there is"
    else:
        came, mark = "typed in by hand", "no file"
    zone = row["offset_source"] or "unknown, UTC is used"
    others = _merged_words(told, row["id"], units) if len(told) > 1 else []
    parts = [
        came, mark, *others, f"local time from: {zone}", climb_words(row["climb_source"], row["climb_quality"]),
        f"pair: {row['shoe'] or 'unknown'} ({row['shoe_source'] or 'not said'})",
        *(f"corrected: {c['field']} = {c['value']} on {c['made']}" for c in row["corrections"]),
        *(["salvaged: the file is damaged, what was whole is kept"] if row["salvaged"] else []),
        *flag_words(row["flags"], row["notes"]),
        *note_words(row["flags"], row["notes"]),
    ]  # fmt: skip
    return [row["id"], *(line for part in parts for line in wrapped(part, "    ", "  "))]


def _merged_words(told: Sequence[Mapping[str, Any]], run_id: str, units: Units) -> list[str]:
    """Who else tells of the run, what they say, and how to take it back."""
    lines = [f"one run told by {len(told)}; not one? loadplan run split {run_id}"]
    for one in told:
        metres = one["distance_m"]
        length = f"{distance(None if metres is None else metres / METRES_PER_KM, units, 2)} {units}"
        why = RULES.get(one["rule"] or "", "")
        words = [end_of(one["source"]), one["start"], length, duration(one["moving_s"]), why]
        lines.append(f"- {TELLERS[one['teller']]}: {', '.join(word for word in words if word)}")
    return lines
