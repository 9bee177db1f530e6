"""What a cohort says together: how often rules speak, how often runners were injured, and the weeks before it.

A fixed list of questions, the same for every cohort. It describes; no number of it is about one runner, none says what
causes what, and none is a forecast.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from loadplan.cohort.before_injury import (
    CASE_WEEKS,
    EXPOSURES,
    LEFT_OUT,
    Answer,
    answers,
    case_sums,
    load_before,
)
from loadplan.cohort.flags import FLAGS
from loadplan.cohort.injuries import INJURIES, days_lost, hour_sums, incidence, timeline
from loadplan.cohort.intervals import DRAWS, LEVEL, Interval
from loadplan.cohort.shares import PUBLISHED_IN, flag_sums, shares
from loadplan.cohort.tables import WEEKS, empty, typed
from loadplan.measures import Floats

NOTES: Final[dict[str, str]] = {
    "clusters": (
        "Weeks of one runner are alike. An interval from counts alone takes each for a new one and is too narrow; the "
        f"one over runners draws whole runners ({DRAWS} times) and is the one to read. It is empty where fewer than "
        "five runners have what is counted."
    ),
    "unknown": "A week or session counts for a rule only where the rule could have spoken; unknown is not unflagged.",
    "fixed_list": (
        f"The list was fixed before any real cohort was looked at: one question, and {len(EXPOSURES) - 1} beside it "
        "with wider intervals (Bonferroni). Looked at without that, some of many would stand out by chance alone."
    ),
    "association": (
        "Weeks before injuries are held against other weeks of the same runners. That shows what goes together, not "
        "what causes what, and says nothing of any one runner."
    ),
    "asked": "A runner without a day of injury counts as not injured: leave out who was not asked.",
}
"""What has to be read with the numbers."""

WHY_NULL: Final = {
    "share": "nothing_judged", "mean_of_runners": "nothing_judged", "interval": "nothing_counted",
    "over_runners": "few_runners", "odds_ratio": "no_exposed_weeks", "mean": "nothing_counted",
    "per_1000_h": "not_all_known", "median": "not_known",
}  # fmt: skip
"""Why a value of the summary is null, by its key."""


@dataclass(frozen=True, slots=True)
class Sums:
    """What the summary needs of runners: sums of each, a kilobyte or two; so a cohort is read in portions."""

    runners: pd.DataFrame
    """A row a runner, by label."""
    days_lost: Floats
    """Of each injury within a record; NaN where it is not known."""
    told: int
    """Injuries that the list of runners tells."""


def sums(weeks: pd.DataFrame, flags: pd.DataFrame, injuries: pd.DataFrame | None = None) -> Sums:
    """Sum up some runners, or all.

    Args:
        weeks: Their table of weeks (``tables.WEEKS``), in any order.
        flags: Their table of flags (``flags.FLAGS``).
        injuries: Their table of injuries (``injuries.INJURIES``); None: none is told.
    """
    line = timeline(weeks, _none() if injuries is None else injuries, flags["runner"])
    ran = line.weeks["complete"].to_numpy(dtype=bool) & (line.weeks["runs"].to_numpy() > 0)
    columns = {"recorded": line.per_runner(np.ones(len(ran))), "weeks": line.per_runner(ran)}
    columns |= flag_sums(flags, line.labels) | hour_sums(line) | case_sums(line)
    lost = line.days_lost[line.injury_row >= 0]
    return Sums(pd.DataFrame(columns, index=line.labels), lost, len(line.injury_row))


def _none() -> pd.DataFrame:
    return typed({name: [] for name in INJURIES}, INJURIES)


def joined(parts: Iterable[Sums]) -> Sums:
    """Several portions as one. No runner may be in two of them."""
    some = [sums(empty(WEEKS), typed({name: [] for name in FLAGS}, FLAGS)), *parts]
    runners = pd.concat([one.runners for one in some])
    if not runners.index.is_unique:
        raise ValueError("a runner is in two portions of a cohort")
    lost = np.concatenate([one.days_lost for one in some])
    return Sums(runners, lost, sum(one.told for one in some))


def summary(found: Sums) -> dict[str, Any]:
    """The summary for a study, as plain values: NaN where unknown, intervals as ``{low, high}``.

    Returns:
        ``runners``, ``weeks``, ``shares`` (a list, a row for each unit and rule or method), ``published``,
        ``incidence``, ``days_lost``, ``before_injury`` (``weeks``, ``answers``, ``load``) and ``notes``. Where no
        injury is told, the three parts on injuries are None.
    """
    columns = {str(name): found.runners[name].to_numpy(dtype=np.float64) for name in found.runners.columns}
    return {
        "runners": len(found.runners),
        "runners_with_weeks": int((columns["recorded"] > 0).sum()),
        "weeks": int(columns["weeks"].sum()),
        "level": LEVEL,
        "shares": [_plain(one) for one in shares(columns)],
        "published": PUBLISHED_IN,
        **_injured(found, columns),
        "notes": dict(NOTES),
    }


def _injured(found: Sums, columns: dict[str, Floats]) -> dict[str, Any]:
    if not found.told:
        return dict.fromkeys(("incidence", "days_lost", "before_injury"))
    rate = incidence(columns, found.told)
    return {
        "incidence": _plain(rate),
        "days_lost": _plain(days_lost(found.days_lost, rate.hours)),
        "before_injury": {
            "case_weeks": CASE_WEEKS,
            "weeks": {name: int(columns[f"weeks {name}"].sum()) for name in LEFT_OUT},
            "answers": [_told(one) for one in answers(columns)],
            "load": [_plain(one) for one in load_before(columns)],
        },
    }


def _told(one: Answer) -> dict[str, Any]:
    """An answer as plain values: the counts and the ratio by name."""
    told = _plain(one._replace(odds=None, case=None, base=None))  # type: ignore[arg-type]
    counts = {f"{kind}_{what}": pair[n] for kind, pair in (("case", one.case), ("base", one.base))
              for n, what in enumerate(("exposed", "known"))}  # fmt: skip
    ratio = _with_reasons({"odds_ratio": one.odds.ratio, "interval": one.odds.interval})
    return {key: value for key, value in told.items() if key not in ("odds", "case", "base")} | ratio | counts


def _plain(one: Any) -> dict[str, Any]:
    """A named tuple as a mapping; an interval in it likewise, None where there is none."""
    return _with_reasons(one._asdict())


def _with_reasons(values: Mapping[str, Any]) -> dict[str, Any]:
    """Plain values, and beside those that may be unknown why they are; None where they are known."""
    out: dict[str, Any] = {}
    for key, value in values.items():
        out[key] = _interval(value)
        if key in WHY_NULL:
            unknown = out[key] is None or (isinstance(value, float) and math.isnan(value))
            out[f"{key}_reason"] = WHY_NULL[key] if unknown else None
    return out


def _interval(value: Any) -> Any:
    if isinstance(value, Interval):
        return None if math.isnan(value.low) else value._asdict()
    return value
