"""Summaries and gear of a Garmin account: every unit, every shape of file, every damage."""

from __future__ import annotations

import json
import math
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from garmin_exports import Done, dumped, export_json, some_runs, summary
from hypothesis import given
from hypothesis import strategies as st

from importers.account import Account
from importers.garmin import (
    GarminRow,
    join_gear,
    looks_like_gear,
    looks_like_summaries,
    read_gear,
    read_summaries,
)
from importers.garmin.listing import looks_like_list
from importers.garmin.row import PROBLEMS_MAX

START = datetime(2024, 5, 1, 6, 30, tzinfo=UTC)
RUN = Done(ident=77, start=START)


def one(entry: dict[str, Any]) -> GarminRow:
    account = read_summaries(export_json([entry]), source="s.json")
    assert account.problems == ()
    (row,) = account.rows
    assert isinstance(row, GarminRow)
    return row


def codes(account: Account) -> list[str]:
    return [problem.code for problem in account.problems]


def says(row: Any, run: Done) -> bool:
    """Whether a row says what was done."""
    return bool(
        row.activity_id == str(run.ident)
        and row.start == run.start
        and row.utc_known
        and row.utc_offset_s == run.offset_s
        and row.sport == "run"
        and math.isclose(row.distance_m, run.distance_m)
        and math.isclose(row.moving_s, run.timer_s)
        and math.isclose(row.elapsed_s, run.elapsed_s)
        and math.isclose(row.ascent_m, run.ascent_m)
        and math.isclose(row.descent_m, run.descent_m)
        and math.isclose(row.cadence_spm, run.cadence_spm)
        and row.heart_rate_bpm == run.heart_rate_bpm
        and row.title == " ".join(run.title.split())
    )


runs_strategy = st.builds(
    Done,
    ident=st.integers(1, 10**12),
    start=st.integers(10**9, 4 * 10**9).map(lambda s: datetime.fromtimestamp(s, tz=UTC)),
    offset_s=st.integers(-48, 56).map(lambda quarters: quarters * 900),
    distance_m=st.floats(1_000, 100_000),
    timer_s=st.floats(300, 50_000),
    elapsed_s=st.floats(300, 90_000),
    ascent_m=st.floats(0, 5_000),
    descent_m=st.floats(0, 5_000),
    cadence_spm=st.floats(40, 250),
    heart_rate_bpm=st.integers(40, 220).map(float),
    title=st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=40),
)


@given(st.lists(runs_strategy, min_size=1, max_size=5, unique_by=lambda run: run.ident))
def test_what_an_export_was_made_of_comes_back(runs: list[Done]) -> None:
    account = read_summaries(export_json([summary(run) for run in runs]), source="s.json")
    assert account.problems == ()
    assert all(says(row, run) for row, run in zip(account.rows, runs, strict=True))


@given(st.lists(runs_strategy, min_size=1, max_size=5, unique_by=lambda run: run.ident), st.booleans())
def test_a_dump_in_metres_and_seconds_says_the_same(runs: list[Done], wrapped: bool) -> None:
    entries = [dumped(run) for run in runs]
    data = json.dumps({"activityList": entries} if wrapped else entries).encode()
    account = read_summaries(data, source="s.json")
    assert account.problems == ()
    assert all(says(row, run) for row, run in zip(account.rows, runs, strict=True))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_bare_lists_nested_lists_and_encodings_are_read_alike(encoding: str) -> None:
    entries = [summary(run) for run in some_runs(3)]
    wrapper = [{"summarizedActivitiesExport": entries[:1]}, {"summarizedActivitiesExport": entries[1:]}]
    for shape in (entries, [entries], wrapper, wrapper[0]["summarizedActivitiesExport"] + entries[1:]):
        data = json.dumps(shape, ensure_ascii=False).encode(encoding)
        assert looks_like_summaries(data)
        account = read_summaries(data, source="s.json")
        assert [row.activity_id for row in account.rows] == [str(run.ident) for run in some_runs(3)]
        assert account.problems == ()


def test_one_activity_alone_is_read_with_its_nested_values() -> None:
    inner = {"distance": 10_000.0, "duration": 3_000.0, "directWorkoutRpe": 60, "directWorkoutFeel": 75,
             "startTimeGMT": "2024-05-01T06:30:00.0", "startTimeLocal": "2024-05-01T08:30:00.0"}  # fmt: skip
    alone = {"activityId": 5, "activityTypeDTO": {"typeKey": "treadmill_running"}, "summaryDTO": inner}
    data = json.dumps(alone).encode()
    assert looks_like_summaries(data)
    (row,) = read_summaries(data, source="s.json").rows
    assert isinstance(row, GarminRow)
    assert (row.start, row.utc_offset_s, row.surface) == (START, 7200, "treadmill")
    assert (row.distance_m, row.moving_s, row.rpe, row.feel) == (10_000, 3_000, 6.0, 75)


def test_the_type_wins_over_the_sport() -> None:
    assert one(summary(RUN, activityType="hiking")).sport == "hike"
    assert one(summary(RUN, activityType=None)).sport == "run"


@pytest.mark.parametrize(
    ("kind", "surface"),
    [
        ("running", None),
        ("treadmill_running", "treadmill"),
        ("indoor_running", "treadmill"),
        ("trail_running", "trail"),
        ("track_running", "track"),
        ("street_running", "road"),
        ("virtual_run", "virtual"),
        ("ultra_run", None),
        ("obstacle_run", None),
    ],
)
def test_every_kind_of_running_is_a_run_on_its_surface(kind: str, surface: str | None) -> None:
    row = one(summary(replace(RUN, kind=kind)))
    assert (row.sport, row.surface) == ("run", surface)


def test_strides_are_doubled_and_steps_are_not() -> None:
    entry = summary(RUN, avgRunCadence=81.0)
    assert one(entry).cadence_spm == 170.0
    del entry["avgDoubleCadence"]
    assert one(entry).cadence_spm == 162.0
    assert one({**entry, "avgRunCadence": 168.0}).cadence_spm == 168.0


@pytest.mark.parametrize("wrong", [0, 0.0, None, "", -5, "never", [1]])
def test_a_start_of_nothing_is_taken_from_the_begin(wrong: object) -> None:
    row = one(summary(RUN, startTimeGmt=wrong))
    assert (row.start, row.utc_offset_s, row.utc_known) == (START, 7200, True)


def test_only_a_local_start_is_a_clock_without_a_zone() -> None:
    row = one(summary(RUN, startTimeGmt=0, beginTimestamp=0))
    assert (row.start, row.utc_known, row.utc_offset_s) == (START + timedelta(hours=2), False, None)


@pytest.mark.parametrize("offset_s", [-43200, -12600, 0, 20700, 50400, 54000])
def test_offsets_in_quarters_of_an_hour_are_kept(offset_s: int) -> None:
    assert one(summary(replace(RUN, offset_s=offset_s))).utc_offset_s == offset_s


@pytest.mark.parametrize("offset_s", [400, 55800, -86400])
def test_offsets_of_no_clock_are_unknown(offset_s: int) -> None:
    assert one(summary(replace(RUN, offset_s=offset_s))).utc_offset_s is None


def test_a_local_start_of_zero_says_nothing() -> None:
    assert one(summary(RUN, startTimeLocal=0.0)).utc_offset_s is None


def test_parents_and_their_parts_are_told_apart() -> None:
    parent = summary(replace(RUN, ident=1, kind="multi_sport"), parent=True, childIds=[2])
    listed = summary(replace(RUN, ident=2))
    named = summary(replace(RUN, ident=3), parentId=1)
    lonely = summary(replace(RUN, ident=4))
    rows = read_summaries(export_json([named, parent, listed, lonely]), source="s.json").rows
    found = {row.activity_id: (row.is_parent, getattr(row, "parent_id", "")) for row in rows}
    assert found == {"1": (True, None), "2": (False, "1"), "3": (False, "1"), "4": (False, None)}
    assert {row.sport for row in rows} == {"run", "multisport"}


@pytest.mark.parametrize(("said", "rpe"), [(60, 6.0), (100, 10.0), (10, 1.0), (7, 7.0), (0, None), (None, None)])
def test_effort_is_of_ten(said: int | None, rpe: float | None) -> None:
    assert one(summary(RUN, directWorkoutRpe=said)).rpe == rpe
    assert one(summary(RUN, workoutRpe=said)).rpe == rpe


def test_corrected_climb_and_typed_runs_are_marked() -> None:
    row = one(summary(RUN, elevationCorrected=True, manualActivity=True, steps=8400))
    assert (row.climb_corrected, row.typed_in, row.steps) == (True, True, 8400)
    assert not one(summary(RUN)).climb_corrected


def test_what_is_not_said_is_none_and_not_zero() -> None:
    bare = {"activityId": 1, "activityType": "running", "beginTimestamp": int(START.timestamp() * 1000)}
    row = one(bare)
    values = [row.distance_m, row.elapsed_s, row.moving_s, row.ascent_m, row.cadence_spm, row.steps, row.rpe]
    assert values == [None] * len(values)


def test_units_without_telling_keys_are_told_by_size() -> None:
    keys = {"activityId": 1, "activityType": "running", "beginTimestamp": int(START.timestamp() * 1000)}
    for seconds in (1_500.0, 90_000.0):
        metres = seconds * 2.5
        assert one({**keys, "duration": seconds, "distance": metres}).distance_m == metres
    for seconds in (120.0, 300.0, 90_000.0):
        metres = seconds * 2.5
        assert one({**keys, "duration": seconds * 1000, "distance": metres * 100}).distance_m == metres


def test_a_file_in_seconds_under_the_names_of_an_export_is_read_in_seconds_and_said() -> None:
    entries = [{**summary(run), "distance": run.distance_m, "duration": run.timer_s} for run in some_runs(5)]
    account = read_summaries(export_json(entries), source="s.json")
    assert [row.distance_m for row in account.rows] == pytest.approx([run.distance_m for run in some_runs(5)])
    assert [row.moving_s for row in account.rows] == pytest.approx([run.timer_s for run in some_runs(5)])
    assert codes(account) == ["units_corrected"]


def test_one_false_start_does_not_change_the_unit_of_an_export() -> None:
    account = read_summaries(export_json([summary(replace(RUN, timer_s=10.0, distance_m=28.0))]), source="s.json")
    assert (account.rows[0].moving_s, account.rows[0].distance_m) == (10.0, 28.0)


def test_an_old_dump_with_only_its_elapsed_time_in_milliseconds() -> None:
    data = json.dumps([dumped(RUN, elapsedDuration=RUN.elapsed_s * 1000)]).encode()
    assert read_summaries(data, source="s.json").rows[0].elapsed_s == RUN.elapsed_s


@given(st.data())
def test_a_cut_file_gives_the_whole_entries_before_the_cut_and_says_so(data: st.DataObject) -> None:
    runs = some_runs(4)
    whole = export_json([summary(run) for run in runs])
    ends = [whole.index(json.dumps(summary(run)).encode()) + len(json.dumps(summary(run))) for run in runs]
    at = data.draw(st.integers(ends[0], len(whole) - 3))
    account = read_summaries(whole[:at], source="s.json")
    assert len(account.rows) == sum(end <= at for end in ends)
    assert "truncated" in codes(account)


@pytest.mark.parametrize(
    "damage",
    [
        ('"activityType": "running"', '"activityType": running'),
        ('"rule": "subscribers"', '"rule: "subscribers"'),
        ('"eventTypeId": 9,', '"eventTypeId": 9'),
        ('"splits": [{', '"splits": {{'),
    ],
)
def test_a_damaged_entry_costs_only_itself_and_is_named(damage: tuple[str, str]) -> None:
    runs = some_runs(4)
    texts = [json.dumps(summary(run)) for run in runs]
    texts[1] = texts[1].replace(*damage)
    data = f'[{{"summarizedActivitiesExport": [{", ".join(texts)}]}}]'.encode()
    account = read_summaries(data, source="s.json")
    assert [row.activity_id for row in account.rows] == [str(runs[n].ident) for n in (0, 2, 3)]
    assert next((p.code, p.source) for p in account.problems) == ("malformed", "s.json:2")


def test_an_entry_that_ends_too_early_is_kept_and_said() -> None:
    texts = [json.dumps(summary(run)) for run in some_runs(4)]
    texts[1] = texts[1].replace('"parent": false, "splits"', '"parent": false}, "splits"')
    account = read_summaries(f"[{', '.join(texts)}]".encode(), source="s.json")
    assert [row.activity_id for row in account.rows] == [str(run.ident) for run in some_runs(4)]
    assert set(codes(account)) == {"malformed"}


@pytest.mark.parametrize(
    "hostile",
    [
        "[" * 200_000,
        '{"a":' * 200_000,
        "[" * 200_000 + "]" * 200_000,
        "1" * 10_000,
        '{"activityId": ' + "9" * 9_999 + "}",
    ],
)
def test_depth_and_endless_numbers_are_survived(hostile: str) -> None:
    read_summaries(hostile.encode(), source="s.json")
    inside = f'[{{"summarizedActivitiesExport": [{json.dumps(summary(RUN))}, {hostile}]}}]'
    account = read_summaries(inside.encode(), source="s.json")
    assert [row.activity_id for row in account.rows] == ["77"]
    assert account.problems


def test_a_file_of_nothing_but_damage_fills_no_memory() -> None:
    account = read_summaries(b'[{"summarizedActivitiesExport": [' + b"1," * 5_000, source="s.json")
    assert len(account.problems) == PROBLEMS_MAX + 1
    assert account.problems[-1].code == "more_problems"
    assert "4,0" in account.problems[-1].detail


def test_no_more_entries_are_read_than_a_life_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importers.garmin.summaries.ENTRIES_MAX", 3)
    account = read_summaries(export_json([summary(run) for run in some_runs(5)]), source="s.json")
    assert (len(account.rows), codes(account)) == (3, ["too_many_rows"])


def test_damage_made_to_be_searched_for_ever_is_given_up_and_said() -> None:
    broken = b'{"x", ' * 30_000
    data = b'[{"summarizedActivitiesExport": [' + json.dumps(summary(RUN)).encode() + b"," + broken
    account = read_summaries(data, source="s.json")
    assert [row.activity_id for row in account.rows] == ["77"]
    assert codes(account)[-1] == "truncated"


@pytest.mark.parametrize("value", [math.nan, math.inf, -1.0, 1e300, 10**400, "1e999"])
def test_impossible_values_are_left_out_and_named(value: float) -> None:
    account = read_summaries(export_json([summary(RUN, distance=value)]), source="s.json")
    assert account.rows[0].distance_m is None
    assert account.rows[0].moving_s == RUN.timer_s
    assert "distance_m" in account.problems[0].detail


@pytest.mark.parametrize("value", [None, True, [], {}, "far"])
def test_values_of_a_wrong_type_are_unknown(value: object) -> None:
    assert one(summary(RUN, distance=value)).distance_m is None


def test_a_number_twice_is_kept_once_and_said() -> None:
    account = read_summaries(
        export_json([summary(RUN), summary(RUN), summary(replace(RUN, ident=78))]), source="s.json"
    )
    assert [row.activity_id for row in account.rows] == ["77", "78"]
    assert codes(account) == ["duplicate_row"]


def test_entries_without_start_or_number_are_named() -> None:
    nothing = summary(RUN, startTimeGmt=0, beginTimestamp=0, startTimeLocal=0)
    account = read_summaries(
        export_json([nothing, summary(RUN, activityId=None), 5, None, summary(RUN)]), source="s.json"
    )
    assert [row.activity_id for row in account.rows] == ["77"]
    assert codes(account) == ["no_start", "malformed", "malformed", "malformed"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(summary(RUN)) + sorted(dumped(RUN))), json_values, max_size=12))
def test_no_entry_raises_and_none_harms_its_neighbour(entry: dict[str, Any]) -> None:
    account = read_summaries(
        export_json([{**entry, "activityId": entry.get("activityId", 3)}, summary(RUN)]), source="s"
    )
    assert "77" in [row.activity_id for row in account.rows]


@given(st.binary(max_size=300))
def test_no_bytes_raise(data: bytes) -> None:
    for text in (data, b'[{"summarizedActivitiesExport": [' + data, b'[{"gearDTOS": [' + data):
        read_summaries(text, source="s")
        read_gear(text, source="s")
        looks_like_summaries(text)
        looks_like_gear(text)
        looks_like_list(text)


@pytest.mark.parametrize("empty", [b"[]", b"{}", b"[{}]", b'[{"summarizedActivitiesExport": []}]'])
def test_an_empty_account_is_no_problem(empty: bytes) -> None:
    assert read_summaries(empty, source="s") == Account()


def test_titles_lose_what_steers_a_terminal() -> None:
    assert (
        one(summary(RUN, name="a\x1b[31m b\u202ec\ud800\n d" + "x" * 500)).title == ("a [31m b c d" + "x" * 500)[:200]
    )


# ---------------------------------------------------------------- gear


PAIRS = [
    {"gearPk": 111, "gearTypeName": "Shoes", "displayName": "Pegasus", "customMakeModel": "Nike Pegasus",
     "dateBegin": "2016-08-01T00:00:00.0", "dateEnd": "2018-01-02T00:00:00.0", "maximumMeters": 800000.0},
    {"gearPk": 222, "gearTypeName": "Shoes", "customMakeModel": "Clifton 3", "dateBegin": "2017-02-01T00:00:00.0"},
    {"gearPk": 333, "gearTypeName": "Bike", "displayName": "Canyon"},
    {"gearPk": 444, "gearTypeName": "Shoes", "displayName": " ", "customMakeModel": "Clifton 3",
     "dateBegin": 1577836800000, "maximumMeters": 0},
]  # fmt: skip
LINKS = {
    "111": [{"gearPk": 111, "activityId": 1}, {"gearPk": 111, "activityId": 2}],
    "222": [{"gearPk": 222, "activityId": 3.0}],
    "333": [{"gearPk": 333, "activityId": 1}],
    "444": [{"activityId": "4"}],
}
GEAR = json.dumps([{"gearDTOS": PAIRS, "gearActivityDTOs": LINKS}]).encode()


def test_shoes_come_with_their_days_and_limits() -> None:
    table = read_gear(GEAR, source="gear.json")
    assert looks_like_gear(GEAR)
    assert not looks_like_summaries(GEAR)
    assert [(g.name, g.first_day, g.retired, g.wear_limit_m) for g in table.gear] == [
        ("Pegasus", date(2016, 8, 1), date(2018, 1, 2), 800_000.0),
        ("Clifton 3", date(2017, 2, 1), None, None),
        ("Clifton 3 (2)", date(2020, 1, 1), None, None),
    ]
    assert table.of_activity == {"1": "Pegasus", "2": "Pegasus", "3": "Clifton 3", "4": "Clifton 3 (2)"}
    assert table.problems == ()


def test_the_capitals_of_the_names_do_not_matter() -> None:
    data = json.dumps({"gearDTOs": PAIRS, "gearActivityDTOS": [link for links in LINKS.values() for link in links[:1]]})
    table = read_gear(data.encode(), source="gear.json")
    assert table.of_activity == {"1": "Pegasus", "3": "Clifton 3"}
    assert [problem.code for problem in table.problems] == ["malformed"]


def test_shoes_join_the_activities_that_have_none() -> None:
    account = read_summaries(export_json([summary(replace(RUN, ident=n)) for n in (1, 3, 9)]), source="s.json")
    account = replace(account, rows=(replace(account.rows[0], gear="By hand"), *account.rows[1:]))
    joined = join_gear(account, read_gear(GEAR, source="gear.json"))
    assert [row.gear for row in joined.rows] == ["By hand", "Clifton 3", None]
    assert len(joined.gear) == 3
    assert join_gear(joined, read_gear(GEAR, source="gear.json")).gear == joined.gear


@pytest.mark.parametrize("empty", [b"[{}]", b"[]", b'[{"gearDTOS": [], "gearActivityDTOs": {}}]'])
def test_no_gear_is_no_problem(empty: bytes) -> None:
    table = read_gear(empty, source="gear.json")
    assert (table.gear, dict(table.of_activity), table.problems) == ((), {}, ())


@given(st.integers(1, len(GEAR) - 4))
def test_cut_gear_keeps_what_stands_before_the_cut(at: int) -> None:
    table = read_gear(GEAR[:at], source="gear.json")
    whole = read_gear(GEAR, source="gear.json")
    assert {pair.name for pair in table.gear} <= {pair.name for pair in whole.gear}
    assert table.of_activity.items() <= whole.of_activity.items()
    assert table.problems


def test_two_pairs_on_one_run_are_said() -> None:
    links = {"111": [{"gearPk": 111, "activityId": 1}], "222": [{"gearPk": 222, "activityId": 1}]}
    table = read_gear(json.dumps([{"gearDTOS": PAIRS, "gearActivityDTOs": links}]).encode(), source="gear.json")
    assert table.of_activity == {"1": "Pegasus"}
    assert [problem.code for problem in table.problems] == ["several_shoes"]


# ---------------------------------------------------------------- a whole export


@pytest.mark.corpus
def test_the_export_made_of_real_runs_is_read_exactly(garmin_zip: Path) -> None:
    truth = json.loads((garmin_zip.parent / "truth.json").read_text())["garmin"]
    account = Account()
    tables = []
    with zipfile.ZipFile(garmin_zip) as archive:
        for name in archive.namelist():
            data = archive.read(name)
            if looks_like_summaries(data[:65536]):
                read = read_summaries(data, source=name)
                account = Account(rows=account.rows + read.rows, problems=account.problems + read.problems)
            elif looks_like_gear(data[:65536]):
                tables.append(read_gear(data, source=name))
    for table in tables:
        account = join_gear(account, table)
    found = {row.start.isoformat(): row for row in account.rows if row.sport == "run"}
    assert len(found) == len(truth)
    assert sorted(row.sport for row in account.rows if row.sport != "run") == ["hike", "multisport"]
    assert account.problems == ()
    for run in truth:
        row = found[run["start"]]
        assert row.utc_offset_s is not None
        assert row.distance_m == pytest.approx(run["distance_m"], abs=1e-6)
        assert row.moving_s == pytest.approx(run["moving_s"], abs=1e-6)
        assert (row.start + timedelta(seconds=row.utc_offset_s)).date().isoformat() == run["day"]
        assert row.gear == run["shoe"]


@pytest.fixture(scope="session")
def garmin_zip(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``garmin.zip`` out of the real files, with ``truth.json`` beside it."""
    import subprocess
    import sys

    tool = corpus.parent / "tools" / "make_exports.py"
    if not tool.is_file():
        pytest.skip(f"no maker of exports at {tool}")
    out = tmp_path_factory.mktemp("exports")
    subprocess.run([sys.executable, str(tool), str(out), "--corpus", str(corpus / "corpus"), "--index",
                    str(corpus / "index.csv")], check=True, capture_output=True)  # fmt: skip
    return out / "garmin.zip"
