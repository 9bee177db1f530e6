"""Share of weeks and of sessions that each rule and each bare method flags, over all runners of a cohort."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from loadplan.cohort.flags import BARE, CHANGE, UNITS
from loadplan.cohort.intervals import Interval, over_runners, wilson
from loadplan.load_warning import NAMES
from loadplan.measures import Floats

PUBLISHED: Final[dict[str, float]] = {CHANGE: 33.4, "coupled": 16.2, "uncoupled": 25.8, "ewma": 18.9}
"""% of sessions; from ``PUBLISHED_IN``."""
PUBLISHED_IN: Final = (
    "Cloosterman 2024, J Athl Train 59:1028, doi:10.4085/1062-6050-0430.23: 430 runners of events in the Netherlands, "
    "22,839 sessions, share of the sessions that each method calls a significant increase"
)


class Share(NamedTuple):
    """How much of what could be judged was flagged."""

    unit: str
    """``week`` or ``session``."""
    by: str
    """Code of a rule, or a method without greying."""
    name: str
    runners: int
    """Runners of whom anything could be judged."""
    judged: int
    flagged: int
    share: float
    """Pooled: a runner with many weeks counts for more. NaN where nothing was judged."""
    interval: Interval
    """Wilson's, as if every week were a new one."""
    over_runners: Interval
    """Of the same share, by drawing runners: what to read where runners differ."""
    mean_of_runners: float
    """Of the runners' own shares: each runner counts the same."""
    published_pct: float | None
    """% of sessions in a published study of this method."""


KEYS: Final = [(unit, by) for unit in UNITS for by in (*NAMES, *BARE)]
_AT: Final = pd.MultiIndex.from_tuples(KEYS)


def flag_sums(flags: pd.DataFrame, labels: pd.Index[Any]) -> dict[str, Floats]:
    """Counts of each runner, in the order of the labels: ``judged`` and ``flagged`` by unit and rule or method."""
    out: dict[str, Floats] = {}
    rows = labels.get_indexer(pd.Index(flags["runner"]))
    at = _AT.get_indexer(pd.MultiIndex.from_arrays([flags["unit"], flags["by"]]))
    for what in ("judged", "flagged"):
        table = np.zeros((len(labels), len(KEYS)))
        np.add.at(table, (rows, at), flags[what].to_numpy(dtype=np.float64))
        out |= {_name(what, *key): table[:, n] for n, key in enumerate(KEYS)}
    return out


def _name(what: str, unit: str, by: str) -> str:
    return f"{what} {unit} {by}"


def shares(sums: Mapping[str, Floats]) -> list[Share]:
    """The shares, weeks first, in the order of the rules and the methods."""
    judged = np.stack([sums[_name("judged", *key)] for key in KEYS], axis=1)
    flagged = np.stack([sums[_name("flagged", *key)] for key in KEYS], axis=1)
    drawn = over_runners(flagged, judged)
    return [_share(*key, judged[:, n], flagged[:, n], drawn[n]) for n, key in enumerate(KEYS)]


def _share(unit: str, by: str, judged: Floats, flagged: Floats, drawn: Interval) -> Share:
    some = judged > 0
    total, hits = int(judged.sum()), int(flagged.sum())
    return Share(
        unit=unit, by=by, name=NAMES.get(by, by), runners=int(some.sum()), judged=total, flagged=hits,
        share=hits / total if total else math.nan, interval=wilson(hits, total), over_runners=drawn,
        mean_of_runners=float((flagged[some] / judged[some]).mean()) if some.any() else math.nan,
        published_pct=PUBLISHED.get(by) if unit == "session" else None,
    )  # fmt: skip
