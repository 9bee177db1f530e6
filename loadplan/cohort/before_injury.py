"""The weeks before an injury beside the same runner's other weeks: a case-crossover, each runner with themselves.

The design of Maclure 1991 (doi:10.1093/oxfordjournals.aje.a115853): what differs between runners cannot confound it,
what changes with time in one runner can. It finds what goes together, and never what causes what.

Weeks 1 to 4 before the week of an injury are *case weeks*. *Base weeks* are the runner's other weeks before the last
injury. Left out: the week of an injury itself (a part of it lies behind the injury), the weeks after it until the way
back is over, everything after the last injury, weeks that are not over, without a run or at the beginning of a record,
and, for each exposure, weeks of which it is not known.

Everything is sums of one runner, so that a cohort can be read in portions: ``case_sums`` of each, then the answers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np

from loadplan.cohort.injuries import Timeline
from loadplan.cohort.intervals import (
    LEVEL,
    Interval,
    Odds,
    mantel_haenszel,
    odds_parts,
    over_runners,
)
from loadplan.measures import DAYS_A_WEEK, Bools, Floats, Ints, numbers, texts
from plans.evidence import FINDINGS, TOLERANCE, limit

CASE_WEEKS: Final = 4
"""weeks before the week of an injury."""
HISTORY_WEEKS: Final = 5
"""weeks of the record before the first week that is looked at: the 30 days and the four weeks that numbers rest on.
Where a record begins, the longest run of so few days is soon passed, and such weeks as a base would hide what is
looked for."""
AFTER_DAYS: Final = 56
"""d after an injury that are never a base, however short it was: a month away, and the month on which a ratio rests."""

PRIMARY: Final = "session spike"
EXPOSURES: Final[dict[str, tuple[str, str | None, str]]] = {
    PRIMARY: ("spike_pct", "spike_band", "spike_small_pct"),
    "weekly change": ("change_pct", None, "change_strong_pct"),
    "build change": ("build_change_pct", None, "change_strong_pct"),
    "ACWR uncoupled": ("acwr", "acwr_band", "acwr_high"),
    "ACWR coupled": ("acwr_coupled", "acwr_coupled_band", "acwr_high"),
    "ACWR EWMA": ("acwr_ewma", "acwr_ewma_band", "acwr_high"),
}
"""Name -> column, the column of its band (known only where there is one), and the finding beyond whose
published value it is an exposure. This list was fixed before any real cohort was looked at: the first is the question,
the others stand beside it."""
LOADS: Final = ("distance_km", "longest_km")
"""Amounts that are told beside the runner's own base weeks."""
KINDS: Final = ("case exposed", "case not", "base exposed", "base not")
LEFT_OUT: Final = ("case", "base", "after_injury", "behind_last_injury", "not_whole_or_early", "without_run")
"""What weeks of injured runners are: used, or why not."""
Sums = Mapping[str, Floats]
"""Name of a sum -> its value of each runner."""


class Parted(NamedTuple):
    """What each week is."""

    lag: Ints
    """1 to 4 in a case week: so many weeks before the injury; 0 elsewhere."""
    base: Bools
    kinds: dict[str, Bools]
    """What weeks of injured runners are (``LEFT_OUT``)."""


def parted(line: Timeline, history_weeks: int = HISTORY_WEEKS) -> Parted:
    """Tell case weeks, base weeks and what is left out, the first ``history_weeks`` of each record among it."""
    rows = len(line.number)
    lag, after = np.zeros(rows, dtype=np.int64), np.zeros(rows, dtype=np.bool_)
    last = np.full(line.runners, -1, dtype=np.int64)
    begins = np.searchsorted(line.of_runner, np.arange(line.runners + 1))
    for runner, week, lost, row in zip(
        line.injury_runner.tolist(), line.injury_week.tolist(), line.days_lost.tolist(), line.injury_row.tolist(),
        strict=True,
    ):  # fmt: skip
        if row < 0:
            continue
        last[runner] = max(last[runner], week)
        mine = slice(begins[runner], begins[runner + 1])
        ago = week - line.number[mine]
        case = (ago >= 1) & (ago <= CASE_WEEKS) & ((lag[mine] == 0) | (ago < lag[mine]))
        lag[mine] = np.where(case, ago, lag[mine])
        after[mine] |= (ago <= 0) & (-ago <= _weeks_after(lost))
    injured = last[line.of_runner] >= 0 if rows else np.zeros(0, dtype=np.bool_)
    before = injured & (line.number < last[line.of_runner]) if rows else injured
    usable = line.weeks["complete"].to_numpy(dtype=bool) & (_weeks_known(line, begins) >= history_weeks)
    ran = line.weeks["runs"].to_numpy() > 0
    kept = before & ~after & usable & ran
    kinds = (
        kept & (lag > 0), kept & (lag == 0), before & after, injured & ~before, before & ~after & ~usable,
        before & ~after & usable & ~ran,
    )  # fmt: skip
    return Parted(np.where(kept, lag, 0), kept & (lag == 0), dict(zip(LEFT_OUT, kinds, strict=True)))


def _weeks_after(lost: float) -> int:
    """Weeks after the week of an injury that are no base: until the ratio has forgotten the break."""
    days = AFTER_DAYS if math.isnan(lost) else max(AFTER_DAYS, lost + limit("post_layoff_days"))
    return math.ceil(days / DAYS_A_WEEK)


def _weeks_known(line: Timeline, begins: Ints) -> Ints:
    """Weeks of the runner's record before each week."""
    return line.number - line.number[begins[line.of_runner]] if len(line.number) else line.number


def exposure(line: Timeline, name: str) -> tuple[Bools, Bools]:
    """In which weeks an exposure is known, and in which it was there."""
    column, band, key = EXPOSURES[name]
    values = numbers(line.weeks, column)
    known = ~np.isnan(values)
    if band is not None:
        known &= texts(line.weeks, band) != None  # noqa: E711
    return known, known & (np.nan_to_num(values) > FINDINGS[key].value + TOLERANCE)


def case_sums(line: Timeline, history_weeks: int = HISTORY_WEEKS) -> dict[str, Floats]:
    """All sums of each runner that the answers need."""
    parts = parted(line, history_weeks)
    out = {f"weeks {name}": line.per_runner(kind) for name, kind in parts.kinds.items()}
    for name in EXPOSURES:
        known, exposed = exposure(line, name)
        case = (parts.lag > 0) & known
        base = parts.base & known
        weeks = (case & exposed, case & ~exposed, base & exposed, base & ~exposed)
        out |= {f"{name} {kind}": line.per_runner(one) for kind, one in zip(KINDS, weeks, strict=True)}
    for measure in LOADS:
        out |= _load_sums(line, parts, measure)
    return out


def _load_sums(line: Timeline, parts: Parted, measure: str) -> dict[str, Floats]:
    """Of each week before an injury: the sum of amounts over the mean of the base weeks, and how many there are."""
    values = numbers(line.weeks, measure)
    base = parts.base & ~np.isnan(values)
    with np.errstate(divide="ignore", invalid="ignore"):
        own = line.per_runner(np.where(base, values, 0.0)) / line.per_runner(base)
        times = values / own[line.of_runner]
    out = {}
    for ago in range(CASE_WEEKS, 0, -1):
        mine = (parts.lag == ago) & np.isfinite(times)
        out[f"{measure} {ago} times"] = line.per_runner(np.where(mine, times, 0.0))
        out[f"{measure} {ago} weeks"] = line.per_runner(mine)
    return out


class Answer(NamedTuple):
    """One exposure: the matched odds ratio with its intervals, and the counts that it is made of."""

    name: str
    limit: float
    unit: str
    level: float
    """Of the intervals: wider for each of the five that stand beside the question (Bonferroni)."""
    odds: Odds
    """Over runners (Mantel-Haenszel), its interval as if every week were a new one."""
    over_runners: Interval
    """Of the same ratio, by drawing runners. This is the one to read."""
    case: tuple[int, int]
    """Case weeks: exposed, known."""
    base: tuple[int, int]
    unknown: int
    """Case and base weeks that were left out."""
    runners: int
    """Runners with both case and base weeks."""


def answers(sums: Sums) -> list[Answer]:
    """The fixed list, the question first."""
    return [_answer(sums, name) for name in EXPOSURES]


def _answer(sums: Sums, name: str) -> Answer:
    level = LEVEL if name == PRIMARY else 1 - (1 - LEVEL) / (len(EXPOSURES) - 1)
    table = np.stack([sums[f"{name} {kind}"] for kind in KINDS], axis=1)
    both = (table[:, :2].sum(axis=1) > 0) & (table[:, 2:].sum(axis=1) > 0)
    used = odds_parts(table[both])
    a, b, c, d = (int(one) for one in table.sum(axis=0))
    unit = "%" if EXPOSURES[name][0].endswith("pct") else "ratio"
    return Answer(
        name=name, limit=FINDINGS[EXPOSURES[name][2]].value, unit=unit, level=level,
        odds=mantel_haenszel(table[both], level), over_runners=over_runners(used[:, 0], used[:, 1], level)[0],
        case=(a, a + b), base=(c, c + d),
        unknown=int(sums["weeks case"].sum() + sums["weeks base"].sum()) - a - b - c - d, runners=int(both.sum()),
    )  # fmt: skip


class Beside(NamedTuple):
    """An amount of the weeks before injuries, over the mean of the runner's own base weeks."""

    measure: str
    weeks_before: int
    weeks: int
    """Such weeks that are known."""
    mean: float
    """1: as in the base weeks."""
    over_runners: Interval
    """By drawing runners."""


def load_before(sums: Sums) -> list[Beside]:
    """Load of each of the four weeks before an injury beside the runner's own base weeks."""
    return [_beside(sums, measure, ago) for measure in LOADS for ago in range(CASE_WEEKS, 0, -1)]


def _beside(sums: Sums, measure: str, ago: int) -> Beside:
    over, under = sums[f"{measure} {ago} times"], sums[f"{measure} {ago} weeks"]
    some, count = under > 0, int(under.sum())
    mean = float(over.sum() / count) if count else math.nan
    drawn = over_runners(over[some], under[some])[0]
    return Beside(measure=measure, weeks_before=ago, weeks=count, mean=mean, over_runners=drawn)
