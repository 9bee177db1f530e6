from __future__ import annotations

import pytest
from activity_files import START, tcx, tcx_activity
from hypothesis import given, settings
from hypothesis import strategies as st

from importers.measure import measure
from importers.tcx import read_tcx


def codes(recordings):
    return [p.code for r in recordings for p in r.problems]


def test_a_plain_run_comes_out_as_it_went_in():
    [r] = read_tcx(tcx(tcx_activity(400)))
    run = measure(r)
    assert (r.start, r.sport, r.device, r.problems) == (START, "run", "Forerunner", ())
    assert (run.distance_m, run.moving_s, run.heart_rate_bpm, run.cadence_spm) == (1200, 400, 141, 168)
    assert r.summary.cadence_rule.startswith("strides")


def test_leading_blanks_as_a_service_writes_them_are_read():
    assert len(read_tcx(b" " * 10 + tcx(tcx_activity()))[0].track) == 121


def test_several_activities_are_several_recordings():
    sports = [r.sport for r in read_tcx(tcx(tcx_activity(), tcx_activity(sport="Biking"), tcx_activity(sport="Other")))]
    assert sports == ["run", "ride", "other"]


def test_a_cut_file_keeps_its_points_and_measures_them():
    data = tcx(tcx_activity(400))
    [r] = read_tcx(data[: len(data) // 2])
    assert (r.salvaged, codes([r])) == (True, ["truncated"])
    assert measure(r).distance_m == pytest.approx(3 * r.track.time_s[-1])


def test_times_without_a_zone_are_said():
    assert codes(read_tcx(tcx(tcx_activity()).replace(b"Z</Time>", b"</Time>"))) == ["naive_time"]


def test_no_points_is_no_activity_and_no_times_is_a_problem():
    assert codes(read_tcx(tcx())) == ["no_points"]
    assert codes(read_tcx(tcx(tcx_activity()).replace(b"<Time>", b"<Tame>").replace(b"</Time>", b"</Tame>"))) == [
        "no_time"
    ]


def test_a_document_type_is_refused():
    data = tcx(tcx_activity()).replace(b"?>", b"?><!DOCTYPE x>", 1)
    assert codes(read_tcx(data)) == ["hostile_xml"]


GOOD = tcx(tcx_activity(12))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.binary(max_size=3)), max_size=5), st.integers(0, len(GOOD)))
def test_no_damage_raises(changes, cut):
    data = GOOD
    for at, new in changes:
        data = data[:at] + new + data[at + len(new) :]
    for r in read_tcx(data[:cut]):
        if r.start is not None:
            measure(r)
