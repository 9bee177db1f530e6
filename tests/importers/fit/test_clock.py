"""Watches whose clock was not set: when their day is known all the same, and when it is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from activity_files import START

from importers.fit import read_fit
from loadplan.outbox.fit_activity import Part, activity_messages
from loadplan.outbox.fit_file import EPOCH, Message, encode

MORNING = 199 * 86400
"""Seconds since the watch was switched on."""
LENGTH = 600


def at(count):
    return EPOCH + timedelta(seconds=count)


def samples(seconds=LENGTH):
    return [{"time_s": t, "distance": 3.0 * t, "cadence": 84} for t in range(seconds + 1)]


def changed(messages, name, **values):
    """The messages, those of one name with other values."""
    return [Message(m.name, {**m.values, **values}, m.developer, m.extra) if m.name == name else m for m in messages]


def unset(**created):
    """An activity whose times all count from power-up; ``time_created`` as given."""
    messages = activity_messages([Part(start=at(MORNING), samples=samples())])
    return changed(messages, "file_id", **created)


def summary_first(messages):
    late = [m for m in messages if m.name in ("activity", "session", "lap")]
    return [messages[0], *late[::-1], *(m for m in messages[1:] if m not in late)]


def read(messages):
    [recording] = read_fit(encode(messages))
    return recording, [p.code for p in recording.problems]


def test_a_clock_that_counts_from_power_up_with_nothing_beside_it_is_quarantined():
    recording, codes = read(unset())
    assert (recording.start, codes) == (None, ["power_up_clock"])


def test_the_local_time_of_the_end_gives_the_wall_clock_of_the_start():
    wall = datetime(2012, 2, 13, 18, 20, tzinfo=UTC)
    messages = changed(unset(), "activity", local_timestamp=wall + timedelta(seconds=LENGTH))
    recording, codes = read(messages)
    assert (recording.start + timedelta(seconds=recording.utc_offset_s)).replace(tzinfo=UTC) == wall
    assert "clock_repaired" in codes
    assert recording.track.time_s.tolist() == list(range(LENGTH + 1))
    assert not recording.salvaged


@pytest.mark.parametrize("moment", [0, LENGTH])
def test_beside_a_date_of_creation_the_local_time_gives_utc_and_the_zone(moment):
    start = datetime(2012, 2, 13, 17, 35, tzinfo=UTC)
    messages = changed(
        unset(time_created=start + timedelta(seconds=moment + 3)),
        "activity",
        local_timestamp=start + timedelta(seconds=LENGTH + 5 * 3600 + 1800),
    )
    recording, codes = read(messages)
    assert (recording.start, recording.utc_offset_s, recording.offset_source) == (start, 19800, "file")
    assert "clock_repaired" in codes


def test_a_local_time_written_before_the_records_is_that_of_the_sending_and_no_repair():
    """Old watches write the file when it is fetched: two runs, nine days apart, then end at the same local second."""
    fetched = datetime(2012, 2, 13, 12, 21, 3, tzinfo=UTC)
    recording, codes = read(summary_first(changed(unset(), "activity", local_timestamp=fetched)))
    assert (recording.start, codes) == (None, ["power_up_clock"])


def test_the_creation_of_the_file_stands_for_its_start_where_nothing_else_says():
    recording, codes = read(unset(time_created=START))
    assert (recording.start, recording.utc_offset_s) == (START, None)
    assert "clock_repaired" in codes
    assert recording.track.time_s[0] == 0


def test_a_session_with_a_date_puts_its_records_there():
    recording, codes = read(changed(unset(), "session", start_time=START))
    assert recording.start == START
    assert "clock_repaired" in codes
    assert recording.track.time_s.tolist() == list(range(LENGTH + 1))


def test_records_before_the_satellites_set_the_clock_lead_up_to_those_behind():
    messages = activity_messages([Part(start=START, samples=samples())], utc_offset_s=3600)
    early, out = 0, []
    for m in messages:
        if m.name == "record" and early < 40:
            m = Message(m.name, {**m.values, "timestamp": at(MORNING + early)})
            early += 1
        out.append(m)
    recording, codes = read(changed(out, "session", start_time=at(MORNING)))
    assert recording.start == START
    assert (recording.utc_offset_s, "clock_repaired" in codes) == (3600, True)
    assert recording.track.distance_m.tolist() == [3.0 * t for t in range(LENGTH + 1)]


def test_a_summary_alone_is_put_on_its_day_too():
    found = [m for m in unset(time_created=START) if m.name != "record"]
    recording, codes = read(found)
    assert (recording.start, len(recording.track)) == (START, 0)
    assert "clock_repaired" in codes


def test_a_date_of_creation_that_is_of_no_moment_of_the_run_gives_no_zone():
    wall = datetime(2012, 2, 13, 18, 20, tzinfo=UTC)
    messages = changed(unset(time_created=wall - timedelta(days=3)), "activity", local_timestamp=wall)
    recording, _ = read(messages)
    assert (recording.start, recording.utc_offset_s) == (wall - timedelta(seconds=LENGTH), 0)


def test_a_single_count_among_dates_is_a_broken_record_and_no_clock():
    messages = activity_messages([Part(start=START, samples=samples())])
    at_record = [k for k, m in enumerate(messages) if m.name == "record"][300]
    broken = messages[at_record]
    messages[at_record] = Message("record", {**broken.values, "timestamp": at(MORNING)})
    recording, codes = read(messages)
    assert (recording.start, len(recording.track)) == (START, LENGTH)
    assert "samples_dropped" in codes
    assert "clock_repaired" not in codes


@pytest.mark.parametrize(
    ("offset", "read_as"), [(20_701, 20_700), (-12_600, -12_600), (15 * 3600, 54_000), (16 * 3600, None)]
)
def test_an_offset_is_whole_quarters_of_an_hour_and_none_beyond_fifteen_hours(offset, read_as):
    recording, codes = read(activity_messages([Part(start=START, samples=samples(60))], utc_offset_s=offset))
    assert recording.utc_offset_s == read_as
    assert codes == (["local_time"] if read_as is None else [])
