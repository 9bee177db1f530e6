"""Several sessions in one file, summaries in any place or none: which samples and totals are whose."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from activity_files import START
from hypothesis import given, settings
from hypothesis import strategies as st

from importers.fit import read_fit
from importers.measure import measure
from loadplan.outbox.fit_activity import Part, activity_messages
from loadplan.outbox.fit_file import Message, encode


def later(seconds):
    return START + timedelta(seconds=seconds)


def part(begin, seconds, speed, *, sport="running", from_m=0.0, **more):
    """A steady session: a sample a second, distance that counts on over the file."""
    samples = [{"time_s": t, "distance": from_m + speed * t, "cadence": 84} for t in range(seconds + 1)]
    return Part(start=later(begin), samples=samples, sport=sport, **more)


def triathlon():
    return [
        part(0, 300, 1.0, sport="swimming"),
        part(300, 60, 1.0, sport="transition", from_m=300),
        part(360, 600, 9.0, sport="cycling", from_m=360),
        part(960, 40, 1.0, sport="transition", from_m=5760),
        part(1000, 500, 3.5, from_m=5800),
    ]


def summary_first(messages):
    late = [m for m in messages if m.name in ("activity", "session", "lap")]
    return [messages[0], *late, *(m for m in messages[1:] if m not in late)]


def without(messages, *names):
    return [m for m in messages if m.name not in names]


def codes(recording):
    return [p.code for p in recording.problems]


@pytest.mark.parametrize("order", [list, summary_first])
def test_each_leg_of_a_triathlon_has_its_own_samples_from_zero(order):
    recordings = read_fit(encode(order(activity_messages(triathlon()))))
    assert [r.sport for r in recordings] == ["swim", "transition", "ride", "transition", "run"]
    assert [r.start for r in recordings] == [later(t) for t in (0, 300, 360, 960, 1000)]
    for r, metres, seconds in zip(recordings, (300, 60, 5400, 40, 1750), (300, 60, 600, 40, 500), strict=True):
        assert r.track.time_s[0] == 0
        assert r.track.time_s[-1] == pytest.approx(seconds, abs=1)
        assert r.track.distance_m[0] == pytest.approx(0, abs=9)
        assert r.track.distance_m[-1] == pytest.approx(metres, abs=9)
        assert r.summary.distance_m == metres
        assert r.problems == ()
    assert sum(len(r.track) for r in recordings) == 1501


def test_cadence_is_doubled_in_the_running_leg_only():
    recordings = read_fit(encode(activity_messages(triathlon())))
    assert [float(np.nanmax(r.track.cadence_spm)) for r in recordings] == [84, 84, 84, 84, 168]


def test_distance_that_starts_again_with_each_session_is_left_as_it_is():
    recordings = read_fit(encode(activity_messages([part(0, 300, 3.0), part(400, 300, 4.0)])))
    assert [r.track.distance_m[-1] for r in recordings] == [900, 1200]
    assert [r.track.distance_m[0] for r in recordings] == [0, 0]


def test_a_session_that_does_not_say_how_long_it_was_ends_where_the_next_one_begins():
    timeless = dict.fromkeys(("total_elapsed_time", "total_timer_time"))
    messages = activity_messages([part(0, 300, 3.0), part(301, 300, 8.0, sport="cycling", from_m=900)])
    blank = [Message(m.name, {**m.values, **timeless}) if m.name in ("session", "lap") else m for m in messages]
    run, ride = read_fit(encode(blank))
    assert [(r.start, len(r.track)) for r in (run, ride)] == [(later(0), 301), (later(301), 301)]
    assert measure(run).distance_m == 900


def test_sessions_that_are_summed_up_in_another_order_share_no_sample():
    messages = activity_messages(triathlon())
    at = [k for k, m in enumerate(messages) if m.name == "session"]
    for here, there in zip(at[:2], reversed(at[-2:]), strict=True):
        messages[here], messages[there] = messages[there], messages[here]
    recordings = read_fit(encode(messages))
    assert [r.sport for r in recordings] == ["run", "transition", "ride", "transition", "swim"]
    assert sum(len(r.track) for r in recordings) == 1501


@pytest.mark.parametrize("seconds", [600, 9000])
@pytest.mark.parametrize("hours", [-2, 2])
def test_a_start_that_is_written_in_local_time_gives_way_to_that_of_the_records(seconds, hours):
    messages = activity_messages([part(0, seconds, 3.0)])
    local = START + timedelta(hours=hours)
    moved = [Message(m.name, {**m.values, "start_time": local}) if m.name == "session" else m for m in messages]
    [recording] = read_fit(encode(moved))
    assert (recording.start, recording.track.time_s[0], recording.track.time_s[-1]) == (START, 0, seconds)
    assert codes(recording) == ["start_mismatch", "date"]  # the lap has the true one


def test_a_run_stopped_and_gone_on_with_hours_later_is_two_runs():
    recordings = read_fit(encode(activity_messages([part(0, 600, 3.0), part(9000, 300, 3.0, from_m=1800)])))
    assert [measure(r).distance_m for r in recordings] == [1800, 900]
    assert [measure(r).moving_s for r in recordings] == [600, 300]
    assert [len(r.track) for r in recordings] == [601, 301]


def test_a_session_whose_timestamp_is_its_start_and_says_no_other_is_put_on_its_records():
    messages = activity_messages([part(0, 600, 3.0)])
    told = [
        Message(m.name, {**m.values, "start_time": None, "timestamp": START}) if m.name == "session" else m
        for m in messages
    ]
    [r] = read_fit(encode(told))
    assert r.start == START
    assert r.track.time_s[0] == 0


def test_a_session_that_is_written_twice_is_one():
    messages = activity_messages([part(0, 600, 3.0)])
    session = next(m for m in messages if m.name == "session")
    early = Message("session", {**session.values, "total_elapsed_time": 200, "total_distance": 600})
    [r] = read_fit(encode([*messages[:-2], early, session, session, messages[-1]]))
    assert (r.summary.distance_m, len(r.track)) == (1800, 601)


def test_a_sum_over_all_sessions_is_no_session_of_its_own():
    messages = activity_messages([part(0, 300, 3.0), part(300, 300, 8.0, sport="cycling", from_m=900)])
    session = next(m for m in messages if m.name == "session")
    whole = {**session.values, "sport": "multisport", "total_elapsed_time": 600, "total_distance": 3300}
    recordings = read_fit(encode([*messages, Message("session", whole)]))
    assert [(r.sport, r.summary.distance_m) for r in recordings] == [("run", 900), ("ride", 2400)]


def test_a_start_far_from_the_records_gives_way_to_theirs():
    messages = activity_messages([part(0, 600, 3.0)])
    moved = [Message(m.name, {**m.values, "start_time": later(-7200)}) if m.name == "session" else m for m in messages]
    [r] = read_fit(encode(moved))
    assert r.start == START
    assert "start_mismatch" in codes(r)
    assert r.track.time_s.tolist() == list(range(601))


def test_what_comes_before_the_first_sample_is_part_of_the_session():
    messages = activity_messages([part(0, 600, 3.0)])
    moved = [
        Message(m.name, {**m.values, "start_time": later(-300), "total_elapsed_time": 900})
        if m.name == "session"
        else m
        for m in messages
    ]
    [r] = read_fit(encode(moved))
    assert (r.start, r.track.time_s[0]) == (later(-300), 300)
    assert "start_mismatch" not in codes(r)


def test_sessions_that_do_not_say_their_length_reach_to_the_next_and_to_the_last_record():
    lengthless = [
        Message(m.name, {**m.values, "total_elapsed_time": None, "total_timer_time": None})
        if m.name == "session"
        else m
        for m in activity_messages([part(0, 300, 3.0), part(300, 200, 8.0, sport="cycling", from_m=900)])
    ]
    run, ride = read_fit(encode(lengthless))
    assert (len(run.track), len(ride.track)) == (300, 201)
    assert (run.track.distance_m[-1], ride.track.distance_m[-1]) == (897, 1600)


# ---------------------------------------------------------------- no summary
LAP = {"total_ascent": 7, "total_descent": 5, "avg_heart_rate": 150, "avg_cadence": 85, "total_cycles": 425}


def lap(begin, seconds, metres, sport="running", **more):
    values = {"timestamp": later(begin + seconds), "start_time": later(begin), "total_elapsed_time": seconds}
    values |= {"total_timer_time": seconds, "total_distance": metres, "sport": sport}
    return Message("lap", {**values, **LAP, **more})


def unsummed(*laps, seconds=600):
    """Records and laps as they stand after a crash."""
    messages = activity_messages([part(0, seconds, 3.0)], with_sessions=False, with_activity=False)
    return read_fit(encode([*messages, *laps]))


def test_laps_are_summed_up_where_no_session_does():
    [r] = unsummed(lap(0, 300, 890), lap(300, 300, 910, total_timer_time=280, avg_heart_rate=160))
    s = r.summary
    assert (r.sport, s.distance_m, s.elapsed_s, s.timer_s) == ("run", 1800, 600, 580)
    assert (s.ascent_m, s.descent_m, s.steps, s.cadence_spm) == (14, 10, 1700, 170)
    assert s.heart_rate_bpm == pytest.approx((300 * 150 + 280 * 160) / 580)


def test_a_total_that_one_lap_lacks_is_unknown():
    [r] = unsummed(lap(0, 300, 890), lap(300, 300, 910, total_ascent=None))
    assert (r.summary.ascent_m, r.summary.descent_m, r.summary.distance_m) == (None, 10, 1800)


def test_laps_that_end_before_the_records_sum_up_nothing():
    [r] = unsummed(lap(0, 300, 890))
    assert (r.summary.distance_m, r.summary.timer_s, r.summary.ascent_m) == (None, None, None)
    assert measure(r).distance_m == pytest.approx(1800)
    assert r.sport == "run"


def test_laps_of_several_sports_are_several_sessions():
    first, second = unsummed(lap(0, 300, 890, sport="cycling"), lap(300, 300, 910))
    assert (first.sport, second.sport) == ("ride", "run")
    assert (second.start, second.track.distance_m[0], second.track.time_s[-1]) == (later(300), 0, 300)


def test_laps_alone_are_a_run_without_samples():
    messages = activity_messages([part(0, 600, 3.0)], with_sessions=False, with_activity=False)
    [r] = read_fit(encode([*without(messages, "record"), lap(0, 600, 1800)]))
    assert (r.start, len(r.track), r.summary.distance_m) == (START, 0, 1800)


def test_the_sport_message_names_the_sport_of_a_file_without_session_or_laps():
    messages = activity_messages([part(0, 600, 3.0)], with_sessions=False, with_activity=False)
    sport = Message("sport", {"sport": "running", "sub_sport": "trail", "name": "Trail"})
    [r] = read_fit(encode([*messages, sport]))
    assert (r.sport, r.surface) == ("run", "trail")
    assert "sport_guessed" not in codes(r)


# ---------------------------------------------------------------- damage
def each_leg_summed_up_behind_it(parts):
    """As watches write that sum up a leg when it ends."""
    head, out = activity_messages(parts[:1])[:2], []
    for p in parts:
        out += [m for m in activity_messages([p]) if m.name in ("event", "record", "lap", "session")]
    return encode([*head, *out])


def test_records_behind_the_last_summary_of_a_cut_file_are_a_session_of_their_own():
    legs = [part(0, 300, 1.0, sport="swimming"), part(300, 900, 3.0, from_m=300)]
    data = each_leg_summed_up_behind_it(legs)
    swim, rest = read_fit(data[: len(data) * 3 // 4])
    assert (swim.sport, len(swim.track), swim.summary.distance_m) == ("swim", 300, 300)
    assert (rest.start, rest.sport, rest.salvaged) == (later(301), "run", True)
    assert rest.summary.distance_m is None
    assert rest.track.distance_m[-1] == pytest.approx(3.0 * (rest.track.time_s[-1] + 1), abs=3)


def test_the_first_of_two_sessions_keeps_its_totals_when_the_second_is_cut():
    data = encode(summary_first(activity_messages([part(0, 300, 3.0), part(300, 900, 4.0, from_m=900)])))
    first, second = read_fit(data[: len(data) * 2 // 3])
    assert (first.summary.distance_m, first.summary.timer_s) == (900, 300)
    assert (second.summary.distance_m, second.summary.timer_s) == (None, None)
    assert second.salvaged


def test_what_is_kept_of_a_cut_file_is_said_with_its_place():
    data = encode(activity_messages([part(0, 300, 3.0)]))
    cut = len(data) // 2
    [r] = read_fit(data[:cut])
    assert f"{cut:,}" in r.problems[0].detail
    assert f"{len(r.track):,} records are kept" in r.problems[0].detail


def test_thousands_of_sessions_are_read_up_to_a_limit_and_said():
    session = next(m for m in activity_messages([part(0, 9, 3.0)]) if m.name == "session")
    many = [Message("session", {**session.values, "start_time": later(t)}) for t in range(3000)]
    recordings = read_fit(encode([*activity_messages([part(0, 9, 3.0)], with_sessions=False), *many]))
    assert len(recordings) == 128
    assert "too_many_sessions" in codes(recordings[0])


# ---------------------------------------------------------------- any cut into sessions
@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 90), st.sampled_from((0, 0, 5, 400)), st.sampled_from(("running", "cycling"))),
        min_size=2,
        max_size=6,
    ),
    st.booleans(),
)
def test_no_record_is_in_two_sessions_and_none_is_lost(legs, first):
    parts, at, metres = [], 0, 0.0
    for seconds, pause, sport in legs:
        parts.append(part(at, seconds, 3.0, sport=sport, from_m=metres))
        at, metres = at + seconds + pause, metres + 3.0 * seconds
    messages = activity_messages(parts)
    recordings = read_fit(encode(summary_first(messages) if first else messages))
    assert [r.start for r in recordings] == [p.start for p in parts]
    seen = [r.start + timedelta(seconds=t) for r in recordings for t in r.track.time_s.tolist()]
    assert len(seen) == len(set(seen))
    assert set(seen) == {p.start + timedelta(seconds=s["time_s"]) for p in parts for s in p.samples}
