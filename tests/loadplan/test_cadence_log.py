"""Cadence run by run: at the usual speed, its trend, the steps ahead, and the time on a target."""

from __future__ import annotations

import pytest

from importers.spread import Spread
from loadplan.cadence_log import cadence_log, on_target, plan_targets, steps_per_km
from loadplan.daily import daily_load
from run_logs import a_log, a_run, day


def spread(first: int, *seconds: int) -> str:
    return Spread(cadence_s=(first, seconds)).to_text()


def told(runs, **more):
    rows = [{"cadence_spm": None, "spread": None} | r | {"day": r["start"].date().isoformat()} for r in runs]
    last = max(r["start"] for r in runs).date()
    return cadence_log(rows, daily_load(a_log(runs), last), **more)


def easy(days, spm=160.0, **more):
    return [a_run(d, 10, cadence_spm=spm, **more) for d in days]


def test_time_on_target_is_within_two_percent():
    text = spread(160, *[60] * 11)
    assert on_target(text, 165) == pytest.approx(7 / 11)
    assert on_target(text, 190) == 0
    assert on_target(None, 165) is None
    assert on_target(Spread(speed_s=(60, (100,))).to_text(), 165) is None


def test_later_runs_are_held_against_the_target_of_their_week():
    plan = {
        "weeks": [
            {"start": day(28).isoformat(), "cadence_target_spm": 164},
            {"start": day(35).isoformat(), "cadence_target_spm": None},
        ]
    }
    runs = easy(range(0, 28, 3)) + easy([29, 36], spread=spread(164, 600))
    found = told(runs, targets=plan_targets(plan)).runs
    assert [(r.target_spm, r.on_target) for r in found[-2:]] == [(164, 1), (None, None)]


def test_a_faster_run_is_compared_at_the_usual_speed():
    runs = [*easy(range(0, 24, 3)), a_run(25, 10, 50, cadence_spm=160 + 5.6 * (10 / 3 - 10 / 3.6))]
    last = told(runs).runs[-1]
    assert last.cadence_spm > 162
    assert last.adjusted_spm == pytest.approx(160, abs=0.3)
    assert last.change_pct == pytest.approx(0, abs=0.2)


def test_the_trend_is_that_of_the_adjusted_cadence():
    runs = [a_run(d, 10, cadence_spm=160 + d / 14) for d in range(0, 80, 4)]
    assert told(runs).trend_spm_per_4_weeks == pytest.approx(2, rel=0.05)
    assert told(runs[:6]).trend_spm_per_4_weeks is None


@pytest.mark.parametrize(("usual", "steps"), [
    (160, (164, 168, 172, 176)), (150, (154, 158, 162, 165)), (172, (176, 180)), (184, ())])  # fmt: skip
def test_the_steps_ahead(usual, steps):
    assert told(easy(range(0, 27, 3), float(usual))).targets_spm == steps


def test_steps_count_from_the_baseline_of_the_plan_and_not_from_one_that_rose_with_them():
    assert told(easy(range(0, 27, 3), 172.0), from_spm=160).targets_spm[-1] == 176


def test_without_enough_easy_runs_nothing_is_usual():
    found = told(easy([0, 3]))
    assert found.baseline.reason == "insufficient_history"
    assert (found.runs[0].adjusted_spm, found.targets_spm) == (None, ())


def test_steps_per_km_golden():
    assert steps_per_km(160, 2.5) == pytest.approx(1066.7, abs=0.05)
