"""``flare``: what changed in the six weeks before the pain began, and how unusual that was."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Final

import typer

from importers.run import RUN_SPORT
from loadplan.cli.app import app
from loadplan.cli.exits import say, usage
from loadplan.cli.frame import AsOf, Format, Formatted, command, limits_of, open_store, today, typed_day
from loadplan.cli.output import show
from loadplan.cli.reasons import reasoned
from loadplan.cli.table import Column, Shown, table, wrapped
from loadplan.units import number

if TYPE_CHECKING:
    from loadplan.flare import Flare, Trigger

NOT_KNOWN: Final = "-"
NO_CAUSE: Final = (
    "A change before the pain is not its cause: such weeks also go by without pain, and pain comes without them. "
    "Training information, not medical advice or a diagnosis."
)


@command(app, "flare", "loadplan flare 2026-11-08")
def flare(
    ctx: typer.Context,
    onset: Annotated[
        date | None, typer.Argument(parser=typed_day, metavar="DATE", help="Day the pain began; else the diary's.")
    ] = None,
    as_of: AsOf = None,
    form: Formatted = Format.TABLE,
) -> None:
    """What changed in the six weeks before the pain began, each with its limit and your own base rate."""
    from loadplan.flare import later_flares, pain_began, what_changed
    from loadplan.runlog import log_table

    day = as_of or today()
    if onset is not None and onset > day:
        raise usage(f"{onset} is in the future")
    with open_store(ctx) as store, limits_of(ctx):
        entries = store.pain(last=day)
        began = onset or pain_began(entries)
        if began is None:
            raise usage("no pain is in the diary yet: name the day it began, such as loadplan flare 2026-11-08")
        rows = store.runs(last=began, sport=RUN_SPORT)
        stated = {shoe["name"]: shoe for shoe in store.shoes()}
        found = what_changed(log_table(rows), began, shoes=stated)
    later = [] if onset else later_flares(entries)
    if later:
        say(f"Pain came back on {', '.join(map(str, later))}: `loadplan flare DATE` looks at one of these days.")
    body = reasoned(found.as_json() | {"outstanding": [one.name for one in found.outstanding]}, "not_known")
    show(ctx, form, body, flare_lines(found), rows="triggers", as_of=day)


def flare_lines(found: Flare) -> list[str]:
    """What changed, for people: what stands out, what was beyond, and what is not known."""
    begins = f"The six weeks before {found.onset} ({found.first} to {found.onset})"
    if not found.triggers:
        return [*wrapped(f"{begins}: no run is known up to then."), *wrapped(NO_CAUSE)]
    lines = [*wrapped(f"{begins}, beside the {found.base_weeks} weeks of the record before them."), ""]
    told = [one for one in found.triggers if one.beyond]
    if told:
        columns = [
            Column("Beyond its limit"), Column("Value", right=True), Column("Limit", right=True), Column("Week to"),
            Column("Of 6", right=True), Column("As high before"), Column("Beyond before", spare=1),
        ]  # fmt: skip
        lines += [*table(columns, [_cells(one) for one in told], gap=" "), ""]
    lines += [*_verdict(found), *_others(found)]
    lines += [
        line for one in found.events for line in wrapped(f"{one['day']}  {one['detail']}", "              ", "  ")
    ]
    grounds = list(dict.fromkeys(f"{one.source} ({one.grade})" for one in told))
    lines += ["", *wrapped("What the limits rest on")] if grounds else []
    lines += [line for ground in grounds for line in wrapped(ground, "    ", "  ")]
    return [*lines, "", *wrapped(NO_CAUSE)]


def _cells(one: Trigger) -> list[str | Shown]:
    level = "strong" if one.stands_out else "warn"
    return [
        Shown(one.label, level), _amount(one), f"{number(one.limit, one.digits)} {_unit(one)}".strip(),
        str(one.to or NOT_KNOWN), str(one.weeks_beyond), f"{one.base_as_high} of {one.base_weeks}",
        f"{one.base_beyond} of {one.base_weeks}",
    ]  # fmt: skip


def _amount(one: Trigger) -> str:
    return f"{number(one.value, one.digits)} {_unit(one)}".strip()


def _unit(one: Trigger) -> str:
    return "" if one.unit in ("ratio", "runs", "changes") else one.unit


def _verdict(found: Flare) -> list[str]:
    """In words: what stands out; or honestly that nothing does."""
    short = [one for one in found.triggers if one.beyond and one.share is None]
    if found.outstanding:
        labels = [f"{one.label} ({one.spans_as_high} of {one.base_spans})" for one in found.outstanding]
        text = (
            "What stands out, with the share of your own earlier stretches of six weeks that held a week as high: "
            f"{'; '.join(labels)}."
        )
    elif short:
        text = "The record before is too short to say how unusual this was: it takes twelve earlier weeks."
    elif any(one.beyond for one in found.triggers):
        text = "Nothing stands out: what went beyond a limit was no rarer in your own earlier stretches of six weeks."
    else:
        text = "Nothing stands out: nothing that is known went beyond its limit in these weeks."
    return wrapped(text)


def _others(found: Flare) -> list[str]:
    within = [one.label for one in found.triggers if not one.beyond and one.value is not None]
    unknown = [one.label for one in found.triggers if one.value is None]
    lines = wrapped(f"Within its limit: {', '.join(within)}.") if within else []
    lines += wrapped(f"Not known: {', '.join(unknown)}.") if unknown else []
    return [*lines, *(["Also in these weeks"] if found.events else [])]
