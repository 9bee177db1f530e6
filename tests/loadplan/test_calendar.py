"""The calendar, read back by the library icalendar: whole days, stable UIDs, SEQUENCE, cancelled sessions."""

from __future__ import annotations

from datetime import date
from typing import Any

import icalendar
import pytest
from some_plans import versions

from loadplan.outbox.calendar import calendar, escaped, folded


def events(data: bytes) -> dict[str, Any]:
    return {str(one["UID"]): one for one in icalendar.Calendar.from_ical(data).walk("VEVENT")}


@pytest.mark.parametrize("off", [1, 40])
def test_every_session_but_rest_is_a_whole_day_event(off: int) -> None:
    plan = versions(off=off)[0]
    found = events(calendar([plan]))
    sessions = [one for week in plan["weeks"] for one in week["sessions"] if one["kind"] != "rest"]
    assert len(found) == len(sessions)
    assert sorted(one.decoded("DTSTART") for one in found.values()) == sorted(
        date.fromisoformat(one["day"]) for one in sessions
    )
    assert all((one.decoded("DTEND") - one.decoded("DTSTART")).days == 1 for one in found.values())
    assert {int(one["SEQUENCE"]) for one in found.values()} == {0}


def test_each_run_tells_dose_reason_signs_to_stop_and_the_footer() -> None:
    for uid, event in events(calendar(versions())).items():
        text = str(event["DESCRIPTION"])
        assert "not medical advice" in text
        if "-run-" in uid:
            assert "min" in str(event["SUMMARY"])
            assert "set by" in text
            assert "Stop and walk home" in text


def test_an_update_changes_its_events_and_cancels_what_it_took_out() -> None:
    made, updated = versions()
    before, after = events(calendar([made])), events(calendar([made, updated]))
    assert set(before) <= set(after)
    changed = {uid for uid in before if after[uid]["SEQUENCE"] != before[uid]["SEQUENCE"]}
    told = {uid for uid in before if str(after[uid]["SUMMARY"]) != str(before[uid]["SUMMARY"])}
    assert told <= changed
    assert changed
    gone = {uid for uid in before if str(after[uid]["STATUS"]) == "CANCELLED"}
    days = {(one["day"], one["kind"] in ("cross", "strength")) for week in updated["weeks"] for one in week["sessions"]}
    for uid in gone:
        day = after[uid].decoded("DTSTART").isoformat()
        assert (day, "-run-" not in uid) not in days or "strength" in uid or "cross" in uid
    assert all(int(after[uid]["SEQUENCE"]) == 1 for uid in changed)


def test_an_update_that_changes_nothing_leaves_the_bytes_as_they_are() -> None:
    made, updated = versions()
    again = {**updated, "as_of": "2026-12-07", "id": 3}
    assert calendar([made, updated]) == calendar([made, updated, again])
    assert calendar([made]) == calendar([made])


def test_other_plans_have_other_uids() -> None:
    one, other = (set(events(calendar(versions(off=off)[:1]))) for off in (1, 40))
    assert not one & other


def test_hostile_names_stay_text() -> None:
    data = calendar(versions())
    text = str(next(e for e in events(data).values() if "Blue" in str(e["DESCRIPTION"]))["DESCRIPTION"])
    assert '=cmd|"x"!A1, \\Blue; é' in text
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert data.decode()  # no letter is cut in two


def test_lines_are_folded_at_75_octets_and_text_is_escaped() -> None:
    line = "X:" + "é" * 60
    assert folded(line).replace("\r\n ", "") == line
    assert max(len(part.encode()) for part in folded(line).split("\r\n")) == 75 - 1  # é takes two octets
    assert escaped("a,b;c\\d\r\ne\nf") == "a\\,b\\;c\\\\d\\ne\\nf"
