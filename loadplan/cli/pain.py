"""``pain``: the diary, an entry a run, each with its light."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from loadplan.cli.app import app
from loadplan.cli.exits import say, usage
from loadplan.cli.frame import AsOf, DryRun, Format, Formatted, command, group, open_store, today, typed_day
from loadplan.cli.output import show
from loadplan.cli.reasons import reasoned
from loadplan.cli.table import Column, coloured, table
from loadplan.text import clean
from loadplan.units import number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from loadplan.store import Store
    from plans.plan import Profile

ENTRY_KEYS: Final = (
    "id", "day", "during", "after", "morning", "usual", "fades", "builds", "altered_stride", "swelling", "onset_km",
    "note", "light",
)  # fmt: skip
MOST_DAYS: Final = 366
MOST_ONSET_KM: Final = 300.0
LIGHT_LEVELS: Final = {"red": "strong", "amber": "warn", "green": "info"}

pain_app = group(app, "pain", "loadplan pain add --date 2026-11-20 --during 2", "The pain diary, with its lights.")
Score = Annotated[float | None, typer.Option(metavar="N", help="0 (none) to 10 (worst).")]
FirstDay = Annotated[date, typer.Option("--from", parser=typed_day, metavar="DAY", help="First day.")]
LastDay = Annotated[date, typer.Option("--to", parser=typed_day, metavar="DAY", help="Last day, included.")]


@command(pain_app, "add", "loadplan pain add --date 2026-11-20 --during 2 --after 1 --morning 0")
def add(
    ctx: typer.Context,
    day: Annotated[date, typer.Option("--date", parser=typed_day, metavar="DAY", help="Day of the run.")],
    during: Annotated[float, typer.Option(metavar="N", help="Worst pain during the run, 0 to 10.")],
    after: Annotated[float | None, typer.Option(metavar="N", help="60 min later; tendon 24 h later.")] = None,
    morning: Annotated[float | None, typer.Option(metavar="N", help="The next morning.")] = None,
    usual: Annotated[float, typer.Option(metavar="N", help="Of a day without a run.")] = 0.0,
    onset_km: Annotated[float | None, typer.Option(metavar="X", help="Distance at which it began.")] = None,
    fades: Annotated[bool, typer.Option("--fades", help="Mild at the start, gone within the first km.")] = False,
    builds: Annotated[bool, typer.Option("--builds", help="It grew during the run.")] = False,
    altered_stride: Annotated[bool, typer.Option("--altered-stride", help="The stride changed.")] = False,
    swelling: Annotated[bool, typer.Option("--swelling", help="Any swelling afterwards.")] = False,
    note: Annotated[str | None, typer.Option(metavar="T", help="For yourself; never shown to others.")] = None,
    dry_run: DryRun = False,
    form: Formatted = Format.TABLE,
) -> None:
    """Enter how a run felt; its light follows."""
    from loadplan.planning import light_of

    if day > today():
        raise usage(f"{day} is in the future")
    if onset_km is not None and not 0 <= onset_km <= MOST_ONSET_KM:
        raise usage(f"--onset-km {onset_km:g} cannot be meant: a distance in km, 0 or more")
    entry = {
        "during": during, "after": after, "morning": morning, "usual": usual, "fades": fades, "builds": builds,
        "altered_stride": altered_stride, "swelling": swelling, "onset_km": onset_km, "note": note,
    }  # fmt: skip
    with open_store(ctx, write=True, dry_run=dry_run) as store:
        lit = entry | {"light": light_of(entry, profile_of(store, day)), "day": day.isoformat()}
        lit["id"] = store.add_pain(day, entry)
    show(ctx, form, {"entries": [_shown(lit)]}, _lines([lit]), rows="entries", as_of=today())


@command(pain_app, "none", "loadplan pain none --from 2026-11-01 --to 2026-11-20")
def none(ctx: typer.Context, first: FirstDay, last: LastDay, dry_run: DryRun = False) -> None:
    """Say that there was no pain in these days; days that have an entry keep it."""
    if not first <= last <= today() or (last - first).days > MOST_DAYS:
        raise usage(f"{first} to {last} cannot be meant: up to a year, ending no later than today")
    with open_store(ctx, write=True, dry_run=dry_run) as store, store.together():
        told = {entry["day"] for entry in store.pain(first=first, last=last)}
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        fresh = [day for day in days if day.isoformat() not in told]
        for day in fresh:
            store.add_pain(day, {"during": 0.0, "after": 0.0, "morning": 0.0, "usual": 0.0})
    say(f"{len(fresh)} days {'would be ' if dry_run else ''}entered as free of pain, {len(told)} kept as they were")


@command(pain_app, "list", "loadplan pain list --format json")
def list_(ctx: typer.Context, as_of: AsOf = None, form: Formatted = Format.TABLE) -> None:
    """The diary, the oldest first."""
    from loadplan.planning import light_of

    day = as_of or today()
    with open_store(ctx) as store:
        profile = profile_of(store, day)
        entries = [entry | {"light": light_of(entry, profile)} for entry in store.pain(last=day)]
    if not entries:
        say("No entries yet. Start with: loadplan pain add --date DAY --during N")
    listed = [_shown(e) for e in entries]
    body = {"entries": listed if form is Format.CSV else reasoned(listed, "not_told")}
    show(ctx, form, body, _lines(entries), rows="entries", as_of=day, header=ENTRY_KEYS)


def profile_of(store: Store, day: date) -> Profile:
    """Whose limits hold: the current plan's, else the last screening's, else general."""
    plan = store.plan()
    kept = store.last_screening(day)
    return (plan or {}).get("profile") or ((kept or {}).get("result") or {}).get("profile") or "general"


def _shown(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {key: entry.get(key) for key in ENTRY_KEYS}


def _lines(entries: Sequence[Mapping[str, Any]]) -> list[str]:
    if not entries:
        return []
    columns = [
        Column("Day"), Column("During", right=True), Column("After", right=True), Column("Morning", right=True),
        Column("Light"), Column("Signs"), Column("Note", flexible=True),
    ]  # fmt: skip
    lines = table(columns, [_cells(entry) for entry in entries])
    return [lines[0], *(_lit(line, e["light"]) for line, e in zip(lines[1:], entries, strict=True))]


def _lit(line: str, word: str) -> str:
    return line.replace(f"  {word}", f"  {coloured(word, LIGHT_LEVELS.get(word, ''))}", 1)


def _cells(entry: Mapping[str, Any]) -> list[str]:
    signs = [key.replace("_", " ") for key in ("fades", "builds", "altered_stride", "swelling") if entry.get(key)]
    scores = (number(entry.get(key)) for key in ("during", "after", "morning"))
    return [entry["day"], *scores, entry["light"], ", ".join(signs), clean(entry.get("note") or "")]
