from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from activity_files import METRES_PER_DEGREE, fit_run, gpx, gpx_points, recording, tcx, tcx_activity
from hypothesis import given
from hypothesis import strategies as st
from plain_fit import columns, parts

from importers.checks import CHECKS, Witness, cross_check
from importers.fit import read_fit
from importers.gpx import read_gpx
from importers.run import Summary
from importers.tcx import read_tcx

SECONDS = np.arange(0, 1801.0)
TOTALS = Summary(
    distance_m=5400.0,
    elapsed_s=1800.0,
    timer_s=1800.0,
    ascent_m=60.0,
    descent_m=60.0,
    heart_rate_bpm=150.0,
    cadence_spm=170.0,
)
LAPS = Witness(
    distance_m=5400.0,
    elapsed_s=1800.0,
    timer_s=1800.0,
    ascent_m=60.0,
    laps=5,
    begun_s=0.0,
    created_s=0.0,
    mean_speed_m_s=3.0,
    sport="running",
    sports=("running",),
)


def run(*, keep=None, sport="run", summary=TOTALS, **columns):
    """A steady run of half an hour; columns given replace its own."""
    own = {
        "distance_m": 3 * SECONDS,
        "speed_m_s": np.full(1801, 3.0),
        "heart_rate_bpm": np.full(1801, 150.0),
        "cadence_spm": np.full(1801, 170.0),
        "altitude_m": 100 + 10 * np.sin(SECONDS / 300 * np.pi),
    }
    columns = {**own, **columns}
    keep = np.ones(1801, dtype=bool) if keep is None else keep
    return recording(SECONDS[keep], sport=sport, summary=summary, **{n: c[keep] for n, c in columns.items()})


def codes(made, **more):
    return [p.code for p in cross_check(made, **{"witness": LAPS, **more})]


def said(made, **more):
    return "; ".join(p.detail for p in cross_check(made, **{"witness": LAPS, **more}))


def test_a_run_that_adds_up_is_not_flagged():
    assert codes(run()) == []
    assert codes(run(), witness=None) == []
    assert codes(run(summary=Summary()), witness=None) == []


@pytest.mark.parametrize(
    ("total", "value", "code", "numbers"),
    [
        ("distance_m", 6424.0, "session_distance", ("6,424 m", "5,400 m")),
        ("distance_m", 5300.0, "session_distance", ("5,300 m", "5,400 m")),
        ("timer_s", 1900.0, "session_time", ("1,900 s", "1,800 s")),
        ("timer_s", 1288.0, "session_time", ("1,288 s", "1,800 s")),
        ("elapsed_s", 2312.0, "session_time", ("2,312 s", "1,800 s")),
        ("elapsed_s", 1544.0, "session_time", ("1,544 s", "1,800 s")),
        ("heart_rate_bpm", 158.0, "session_means", ("158", "150")),
        ("cadence_spm", 178.0, "session_means", ("178", "170")),
        ("ascent_m", 124.0, "session_climb", ("124 m", "60 m")),
        ("timer_s", None, "session_time", ("lacks its timer",)),
        ("ascent_m", None, "session_climb", ("lacks its ascent",)),
    ],
)
def test_each_total_of_the_device_is_held_against_its_samples_and_laps(total, value, code, numbers):
    made = run(summary=replace(TOTALS, **{total: value}))
    assert code in codes(made)
    assert all(number in said(made) for number in numbers)


@pytest.mark.parametrize(
    ("total", "value"),
    [("distance_m", 6424.0), ("timer_s", 1288.0), ("timer_s", 1900.0), ("elapsed_s", 2312.0), ("ascent_m", 124.0)],
)
def test_a_wrong_total_is_seen_without_laps_too(total, value):
    assert codes(run(summary=replace(TOTALS, **{total: value})), witness=None)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"distance_m": 5000.0}, "session_distance"),
        ({"timer_s": 1700.0}, "session_time"),
        ({"elapsed_s": 1700.0}, "session_time"),
        ({"ascent_m": 40.0}, "session_climb"),
        ({"sessions": 0}, "no_summary"),
        ({"sessions_told": 2.0}, "session_time"),
        ({"closed": False}, "unclosed"),
        ({"mean_speed_m_s": 2.5}, "session_means"),
        ({"mean_speed_m_s": 4.8}, "session_means"),
        ({"begun_s": -3600.0}, "date"),
        ({"created_s": -2 * 86400.0}, "date"),
        ({"sports": ("cycling",)}, "sport"),
    ],
)
def test_what_the_file_says_elsewhere_is_a_witness(change, code):
    assert codes(run(), witness=replace(LAPS, **change)) == [code]


def test_watches_round_pause_and_are_stopped_late():
    rounded = replace(TOTALS, distance_m=5409.0, timer_s=1799.0, elapsed_s=1801.0, heart_rate_bpm=149.0)
    assert codes(run(summary=rounded)) == []
    late = replace(LAPS, elapsed_s=2400.0)
    assert codes(run(summary=replace(TOTALS, elapsed_s=2400.0)), witness=late) == []
    assert codes(run(), witness=replace(LAPS, created_s=90 * 86400.0)) == []
    assert codes(run(), witness=replace(LAPS, mean_speed_m_s=3.4)) == []
    assert codes(run(), witness=replace(LAPS, sports=("running", "generic"))) == []
    assert codes(run(), witness=replace(LAPS, sport="generic")) == ["sport"]


@pytest.mark.parametrize(("hours", "expected"), [(1, []), (23, ["gaps"])])
def test_a_night_in_a_recording_that_no_device_summed_up_is_flagged_even_from_home_to_home(hours, expected):
    """Half an hour out and back, and once more."""
    seconds = np.concatenate([SECONDS, SECONDS + 3600 * hours])
    there = np.minimum(SECONDS, 1800 - SECONDS) * 3 / METRES_PER_DEGREE
    places = {"latitude_deg": 10 + np.tile(there, 2), "longitude_deg": np.full(len(seconds), 20.0)}
    made = recording(seconds, segment=np.repeat([0.0, 1.0], len(SECONDS)), **places)
    assert codes(made, witness=None) == expected
    assert "several recordings" not in said(made)  # a device that summed it up says that it is one


@pytest.mark.parametrize(("step_s", "expected"), [(1, ["session_distance"]), (60, [])])
def test_what_is_covered_after_the_last_sample_is_no_other_distance(step_s, expected):
    """The last sample 59 s before the end of an hour at 3 m/s: of a watch that records each minute that is no loss."""
    seconds = np.arange(0.0, 3541.0, step_s)
    made = recording(seconds, distance_m=3 * seconds, summary=Summary(distance_m=10_797.0))
    assert codes(made, witness=None) == expected


def test_a_pause_that_the_file_marks_is_no_gap_and_no_lost_time():
    keep = (SECONDS <= 600) | (SECONDS >= 1200)
    metres = np.where(SECONDS <= 600, 3 * SECONDS, 3 * (SECONDS - 600))
    totals = replace(TOTALS, distance_m=3600.0, timer_s=1200.0)
    beside = replace(LAPS, distance_m=3600.0, timer_s=1200.0)
    marked = run(keep=keep, distance_m=metres, segment=(SECONDS > 900).astype(float), summary=totals)
    assert codes(marked, witness=beside) == []


def test_standing_while_the_timer_is_stopped_is_no_gap():
    keep = (SECONDS <= 600) | (SECONDS >= 1200)
    metres = np.where(SECONDS <= 600, 3 * SECONDS, 3 * (SECONDS - 600))
    totals = replace(TOTALS, distance_m=3600.0, timer_s=1200.0)
    assert codes(run(keep=keep, distance_m=metres, summary=totals), witness=None) == []


def test_a_hole_in_the_samples_while_it_moved_is_a_gap():
    keep = (SECONDS <= 600) | (SECONDS >= 900)
    made = run(keep=keep)
    assert codes(made) == ["gaps"]
    assert "300 s" in said(made)
    assert "900 m" in said(made)
    north = 10 + 3 * SECONDS / METRES_PER_DEGREE
    columns = {"distance_m": np.full(1801, np.nan), "latitude_deg": north, "longitude_deg": np.full(1801, 20.0)}
    assert codes(run(keep=keep, summary=Summary(), **columns), witness=None) == ["gaps"]


@pytest.mark.parametrize(("step", "expected"), [(1, ["gaps"]), (6, []), (12, [])])
def test_a_gap_is_a_silence_longer_than_the_watch_keeps_anyway(step, expected):
    quiet = (SECONDS > 300) & (SECONDS < 340) | (SECONDS > 900) & (SECONDS < 940)
    assert codes(run(keep=(SECONDS % step == 0) & ~quiet)) == expected


def test_a_watch_that_recorded_nothing_says_so():
    assert codes(recording([], summary=TOTALS)) == ["gaps"]
    assert codes(recording([], summary=TOTALS), witness=None) == []


def test_means_without_a_single_sample_are_flagged():
    made = run(heart_rate_bpm=np.full(1801, np.nan))
    assert codes(made) == ["session_means"]
    assert "no sample" in said(made)


def test_a_mean_may_count_standing_or_leave_it_out():
    cadence = np.where(SECONDS < 600, 0.0, 170.0)
    for mean in (170.0, 113.4):
        assert codes(run(cadence_spm=cadence, summary=replace(TOTALS, cadence_spm=mean))) == []
    assert codes(run(cadence_spm=cadence, summary=replace(TOTALS, cadence_spm=140.0))) == ["session_means"]


def test_a_timer_that_never_ran_is_flagged_on_the_spot_too():
    nowhere = dict.fromkeys(("distance_m", "speed_m_s", "altitude_m"), np.full(1801, np.nan))
    assert codes(run(summary=Summary(elapsed_s=1800.0, timer_s=0.0), **nowhere), witness=Witness()) == ["session_time"]


def test_a_mean_of_a_few_minutes_is_no_witness():
    assert codes(run(heart_rate_bpm=np.where(SECONDS < 1500, np.nan, 165.0))) == []
    assert codes(run(heart_rate_bpm=np.where(SECONDS < 900, np.nan, 165.0))) == ["session_means"]


def test_a_hole_in_a_recording_on_the_spot_is_a_gap():
    keep = (SECONDS <= 600) | (SECONDS >= 900)
    nowhere = dict.fromkeys(("distance_m", "speed_m_s", "altitude_m"), np.full(1801, np.nan))
    totals = Summary(elapsed_s=1800.0, timer_s=1800.0)
    assert codes(run(keep=keep, summary=totals, **nowhere), witness=Witness()) == ["gaps"]
    assert codes(run(keep=keep, summary=replace(totals, timer_s=1500.0), **nowhere), witness=Witness()) == []
    still = {**nowhere, "distance_m": np.full(1801, 7.0)}
    assert codes(run(keep=keep, summary=totals, **still), witness=Witness()) == ["gaps"]


def test_climb_that_does_not_lead_to_the_height_of_the_end_is_flagged():
    made = run(altitude_m=100 + SECONDS / 10)
    assert codes(made) == ["session_climb"]
    assert "+180 m" in said(made)


def test_times_that_step_back_are_counted():
    assert codes(run(), disordered=3) == ["time_order"]
    assert ": 3" in said(run(), disordered=3)


def test_distance_that_falls_is_flagged_and_its_rounding_is_not():
    metres = 3 * SECONDS
    assert codes(run(distance_m=metres - np.where(SECONDS == 900, 9.0, 0.0))) == []
    assert codes(run(distance_m=metres - np.where(SECONDS == 900, 80.0, 0.0))) == ["distance_order"]


def test_speeds_that_do_not_make_the_distance_are_flagged():
    assert codes(run(speed_m_s=np.full(1801, 3.4))) == []
    assert codes(run(speed_m_s=np.full(1801, 4.5))) == ["speed"]


def test_ground_covered_at_an_impossible_speed_is_flagged():
    jump = 3 * SECONDS + np.where(SECONDS >= 900, 400.0, 0.0)
    totals = replace(TOTALS, distance_m=5800.0)
    assert codes(run(distance_m=jump, summary=totals), witness=None) == ["speed"]
    assert "403 m" in said(run(distance_m=jump, summary=totals), witness=None)


@pytest.mark.parametrize(("first", "expected"), [(20, []), (400, ["date", "session_time"])])
def test_samples_that_begin_long_after_the_start_are_flagged(first, expected):
    assert sorted(codes(run(keep=first <= SECONDS))) == expected


def test_a_date_before_any_watch_is_flagged():
    assert codes(replace(run(), start=datetime(1999, 12, 31, tzinfo=UTC))) == ["date"]
    assert codes(replace(run(), start=datetime(2000, 1, 1, tzinfo=UTC))) == []


@pytest.mark.parametrize(
    ("sport", "metres", "pace", "flagged"),
    [
        ("run", 63_800.0, 6.5, True),
        ("run", 42_195.0, 5.7, False),
        ("run", 5_000.0, 6.7, True),
        ("run", 1_000.0, 7.4, False),
        ("ride", 63_800.0, 6.5, False),
        ("walk", 5_000.0, 3.0, False),
        ("walk", 5_000.0, 5.0, True),
        ("hike", 9_000.0, 6.0, True),
    ],
)
def test_nobody_is_faster_than_the_best_over_the_distance(sport, metres, pace, flagged):
    seconds = np.linspace(0, metres / pace, 1801)
    made = recording(seconds, sport=sport, distance_m=np.linspace(0, metres, 1801))
    assert (codes(made, witness=None) == ["sport"]) == flagged


def test_a_run_at_ride_speed_is_seen_from_its_positions_too():
    north = 10 + 8 * SECONDS / METRES_PER_DEGREE
    made = recording(SECONDS, latitude_deg=north, longitude_deg=np.full(1801, 20.0))
    assert codes(made, witness=None) == ["sport"]
    assert codes(replace(made, sport="ride"), witness=None) == []


@pytest.mark.parametrize("pace", [3.0, 20.0])
@pytest.mark.parametrize(("jump", "degrees"), [(slice(900, 905), 0.2), (slice(900, None), 0.2), (slice(0, 1), 85.0)])
def test_positions_that_jump_make_no_speed_and_a_car_stays_a_car(pace, jump, degrees):
    north = 10 + pace * SECONDS / METRES_PER_DEGREE
    north[jump] += degrees
    made = recording(SECONDS, latitude_deg=north, longitude_deg=np.full(1801, 20.0))
    assert codes(made, witness=None) == (["sport"] if pace > 12 else [])


def test_the_readers_check_what_they_read():
    assert [r.problems for r in read_fit(fit_run(totals={"avg_heart_rate": 140}))] == [()]
    wrong = fit_run(totals={"total_distance": 9000.0})
    assert "session_distance" in [p.code for r in read_fit(wrong) for p in r.problems]
    back = gpx(gpx_points([0, 1, 2, 3, 9, 8, *range(10, 100)]))
    assert [p.code for r in read_gpx(back) for p in r.problems] == ["time_order"]
    short = tcx(
        tcx_activity(120).replace(
            "<DistanceMeters>360.0</DistanceMeters><Track>", "<DistanceMeters>900</DistanceMeters><Track>"
        )
    )
    assert "session_distance" in [p.code for r in read_tcx(short) for p in r.problems]


numbers = st.one_of(st.floats(width=32), st.floats(-10, 5000))
maybe = st.one_of(st.none(), numbers)


@given(
    st.lists(st.tuples(*[numbers] * 6), max_size=30),
    st.tuples(*[maybe] * 7),
    st.tuples(*[maybe] * 6),
    st.sampled_from(["run", "ride", "swim", "walk", "unknown"]),
)
def test_whatever_a_file_holds_the_checks_end_with_sentences(rows, totals, beside, sport):
    columns = np.array(rows, dtype=float).reshape(-1, 6)
    names = ("distance_m", "altitude_m", "heart_rate_bpm", "latitude_deg", "speed_m_s")
    fields = ("distance_m", "elapsed_s", "timer_s", "ascent_m", "descent_m", "heart_rate_bpm", "cadence_spm")
    witness = Witness(
        distance_m=beside[0], elapsed_s=beside[1], timer_s=beside[2], ascent_m=beside[3], created_s=beside[4],
        mean_speed_m_s=beside[5],
    )  # fmt: skip
    with np.errstate(all="ignore"):
        samples = {name: columns[:, k + 1] for k, name in enumerate(names)}
        made = recording(
            columns[:, 0], sport=sport, summary=Summary(**dict(zip(fields, totals, strict=True))), **samples
        )
    found = cross_check(made, witness=witness)
    assert all(p.detail and p.code in dict(CHECKS) for p in found)
    assert len({p.code for p in found}) == len(found)


# ---------------------------------------------------------------- the real files
FLAGGED_SHARE = 0.08
"""Of the undamaged runs of the corpus so many may be flagged at most; each by numbers that hold."""


@pytest.fixture(scope="module")
def runs(corpus, corpus_index):
    """Undamaged FIT runs of the corpus with one session: name, row of the independent scan, recording."""
    found = []
    for row in corpus_index:
        if row["kind"] == "fit" and row["is_run"] == "1" and row["n_sessions"] == "1" == row["n_files_chained"]:
            data = (corpus / "corpus" / row["file"]).read_bytes()
            [made, *_] = read_fit(gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data)
            if made.start is not None and not made.salvaged:
                found.append((row, made))
    return found


@pytest.mark.corpus
def test_few_undamaged_runs_are_flagged(runs):
    ours = dict(CHECKS)
    flagged = [row["file"] for row, made in runs if any(p.code in ours for p in made.problems)]
    assert len(runs) > 200
    assert len(flagged) <= FLAGGED_SHARE * len(runs), flagged


def falls(rows, session, laps):
    metres = columns(rows)["distance"]
    metres = metres[np.isfinite(metres)]
    return -np.minimum(np.diff(metres), 0).sum() > 10


def too_fast_or_two_distances(rows, session, laps):
    told = columns(rows)
    metres, seconds = told["distance"], told["timestamp"]
    known = np.isfinite(metres)
    step, dt = np.diff(metres[known]), np.diff(seconds[known])
    speed = told.get("enhanced_speed", told.get("speed"))[known][1:]
    jumped = step[step > 12 * np.maximum(dt, 1)].sum()
    short = (dt <= 60) & np.isfinite(speed) & (speed <= 60)
    return jumped > 0.02 * metres[known][-1] or abs((speed * dt)[short].sum() / step[short].sum() - 1) > 0.2


def climbs_elsewhere(rows, session, laps):
    told = columns(rows)
    altitude = told.get("enhanced_altitude", told.get("altitude"))
    altitude = altitude[np.isfinite(altitude)]
    return abs(session["total_ascent"] - session["total_descent"] - (altitude[-1] - altitude[0])) > 30


def other_times(rows, session, laps):
    span = rows[-1]["timestamp"] - rows[0]["timestamp"]
    return (
        abs(session["total_timer_time"] - sum(lap["total_timer_time"] for lap in laps)) > 3
        or span < 0.9 * (session["total_timer_time"])
    )


def another_distance(rows, session, laps):
    return abs(rows[-1]["distance"] / session["total_distance"] - 1) > 0.005


PROOFS = {
    "distance_order": falls,
    "speed": too_fast_or_two_distances,
    "session_climb": climbs_elsewhere,
    "session_time": other_times,
    "session_distance": another_distance,
}


@pytest.mark.corpus
def test_what_is_said_of_an_undamaged_run_holds_by_a_plain_reader(runs, corpus):
    """Each of these codes, on every run of one history that has it, from raw values that another reader took."""
    seen = set()
    for row, made in runs:
        said = {p.code for p in made.problems} & PROOFS.keys()
        if not said or not row["file"].startswith(("x3cl", "tiny656+running_page/FIT_OUT")):
            continue
        [part] = parts((corpus / "corpus" / row["file"]).read_bytes())
        named = {name: [m[1] for m in part.messages if m[0] == name] for name in ("session", "lap")}
        for code in said:
            seen.add(code)
            assert PROOFS[code](part.records(), named["session"][0], named["lap"]), (code, row["file"])
    assert seen == PROOFS.keys()
