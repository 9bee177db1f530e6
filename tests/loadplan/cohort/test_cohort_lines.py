"""What people read of a cohort: it fits their terminal, and says no more than the numbers."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import Any

import pandas as pd
import pytest

from cohort_tables import flags_table
from loadplan.cli.cohort_lines import coach_lines, study_lines
from loadplan.cohort.coach import recent, table
from loadplan.cohort.flags import BARE
from loadplan.cohort.study import summary, sums
from loadplan.load_warning import NAMES
from loadplan.rules import check_weeks
from loadplan.synthetic.cohort import tell_cohort
from loadplan.synthetic.cohort_weeks import cohort_weeks
from loadplan.text import columns_wide
from loadplan.weekly import weekly_load

TODAY = date(2026, 3, 25)
WIDTHS = (80, 100, 120, 200)


@cache
def found(injuries: bool = True) -> dict[str, Any]:
    made = tell_cohort(120, 60, seed=1, times=3.0)
    flags = flags_table(
        (label, unit, by, 50, n % 9)
        for n, label in enumerate(made.labels)
        for unit in ("week", "session")
        for by in (*NAMES, *BARE)
        if by != "LP012"
    )
    return summary(sums(cohort_weeks(made), flags, pd.DataFrame(made.injury_rows()) if injuries else None))


def rows(**more: Any) -> list[dict[str, Any]]:
    days = pd.date_range("2026-01-05", periods=80, name="day")
    weeks = weekly_load(pd.DataFrame({"distance_km": [3.0] * 70 + [9.0] * 10}, index=days))
    base = {"status": "ok", "last_day": "2026-03-25", "injuries": None, "recent": recent(weeks, check_weeks(weeks))}
    names = ["Ann", "x" * 90, "\x1b[31mred", "跑者" * 20, "[/b]"]
    return table([base | {"runner": name} | more for name in names], TODAY)


@pytest.mark.parametrize("columns", WIDTHS)
def test_everything_fits_the_terminal(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = [*coach_lines(rows(), "km"), *study_lines(found()), *study_lines(found(injuries=False))]
    assert max(columns_wide(line) for line in lines) <= columns
    assert "\x1b" not in "".join(lines)


def test_a_narrow_terminal_leaves_the_reason_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert any("strong: acwr-high, session-spike" in line or "strong: " in line for line in coach_lines(rows(), "km"))
    assert "Last run" not in coach_lines(rows(), "km")[0]
    monkeypatch.setenv("COLUMNS", "120")
    assert "Last run" in coach_lines(rows(), "km")[0]


def test_more_runners_than_a_screen_holds_are_counted() -> None:
    lines = coach_lines(rows(), "mi", most=2)
    assert "... and 3 more, all of them in the files and with --format json" in lines
    assert "Week, mi" in lines[0]


def test_every_rule_and_method_has_its_line_and_what_nobody_could_judge_is_a_dash() -> None:
    lines = study_lines(found())
    for code, name in NAMES.items():
        assert any(line.startswith(f"{code} {name}") for line in lines)
    (wear,) = [line for line in lines if line.startswith("LP012")]
    assert re.fullmatch(r"LP012 shoe-wear +0 +-.*", wear)


def test_the_numbers_of_injuries_are_those_of_the_summary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    text = " ".join(study_lines(found()))
    rate, answer = found()["incidence"], found()["before_injury"]["answers"][0]
    assert f"{rate['injuries']:,} injuries in {rate['hours']:,.0f} h of running: {rate['per_1000_h']:.2f} per" in text
    assert f"{answer['odds_ratio']:.2f}  {answer['over_runners']['low']:.2f} to" in text
    assert "not what causes what" in text


def test_a_ratio_of_a_handful_of_weeks_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    rare = [one for one in found()["before_injury"]["answers"] if one["over_runners"] is None]
    assert rare
    for one in rare:
        (line,) = [line for line in study_lines(found()) if line.strip().startswith(f"{one['name']} >")]
        assert line.split()[-2:] == ["-", "-"]


def test_without_injuries_none_is_spoken_of() -> None:
    assert "injur" not in " ".join(study_lines(found(injuries=False)))


def test_nothing_of_it_is_a_risk_or_a_promise() -> None:
    text = " ".join([*study_lines(found()), *coach_lines(rows(), "km")]).lower()
    assert not re.search(r"\brisk|\bsafe|danger|prevent|predict", text)
