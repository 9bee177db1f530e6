"""What a file says of itself in numbers: sport, surface, device, barometer, type."""

from __future__ import annotations

import pytest
from activity_files import START, fit_run
from fitparse.profile import FIELD_TYPES

from importers.fit import read_fit
from importers.fit.names import FILE_TYPES, GARMIN_PRODUCTS, MANUFACTURERS, SPORTS, SUB_SPORTS, maker_and_product
from importers.measure import measure
from loadplan.outbox.fit_activity import Part, activity_messages
from loadplan.outbox.fit_file import Message, encode
from loadplan.outbox.fit_profile import UINT8, Field

SOURCE_TYPE = Field(25, UINT8)


def messages(speed=3.0, **kind):
    samples = [{"time_s": t, "distance": speed * t, "cadence": 84, "altitude": 100.0} for t in range(601)]
    return activity_messages([Part(start=START, samples=samples, **kind)], product_name=None)


def changed(found, name, **values):
    return [Message(m.name, {**m.values, **values}, m.developer, m.extra) if m.name == name else m for m in found]


def read(found):
    [recording] = read_fit(encode(found))
    return recording


def codes(recording):
    return [p.code for p in recording.problems]


# ---------------------------------------------------------------- the tables
@pytest.mark.parametrize(
    ("table", "name"),
    [
        (SPORTS, "sport"),
        (SUB_SPORTS, "sub_sport"),
        (FILE_TYPES, "file"),
        (MANUFACTURERS, "manufacturer"),
        (GARMIN_PRODUCTS, "garmin_product"),
    ],
)
def test_every_word_that_fitparse_knows_is_ours(table, name):
    assert FIELD_TYPES[name].values.items() <= table.items()


def test_no_device_has_a_name_that_stored_runs_do_not_have():
    """A new name would look like a new watch, and its climb like that of another source."""
    assert FIELD_TYPES["garmin_product"].values == GARMIN_PRODUCTS
    assert FIELD_TYPES["manufacturer"].values == MANUFACTURERS


@pytest.mark.parametrize(
    ("maker", "product", "name"),
    [
        (1.0, 2697.0, "garmin/fenix5"),
        (1.0, 3990.0, "garmin/3990"),
        (1.0, None, "garmin"),
        (1.0, 0.0, "garmin"),
        (15.0, 1.0, "dynastream/hrm1"),
        (32.0, 28.0, "wahoo_fitness/28"),
        (260.0, 0.0, "zwift/0"),
        (60_000.0, 7.0, "60000/7"),
        (255.0, "HUAWEI WATCH GT 5", "development/HUAWEI WATCH GT 5"),
        ("odd", 5.0, "odd/5"),
        (float("1e300"), 5.0, f"{1e300:.0f}/5"),
    ],
)
def test_a_device_is_named_by_maker_and_product(maker, product, name):
    assert maker_and_product(maker, product) == name


# ---------------------------------------------------------------- device
def test_the_device_is_that_of_the_file_id_without_any_serial_number():
    found = changed(messages(), "file_id", manufacturer=1, product=2697, serial_number=3_912_345_678)
    assert read(found).device == "garmin/fenix5"


def test_without_a_maker_in_the_file_id_the_creator_names_the_device():
    found = changed(messages(), "file_id", manufacturer=None, product=None)
    sensor = Message("device_info", {"timestamp": START, "device_index": 1, "manufacturer": 95, "product": 6})
    watch = Message("device_info", {"timestamp": START, "device_index": 0, "manufacturer": 32, "product": 28})
    assert read([found[0], sensor, watch, *found[1:]]).device == "wahoo_fitness/28"
    assert read(found).device is None


def test_a_hostile_name_of_a_device_is_short_and_printable():
    device = read(changed(messages(), "file_id", product_name="\x1b[31m" + "x" * 200)).device
    assert device.isprintable()
    assert len(device) == 60


# ---------------------------------------------------------------- barometer
@pytest.mark.parametrize(
    ("device_type", "source", "barometric"),
    [(4, 5, True), (4, None, True), (4, 1, None), (0, 5, None), (None, 5, None)],
)
def test_a_barometer_that_the_watch_lists_is_known(device_type, source, barometric):
    values = {"timestamp": START, "device_index": 2, "device_type": device_type}
    sensor = Message("device_info", values, extra={SOURCE_TYPE: source})
    recording = read([*messages(), sensor])
    assert recording.barometric is barometric
    if barometric:
        assert measure(recording).climb_source.startswith("barometric")


# ---------------------------------------------------------------- sport and surface
@pytest.mark.parametrize(
    ("sport", "sub", "house", "surface"),
    [
        (1, 0, "run", None),
        (1, 1, "run", "treadmill"),
        (1, 2, "run", "road"),
        (1, 3, "run", "trail"),
        (1, 4, "run", "track"),
        (1, 45, "run", "treadmill"),
        (1, 58, "run", "virtual"),
        (4, 1, "run", "treadmill"),
        (0, 3, "run", "trail"),
        (4, 15, "fitness_equipment", None),
        (2, 7, "ride", None),
        (11, 0, "walk", None),
        (17, 3, "hike", None),
        (62, 70, "hiit", None),
        (53, 53, "diving", None),
    ],
)
def test_sport_and_surface_are_those_of_the_session(sport, sub, house, surface):
    recording = read(changed(messages(), "session", sport=sport, sub_sport=sub))
    assert (recording.sport, recording.surface) == (house, surface)
    assert "sport_guessed" not in codes(recording)


def test_an_activity_that_is_generic_all_over_is_another_activity():
    recording = read(changed(changed(messages(), "session", sport=0, sub_sport=0), "lap", sport=0))
    assert (recording.sport, "sport_guessed" in codes(recording)) == ("other", False)


@pytest.mark.parametrize("said", [None, "generic"])
def test_the_sport_message_speaks_where_the_session_does_not(said):
    sport = Message("sport", {"sport": "running", "sub_sport": "trail"})
    found = changed(changed(messages(), "session", sport=said, sub_sport=None), "lap", sport=None)
    recording = read([*found, sport])
    assert (recording.sport, recording.surface) == ("run", "trail")


def test_a_lap_speaks_where_neither_session_nor_sport_message_does():
    recording = read(changed(messages(), "session", sport=None, sub_sport=None))
    assert (recording.sport, "sport_guessed" in codes(recording)) == ("run", False)


@pytest.mark.parametrize(("speed", "guess"), [(3.0, "run"), (9.0, "unknown")])
def test_without_any_sport_the_speed_decides_and_the_guess_is_said(speed, guess):
    found = changed(changed(messages(speed), "session", sport=None, sub_sport=None), "lap", sport=None)
    recording = read(found)
    assert recording.sport == guess
    assert "sport_guessed" in codes(recording)


def test_a_sport_that_nobody_has_heard_of_is_guessed_and_named_by_its_number():
    recording = read(changed(messages(), "session", sport=201))
    assert recording.sport == "run"
    assert "201" in next(p.detail for p in recording.problems if p.code == "sport_guessed")


# ---------------------------------------------------------------- type of the file
@pytest.mark.parametrize(
    ("number", "word"), [(2, "settings"), (6, "course"), (32, "monitoring_b"), (49, "49"), (44, "44")]
)
def test_a_file_of_another_type_is_named_in_words_or_by_number(number, word):
    [recording] = read_fit(encode(changed(messages()[:1], "file_id", type=number)))
    assert recording.start is None
    assert [(p.code, p.detail) for p in recording.problems] == [("not_activity", f"a FIT file of type {word}")]


def test_a_course_with_its_planned_points_is_no_run():
    found = [m for m in changed(messages(), "file_id", type=6) if m.name not in ("session", "activity")]
    assert codes(read(found)) == ["not_activity"]


def test_a_session_with_its_records_is_a_run_whatever_the_type_says_and_that_is_said():
    recording = read(changed(messages(), "file_id", type=77))
    assert recording.start == START
    assert "odd_type" in codes(recording)


def test_a_file_without_a_type_is_read_by_its_content():
    recording = read([m for m in messages() if m.name != "file_id"])
    assert (recording.start, recording.problems) == (START, ())


def test_the_bytes_of_a_plain_run_bring_no_problem():
    assert read_fit(fit_run())[0].problems == ()
