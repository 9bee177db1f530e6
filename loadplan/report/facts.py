"""Everything the coach's page is made from, read once, by the same functions as the commands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from importers.run import RUN_SPORT
from loadplan.cadence_log import CadenceLog, cadence_log, plan_targets
from loadplan.charts import ChartInput
from loadplan.daily import daily_load
from loadplan.flare import Flare, pain_began, what_changed
from loadplan.pairs import pair_list
from loadplan.planning import light_of
from loadplan.rules import LoadWarning, check_weeks
from loadplan.runlog import log_table
from loadplan.units import Units
from loadplan.weekly import weekly_load

if TYPE_CHECKING:
    from loadplan.store import Store
    from plans.plan import Profile

SHOWN_WEEKS: Final = 16
"""As many as ``load`` shows."""
WEEK: Final = timedelta(days=7)
FORTNIGHT: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of one runner on one day."""

    athlete: str
    as_of: date
    units: Units
    week_start: str
    share: bool
    """For others: no titles, no exact times, no devices."""
    runs: Sequence[Mapping[str, Any]]
    """Running rows of the log up to that day."""
    others: int
    """Activities that are no runs."""
    log: pd.DataFrame
    daily: pd.DataFrame
    weeks: pd.DataFrame
    warnings: tuple[LoadWarning, ...]
    """Of the week of ``as_of`` and the last complete one, as ``check`` tells them."""
    screening: Mapping[str, Any] | None
    """``answers``, ``result``, ``day``, ``reason``, ``clinician``; None: nobody was asked."""
    plan: Mapping[str, Any] | None
    diary: Sequence[Mapping[str, Any]]
    """Entries of the pain diary, each with its ``light``."""
    flare: Flare | None
    """None where no pain is in the diary."""
    pairs: Sequence[Mapping[str, Any]]
    cadence: CadenceLog | None

    @property
    def charts(self) -> ChartInput:
        """What the panels are drawn from."""
        return ChartInput(
            log=self.log, daily=self.daily, weeks=self.weeks, plan=self.plan, units=self.units,
            week_start=self.week_start, shown=SHOWN_WEEKS, pain=self.diary,
            pain_since=self.flare.onset if self.flare else None,
            cadence=self.cadence.runs if self.cadence else (),
        )  # fmt: skip

    @property
    def this_week(self) -> pd.Series[Any] | None:
        """The week of ``as_of`` where it is not over."""
        if self.weeks.empty or self.weeks.iloc[-1]["complete"]:
            return None
        return self.weeks.iloc[-1]

    @property
    def last_week(self) -> pd.Series[Any] | None:
        """The last complete week."""
        complete = self.weeks[self.weeks["complete"].astype(bool)] if len(self.weeks) else self.weeks
        return complete.iloc[-1] if len(complete) else None


def read_facts(
    store: Store, as_of: date, *, units: Units = "km", week_start: str = "mon", share: bool = False
) -> Facts:
    """Read one athlete's facts up to a day.

    Args:
        store: Whose runs, diary, screening and plan.
        as_of: The day that counts as today; nothing after it is read.
        units: km or mi.
        week_start: mon or sun.
        share: Leave out titles, exact times and devices.
    """
    rows = store.runs(last=as_of)
    runs = [row for row in rows if row["sport"] == RUN_SPORT]
    shoes = store.shoes()
    stated = {shoe["name"]: shoe for shoe in shoes}
    log = log_table(runs)
    daily = daily_load(log, as_of, week_start=week_start, shoes=stated)
    weeks = weekly_load(daily, as_of=as_of, week_start=week_start)
    plan = _plan(store, as_of)
    screening = store.last_screening(as_of)
    profile = profile_of(plan, screening)
    diary = [entry | {"light": light_of(entry, profile)} for entry in store.pain(last=as_of)]
    began = pain_began(diary)
    return Facts(
        athlete=store.athlete, as_of=as_of, units=units, week_start=week_start, share=share, runs=runs,
        others=len(rows) - len(runs), log=log, daily=daily, weeks=weeks, warnings=_recent_warnings(weeks),
        screening=screening, plan=plan, diary=diary,
        flare=None if began is None else what_changed(log[log["day"] <= pd.Timestamp(began)], began, shoes=stated),
        pairs=pair_list(runs, shoes, as_of), cadence=_cadence(runs, daily, plan),
    )  # fmt: skip


def profile_of(plan: Mapping[str, Any] | None, screening: Mapping[str, Any] | None) -> Profile:
    """Whose limits of pain hold: the plan's, else the last screening's, else general."""
    described = ((screening or {}).get("result") or {}).get("profile")
    profile: Profile = (plan or {}).get("profile") or described or "general"
    return profile


def _plan(store: Store, as_of: date) -> dict[str, Any] | None:
    """The current plan; none that was made after the day that counts as today."""
    plan = store.plan()
    return None if plan is None or plan["as_of"] > as_of.isoformat() else plan


def _recent_warnings(weeks: pd.DataFrame) -> tuple[LoadWarning, ...]:
    """Warnings of the unfinished week and the last complete one."""
    if weeks.empty:
        return ()
    recent = weeks.tail(2)
    if recent.iloc[-1]["complete"]:
        recent = recent.tail(1)
    first = recent.index[0].date()
    return tuple(one for one in check_weeks(recent) if (one.week or one.day or first) >= first)


def _cadence(
    runs: Sequence[Mapping[str, Any]], daily: pd.DataFrame, plan: Mapping[str, Any] | None
) -> CadenceLog | None:
    if daily.empty:
        return None
    start = ((plan or {}).get("baseline") or {}).get("cadence_spm")
    return cadence_log(runs, daily, targets=plan_targets(plan), from_spm=start)
