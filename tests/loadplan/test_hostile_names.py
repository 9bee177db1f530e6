"""Forty hostile names through everything that goes out: they come out as letters, and as nothing else.

Every check is made twice: on names, and on what a program without that care would have put out, which it must find.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import warnings
import xml.etree.ElementTree as ET
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import fitdecode
import icalendar
import pytest
from hostile_names import NAMES, steers
from matplotlib.text import Text
from some_plans import versions

from importers.run import Run
from loadplan.charts import chart_shoes, figure_bytes
from loadplan.charts.style import safe_text
from loadplan.cli import run
from loadplan.daily import daily_load
from loadplan.outbox.calendar import calendar
from loadplan.outbox.fit_workout import workout_files
from loadplan.outbox.intervals import intervals_text
from loadplan.outbox.plan_tables import plan_csv, plan_json, plan_markdown
from loadplan.runlog import log_table
from loadplan.store import Store
from loadplan.text import clean, columns_wide, shortened

AS_OF = date(2026, 3, 25)
DAY = ("--as-of", AS_OF.isoformat())
PLAIN = tuple(f"pair {n:02d}" for n in range(len(NAMES)))
FORMULA = ("=", "+", "-", "@", "\t", "\r")
PDFTOTEXT = shutil.which("pdftotext")


def fill(path: Path, names: tuple[str, ...]) -> Path:
    """A store whose last 13 days have a run in a pair of each name, titled and recorded with the same."""
    with Store.open(path) as store, store.together():
        for n, name in enumerate(names):
            start = datetime(2026, 3, 13, 6, tzinfo=UTC) + timedelta(days=n // 4, hours=4 * (n % 4))
            store.add_run(
                Run(start=start, utc_offset_s=0, sport="run", distance_m=3000.0 + n, elapsed_s=1100.0, moving_s=1100.0,
                    shoe=name, title=name, device=name)
            )  # fmt: skip
        store.add_screening(AS_OF, {"locking": True}, {}, reason=names[0], clinician=names[10])
        store.add_pain(AS_OF, {"during": 3.0, "note": names[15]})
    return path


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A store with the hostile names, and the same with plain ones."""
    home = tmp_path_factory.mktemp("names")
    return fill(home / "hostile.db", NAMES), fill(home / "plain.db", PLAIN)


class Markup(HTMLParser):
    """How often each element and attribute of a page occurs, and its words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, int] = {}
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name in (tag, *(f"{tag} {key}" for key, _ in attrs)):
            self.found[name] = self.found.get(name, 0) + 1

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def page(store: Path, out: Path, *more: str) -> bytes:
    assert run(["--store", str(store), "report", "--out", str(out), "--force", *DAY, *more]) == 0
    return out.read_bytes()


def same_markup(found: Markup, usual: Markup) -> None:
    """The same tables and lists; charts may differ in lines, not in kinds of element."""
    assert set(found.found) == set(usual.found)
    for name in ("table", "tr", "td", "th", "li", "p", "section", "a", "figure", "script", "b class"):
        assert found.found.get(name) == usual.found.get(name), name
    assert not steers("".join(found.words))


def test_a_web_page_has_the_names_as_words_and_no_other_markup(stores: tuple[Path, Path], tmp_path: Path) -> None:
    found, usual = (Markup(page(store, tmp_path / "a.html").decode()) for store in stores)
    same_markup(found, usual)
    words = re.sub(r"\s+", " ", " ".join(found.words))
    for name in NAMES:
        assert re.sub(r"\s+", " ", shortened(clean(name), 28)).strip() in words
    with pytest.raises(AssertionError):
        same_markup(Markup("".join(NAMES)), usual)


def test_a_shared_page_has_no_title(stores: tuple[Path, Path], tmp_path: Path) -> None:
    head = '<th scope="col">Title</th>'
    assert head in page(stores[0], tmp_path / "a.html").decode()
    assert head not in page(stores[0], tmp_path / "b.html", "--share").decode()


@pytest.mark.skipif(PDFTOTEXT is None, reason="poppler-utils are not installed: the PDF is not read")
def test_a_pdf_has_the_names_as_words(stores: tuple[Path, Path], tmp_path: Path) -> None:
    page(stores[0], tmp_path / "a.pdf")
    told = subprocess.run(
        [PDFTOTEXT or "", "-layout", tmp_path / "a.pdf", "-"], capture_output=True, check=True
    ).stdout.decode()
    flat = re.sub(r"\s+", "", told)
    for name in NAMES:
        if clean(name).isascii():
            assert re.sub(r"\s+", "", shortened(clean(name), 18)).rstrip("\u2026") in flat, name
    mine = ("\f", "\u202a", "\u202b", "\u202c")  # poppler ends a page, and sets off what is written from the right
    assert not [c for c in steers(told) if c not in mine]


def test_the_index_of_a_coach_has_the_names_as_words(tmp_path: Path) -> None:
    names = [name for name in NAMES[:20] if "\x00" not in name]
    for name in names:
        with Store.open(tmp_path / "s.db", athlete=name) as store:
            store.add_pain(AS_OF, {"during": 1.0})
    (tmp_path / "out").mkdir()
    assert run(["--store", str(tmp_path / "s.db"), "report", "--all", "--out", str(tmp_path / "out"), *DAY]) == 0
    found = Markup((tmp_path / "out" / "index.html").read_text(encoding="utf-8"))
    assert found.found["a href"] == len(names)
    assert "script" not in found.found
    assert not steers("".join(found.words))
    for name in names:
        assert shortened(clean(name), 32).strip() in " ".join(found.words)


def pairs(names: tuple[str, ...]) -> Any:
    """A log in which each name is worn in a week of its own."""
    rows = [
        {
            "id": str(n), "start": datetime(2026, 1, 5, 8, tzinfo=UTC) + timedelta(weeks=n), "utc_offset_s": 0,
            "sport": "run", "distance_m": 5000.0, "elapsed_s": 1800.0, "moving_s": 1800.0, "shoe": name,
        }
        for n, name in enumerate(names)
    ]  # fmt: skip
    return log_table(rows)


@pytest.mark.parametrize("first", range(0, len(NAMES), 5))
def test_charts_draw_the_names_as_letters_in_every_format(first: int) -> None:
    log = pairs(NAMES[first : first + 5])
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a letter without a shape, a formula that cannot be set
        figure = chart_shoes(log, daily_load(log, date(2026, 2, 10)))
        for kind in ("png", "svg", "pdf"):
            data = figure_bytes(figure, kind)
            if kind == "svg":
                tags = {one.tag.partition("}")[2] for one in ET.fromstring(data).iter()}
                assert not tags & {"script", "b", "image", "a", "foreignObject"}
    texts = [text for text in figure.findobj(Text) if isinstance(text, Text)]
    assert not [text for text in texts if text.get_parse_math()]
    assert not steers(str(figure.get_label()) + "".join(text.get_text() for text in texts))
    shown = {text.get_text() for text in texts}
    assert sum(safe_text(name) in shown for name in NAMES[first : first + 5]) == 5


def plan(names: tuple[str, ...]) -> dict[str, Any]:
    """A plan whose sessions name each pair in turn, and whose stop was lifted by somebody with a name."""
    made = json.loads(json.dumps(versions()[0]))
    sessions = [one for week in made["weeks"] for one in week["sessions"] if one["kind"] != "rest"]
    assert len(sessions) >= len(names)
    for n, session in enumerate(sessions):
        session["shoe"] = names[n % len(names)]
    made["notes"] = [*made["notes"], f"Stop lifted by {names[11]}: {names[10]} {names[15]}"]
    return made  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def plans() -> tuple[dict[str, Any], dict[str, Any]]:
    return plan(NAMES), plan(PLAIN)


def test_a_calendar_has_the_same_events_with_the_names_in_their_descriptions(plans: Any) -> None:
    found, usual = (icalendar.Calendar.from_ical(calendar([one])).walk("VEVENT") for one in plans)
    assert [set(one) for one in found] == [set(one) for one in usual]
    told = [str(one["DESCRIPTION"]) for one in found]
    assert not steers("".join(told))
    for name in NAMES:
        assert any(f"in {clean(name)}\n" in text for text in told), name
    assert all(len(line) <= 75 for line in calendar([plans[0]]).split(b"\r\n"))


def test_workouts_for_a_watch_are_the_same_with_any_name(plans: Any) -> None:
    day = date.fromisoformat(plans[0]["start"])
    found, usual = (dict(workout_files(one, day)) for one in plans)
    assert list(found) == list(usual)
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+\.fit", name) for name in found)
    for data in found.values():
        with fitdecode.FitReader(io.BytesIO(data)) as reader:
            texts = [str(f.value) for m in reader if isinstance(m, fitdecode.FitDataMessage) for f in m.fields]
        assert not steers("".join(texts))


def test_the_text_for_intervals_and_the_page_in_markdown_keep_their_lines(plans: Any) -> None:
    day = date.fromisoformat(plans[0]["start"])
    for write in (plan_markdown, lambda one: intervals_text(one, day)):
        found, usual = (write(one) for one in plans)
        assert not steers(found)
        kinds = [[line[:2] for line in text.splitlines() if line[:1] in "#->"] for text in (found, usual)]
        assert kinds[0] == kinds[1]
    assert "<script>" not in plan_markdown(plans[0])
    assert r"\<script\>alert(1)\</script\>" in plan_markdown(plans[0])


def no_formula(text: str, rows: int) -> list[dict[str, str]]:
    """The rows of a CSV of so many; no cell is a formula but numbers below zero."""
    found = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(found) == rows
    cells = [cell for row in found for cell in row.values()]
    assert None not in cells
    assert not [cell for cell in cells if cell[:1] in FORMULA and not re.fullmatch(r"-\d+(\.\d+)?", cell)]
    assert not steers(text)
    return found


def test_csv_has_a_row_each_and_no_formula(plans: Any, stores: tuple[Path, Path], capsys: Any) -> None:
    sessions = sum(len(week["sessions"]) for week in plans[0]["weeks"])
    shoes = {row["shoe"] for row in no_formula(plan_csv(plans[0]), sessions)}
    titles = {row["title"] for row in no_formula(printed(capsys, stores[0], "log", "--format", "csv"), len(NAMES))}
    for name in NAMES:
        wanted = clean(f"'{name}" if name.startswith(FORMULA) else name)
        assert wanted in shoes
        assert wanted in titles
    with pytest.raises(AssertionError):
        no_formula("title\n" + "".join(f"{name}\n" for name in NAMES if '"' not in name), len(NAMES))


def printed(capsys: Any, store: Path, *line: str) -> str:
    capsys.readouterr()
    assert run(["--store", str(store), *line]) == 0
    return str(capsys.readouterr().out)


def test_json_is_plain_ascii_and_gives_the_names_back_as_they_are(
    plans: Any, stores: tuple[Path, Path], capsys: Any
) -> None:
    text = plan_json(plans[0])
    assert text.isascii()
    assert not steers(text)
    kept = {one["shoe"] for week in json.loads(text)["weeks"] for one in week["sessions"]}
    assert kept >= set(NAMES)
    log = printed(capsys, stores[0], "log", "--format", "json")
    assert log.isascii()
    assert {one["title"] for one in json.loads(log)["runs"]} == set(NAMES)
    assert {
        one["name"] for one in json.loads(printed(capsys, stores[0], "shoes", "--format", "json", *DAY))["pairs"]
    } == set(NAMES)


def on_a_terminal(text: str) -> None:
    assert not steers(text)
    assert max((columns_wide(line) for line in text.splitlines()), default=0) <= 80


COMMANDS = (
    ("log", "--last", "99"), ("shoes", *DAY), ("shoes", "try", NAMES[0], "--km", "3", *DAY), ("load", *DAY),
    ("check", *DAY), ("pain", "list", *DAY), ("flare", *DAY), ("cadence", *DAY),
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=lambda one: " ".join(one[:2]))
def test_a_terminal_is_not_steered_and_no_line_is_too_long(
    command: tuple[str, ...], stores: tuple[Path, Path], capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    on_a_terminal(printed(capsys, stores[0], *command))
    with pytest.raises(AssertionError):
        on_a_terminal("".join(f"{name}\n" for name in NAMES))


def test_the_log_on_a_terminal_is_a_line_a_run(stores: tuple[Path, Path], capsys: Any) -> None:
    lines = [printed(capsys, store, "log", "--last", "99").splitlines() for store in stores]
    assert len(lines[0]) == len(lines[1]) > len(NAMES)


def test_there_are_forty_of_them_and_none_is_harmless_twice() -> None:
    assert len(NAMES) == len(set(NAMES)) == 40
