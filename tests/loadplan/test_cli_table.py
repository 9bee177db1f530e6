"""Plain tables: aligned, cut to the terminal, nothing in them taken for markup."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadplan.cli.output import csv_text, json_text
from loadplan.cli.table import Column, bar, coloured, table, wrapped
from loadplan.text import columns_wide


@pytest.fixture(autouse=True)
def eighty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def test_columns_stand_under_their_titles() -> None:
    lines = table([Column("Name"), Column("km", right=True)], [["a", "5.0"], ["long", "12.5"]])
    assert lines == ["Name    km", "a      5.0", "long  12.5"]


@given(st.lists(st.tuples(st.text(max_size=90), st.text(max_size=90)), min_size=1, max_size=5))
def test_flexible_columns_give_way_and_no_line_is_too_long(rows: list[tuple[str, str]]) -> None:
    columns = [Column("Pair", flexible=True), Column("km", right=True), Column("Notes", flexible=True)]
    lines = table(columns, [[a, "12.5", b] for a, b in rows])
    assert max(columns_wide(line) for line in lines) <= 80


def test_of_a_path_the_end_is_kept() -> None:
    line = table([Column("Source", flexible=True, keep_end=True)], [["folder/" * 20 + "run.fit"]])[1]
    assert line.startswith("…")
    assert line.endswith("run.fit")


def test_colours_only_on_a_terminal() -> None:
    assert coloured("warn", "warn") == "warn"


def test_a_bar_never_leaves_its_cells() -> None:
    assert [len(bar(share, 7)) for share in (-1, 0, 0.5, 1, 3)] == [0, 0, 4, 7, 7]


def test_paragraphs_are_cleaned_and_wrapped() -> None:
    lines = wrapped("word " * 40 + "\x1b[2J", "    ", "  - ")
    assert lines[0].startswith("  - word")
    assert all(len(line) <= 80 and "\x1b" not in line for line in lines)


@given(st.text(alphabet="abc \u8dd1\u978b\u0301\U0001f45f", max_size=300), st.integers(0, 8))
def test_paragraphs_of_wide_letters_fit_and_lose_nothing(text: str, indent: int) -> None:
    lines = wrapped(text, " " * indent)
    assert max(columns_wide(line) for line in lines) <= 80
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_json_is_ascii_and_unknown_numbers_are_null() -> None:
    told = json_text({"a": float("nan"), "b": [float("inf"), 1.5], "c": "\x1b\u202e"})
    assert told.isascii()
    assert '"a": null' in told
    assert "\x1b" not in told


def test_csv_has_a_header_and_nothing_for_unknown() -> None:
    assert csv_text([{"a": None, "b": "=x", "c": [1]}]) == "a,b,c\n,'=x,[1]\n"
    assert csv_text([]) == ""


def test_a_name_with_hyphens_is_not_broken_where_it_fits_on_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    name = "a-file-of-a-watch-2020-09-12.fit"
    assert name in [line.strip() for line in wrapped(f"truncated in 1 of them: {name}", "  ")]
