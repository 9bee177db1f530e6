"""Which witnesses are one run, and who is believed: by rules, each shown alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importers.merge import merge, natural
from importers.run import Run
from importers.witness import Clock, Teller, Witness

MORNING = datetime(2024, 5, 4, 6, 30, tzinfo=UTC)


def told(
    name: str, teller: Teller = Teller.FIT, *, later_s: float = 0, export: str = "mine", **said: object
) -> Witness:
    """Somebody who tells of a run of 10 km in 50 minutes."""
    ways = {key: said.pop(key) for key in list(said) if key in Witness.__dataclass_fields__}
    usual = {"distance_m": 10_000.0, "elapsed_s": 3000.0, "moving_s": 3000.0, "source": name}
    content = {"content_sha256": name} if teller.is_file else {}
    run = Run(start=MORNING + timedelta(seconds=later_s), **{**usual, **content, **said})  # type: ignore[arg-type]
    return Witness(identity=f"{name}#{run.session}", teller=teller, run=run, exports=(export,), **ways)  # type: ignore[arg-type]


def runs(*witnesses: Witness) -> list[Run]:
    return [one.run for one in merge(witnesses)]


def test_starts_within_two_seconds_are_one_run_whatever_the_distances():
    assert len(runs(told("a"), told("b", Teller.GARMIN, later_s=2, distance_m=11_000.0))) == 1
    assert len(runs(told("a"), told("b", later_s=3, elapsed_s=9000.0, distance_m=30_000.0, moving_s=9000.0))) == 2


def test_another_sport_at_the_same_time_is_another_activity():
    assert len(runs(told("a"), told("b", sport="ride"))) == 2


@pytest.mark.parametrize(("covered", "count"), [(0.85, 1), (0.75, 2)])
def test_copies_overlap_for_more_than_four_fifths(covered, count):
    assert len(runs(told("a"), told("b", later_s=(1 - covered) * 3000))) == count


def test_a_copy_within_the_other_is_the_same_run_at_any_distance_and_the_longer_one_is_believed():
    found = runs(told("a"), told("b", later_s=600, elapsed_s=1200.0, moving_s=1200.0, distance_m=4000.0))
    assert [run.distance_m for run in found] == [10_000.0]


def test_a_watch_that_was_never_stopped_swallows_no_run():
    forgotten = told("a", elapsed_s=62.6 * 3600, moving_s=48 * 60.0)
    assert len(runs(forgotten, told("b", later_s=86_400))) == 2


def test_a_false_start_before_a_run_stays():
    assert len(runs(told("a", distance_m=138.0, elapsed_s=60.0, moving_s=60.0), told("b", later_s=60 + 159))) == 2


@pytest.mark.parametrize("shift_s", [3600, -19_800, 2700, 14 * 3600])
def test_shifted_copies_of_another_export_are_one_run_and_of_the_same_export_two(shift_s):
    assert len(runs(told("a"), told("b", later_s=shift_s + 1, export="theirs"))) == 1
    assert len(runs(told("a"), told("b", later_s=shift_s + 1))) == 2


@pytest.mark.parametrize("other", [{"distance_m": 10_060.0}, {"elapsed_s": 3003.0}, {"later_s": 3600 + 60}])
def test_a_shifted_copy_has_the_same_length_and_distance(other):
    assert len(runs(told("a"), told("b", **{"later_s": 3600, "export": "theirs", **other}))) == 2


def test_what_was_typed_in_is_never_one_run_with_another_that_was():
    typed = [told(name, Teller.STRAVA, typed_in=True) for name in "ab"]
    assert len(runs(*typed)) == 2
    assert len(runs(*typed, told("file"))) == 2, "not even through a file that fits both"
    assert len(runs(typed[0], told("file"))) == 1


def test_sessions_of_one_file_are_runs_of_their_own():
    assert len(runs(told("a"), told("a", session=1))) == 2


def test_a_number_of_the_service_is_enough():
    far = told("b", Teller.STRAVA, later_s=86_400, activities=("strava:1",))
    assert len(runs(told("a", activities=("strava:1",)), far)) == 1


def test_what_is_split_stays_apart_and_keeps_its_own_rows():
    file, row = told("a", activities=("strava:1",)), told("row", Teller.STRAVA, activities=("strava:1",))
    copy = told("b", export="theirs")
    parts = [sorted(w.identity for w in part) for part in natural([file, row, copy])]
    assert sorted(parts) == [["a#0", "row#0"], ["b#0"]]
    found = merge([file, row, copy], [("a#0", "b#0"), ("b#0", "row#0")])
    assert sorted(len(one.witnesses) for one in found) == [1, 2]


def test_garmin_is_believed_about_a_distance_that_was_corrected_and_the_run_says_so():
    run = runs(told("a", ascent_m=80.0, climb_source="device:x"), told("g", Teller.GARMIN, distance_m=10_400.0))[0]
    assert (run.distance_m, run.ascent_m, run.climb_source) == (10_400.0, 80.0, "device:x")
    assert run.notes == (("distance_corrected", "distance of Garmin's summary: 10,400 m; the file says 10,000 m"),)


def test_climb_that_was_corrected_comes_with_its_source_and_descent():
    file = told("a", ascent_m=300.0, descent_m=290.0, climb_source="device:x")
    row = told("g", Teller.GARMIN, ascent_m=90.0, descent_m=88.0, climb_source="garmin")
    run = runs(file, row)[0]
    assert (run.ascent_m, run.descent_m, run.climb_source) == (90.0, 88.0, "garmin")
    near = runs(file, replace(row, run=replace(row.run, ascent_m=301.0)))[0]
    assert (near.ascent_m, near.descent_m, near.climb_source) == (300.0, 290.0, "device:x")


def test_a_damaged_file_is_completed_by_the_row():
    cut = told("a", distance_m=6000.0, moving_s=1800.0, elapsed_s=1800.0, salvaged=True, cadence_spm=170.0)
    run = runs(cut, told("r", Teller.STRAVA))[0]
    assert (run.distance_m, run.moving_s, run.cadence_spm, run.salvaged) == (10_000.0, 3000.0, 170.0, True)


def test_the_newest_table_names_the_pair_and_unknown_is_no_pair():
    old = told("r1", Teller.STRAVA, shoe="Old", told=MORNING, activities=("strava:1",))
    new = told("r2", Teller.STRAVA, shoe="New", told=MORNING + timedelta(days=400), activities=("strava:1",))
    silent = told("r3", Teller.STRAVA, told=MORNING + timedelta(days=800), activities=("strava:1",))
    assert [run.shoe for run in runs(old, new, silent)] == ["New"]


def test_most_clocks_are_believed():
    copy = told("a", later_s=3600, export="copies")
    row, summary = told("r", Teller.STRAVA, export="s"), told("g", Teller.GARMIN, export="g")
    found = runs(copy, row, summary)
    assert [(run.start, run.content_sha256) for run in found] == [(MORNING, "a")]
    assert [code for code, _ in found[0].notes] == ["clock_corrected"]


def test_a_row_on_the_wall_clock_finds_its_file_and_alone_takes_the_nearest_offset():
    file = told("a", utc_offset_s=7200, offset_source="file")
    row = told("l", Teller.LIST, later_s=7200, clock=Clock.LOCAL)
    assert len(runs(file, row)) == 1
    later = told("m", Teller.LIST, later_s=7200 + 86_400, clock=Clock.LOCAL)
    assert [(r.start, r.utc_offset_s) for r in runs(file, later)][1] == (MORNING + timedelta(days=1), 7200)


def test_who_tells_of_all_sessions_at_once_adds_nothing():
    legs = [
        told("a", session=n, later_s=1500 * n, distance_m=4000.0, elapsed_s=1200.0, moving_s=1200.0) for n in range(2)
    ]
    whole = told("row", Teller.STRAVA, distance_m=8000.0, shoe="Pegasus", title="Long one")
    found = runs(*legs, whole)
    assert [(run.distance_m, run.shoe) for run in found] == [(4000.0, "Pegasus"), (4000.0, None)]


moments = st.sampled_from([0, 1, 2, 600, 3600, 3601, 7200, 86_400])
tellers = st.sampled_from(list(Teller))


@st.composite
def crowds(draw: st.DrawFn) -> list[Witness]:
    crowd = []
    for n in range(draw(st.integers(1, 8))):
        elapsed = draw(st.sampled_from([600.0, 3000.0, 3001.0]))
        said = {"elapsed_s": elapsed, "moving_s": elapsed, "distance_m": draw(st.sampled_from([2000.0, 10_000.0]))}
        number = draw(st.sampled_from([(), ("strava:1",), ("garmin:1",)]))
        crowd.append(
            told(
                f"w{n}", draw(tellers), later_s=draw(moments), export=draw(st.sampled_from("ab")), activities=number,
                typed_in=draw(st.booleans()), told=draw(st.sampled_from([None, MORNING])), **said,
            )
        )  # fmt: skip
    return crowd


@settings(max_examples=150, deadline=None)
@given(crowds(), st.randoms(use_true_random=False))
def test_nobody_is_lost_or_heard_twice_and_the_order_changes_nothing(crowd, dice):
    found = merge(crowd)
    heard = [w.identity for one in found for w in one.witnesses]
    assert sorted(heard) == sorted(w.identity for w in crowd)
    dice.shuffle(crowd)
    assert merge(crowd) == found


@settings(max_examples=60, deadline=None)
@given(crowds())
def test_merging_again_what_is_one_run_changes_nothing(crowd):
    for one in merge(crowd):
        again = merge(one.witnesses)
        assert len(again) >= 1
        if len(again) == 1:
            assert again[0].run.distance_m == one.run.distance_m
