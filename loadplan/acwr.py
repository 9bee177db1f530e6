"""The acute to chronic workload ratio: its methods, its bands and its reasons for saying nothing.

"ACWR" is several numbers. Each table says which; values of two methods are never compared. It is a monitoring signal
and its use is contested (Gabbett 2016, doi:10.1136/bjsports-2015-095788; Williams 2017,
doi:10.1136/bjsports-2016-096589; against: Impellizzeri 2020, doi:10.1123/ijspp.2019-0864).
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from loadplan.breaks import days_since_break, find_breaks
from loadplan.measures import DAYS_A_WEEK, Bools, Floats, Load, Texts, incomparable, load_of, quotient, texts
from loadplan.windows import exponential_mean, rolling_sum, shifted
from plans.evidence import TOLERANCE, chosen, limit

Method = Literal["uncoupled", "coupled", "ewma"]
METHODS: Final[tuple[Method, ...]] = get_args(Method)
ACUTE_DAYS: Final = 7
CHRONIC_DAYS: Final = 28
LADDER_LOOKBACK_DAYS: Final = 35
"""The week judged and the four before."""
UNBANDED: Final = ("ascent", "descent")
"""The bands were never studied for climb."""


class Ratio(NamedTuple):
    """Acute and chronic load, both per week, and what they were measured on. Arrays of days or runners x days."""

    acute: Floats
    chronic: Floats
    acwr: Floats
    """NaN where the chronic load is 0."""


def ratio(
    load: Floats,
    method: str = "uncoupled",
    acute_days: int = ACUTE_DAYS,
    chronic_days: int = CHRONIC_DAYS,
    *,
    first: npt.NDArray[np.int64] | int = 0,
) -> Ratio:
    """The ratio on bare arrays: one runner's days, or a block of runners x days.

    Args:
        load: Daily load, rest days 0, zeros before a runner's first day.
        method: ``uncoupled``: the acute window against the days before it; ``coupled``: against a window that holds
            it too; ``ewma``: two exponential means (Williams 2017, doi:10.1136/bjsports-2016-096589).
        acute_days: Days of the acute window.
        chronic_days: Days of the chronic window.
        first: Position of each runner's first day, with whose load the exponential means start.
    """
    _check_windows(method, acute_days, chronic_days)
    if method == "ewma":
        acute = DAYS_A_WEEK * exponential_mean(load, 2 / (acute_days + 1), first=first)
        chronic = DAYS_A_WEEK * exponential_mean(load, 2 / (chronic_days + 1), first=first)
        some = np.cumsum(load > 0, axis=-1) > 0
    else:
        acute = rolling_sum(load, acute_days) * (DAYS_A_WEEK / acute_days)
        delay = acute_days if method == "uncoupled" else 0
        chronic = shifted(rolling_sum(load, chronic_days), delay) * (DAYS_A_WEEK / chronic_days)
        # Differences of running sums leave crumbs: whether there was any load is counted, not summed.
        some = shifted(rolling_sum((load > 0).astype(np.int64), chronic_days), delay) > 0
    chronic = np.where(some, chronic, 0.0)
    return Ratio(acute, chronic, quotient(acute, chronic, some))


def _check_windows(method: str, acute_days: int, chronic_days: int) -> None:
    if method not in METHODS:
        raise ValueError(f"no method {method!r}; one of {', '.join(METHODS)}")
    if not 0 < acute_days < chronic_days:
        raise ValueError(f"windows need 0 < acute_days < chronic_days, not {acute_days} and {chronic_days}")


def acwr_by_day(
    daily: pd.DataFrame,
    method: str = "uncoupled",
    acute_days: int = ACUTE_DAYS,
    chronic_days: int = CHRONIC_DAYS,
    *,
    measure: str = "distance",
) -> pd.DataFrame:
    """The ratio on every day of a daily table.

    Args:
        daily: As ``daily_load`` gives it; its first day is the first day known.
        method: ``uncoupled`` (this week against the average of the previous four), ``coupled`` or ``ewma``.
        acute_days: Days of the acute window.
        chronic_days: Days of the chronic window; ``uncoupled`` with 21 is the literature's 7:21.
        measure: distance, duration, steps, ascent, descent or srpe.

    Returns:
        A row a day: ``acwr``; ``reason``, why it is null (``insufficient_history``, ``zero_chronic``,
        ``missing_load``) or shown without a band (``post_layoff``, ``ladder``, ``low_chronic``); ``band``: lower,
        usual, raised, high or None; ``acute`` and ``chronic``, load a week in the unit of the measure;
        ``known_days``, how many of the days it spans lie in the record; ``settled``, False while an exponential mean
        still leans on its first day. A band speaks of a week that ends on that day.

    Example:
        >>> import pandas as pd
        >>> from loadplan import acwr_by_day
        >>> days = pd.date_range("2026-01-05", periods=35, name="day")
        >>> daily = pd.DataFrame({"distance_km": [20 / 7] * 28 + [31 / 7] * 7}, index=days)
        >>> last = acwr_by_day(daily).iloc[-1]
        >>> f"{last['acwr']:.2f}", last["band"]
        ('1.55', 'high')
    """
    load = load_of(daily, measure)
    found = ratio(load.values, method, acute_days, chronic_days)
    span = chronic_days + (acute_days if method == "uncoupled" else 0)
    reason = _reasons(daily, load, found, measure, span)
    null = np.isin(reason, ("insufficient_history", "zero_chronic", "missing_load"))
    value = np.where(null, np.nan, found.acwr)
    silent = (reason != None) | (measure in UNBANDED)  # noqa: E711
    age = np.arange(len(daily)) + 1
    return pd.DataFrame(
        {
            "acwr": value,
            "reason": pd.Series(reason, index=daily.index, dtype="object"),
            "band": pd.Series(np.where(silent, None, acwr_bands(value)), index=daily.index, dtype="object"),  # type: ignore[call-overload]
            "acute": found.acute,
            "chronic": found.chronic,
            "known_days": np.minimum(age, span),
            "settled": age >= (limit("ewma_settled_days") if method == "ewma" else span),
        },
        index=daily.index,
    )


def _reasons(daily: pd.DataFrame, load: Load, found: Ratio, measure: str, span: int) -> Texts:
    """Why there is no value or no band. What makes a value unknowable wins over what only greys it."""
    days = len(daily)
    short = limit("post_layoff_short_days")
    fresh = days_since_break(find_breaks(daily), days) < (limit("post_layoff_days") if span > short else short)
    ladder = rolling_sum((texts(daily, "phase") == "ladder").astype(np.int64), LADDER_LOOKBACK_DAYS) > 0
    reason = np.full(days, None, dtype=object)
    for applies, name in (
        (_low_chronic(found, measure), "low_chronic"),
        (ladder, "ladder"),
        (fresh, "post_layoff"),
        (found.chronic == 0, "zero_chronic"),
        (_missing(load, measure, span), "missing_load"),
        (np.arange(days) + 1 < span, "insufficient_history"),
    ):
        reason[applies] = name
    return reason


def _low_chronic(found: Ratio, measure: str) -> Bools:
    keys = {"distance": "acwr_low_chronic_km", "duration": "acwr_low_chronic_min"}
    if measure not in keys:
        return np.zeros(found.chronic.shape, dtype=np.bool_)
    return np.asarray(found.chronic < limit(keys[measure]) - TOLERANCE, dtype=np.bool_)


def _missing(load: Load, measure: str, span: int) -> Bools:
    """In one of the weeks looked at too many runs lack the measure. A week unknown must not pass for a week of rest."""
    week = incomparable(measure, rolling_sum(load.missing, DAYS_A_WEEK), rolling_sum(load.runs, DAYS_A_WEEK))
    weeks = [shifted(week, ago) for ago in range(0, span, DAYS_A_WEEK)]
    return np.asarray(np.any(weeks, axis=0), dtype=np.bool_)


def acwr_bands(
    values: Floats, *, lower: float | None = None, raised: float | None = None, high: float | None = None
) -> Texts:
    """Bands closed below, with a tolerance of 1e-9: < 0.8 lower, to 1.3 usual, to 1.5 raised, above high.

    ``lower``, ``raised`` and ``high`` are the edges; by default the findings ``acwr_lower``, ``acwr_raised`` and
    ``acwr_high`` (Gabbett 2016, doi:10.1136/bjsports-2015-095788).
    """
    edges = [
        chosen(lower, "acwr_lower") - TOLERANCE,
        np.nextafter(chosen(raised, "acwr_raised") + TOLERANCE, np.inf),
        np.nextafter(chosen(high, "acwr_high") + TOLERANCE, np.inf),
    ]
    names = np.array(["lower", "usual", "raised", "high"], dtype=object)
    bands = names[np.digitize(np.nan_to_num(values), edges)]
    bands[np.isnan(values)] = None
    return bands
