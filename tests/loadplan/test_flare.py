"""What changed before the pain: planted changes are found with their dates, and a steady runner hears that none was."""

from __future__ import annotations

from datetime import timedelta

import pytest

from loadplan.flare import later_flares, pain_began, what_changed
from run_logs import a_log, a_run, day

WEEKS = 30
ONSET = day(7 * WEEKS - 1)


def steady(**more) -> list[dict]:
    """Three weeks on, one easier, on four days; a little different each week."""
    return [
        a_run(7 * w + d, (10 + 0.3 * (w % 3)) * (0.8 if w % 4 == 3 else 1), **more)
        for w in range(WEEKS) for d in (0, 2, 4, 6)
    ]  # fmt: skip


def found(runs, onset=ONSET, **more):
    return what_changed(a_log(runs), onset, **more)


def named(flare) -> dict:
    return {one.name: one for one in flare.triggers}


def test_a_steady_runner_hears_that_nothing_stands_out():
    flare = found(steady())
    assert flare.outstanding == ()
    assert flare.base_weeks == WEEKS - 6
    assert named(flare)["build-change"].value == pytest.approx(3, abs=3)


def test_a_planted_spike_is_found_with_its_week_and_is_rare():
    runs = [r | {"distance_m": 21000.0} if r["start"].date() == day(7 * 28 + 4) else r for r in steady()]
    (first, *_) = found(runs).outstanding
    assert (first.name, first.week, first.to, first.base_as_high) == ("session-spike", day(7 * 28), day(7 * 29 - 1), 0)
    assert (first.base_weeks, first.base_spans, first.spans_as_high) == (24, 19, 0)
    assert first.value == pytest.approx(100 * (21 / 10.6 - 1))
    assert "Frandsen" in first.source


def test_what_is_usual_for_this_runner_does_not_stand_out():
    runs = [r | {"distance_m": 16000.0} if n % 24 == 22 else r for n, r in enumerate(steady())]
    spike = named(found(runs))["session-spike"]
    assert (spike.beyond, spike.stands_out) == (True, False)
    assert spike.share > 0.1


def test_a_new_pair_is_found_with_its_day():
    runs = [r | {"shoe": "new" if r["start"].date() >= day(7 * 27) else "old"} for r in steady()]
    flare = found(runs, shoes={"old": {"drop_mm": 10.0}, "new": {"drop_mm": 0.0}})
    assert {"new-shoe-share", "big-shoe-change"} <= {one.name for one in flare.outstanding}
    (event,) = [one for one in flare.events if one["kind"] == "new-pair"]
    assert event["day"] == day(7 * 27)
    assert event["detail"].startswith("new worn for the first time; it differs much")


def test_hills_are_told_apart_up_and_down():
    runs = [r | {"descent_m": 400.0 if r["start"].date() >= day(7 * 29) else 50.0, "ascent_m": 50.0,
                 "climb_source": "device:x"} for r in steady()]  # fmt: skip
    flare = named(found(runs))
    assert flare["descent"].stands_out
    assert not flare["ascent"].beyond


def test_weeks_end_on_the_day_the_pain_began_whatever_weekday():
    runs = [r | {"distance_m": 25000.0} if r["start"].date() == day(7 * 28 + 2) else r for r in steady()]
    for late in range(3):
        flare = found(runs, day(7 * 28 + 2) + timedelta(days=late))
        spike = named(flare)["session-spike"]
        assert spike.stands_out
        assert spike.to == flare.onset


def test_runs_after_the_pain_change_nothing():
    before = [r for r in steady() if r["start"].date() <= ONSET]
    after = [a_run(7 * WEEKS + n, 40, shoe="other") for n in range(9)]
    assert found(before) == found(before + after)


def test_a_short_record_says_that_it_cannot_say():
    runs = [a_run(d, 10) for d in range(0, 56, 2)] + [a_run(57, 25)]
    spike = named(found(runs, day(57)))["session-spike"]
    assert (spike.beyond, spike.share, spike.stands_out) == (True, None, False)


def test_without_a_run_before_nothing_is_known():
    assert found([], ONSET).triggers == ()
    assert found(steady(), day(-3)).triggers == ()


def test_what_is_not_known_is_not_within_its_limit():
    trigger = named(found([r | {"surface": None} for r in steady()]))["surface"]
    assert (trigger.value, trigger.beyond, trigger.base_weeks) == (None, False, 0)


def test_every_trigger_has_a_source_and_a_grade():
    assert all(one.source and one.grade for one in found(steady()).triggers)


def entry(number: int, **told) -> dict:
    return {"day": day(number).isoformat(), **told}


def test_the_pain_began_with_the_first_entry_that_tells_of_any():
    entries = [
        entry(0, during=0.0),
        entry(3, during=0.0, morning=0.0),
        entry(5, during=0.0, morning=1.0),
        entry(9, during=4.0),
    ]
    assert pain_began(entries) == day(5)
    assert pain_began(entries[:2]) is None
    assert pain_began([entry(2, during=0.0, swelling=True)]) == day(2)


def test_pain_that_came_back_is_told_apart():
    entries = [entry(0, during=2.0), entry(20, during=1.0), entry(60, during=3.0), entry(61, during=3.0)]
    assert later_flares(entries) == [day(60)]
