"""Tables to matplotlib figures, one function a chart; no pyplot, nothing global left behind.

Every function takes plain tables and returns a ``Figure``; ``save_figure`` writes it. ``CHARTS`` lists them by name for
whoever has all tables at hand in one ``ChartInput``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from loadplan.charts.acwr import chart_acwr
from loadplan.charts.cadence import chart_cadence
from loadplan.charts.hills import chart_hills
from loadplan.charts.mileage import chart_mileage
from loadplan.charts.overview import chart_overview
from loadplan.charts.pain import chart_pain
from loadplan.charts.plan import chart_plan
from loadplan.charts.save import FORMATS, figure_bytes, save_figure
from loadplan.charts.sessions import chart_sessions
from loadplan.charts.shoes import chart_shoes
from loadplan.charts.table import SHOWN_WEEKS
from loadplan.units import Units

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd
    from matplotlib.figure import Figure

    from loadplan.cadence_log import CadenceRun

__all__ = [
    "CHARTS",
    "FORMATS",
    "ChartInput",
    "chart_acwr",
    "chart_cadence",
    "chart_hills",
    "chart_mileage",
    "chart_overview",
    "chart_pain",
    "chart_plan",
    "chart_sessions",
    "chart_shoes",
    "figure_bytes",
    "save_figure",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartInput:
    """All that charts are drawn from."""

    log: pd.DataFrame
    """The run log."""
    daily: pd.DataFrame
    """As ``daily_load`` gives it."""
    weeks: pd.DataFrame
    """As ``weekly_load`` gives it from the same days."""
    plan: Mapping[str, Any] | None = None
    """A plan's JSON, or None."""
    units: Units = "km"
    week_start: str = "mon"
    method: str = "uncoupled"
    shown: int = SHOWN_WEEKS
    """How many of the last weeks; 0 = all."""
    pain: Sequence[Mapping[str, Any]] = ()
    """Entries of the diary, each with its ``light``."""
    pain_since: date | None = None
    """First day of the pain, where it is known."""
    cadence: Sequence[CadenceRun] = ()
    """Runs as ``cadence_log`` gives them."""


def _acwr(all_: ChartInput) -> Figure:
    return chart_acwr(all_.daily, all_.method, week_start=all_.week_start, shown=all_.shown)


def _cadence(all_: ChartInput) -> Figure:
    return chart_cadence(all_.daily, all_.plan, runs=all_.cadence, week_start=all_.week_start, shown=all_.shown)


def _pain(all_: ChartInput) -> Figure:
    return chart_pain(all_.pain, all_.weeks, began=all_.pain_since, units=all_.units, shown=all_.shown)


def _sessions(all_: ChartInput) -> Figure:
    return chart_sessions(all_.daily, units=all_.units, week_start=all_.week_start, shown=all_.shown)


def _shoes(all_: ChartInput) -> Figure:
    return chart_shoes(all_.log, all_.daily, units=all_.units, week_start=all_.week_start, shown=all_.shown)


def _overview(all_: ChartInput) -> Figure:
    return chart_overview(
        all_.daily, all_.weeks, units=all_.units, method=all_.method, shown=all_.shown, began=all_.pain_since
    )


CHARTS: Final[MappingProxyType[str, Callable[[ChartInput], Figure]]] = MappingProxyType(
    {
        "overview": _overview,
        "mileage": lambda all_: chart_mileage(all_.weeks, units=all_.units, shown=all_.shown),
        "acwr": _acwr,
        "sessions": _sessions,
        "hills": lambda all_: chart_hills(all_.weeks, all_.log, units=all_.units, shown=all_.shown),
        "shoes": _shoes,
        "cadence": _cadence,
        "pain": _pain,
        "plan": lambda all_: chart_plan(all_.plan, all_.weeks, units=all_.units),
    }
)
"""Every chart by the name that ``loadplan chart`` takes."""
