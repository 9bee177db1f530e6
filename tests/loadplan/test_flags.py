"""What a run's flags say in words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import importers
from importers import checks
from importers.problems import WELL_ENOUGH
from loadplan.cli.flags import FLAG_SENTENCES, climb_words, flag_words, mark_lines, note_words
from loadplan.cli.log import log_lines

SAID = re.compile(
    r"""(?:code=|\b_?problem\(|\.trouble\(|\b_Stopped\(\w+, |\), \(|\b_CUT: Final = \()"([a-z]+(?:_[a-z]+)*)\""""
)
REFUSALS = {
    "hostile_xml", "no_points", "no_records", "not_activity", "nothing_recorded", "past_date", "future_date", "link",
}  # fmt: skip
"""Reasons of what is not kept: they stand in no run."""
OF_NO_FILE = {"audit", "strava", "garmin", "table.py"}
"""Rooms whose problems are those of a second opinion or of an account's tables: they too stand in no run."""

OF_ROWS = frozenset({"other_file", "same_row"})
"""Said of rows of tables, in the ledger; no run carries them."""


def codes_in_the_readers() -> set[str]:
    """Every code that stands in a source of the importers, as a literal."""
    room = Path(importers.__file__).parent
    files = [file for file in room.rglob("*.py") if OF_NO_FILE.isdisjoint(file.relative_to(room).parts)]
    return {code for file in files for code in SAID.findall(file.read_text(encoding="utf-8"))}


def test_every_code_that_a_reader_can_give_has_its_sentence_or_is_a_note() -> None:
    codes = codes_in_the_readers()
    assert {"bad_crc", "truncated_gzip", "naive_time", "clock_repaired", "too_many_messages", "truncated"} <= codes
    assert codes - REFUSALS - OF_ROWS - WELL_ENOUGH - set(FLAG_SENTENCES) == set()


def test_a_flag_comes_with_its_numbers_and_the_rest_is_a_note() -> None:
    notes = [
        {"code": "gaps", "detail": "3 gaps, 500 s in all"},
        {"code": "naive_time", "detail": "times without a zone are taken as UTC"},
    ]
    assert flag_words(("gaps",), notes) == [f"gaps: {FLAG_SENTENCES['gaps']} (3 gaps, 500 s in all)"]
    assert note_words(("gaps",), notes) == ["note: times without a zone are taken as UTC"]
    assert note_words(None, None) == []


@pytest.mark.parametrize(
    ("what", "count", "said"),
    [("run", 1, "! 1 run does not"), ("run", 2, "! 2 runs do not"), ("activity", 2, "! 2 activities do not")],
)
def test_marks_are_counted_in_words(what: str, count: int, said: str) -> None:
    rows = [{"flags": ("gaps",), "salvaged": False}] * (count - 1) + [{"flags": (), "salvaged": True}]
    (line,) = mark_lines([*rows, {"flags": None, "salvaged": False}], what)
    assert line.startswith(said)
    assert mark_lines([{"flags": (), "salvaged": False}], what) == []


def test_every_check_has_its_sentence() -> None:
    assert {code for code, _ in checks.CHECKS} <= set(FLAG_SENTENCES)


def test_each_flag_is_said_and_an_unknown_one_too() -> None:
    said = flag_words(("gaps", "something_new"))
    assert said == [f"gaps: {FLAG_SENTENCES['gaps']}", "something_new: something in it does not add up"]


def test_a_run_that_nobody_checked_says_so_and_one_that_adds_up_says_nothing() -> None:
    assert flag_words(()) == []
    assert flag_words(None) == ["not checked whether it adds up: import the file again"]


def test_climb_of_low_quality_is_never_shown_without_a_word() -> None:
    assert climb_words("gps:x", "low") == "climb from: gps:x; of low quality: altitude by GPS alone, or in doubt"
    assert climb_words("barometric:x", "good") == "climb from: barometric:x"
    assert climb_words(None, None) == "climb from: not recorded"


def test_the_log_marks_climb_of_low_quality_and_says_what_the_mark_means() -> None:
    row = {"start": "2026-03-02T12:00:00+00:00", "sport": "run", "distance_m": 5000.0, "moving_s": 1500.0} | {
        "cadence_spm": None, "shoe": None, "id": "a", "ascent_m": 52.0, "climb_quality": "good",
        "flags": (), "salvaged": False,
    }  # fmt: skip
    low, flat = row | {"climb_quality": "low"}, row | {"climb_quality": "low", "ascent_m": None}
    assert not any("~" in line for line in log_lines([row, flat], "km"))
    lines = log_lines([row, low, flat], "km")
    assert [line.split()[5] for line in lines[1:4]] == ["52", "~52", "-"]
    assert lines[-1] == "~ climb of low quality: altitude by GPS alone, or in doubt"


def test_the_log_marks_runs_that_do_not_add_up_and_says_where_to_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    row = {"start": "2026-03-02T12:00:00+00:00", "sport": "run", "distance_m": 5000.0, "moving_s": 1500.0} | {
        "cadence_spm": None, "shoe": None, "id": "20260302T120000-run", "ascent_m": 52.0, "climb_quality": "good",
        "flags": (), "salvaged": False,
    }  # fmt: skip
    assert not any("!" in line for line in log_lines([row], "km"))
    lines = log_lines([row, row | {"flags": ("speed",)}, row | {"salvaged": True}], "km")
    assert [line.startswith("!") for line in lines[1:4]] == [False, True, True]
    assert lines[-1] == "! 2 runs do not add up, or their file is damaged: `loadplan log --why ID`"


@pytest.mark.parametrize("columns", [40, 50, 60, 72, 80])
def test_a_line_of_the_log_fits_the_terminal_and_keeps_the_id(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    row = {"start": "2026-03-02T12:00:00+00:00", "sport": "ride", "distance_m": 105000.0, "moving_s": 15000.0} | {
        "cadence_spm": 172.0, "shoe": "A pair with a long name", "id": "20260302T120000-ride", "ascent_m": 1520.0,
        "climb_quality": "low", "flags": ("speed",), "salvaged": False,
    }  # fmt: skip
    lines = log_lines([row], "km")
    assert max(map(len, lines)) <= columns
    assert "20260302T120000-ride" in lines[1]
