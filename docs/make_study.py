"""Makes docs/study.md: how often each rule speaks on real histories, beside published shares. ``make study``.

Reads the real files beside the checkout (../shared/data/corpus); where these are absent it says so and writes nothing.
Only counts leave it: no place, no day, no name.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from importers import read_export
from loadplan.cohort.flags import BARE, CHANGE, bare_methods
from loadplan.cohort.shares import PUBLISHED, PUBLISHED_IN
from loadplan.daily import daily_load
from loadplan.load_warning import NAMES
from loadplan.rules import check_weeks
from loadplan.runlog import log_table
from loadplan.store.rows import run_values
from loadplan.weekly import weekly_load
from plans.evidence import limit

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "data" / "corpus"
RUNNERS = {"A": "x3cl+running_page", "B": "tiny656+running_page", "C": "corriporai+runpandas"}
LABELS = {CHANGE: "weekly change, 30 % or more", "coupled": "coupled, 1.5 or more", "uncoupled": "uncoupled, 1.5 or more",
          "ewma": "EWMA, 1.5 or more"}  # fmt: skip
STRONG_PCT, HIGH = 30.0, 1.5
"""What that study calls a significant increase."""
PAGE = Path(__file__).with_name("study.md")


@dataclass(frozen=True)
class Runner:
    """One history, measured."""

    name: str
    daily: pd.DataFrame
    weeks: pd.DataFrame
    fired: dict[str, set[pd.Timestamp]]
    """Code -> the weeks that it spoke of."""

    @property
    def judged(self) -> pd.DataFrame:
        """Whole weeks with running."""
        return self.weeks[self.weeks["whole"] & (self.weeks["runs"] > 0)]


def main() -> None:
    if not CORPUS.is_dir():
        sys.exit(f"The real files are not here ({CORPUS}): nothing was written.")
    runners = [measured(name, CORPUS / folder) for name, folder in RUNNERS.items()]
    PAGE.write_text(page(runners), encoding="utf-8")


def measured(name: str, folder: Path) -> Runner:
    """Read a folder, and judge its weeks as ``load`` does."""
    runs = [run for run in read_export(folder).runs if run.is_run]
    log = log_table({**run_values(run), "id": str(n)} for n, run in enumerate(runs))
    daily = daily_load(log, max(run.day for run in runs))
    weeks = weekly_load(daily)
    fired: dict[str, set[pd.Timestamp]] = {code: set() for code in NAMES}
    for one in check_weeks(weeks):
        fired[one.code].add(pd.Timestamp(one.week))
    return Runner(name, daily, weeks, fired)


def page(runners: list[Runner]) -> str:
    return f"""# How often the rules speak on real weeks

Made by `make study` from the real histories beside the checkout: {len(runners)} runners, of whom nothing is known but their files. Whether
a week was followed by pain is not known either, so this says how often a rule speaks, and nothing of whether it was right.
A rule that speaks of every second week of ordinary running tells nobody anything; that is what is looked at here.

{table(*histories(runners))}

## Each rule

Share of the whole weeks with running of which the rule speaks, at any level. Weeks count for a rule even where it is silent because
something is not known (no shoes were named in these files, so LP010 to LP012 cannot speak).

{table(*rules(runners))}

## Beside published shares

{PUBLISHED_IN}. Ours: days with a run on which the method's whole window is known, bare numbers without any greying; and, in the
last column, what the rules make of it: complete weeks, ordinary ones before it, no band within weeks of a break or against a tiny base.

{table(*methods(runners))}

The histories are few and broken by long gaps, and a return from a gap reads high in every ratio: that is what greying is
for. The published runners trained for an event.
"""


def histories(runners: list[Runner]) -> tuple[list[str], list[list[str]]]:
    head = ["runner", "runs", "weeks in the record", "whole weeks with running", "km in such a week, median"]
    rows = [
        [r.name, str(int(r.daily["runs"].sum())), str(len(r.weeks)), str(len(r.judged)),
         f"{r.judged['distance_km'].median():.0f}"]
        for r in runners
    ]  # fmt: skip
    return head, rows


def rules(runners: list[Runner]) -> tuple[list[str], list[list[str]]]:
    head = ["rule", *(r.name for r in runners), "all"]
    total = sum(len(r.judged) for r in runners)
    rows = []
    for code, name in NAMES.items():
        hits = [len(r.fired[code] & set(r.judged.index)) for r in runners]
        shares = [share(hit, len(r.judged)) for hit, r in zip(hits, runners, strict=True)]
        rows.append([f"{code} {name}", *shares, share(sum(hits), total)])
    return head, rows


def methods(runners: list[Runner]) -> tuple[list[str], list[list[str]]]:
    head = ["method", "published", "ours, days with a run", "ours, as the rules speak"]
    found = {name: [0, 0] for name in PUBLISHED}
    for runner in runners:
        for name, values in bare_methods(runner.daily).items():
            known = ~np.isnan(values) & (runner.daily["runs"].to_numpy() > 0)
            found[name][0] += int((values[known] >= limit(BARE[name])).sum())
            found[name][1] += int(known.sum())
    spoken = {CHANGE: "LP001 weekly-change", "uncoupled": "LP004 acwr-high"}
    total = sum(len(r.judged) for r in runners)
    rows = []
    for name, published in PUBLISHED.items():
        told = ""
        if name in spoken:
            code = spoken[name].split()[0]
            told = f"{share(sum(len(r.fired[code] & set(r.judged.index)) for r in runners), total)} ({spoken[name]})"
        rows.append([LABELS[name], f"{published:.1f} %", f"{share(*found[name])} of {found[name][1]}", told])
    return head, rows


def share(hits: int, total: int) -> str:
    return f"{100 * hits / total:.1f} %" if total else "-"


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


assert limit("acwr_high") == HIGH
assert limit("change_strong_pct") == STRONG_PCT

if __name__ == "__main__":
    main()
