from __future__ import annotations

from datetime import timedelta

import pytest
from activity_files import START

from importers.fit import read_fit
from loadplan.outbox.fit_activity import Part, activity_messages
from loadplan.outbox.fit_file import Message, encode


def steady(seconds, speed, start_m=0.0):
    return [
        {"time_s": t, "distance": start_m + speed * t, "speed": speed, "cadence": 84, "fractional_cadence": 0.0}
        for t in range(seconds + 1)
    ]


RUN = Part(start=START, samples=steady(600, 3.0), sport="running")
RIDE = Part(start=START, samples=steady(300, 8.0), sport="cycling")
LATER = Part(start=START + timedelta(seconds=300), samples=steady(400, 3.0, 2400.0), sport="running")


def told(parts, change=lambda name, k, values: values, **options):
    """Codes of each recording of a file whose messages were changed: by name, number of its kind and values."""
    count, out = {}, []
    for message in activity_messages(parts, **options):
        k = count[message.name] = count.get(message.name, -1) + 1
        values = change(message.name, k, dict(message.values))
        if values is not None:
            out.append(Message(message.name, values))
    return [[p.code for p in r.problems] for r in read_fit(encode(out))]


def test_a_file_whose_laps_and_messages_agree_is_not_flagged():
    assert told([RUN]) == [[]]
    assert told([RIDE, LATER]) == [[], []]


@pytest.mark.parametrize(
    ("message", "field", "value", "code"),
    [
        ("session", "total_distance", 2312.0, "session_distance"),
        ("session", "total_timer_time", 344.0, "session_time"),
        ("lap", "total_timer_time", 344.0, "session_time"),
        ("lap", "total_distance", 1288.0, "session_distance"),
        ("lap", "sport", "cycling", "sport"),
        ("activity", "num_sessions", 2, "session_time"),
        ("file_id", "time_created", START - timedelta(days=3), "date"),
        ("lap", "start_time", START + timedelta(seconds=64), "date"),
    ],
)
def test_a_number_that_contradicts_another_of_its_file_is_flagged(message, field, value, code):
    def change(name, _, values):
        return {**values, field: value} if name == message else values

    assert code in told([RUN], change)[0]


def test_a_lap_is_a_witness_of_its_own_session_only():
    def change(name, k, values):
        return {**values, "total_distance": 700.0} if (name, k) == ("lap", 1) else values

    assert told([RIDE, LATER], change) == [[], ["session_distance"]]


def test_a_session_that_is_lost_is_missed():
    def without(name, k, values):
        return None if (name, k) == ("session", 1) else values

    assert "session_time" in told([RIDE, LATER], without)[0]
    assert told([RUN], with_activity=False) == [["unclosed"]]


def test_records_that_step_back_in_time_are_counted():
    def change(name, k, values):
        return {**values, "timestamp": START + timedelta(seconds=7)} if (name, k) == ("record", 300) else values

    assert "time_order" in told([RUN], change)[0]


def test_a_clock_that_steps_back_in_one_session_is_no_matter_of_the_other():
    def change(name, k, values):
        return {**values, "timestamp": START + timedelta(seconds=20)} if (name, k) == ("record", 100) else values

    ride, run = told([RIDE, LATER], change)
    assert "time_order" in ride
    assert "time_order" not in run
