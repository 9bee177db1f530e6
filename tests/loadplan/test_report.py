from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from pdf_text import shown, unpacked

from importers.run import Run
from loadplan import coach_page
from loadplan.report import page_bytes
from loadplan.report.attention import attention
from loadplan.report.blocks import Bullets, Page, Section, Table, Words, plain
from loadplan.report.facts import Facts, read_facts
from loadplan.report.many import INDEX, write_all
from loadplan.report.page import page_of
from loadplan.report.roster import file_of, index_of
from loadplan.report.typeset import cut, width_in, wrapped
from loadplan.store import Store
from plans.screen import warning_signs
from plans.words import FOOTER

AS_OF = date(2026, 3, 25)
HOSTILE = [
    r"$\bad$ 100%", "a\x1b[31mred\u202e", "</svg><script>alert(1)</script>", "]]>&amp;<b>", "跑鞋 № 5", "حذاء", "👟🏃",
    "x" * 200, "line\nbreak\ttab", "_legend_", "%s %d {0} $title ${css}", "[/foo]", "'\" onload='x", "<!--", "\\u0024",
    "=1+1", "../../etc/passwd", "\U000f0000", "é" * 60, "javascript:alert(1)",
]  # fmt: skip
SHOE, TITLE, DEVICE, SOURCE = "Kestrel 4", "Round Mill Lane", "Watchmaker 7", "secret/folder/4711.fit"


def fill(store: Store, weeks: int = 20, shoe: str | None = SHOE, names: Sequence[str] = (), **more: Any) -> None:
    """Three runs a week, the last one on the Saturday before the page's day; ``names`` are shoes and titles in turn."""
    last = iter(names)
    monday = AS_OF - timedelta(days=AS_OF.weekday(), weeks=weeks)
    with store.together():
        for week in range(weeks):
            for weekday, km in ((1, 10.0), (3, 8.0), (5, 12.0)):
                day = monday + timedelta(weeks=week, days=weekday)
                name = next(last, None)
                store.add_run(
                    Run(
                        start=datetime(day.year, day.month, day.day, 8, 17, tzinfo=UTC), utc_offset_s=0, sport="run",
                        distance_m=1000 * km, elapsed_s=360 * km, moving_s=360 * km, ascent_m=10 * km,
                        descent_m=11 * km, shoe=name or shoe, title=name or TITLE, device=name or DEVICE, source=SOURCE,
                        **more,
                    )
                )  # fmt: skip


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.open(None) as opened:
        yield opened


def facts(store: Store, **more: Any) -> Facts:
    return read_facts(store, AS_OF, **more)


def html(store: Store, **more: Any) -> str:
    return page_bytes(page_of(facts(store, **more)), "html").decode()


def pdf(store: Store, **more: Any) -> bytes:
    return page_bytes(page_of(facts(store, **more)), "pdf")


def words_of(page: str) -> str:
    """What a reader of the page sees."""
    body = re.sub(r"<style>.*?</style>|<svg.*?</svg>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def test_an_empty_store_gives_a_page_that_says_so_and_is_not_made(tmp_path: Path) -> None:
    for kind in ("html", "pdf"):
        assert coach_page(tmp_path / "none.db", AS_OF, kind=kind)  # type: ignore[arg-type]
    assert "No run is recorded" in coach_page(tmp_path / "none.db", AS_OF).decode()
    assert list(tmp_path.iterdir()) == []


def test_one_run_without_plan_or_pain_is_enough_for_both_pages(store: Store) -> None:
    fill(store, weeks=1, shoe=None)
    assert "There is no plan." in html(store)
    assert "What changed" not in html(store)
    assert pdf(store).startswith(b"%PDF")


def test_the_footer_and_every_warning_sign_stand_on_every_page(store: Store) -> None:
    pages = [html(store), page_bytes(index_of([], AS_OF, "km"), "html").decode()]
    for page in pages:
        assert FOOTER in words_of(page)
        for do, questions in warning_signs():
            assert do in words_of(page)
            assert all(question in words_of(page) for question in questions)


def test_who_was_not_screened_is_told_so_and_a_stop_stands_first(store: Store) -> None:
    fill(store)
    assert "Not screened" in html(store)
    answers = {"locking": True, "location": "front"}
    store.add_screening(AS_OF, answers, {})
    assert attention(facts(store))[0].text.startswith("Screening of 2026-03-25: see a doctor today")
    assert "Stop: see a doctor today. No plan is made." in words_of(html(store))
    assert "Yes: locking" in words_of(html(store))


def test_an_override_is_printed_with_its_reason_and_name(store: Store) -> None:
    fill(store)
    store.add_screening(AS_OF, {"locking": True}, {}, reason="seen today <b>", clinician="Dr. $x$")
    assert "A stop was lifted by Dr. $x$: seen today &lt;b&gt;" in html(store)
    assert pdf(store)


def test_pain_brings_the_diary_and_what_changed_before_it_and_no_note(store: Store) -> None:
    fill(store)
    store.add_pain(AS_OF - timedelta(days=4), {"during": 6.0, "after": 1.0, "note": "said in private", "onset_km": 3.0})
    page = words_of(html(store))
    assert "What changed in the six weeks before the pain (2026-02-08 to 2026-03-21)" in page
    assert "red" in page
    assert "from km 3" in page
    assert "said in private" not in html(store)
    assert attention(facts(store))[0].text.startswith("Pain light red on 1 of 1 entries")


def test_shared_pages_have_no_titles_exact_times_or_devices(store: Store) -> None:
    fill(store)
    shared = html(store, share=True)
    for secret in (TITLE, DEVICE, "08:17"):
        assert secret not in shared
    assert TITLE in html(store)
    assert DEVICE in html(store)
    for secret in (TITLE, DEVICE):
        assert secret.encode() not in shown(unpacked(pdf(store, share=True)))
        assert secret.encode() in shown(unpacked(pdf(store)))


def test_no_page_names_a_file(store: Store) -> None:
    fill(store)
    pages = unpacked(pdf(store))
    assert TITLE.encode() in shown(pages)
    for data in (html(store).encode(), pages, shown(pages)):
        assert b"4711" not in data
        assert b"secret" not in data


class Markup(HTMLParser):
    """The names of all elements and attributes of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_names_of_strangers_are_only_letters() -> None:
    with Store.open(None, athlete="".join(HOSTILE)) as store, Store.open(None) as harmless:
        fill(store, weeks=len(HOSTILE) // 3 + 1, names=HOSTILE)
        fill(harmless, weeks=len(HOSTILE) // 3 + 1, names=[f"pair {n}" for n in range(len(HOSTILE))])
        store.add_screening(AS_OF, {"locking": True}, {}, reason=HOSTILE[2], clinician=HOSTILE[0])
        harmless.add_screening(AS_OF, {"locking": True}, {}, reason="x", clinician="y")
        found, usual = Markup(html(store)), Markup(html(harmless))
        assert found.elements == usual.elements
        assert found.attributes == usual.attributes
        assert not set("\x1b\u202e") & set("".join(found.words))
        assert HOSTILE[0] in "".join(found.words)
        assert pdf(store)


def test_a_page_needs_no_script_and_loads_nothing(store: Store) -> None:
    fill(store)
    page = html(store)
    assert "default-src 'none'" in page
    assert "<script" not in page
    assert not re.findall(r"(?:src|href)=\"(?!#)(?!http://www\.w3\.org)[^\"]+\"", page)
    assert "url(http" not in page
    assert len(re.findall(r"<svg[^>]*role=\"img\"[^>]*aria-label=\"[^\"]{20,}\"", page)) == page.count("<svg")


def test_ids_of_a_page_are_all_different(store: Store) -> None:
    fill(store)
    ids = re.findall(r" id=\"([^\"]+)\"", html(store))
    assert len(ids) == len(set(ids))
    used = set(re.findall(r"(?:href=\"#|url\(#)([^\")]+)", html(store)))
    assert used == set(ids)


@pytest.mark.parametrize("kind", [html, pdf])
def test_the_same_store_gives_the_same_bytes(store: Store, kind: Callable[..., Any]) -> None:
    fill(store)
    first = kind(store)
    assert kind(store) == first
    assert b"/CreationDate" not in (first if isinstance(first, bytes) else b"")


def test_nothing_after_the_day_of_the_page_is_read(store: Store) -> None:
    fill(store)
    before = read_facts(store, AS_OF - timedelta(days=30))
    assert all(row["day"] <= "2026-02-23" for row in before.runs)
    store.add_plan({"profile": "general", "weeks": []}, AS_OF + timedelta(days=1))
    assert facts(store).plan is None


def test_miles_are_miles_everywhere(store: Store) -> None:
    fill(store)
    page = words_of(html(store, units="mi"))
    assert "18.6 mi" in page
    assert "30.0 km" not in page


def test_a_word_longer_than_a_line_is_broken_and_no_line_is_too_long() -> None:
    lines = wrapped("a " + "w" * 200 + " b", 2.0, 9)
    assert "".join(lines).replace(" ", "") == "a" + "w" * 200 + "b"
    assert max(width_in(line, 9) for line in lines) <= 2.0
    assert width_in(cut("w" * 200, 2.0, 9), 2.0) <= 2.0


def test_more_than_a_page_goes_on_the_next_page() -> None:
    rows = tuple(plain(str(n), "x") for n in range(200))
    table = Table(head=("No", "What"), rows=rows)
    page = Page(title="T", lead="l", sections=(Section(title="S", blocks=(table, Words(text="end"))),), footer=FOOTER)
    assert len(re.findall(rb"/Type /Page\b", page_bytes(page, "pdf"))) > 2


def test_the_index_puts_who_needs_attention_first_and_pages_are_private(tmp_path: Path) -> None:
    path, out = tmp_path / "s.db", tmp_path / "out"
    out.mkdir()
    for name, pain in (("Ann", 0.0), ("Bea", 6.0), ("Cleo", 3.0)):
        with Store.open(path, athlete=name) as store:
            fill(store, weeks=3)
            store.add_pain(AS_OF - timedelta(days=2), {"during": pain})
    written = list(write_all(path, out, AS_OF))
    assert [one.name for one in written] == [file_of("Ann"), file_of("Bea"), file_of("Cleo"), INDEX]
    index = (out / INDEX).read_text(encoding="utf-8")
    assert index.index("Bea") < index.index("Cleo") < index.index("Ann")
    assert "Pain light red on 1 of 1 entries in 14 days, last on 2026-03-23." in words_of(index)
    assert {one.stat().st_mode & 0o777 for one in written} == {0o600}
    for link in re.findall(r"<a href=\"([^\"]+)\"", index):
        assert (out / link).is_file()
    with pytest.raises(FileExistsError):
        list(write_all(path, out, AS_OF))
    before = [one.read_bytes() for one in written]
    assert list(write_all(path, out, AS_OF, force=True, jobs=2)) == written
    assert [one.read_bytes() for one in written] == before


def test_names_that_look_alike_get_pages_of_their_own() -> None:
    names = ["Ann", "ann", "a/nn", "..", "", "名", "前", "x" * 300]
    files = [file_of(name) for name in names]
    assert len(set(files)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9-]{1,60}\.html", one) for one in files)


def test_marks_of_a_level_can_be_read_in_grey_and_heard() -> None:
    section = Section(title="S", blocks=(Bullets(items=(("careful", "strong"),)),))
    page = Page(title="T", lead="l", sections=(section,), footer="")
    assert 'role="img" aria-label="strong warning">\u25a0</b> careful' in page_bytes(page, "html").decode()


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_colour_of_letters_can_be_read_in_the_light_in_the_dark_and_on_paper() -> None:
    css = files("loadplan.report").joinpath("page.css").read_text(encoding="utf-8")
    modes = [dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block)) for block in re.findall(r":root \{(.*?)\}", css, re.S)]
    assert len(modes) == 3
    for mode in modes:
        paper = luminance(mode["paper"])
        for name in ("ink", "grey", "strong", "warn", "info"):
            low, high = sorted((paper, luminance(mode[name])))
            assert (high + 0.05) / (low + 0.05) >= 4.5, (mode["paper"], name)


def test_who_hands_out_pages_reads_in_neither_tables_nor_pictures() -> None:
    words = (
        "import sys, loadplan.report.many, loadplan.report.entry; print({'pandas', 'matplotlib'} & set(sys.modules))"
    )
    told = subprocess.run([sys.executable, "-c", words], capture_output=True, check=True, text=True)
    assert told.stdout.strip() == "set()"


def test_the_next_two_weeks_name_the_exercises_and_the_cross_training_of_the_plan(store: Store) -> None:
    fill(store)
    day = AS_OF + timedelta(days=1)
    some = {
        "minutes": 30.0, "distance_km": None, "run_walk": None, "cadence_low_spm": None, "cadence_high_spm": None,
        "shoe": None, "hills": False, "steps": ["Hip strength", "Three days a week."],
    }  # fmt: skip
    strength = [
        some | {"day": str(day + timedelta(days=n)), "kind": "strength", "drills": ["bridge 3x12 each side: lift $x$"]}
        for n in (0, 2, 5, 30)
    ]
    cross = some | {"day": str(day), "kind": "cross", "steps": ["easy cycling"], "drills": []}
    week = {
        "number": 1, "start": str(day), "phase": "rebuild", "bound_by": "target", "distance_km": 9.0, "minutes": 60.0,
        "warnings": [], "sessions": [*strength, cross],
    }  # fmt: skip
    plan = {
        "profile": "general", "start": str(day), "notes": [], "full_load_week": 1, "target_km": 9.0,
        "baseline": {"distance_km": 9.0, "cadence_spm": None}, "weeks": [week], "request": {"week_start": 0},
    }  # fmt: skip
    store.add_plan(plan, AS_OF)
    page = words_of(html(store))
    assert "Hip strength, 30 min, 3 times (Tue, Thu, Sat): bridge 3x12 each side." in page
    assert f"Cross-training, 30 min, {day:%a %d %b}: easy cycling." in page
    assert "lift $x$" not in page
    assert pdf(store)
