"""Form before and after: medians of four weeks, grades as typed, and what is too little or too soon."""

from __future__ import annotations

from datetime import timedelta

import pytest

from loadplan.form import form_before_after, form_trend
from loadplan.store import Store
from run_logs import a_run, day

NOTHING = dict.fromkeys(
    ("cadence_spm", "step_length_mm", "vertical_oscillation_mm", "vertical_ratio_pct", "ground_contact_ms",
     "ground_contact_balance_pct", "power_w")
)  # fmt: skip


def rows(*runs):
    return [NOTHING | r | {"day": r["start"].date().isoformat()} for r in runs]


def runs(first: int, last: int, **values):
    return rows(*(a_run(d, 10, **values) for d in range(first, last + 1, 3)))


def named(form):
    return {one.name: one for one in form.measures}


def test_medians_of_four_weeks_before_and_after():
    log = (
        runs(0, 27, ground_contact_ms=260.0)
        + runs(28, 55, ground_contact_ms=300.0)
        + runs(56, 84, ground_contact_ms=240.0)
    )
    form = form_before_after(log, [], day(84), day(27))
    contact = named(form)["ground_contact_ms"]
    assert (contact.before, contact.after, contact.change, contact.unit) == (260, 240, -20, "ms")
    assert (form.before.last, form.after.first) == (day(27), day(57))


def test_before_is_the_day_of_the_first_grade_else_the_first_four_weeks():
    log = runs(0, 90, cadence_spm=160.0)
    assert form_before_after(log, [{"day": day(40).isoformat(), "hip_drop": "C"}], day(90), None).before.last == day(40)
    assert form_before_after(log, [], day(90), None).before.last == day(27)


def test_too_soon_there_is_no_after():
    form = form_before_after(runs(0, 50, cadence_spm=160.0), [], day(50), day(40))
    assert form.after is None
    assert (named(form)["cadence_spm"].before, named(form)["cadence_spm"].after) == (160, None)


def test_two_runs_are_no_median_and_what_nobody_recorded_is_no_row():
    form = form_before_after(
        rows(a_run(1, 10, cadence_spm=160.0), a_run(5, 10, cadence_spm=161.0)), [], day(60), day(27)
    )
    assert "power_w" not in named(form)
    assert "cadence_spm" not in named(form)


def test_steps_per_km_follow_from_cadence_and_speed():
    log = rows(*(a_run(d, 9, 60, cadence_spm=160.0) for d in (1, 4, 8)))
    assert named(form_before_after(log, [], day(60), day(27)))["steps_per_km"].before == pytest.approx(1066.7, abs=0.1)


def test_the_first_and_the_last_grade_are_told():
    entries = [{"day": day(1).isoformat(), "hip_drop": "D", "knee_flexion_deg": 136.0},
               {"day": day(40).isoformat(), "hip_drop": "B"},
               {"day": day(99).isoformat(), "hip_drop": "A"}]  # fmt: skip
    grades = {one.name: one for one in form_before_after([], entries, day(60), None).grades}
    assert (grades["hip_drop"].before, grades["hip_drop"].after, grades["hip_drop"].change) == ("D", "B", None)
    assert (grades["knee_flexion_deg"].before, grades["knee_flexion_deg"].after) == (136, None)


def test_the_trend_goes_back_in_blocks_of_four_weeks():
    log = runs(0, 27, cadence_spm=158.0) + runs(28, 55, cadence_spm=162.0)
    told = form_trend(log, day(55), 3)
    assert [block["cadence_spm"] for block in told] == [None, 158, 162]
    assert told[0]["last"] == day(55) - timedelta(days=56)


def test_grades_are_kept_by_day():
    with Store.open(None) as store:
        store.add_form(day(9), {"hip_drop": "B"})
        store.add_form(day(2), {"hip_drop": "C", "overstride": True})
        assert [(e["day"], e["hip_drop"]) for e in store.forms()] == [
            (day(2).isoformat(), "C"),
            (day(9).isoformat(), "B"),
        ]
        assert len(store.forms(last=day(5))) == 1
