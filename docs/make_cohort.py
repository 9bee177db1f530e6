"""Makes docs/cohort.md: what the tables of a cohort are, and an effect that was planted, found. ``make cohort-page``.

Runners who never were, from fixed seeds: the same page wherever it is made.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from loadplan.cohort.before_injury import (
    AFTER_DAYS,
    CASE_WEEKS,
    EXPOSURES,
    HISTORY_WEEKS,
    answers,
    case_sums,
)
from loadplan.cohort.flags import FLAGS, flag_columns, flags
from loadplan.cohort.injuries import timeline
from loadplan.cohort.intervals import DRAWS
from loadplan.cohort.study import Sums, joined, summary, sums
from loadplan.cohort.tables import LEDGER, SUMMARY, TABLES, WARNINGS, WEEKS, typed
from loadplan.daily import daily_load
from loadplan.rules import check_weeks
from loadplan.runlog import log_table
from loadplan.synthetic.cohort import REACH_WEEKS, WEEKLY_HAZARD, MadeCohort, tell_cohort
from loadplan.synthetic.cohort_weeks import cohort_weeks
from loadplan.weekly import weekly_load

PAGE = Path(__file__).with_name("cohort.md")
RUNNERS, WEEKS_EACH, TIMES, SEED = 300, 104, 3.0, 1
SEEDS = 200
LISTED = 5
"""Cohorts that the page lists one by one; a test makes them again."""
TREND = 0.9


@dataclass(frozen=True)
class Kind:
    """How the cohorts of one kind are made, and looked at."""

    about: str
    times: float = 1.0
    trend: float = 0.0
    history_weeks: int = HISTORY_WEEKS


KINDS = {
    "planted": Kind(f"{TIMES:g} times the hazard in the {REACH_WEEKS} weeks after a spike", times=TIMES),
    "half as much": Kind(f"{1 + (TIMES - 1) / 2:g} times", times=1 + (TIMES - 1) / 2),
    "none": Kind("the same hazard in every week with a run"),
    "none, more spikes by the end": Kind(
        f"no effect, but the share of weeks with a spike grows from {1 - TREND:.1f} to {1 + TREND:.1f} times the usual over a record",
        trend=TREND,
    ),
    "none, looked at wrongly": Kind("no effect, and the first weeks of each record not left out", history_weeks=0),
}


@dataclass(frozen=True)
class Answered:
    """What the question was answered with, of one made-up cohort."""

    ratio: float
    low: float
    high: float
    formula: tuple[float, float]


def question(kind: str, seed: int) -> Answered:
    """Make a cohort, and ask."""
    made = tell_cohort(RUNNERS, WEEKS_EACH, seed=seed, times=KINDS[kind].times, trend=KINDS[kind].trend)
    line = timeline(cohort_weeks(made), pd.DataFrame(made.injury_rows()))
    first = answers(case_sums(line, KINDS[kind].history_weeks))[0]
    return Answered(first.odds.ratio, *first.over_runners, first.odds.interval)


# ---------------------------------------------------------------- one cohort in full
@cache
def made_up(kind: str) -> MadeCohort:
    """The cohort that is told in full."""
    return tell_cohort(RUNNERS, WEEKS_EACH, seed=SEED, times=KINDS[kind].times, trend=KINDS[kind].trend)


def in_full(kind: str, pool: ProcessPoolExecutor) -> dict[str, Any]:
    """The whole summary of one cohort, each runner through the functions of a runner alone."""
    made = made_up(kind)
    parts = pool.map(partial(portion, kind), range(RUNNERS), chunksize=10)
    found = joined(parts)
    assert found.told == len(made.injuries)
    return summary(found)


def portion(kind: str, number: int) -> Sums:
    """One runner's sums."""
    made = made_up(kind)
    label = made.labels[number]
    daily = daily_load(log_table(made.runs(number)), made.last_day)
    weeks = weekly_load(daily)
    mine = typed(flag_columns(label, flags(daily, weeks, check_weeks(weeks))), FLAGS)
    table = cohort_table(label, daily, weeks)
    injuries = pd.DataFrame(made.injury_rows())
    return sums(table, mine, injuries[injuries["runner"] == label])


def cohort_table(label: str, daily: pd.DataFrame, weeks: pd.DataFrame) -> pd.DataFrame:
    """The weeks of one runner as the table of a cohort has them, as far as the study reads it."""
    both = {method: weekly_load(daily, method=method) for method in ("coupled", "ewma")}
    table = weeks[["complete", "runs", "distance_km", "duration_min", "longest_km", "change_pct", "build_change_pct",
                   "acwr", "acwr_band", "spike_pct", "spike_band"]].copy()  # fmt: skip
    for method, other in both.items():
        table[f"acwr_{method}"], table[f"acwr_{method}_band"] = other["acwr"], other["acwr_band"]
    table.insert(0, "week", [day.date().isoformat() for day in weeks.index])
    table.insert(0, "runner", label)
    return table.reset_index(drop=True)


# ---------------------------------------------------------------- the page
HEAD = """# A club or a study: what the tables of a cohort say

`loadplan cohort PATH` reads many runners and writes tables; this page says what they hold, how the summary for a study
is made of them, and shows that it finds an effect where one was planted and nothing where none was. Everybody on this
page is made up. It is made by `make cohort-page`; the same seeds give the same page.

**What this is not.** Nobody here was ever injured. The page shows that the arithmetic does what it says on runners whose
rule is known. It says nothing about what spikes do to people, and a cohort of yours can only show what goes together.
"""


def tables() -> str:
    """What the files hold."""
    about = {
        "weeks": "a row a runner and week, as `loadplan load` tells it of one",
        "warnings": "a row a warning, with the limit, the source and its grade",
        "ledger": "a row for everything that was found in a runner's files, and what became of it",
        "flags": "a row a runner, unit (`week` or `session`) and rule or method: how many could be judged, how many were",
        "summary": "a row a runner: what was read, the rank for a coach and the reasons, the days of injury",
    }
    columns = {**TABLES, "weeks": WEEKS, "warnings": WARNINGS, "ledger": LEDGER, "flags": FLAGS, "summary": SUMMARY}
    rows = [[f"`{name}`", about[name], ", ".join(f"`{one}`" for one in columns[name])] for name in about]
    return f"""## The tables

{table(["table", "holds", "columns"], rows)}

Units are in the names; [names.md](names.md) explains the columns. Nothing stands where nothing is known, with the reason
beside it. Runners are labels. Days of injury come from a `runners.csv` ([how](many-runners.md)), each as its first day, or
as the first and the last day lost. A coach reads the summary, in the order of its `rank`; the same ranking orders the
index of `loadplan report --all`.
"""


def method() -> str:
    """How it is worked out, in words."""
    secondary = ", ".join(name for name in list(EXPOSURES)[1:])
    return f"""## How the summary for a study is made

The list of questions was fixed before any real cohort was looked at, and is the same for every cohort. Which weeks are left
out was settled on made-up ones, in which nothing was planted.

1. **How often does each rule speak?** The share of weeks and of sessions that each rule and each bare method of the ratio
   flags, *of those of which it could have spoken*: a whole week with a run, and the numbers known that the rule reads.
   Unknown is not unflagged. A session is a day's running; a rule that judges weeks flags the sessions of its weeks.
   Interval: Wilson's score (Newcombe 1998, method 3).
2. **How often are runners injured?** Injuries over hours of running, per 1,000 h, with the exact interval of a count
   (Garwood 1936, doi:10.1093/biomet/28.3-4.437), and the days lost, where the list tells the last day (the day of the injury is day 0:
   Bahr 2020, doi:10.1136/bjsports-2019-101969).
3. **Is the load before an injury unlike the runner's own other weeks?** A case-crossover (Maclure 1991,
   doi:10.1093/oxfordjournals.aje.a115853): the {CASE_WEEKS} weeks before the week of an injury beside the same runner's other
   weeks before the last injury. The ratio of odds is pooled over runners (Mantel and Haenszel 1959; interval of Robins, Breslow
   and Greenland 1986, doi:10.2307/2531052). *The* question is asked of one exposure, a session more than 10 % longer than the
   longest of 30 days. Beside it stand five more
   ({secondary}),
   with wider intervals, so that in 95 of 100 cohorts none of the five should stand out by chance (Bonferroni).

Left out, and counted: the week of the injury (a part of it lies behind the injury), the weeks after it ({AFTER_DAYS // 7}, or
until five weeks after the last day lost), everything from the last injury on, the first {HISTORY_WEEKS} weeks of a record,
weeks without a run, and for each exposure the weeks of which it is not known.

**Weeks of one runner are alike**, and a formula takes each for a new one. So beside each interval from counts stands
one *over runners*: whole runners are drawn with replacement, {DRAWS:,} times with a fixed seed, and the middle 95 % is
told. That is the one to read. It is empty where fewer than five runners have what is counted.
"""


def planted(found: dict[str, dict[str, Any]]) -> str:
    """Two cohorts in full."""
    rows = [answer_row(one, other) for one, other in zip(*(found[kind]["before_injury"]["answers"] for kind in found),
                                                        strict=True)]  # fmt: skip
    loads = [load_row(one, other) for one, other in zip(*(found[kind]["before_injury"]["load"] for kind in found),
                                                       strict=True)]  # fmt: skip
    rates = {kind: found[kind]["incidence"] for kind in found}
    told = "\n".join(
        f"- *{kind}*: {one['injuries']} injuries in {one['hours']:,.0f} h, {one['per_1000_h']:.2f} per 1,000 h "
        f"({between(one['interval'])} by the count, {between(one['over_runners'])} over runners)."
        for kind, one in rates.items()
    )
    weeks = {kind: found[kind]["before_injury"]["weeks"] for kind in found}
    left = "; ".join(f"{name.replace('_', ' ')} {weeks['planted'][name]:,} and {weeks['none'][name]:,}" for name in
                     weeks["none"])  # fmt: skip
    before = "weeks before injury / other weeks"
    head = [
        "in the week",
        f"planted: {before}",
        "odds ratio (over runners)",
        f"none: {before}",
        "odds ratio (over runners)",
    ]
    return f"""## An effect that was planted, and one that was not

{RUNNERS} runners of 12 to 70 km and 2 to 6 runs a week over {WEEKS_EACH} weeks: seasons, easier weeks, holidays, now
and then a long run far beyond the others. Each week with a run has a hazard of {100 * WEEKLY_HAZARD:g} %. In the
cohort *planted* it is {TIMES:g} times that in the {REACH_WEEKS} weeks after a week with such a run; in the cohort
*none* it is the same throughout. After an injury nobody runs for 3 to 60 days, and comes back step by step.

Every runner went through the same functions as alone.

{told}

Weeks of injured runners, *planted* and *none*: {left}.

{table(head, rows)}

The first line is the question; the interval of the others is one of 99 %. The effect was planted on spikes alone, and
shows in what goes with them too: a ratio that is high after a long run is no second cause. It was planted in
{REACH_WEEKS} of the {CASE_WEEKS} weeks that are looked at, so that the ratio over all four is smaller than {TIMES:g}.

Load of the weeks before an injury over the mean of the runner's own other weeks (1: the same; over runners):

{table(["amount", "weeks before", "planted", "none"], loads)}
"""


def answer_row(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """One exposure in both cohorts."""
    name = f"{one['name']} > {one['limit']:g}{' %' if one['unit'] == '%' else ''}"
    return [name, *(cell for each in (one, other) for cell in (counts(each), ratio(each)))]


def counts(one: dict[str, Any]) -> str:
    """Share of the weeks before an injury, and of the others."""
    return f"{share(one['case_exposed'], one['case_known'])} / {share(one['base_exposed'], one['base_known'])}"


def ratio(one: dict[str, Any]) -> str:
    """The ratio and its interval over runners."""
    return "too rare" if one["over_runners"] is None else f"{one['odds_ratio']:.2f} ({between(one['over_runners'])})"


def load_row(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """One amount of one week before an injury in both cohorts."""
    cells = [f"{each['mean']:.2f} ({between(each['over_runners'])})" for each in (one, other)]
    return [f"`{one['measure']}`", str(one["weeks_before"]), *cells]


def shares(found: dict[str, Any]) -> str:
    """Share of weeks and sessions."""
    rows = []
    by = {(one["unit"], one["by"]): one for one in found["shares"]}
    for name in dict.fromkeys(one["by"] for one in found["shares"]):
        week, session = by["week", name], by["session", name]
        if not week["judged"]:
            continue
        label = name if name == week["name"] else f"{name} {week['name']}"
        published = session["published_pct"]
        rows.append([
            label, f"{week['judged']:,}", percent(week["share"]), between(week["interval"], 100, 1),
            between(week["over_runners"], 100, 1), percent(week["mean_of_runners"]), percent(session["share"]),
            "" if published is None else f"{published:.1f} %",
        ])  # fmt: skip
    head = ["flagged by", "weeks judged", "share", "from counts, %", "over runners, %", "mean of runners",
            "share of sessions", "published"]  # fmt: skip
    return f"""## How often the rules speak of these runners

Of the cohort *none*. Rules that read climb, shoes, cadence or surface could judge nothing here and are left out; methods
without a code are bare numbers, greyed by nothing. These runners were made to run evenly, and real ones are flagged more
often: [study.md](study.md) has real histories.

Published: {found["published"]}.

{table(head, rows)}

Where the two intervals differ much, as of monotony, runners differ: some are flagged in most weeks and others in none.
"""


def chance(found: Mapping[str, Sequence[Answered]]) -> str:
    """Many cohorts."""
    rows = [chance_row(kind, some) for kind, some in found.items()]
    listed = [
        [kind, *(f"{one.ratio:.2f} ({one.low:.2f} to {one.high:.2f})" for one in some[:LISTED])]
        for kind, some in found.items()
    ]
    about = "\n".join(f"- *{name}*: {kind.about}" for name, kind in KINDS.items())
    return f"""## How often it is right

{SEEDS} cohorts of {RUNNERS} runners of each kind, and the question asked of each:

{about}

{table(["effect", "odds ratio, mean", "above 1 (over runners)", "below 1", "by the formula: above 1", "below 1"], rows)}

Where nothing is planted an interval of 95 % lies on one side of 1 in one of twenty cohorts, by chance. The cohorts of the
first {LISTED} seeds, one by one:

{table(["effect", *(f"seed {n}" for n in range(LISTED))], listed)}
"""


def chance_row(kind: str, some: Sequence[Answered]) -> list[str]:
    """How often the interval lay on either side of 1."""
    mean = np.exp(np.mean([np.log(one.ratio) for one in some]))
    above, below = (sum(one.low > 1 for one in some), sum(one.high < 1 for one in some))
    by_formula = sum(one.formula[0] > 1 for one in some), sum(one.formula[1] < 1 for one in some)
    return [kind, f"{mean:.2f}", *(share(n, len(some)) for n in (above, below, *by_formula))]


LIMITS = f"""## What such a study cannot show

- **It shows what goes together.** Whoever adds a long run may also have slept badly, changed shoes or raced. Each runner
  is compared with themselves, so that what differs *between* runners cannot confound; what changes *within* one can.
- **Time confounds.** Most of the other weeks lie before the weeks that are looked at. Where an exposure grows over the
  record, a ratio above 1 comes of that alone: *more spikes by the end* above. Look at the years one by one, or at records
  in which the exposure is steady.
- **The beginning of a record misleads.** The longest run of a few known days is soon passed, so that the first weeks hold
  many spikes. With them among the others spikes look as if they protected: *looked at wrongly* above. So the first
  {HISTORY_WEEKS} weeks are left out.
- **What is not in the files is not in the study.** Runs without a watch, pain that nobody wrote down, a day of injury that
  is a guess. The week of the injury is left out, and with it a spike that hurt on the same day.
- **Who is never injured does not count** in the third question, and a runner with ten injuries counts often.
- **Unknown weeks are left out, and may not be like the others**: after a break no ratio has a band. The counts say how many.
- **Many looks find something.** The list is fixed; whoever looks at more than it should say how often.
- No number of this page or of the summary is about one runner, and none is a forecast.
"""


# ---------------------------------------------------------------- small things
def share(some: int, total: int) -> str:
    """In %."""
    return f"{100 * some / total:.1f} %" if total else "-"


def percent(value: float) -> str:
    """In %."""
    return f"{100 * value:.1f} %"


def between(interval: dict[str, float] | None, times: float = 1.0, digits: int = 2) -> str:
    """Two bounds."""
    if interval is None:
        return "-"
    return f"{times * interval['low']:.{digits}f} to {times * interval['high']:.{digits}f}"


def table(head: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    head = list(head)
    return "\n".join(f"| {' | '.join(line)} |" for line in [head, ["---"] * len(head), *rows])


def page(full: dict[str, dict[str, Any]], many: Mapping[str, Sequence[Answered]]) -> str:
    """The page in Markdown."""
    parts = [HEAD, tables(), method(), planted(full), shares(full["none"]), chance(many), LIMITS]
    return "\n".join(parts)


def main() -> None:
    """Work it out, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--into", type=Path)
    asked = parser.parse_args()
    with ProcessPoolExecutor(asked.jobs) as pool:
        many = {kind: list(pool.map(partial(question, kind), range(SEEDS), chunksize=5)) for kind in KINDS}
        full = {kind: in_full(kind, pool) for kind in ("planted", "none")}
    text = page(full, many)
    if asked.into:
        asked.into.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
