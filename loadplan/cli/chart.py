"""``chart``: pictures of the log, the load and the plan."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from importers.run import RUN_SPORT
from loadplan.cli.app import app
from loadplan.cli.exits import say, usage
from loadplan.cli.frame import AsOf, Force, command, limits_of, open_store, settings_of, today
from loadplan.cli.load import Method, daily_table
from loadplan.cli.output import guard, write

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import pandas as pd

    from loadplan.cadence_log import CadenceRun
    from loadplan.charts import ChartInput
    from loadplan.store import Store

ALL: Final = "all"
SUFFIX: Final = ".png"
HALF_A_YEAR: Final = 26
"""weeks; more make the bars thin."""


@command(app, "chart", "loadplan chart mileage --out mileage.png")
def chart(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="mileage, acwr, hills ...; all of them: all.")],
    out: Annotated[Path, typer.Option(metavar="F", help="A .png, .svg or .pdf file; for all a folder.")],
    method: Annotated[Method, typer.Option(help="How the ratio is taken.")] = Method.UNCOUPLED,
    weeks: Annotated[int, typer.Option(min=0, metavar="N", help="Weeks shown; 0 shows all.")] = HALF_A_YEAR,
    as_of: AsOf = None,
    force: Force = False,
) -> None:
    """Draw one chart, or all of them."""
    from loadplan.charts import CHARTS, save_figure

    if name != ALL and name not in CHARTS:
        raise usage(f"no chart is called {name!r}; they are {', '.join(CHARTS)}, and all")
    with open_store(ctx) as store, limits_of(ctx):
        drawn_from = chart_input(ctx, store, as_of or today(), method=method.value, weeks=weeks)
    wanted = _targets(name, out, drawn_from, list(CHARTS), force=force)
    for one, path in wanted.items():
        with limits_of(ctx):
            save_figure(CHARTS[one](drawn_from), path, force=force)
        write(f"{path}\n")


def chart_input(ctx: typer.Context, store: Store, as_of: date, *, method: str, weeks: int) -> ChartInput:
    """Everything that charts are drawn from, up to ``as_of``."""
    from loadplan.charts import ChartInput
    from loadplan.flare import pain_began
    from loadplan.planning import light_of
    from loadplan.report.facts import profile_of
    from loadplan.runlog import log_table
    from loadplan.weekly import weekly_load

    rows = store.runs(last=as_of)
    plan = store.plan()
    profile = profile_of(plan, store.last_screening(as_of))
    diary = [entry | {"light": light_of(entry, profile)} for entry in store.pain(last=as_of)]
    if plan is None and not any(row["sport"] == RUN_SPORT for row in rows):
        raise usage("there is nothing to draw yet: start with loadplan import EXPORT.zip")
    daily = daily_table(ctx, store, as_of)
    start = settings_of(ctx).week_start
    return ChartInput(
        log=log_table(rows), daily=daily, weeks=weekly_load(daily, as_of=as_of, method=method, week_start=start),
        plan=plan, units=settings_of(ctx).units, week_start=start, method=method, shown=weeks, pain=diary,
        pain_since=pain_began(diary), cadence=_cadence_runs(rows, daily, plan),
    )  # fmt: skip


def _cadence_runs(
    rows: Sequence[Mapping[str, Any]], daily: pd.DataFrame, plan: Mapping[str, Any] | None
) -> Sequence[CadenceRun]:
    """Runs with their time on a planned target; none where nothing is planned."""
    from loadplan.cadence_log import cadence_log, plan_targets

    targets = plan_targets(plan)
    runs = [row for row in rows if row["sport"] == RUN_SPORT]
    return cadence_log(runs, daily, targets=targets).runs if targets and runs else ()


def _targets(name: str, out: Path, given: ChartInput, names: list[str], *, force: bool) -> dict[str, Path]:
    """Which charts go where; a usage error before anything is drawn."""
    if given.plan is None and name == "plan":
        raise usage("there is no plan yet; make one: loadplan plan new --profile general --start DAY")
    from loadplan.outbox.safe_file import private_folder

    if name != ALL:
        _check_ending(out)
        guard(out, force=force)
        return {name: out}
    if out.exists() and not out.is_dir():
        raise usage(f"{out} is a file; `chart all` writes into a folder")
    if given.plan is None:
        say("No plan yet, so no chart of it.")
    private_folder(out)
    targets = {one: out / f"{one}{SUFFIX}" for one in names if one != "plan" or given.plan is not None}
    for path in targets.values():
        guard(path, force=force)
    return targets


def _check_ending(out: Path) -> None:
    from loadplan.charts import FORMATS

    if out.suffix.lstrip(".").lower() not in FORMATS:
        raise usage(f"{out} must end in .{', .'.join(FORMATS)}")
