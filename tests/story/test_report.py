"""The coach's page by the real command: every number equals the JSON, the same bytes twice, nothing private in it."""

from __future__ import annotations

import re
import stat
import zlib
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.story

AS_OF = "2026-03-08"
DAY = ("--as-of", AS_OF)
TITLE, SERIAL, LATITUDE, LONGITUDE, FILE = (
    "Round the secret mill",
    "3958271",
    "47.371298",
    "148.542317",
    "hidden-track.gpx",
)
GPX = """<?xml version="1.0"?><gpx version="1.1" creator="Watch {serial}" xmlns="http://www.topografix.com/GPX/1/1"><trk>
<name>{title}</name><type>running</type><trkseg>{points}</trkseg></trk></gpx>"""


def hurt(runner: Any, home: Path) -> None:
    """The synthetic runner's pain, answers and plan."""
    (home / "answers.toml").write_text('location = "front"\ndaily_life_pain = 3\n')
    for day, during in (("2026-02-21", 5), ("2026-02-26", 3), ("2026-03-05", 2)):
        assert runner("pain", "add", "--date", day, "--during", during, "--note", "said in private").status == 0
    assert runner("screen", "--answers", "answers.toml", *DAY).status == 0
    assert runner("plan", "new", "--start", "2026-03-09", *DAY).status == 0


def plant(home: Path, runner: Any) -> None:
    """A run whose file holds a place, a serial number and a title."""
    points = "".join(
        f'<trkpt lat="{LATITUDE}{n:03d}" lon="{LONGITUDE}00"><ele>400</ele>'
        f"<time>2026-03-06T09:{n // 60:02d}:{n % 60:02d}Z</time></trkpt>"
        for n in range(600)
    )
    (home / FILE).write_text(GPX.format(serial=SERIAL, title=TITLE, points=points))
    assert runner("import", FILE).status == 0


def words_of(page: str) -> str:
    body = re.sub(r"<style>.*?</style>|<svg.*?</svg>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def unpacked(path: Path) -> bytes:
    """A file with everything packed in it beside it: streams of a PDF, texts of a PNG."""
    data = path.read_bytes()
    out = [data]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL):
        try:
            out.append(zlib.decompress(stream))
        except zlib.error:
            out.append(stream)
    return b"\n".join(out)


def text_of_pdf(data: bytes) -> bytes:
    """Letters that a PDF shows, as they stand in its text operators, without the numbers between them."""
    shown = re.findall(rb"\[(.*?)\] TJ|\((.*?)\) Tj", data, re.DOTALL)
    return b" ".join(b"".join(re.findall(rb"\(((?:\\.|[^\\)])*)\)", a)) or b for a, b in shown)


def test_the_numbers_of_the_page_are_those_of_the_commands(runner: Any, home: Path) -> None:
    hurt(runner, home)
    assert runner("report", "--out", "coach.html", *DAY).status == 0
    page = words_of((home / "coach.html").read_text())
    weeks = runner("load", "--format", "json", *DAY).data["weeks"]
    for week in weeks:
        cells = [f"{week['distance_km']:.1f}", f"{week['duration_min']:.0f}"]
        assert f"{week['week']} {' '.join([str(week['runs']), *cells])}" in page.replace(" (recovery)", "").replace(
            " (not over)", ""
        )
        if week["acwr"] is not None:
            assert f"{week['acwr']:.2f}" in page
    for warning in runner("check", "--format", "json", *DAY).data["warnings"]:
        assert warning["name"] in page
        assert warning["source"].replace("&", "&amp;") in page
    found = runner("flare", "--format", "json", *DAY).data
    assert f"({found['first']} to {found['onset']})" in page
    beyond = [one for one in found["triggers"] if one["beyond"]]
    assert len(beyond) > 2
    for one in beyond:
        row = page[page.index(f" {one['label']} ", page.index("Beyond its limit")) :][: len(one["label"]) + 60]
        assert f"{one['base_as_high']} of {one['base_weeks']} {one['spans_as_high']} of {one['base_spans']}" in row
        assert re.search(rf"{one['value']:.0f}", row) or f"{one['value']:.2f}" in row
    plan = runner("plan", "show", "--format", "json", *DAY).data
    for session in [s for week in plan["weeks"][:2] for s in week["sessions"] if s["kind"] in ("run", "long")]:
        assert f" {session['kind']} {session['minutes']:.0f} {session['distance_km']:.1f} " in page
    for entry in runner("pain", "list", "--format", "json", *DAY).data["entries"]:
        assert re.search(rf"{entry['day']} {entry['during']:.0f} - - \S* ?{entry['light']}", page)


def test_the_same_store_gives_the_same_bytes_in_another_process_and_zone(runner: Any, home: Path) -> None:
    hurt(runner, home)
    for name in ("a.html", "a.pdf"):
        assert runner("report", "--out", name, *DAY).status == 0
        other = {"TZ": "Pacific/Auckland", "PYTHONHASHSEED": "7", "LC_ALL": "C"}
        assert runner("report", "--out", f"b{name}", *DAY, env=other).status == 0
        assert (home / name).read_bytes() == (home / f"b{name}").read_bytes()
        assert stat.S_IMODE((home / name).stat().st_mode) == 0o600


def test_no_page_and_no_picture_tells_where_or_from_which_file(runner: Any, home: Path) -> None:
    hurt(runner, home)
    plant(home, runner)
    for name in ("page.html", "page.pdf"):
        assert runner("report", "--out", name, "--share", *DAY).status == 0
    assert runner("chart", "all", "--out", "charts", *DAY).status == 0
    for ending in ("svg", "pdf"):
        assert runner("chart", "overview", "--out", f"o.{ending}", *DAY).status == 0
    files = [*home.glob("page.*"), *home.glob("o.*"), *(home / "charts").iterdir()]
    assert len(files) == 4 + 9
    for path in files:
        data = unpacked(path)
        told = data + text_of_pdf(data)
        for secret in (TITLE, SERIAL, LATITUDE, LONGITUDE, FILE, "said in private", "export.zip", str(home)):
            assert secret.encode() not in told, (path.name, secret)
    assert runner("report", "--out", "mine.html", *DAY).status == 0
    mine = (home / "mine.html").read_text()
    assert TITLE in mine
    for secret in (SERIAL, LATITUDE, LONGITUDE, FILE, "said in private"):
        assert secret not in mine


def test_a_file_that_is_there_is_kept_unless_forced_and_another_ending_is_refused(runner: Any, home: Path) -> None:
    (home / "coach.html").write_text("mine")
    assert runner("report", "--out", "coach.html", *DAY).status == 2
    assert (home / "coach.html").read_text() == "mine"
    told = runner("report", "--out", "coach.doc", *DAY)
    assert told.status == 2
    assert ".html or .pdf" in told.err
    assert runner("report", "--out", "coach.html", "--force", *DAY).status == 0
    assert runner("report", "--all", "--out", "coach.html", *DAY).status == 2


def test_an_empty_store_still_gives_a_page_and_an_index(loadplan: Any, home: Path) -> None:
    assert loadplan("report", "--out", "coach.html").status == 0
    assert "No run is recorded" in (home / "coach.html").read_text()
    assert loadplan("report", "--all", "--out", "all").status == 0
    assert "Nobody is in this store yet." in (home / "all" / "index.html").read_text()
    assert not (home / "data").exists()
