"""The coach's page by the real command: every number equals the JSON, the same bytes twice, nothing private in it."""

from __future__ import annotations

import re
import stat
import zlib
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pdf_text import shown, unpacked

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
    beside_the_runs(page, plan)
    since_a_fortnight(page, runner("log", "--format", "json", "--from", "2026-02-23", "--to", AS_OF).data["runs"])
    this_week(page, weeks)


def beside_the_runs(page: str, plan: Any) -> None:
    """As often as the plan has it until 14 days after the day of the page, and every exercise of it."""
    strength = [s for w in plan["weeks"] for s in w["sessions"] if s["kind"] == "strength" and s["day"] <= "2026-03-22"]
    assert f"{strength[0]['minutes']:.0f} min, {len(strength)} times (" in page
    for drill in strength[0]["drills"]:
        assert drill.partition(":")[0] in page


def since_a_fortnight(page: str, runs: Any) -> None:
    """A row a run: start, km, time, pace, descent, cadence."""
    rows = page[page.index("What was run in the last 14 days") :]
    assert len(runs) > 4
    for run in runs:
        start = datetime.fromisoformat(run["start"])
        minutes, seconds = divmod(round(run["moving_s"]), 60)
        pace = divmod(round(1000 * run["moving_s"] / run["distance_m"]), 60)
        spm = "-" if run["cadence_spm"] is None else f"{run['cadence_spm']:.0f}"
        told = (
            f"{start:%d %b %H:%M} {run['distance_m'] / 1000:.1f} {minutes // 60}:{minutes % 60:02d}:{seconds:02d} "
            if minutes >= 60
            else f"{start:%d %b %H:%M} {run['distance_m'] / 1000:.1f} {minutes}:{seconds:02d} "
        )
        assert f"{told}{pace[0]}:{pace[1]:02d} {run['descent_m']:.0f} {spm} " in rows


def this_week(page: str, weeks: Any) -> None:
    """The two columns of the week against its limits are the last two weeks of the JSON."""
    rows = page[page.index("This week against its limits") : page.index("The plan: the next 14 days")]
    last, now = [one for one in weeks if one["complete"]][-1], weeks[-1]
    assert f"Distance {last['distance_km']:.1f} km" in rows
    assert f"Runs {last['runs']}" in rows
    assert f"Time {last['duration_min']:.0f} min" in rows
    assert f"Longest run {last['longest_km']:.1f} km" in rows
    assert f"Ascent {last['ascent_m']:.0f} m" in rows
    assert f"Cadence {last['cadence_spm']:.0f} spm" in rows
    for week in {last["week"]: last, now["week"]: now}.values():
        assert f"{week['distance_km']:.1f} km" in rows
        if week["acwr"] is not None:
            assert f"{week['acwr']:.2f}, " in rows
        if week["spike_pct"] is not None:
            assert re.search(rf"{week['spike_pct']:+.0f} %", rows)


def test_the_same_store_gives_the_same_bytes_in_another_process_and_zone(runner: Any, home: Path) -> None:
    hurt(runner, home)
    other = {"TZ": "Pacific/Auckland", "PYTHONHASHSEED": "7", "LC_ALL": "C"}
    for name, *line in (
        ("a.html", "report"), ("a.pdf", "report"), ("a.svg", "chart", "shoes"), ("c.pdf", "chart", "overview"),
    ):  # fmt: skip
        assert runner(*line, "--out", name, *DAY).status == 0
        assert runner(*line, "--out", f"b{name}", *DAY, env=other).status == 0
        assert (home / name).read_bytes() == (home / f"b{name}").read_bytes()
        assert stat.S_IMODE((home / name).stat().st_mode) == 0o600


SECRETS = (SERIAL, LATITUDE, LONGITUDE, FILE, "said in private", "export.zip")
EXPORTS = (
    "--ics", "p.ics", "--fit", "fit", "--csv", "p.csv", "--json", "p.json", "--md", "p.md", "--intervals", "p.txt",
)  # fmt: skip


def everything(runner: Any, home: Path, share: tuple[str, ...]) -> list[Path]:
    """Every kind of file that is made for others."""
    for name in ("page.html", "page.pdf"):
        assert runner("report", "--out", name, "--force", *share, *DAY).status == 0
    assert runner("report", "--all", "--out", "all", "--jobs", 1, "--force", *share, *DAY).status == 0
    made = [home / "page.html", home / "page.pdf", *(home / "all").iterdir()]
    if not share:
        return made
    assert runner("chart", "all", "--out", "charts", *DAY).status == 0
    for ending in ("svg", "pdf"):
        for chart in ("overview", "shoes"):
            assert runner("chart", chart, "--out", f"charts/{chart}.{ending}", *DAY).status == 0
    exports = [str(home / one) if not one.startswith("--") else one for one in EXPORTS]
    assert runner("plan", "export", *exports, *DAY).status == 0
    return [*made, *(home / "charts").iterdir(), *home.glob("p.*"), *(home / "fit").iterdir()]


def test_nothing_made_for_others_tells_where_or_from_which_file(runner: Any, home: Path) -> None:
    hurt(runner, home)
    plant(home, runner)
    device = "loadplan demo watch"
    for share in (("--share",), ()):
        files = everything(runner, home, share)
        assert len(files) >= (30 if share else 4)
        for path in files:
            data = unpacked(path.read_bytes())
            told = data + shown(data)
            for secret in (*SECRETS, str(home), *((TITLE, device) if share else ())):
                assert secret.encode() not in told, (path.name, secret)
    mine, pages = (home / "page.html").read_text(), unpacked((home / "page.pdf").read_bytes())
    assert TITLE in mine
    assert device in mine
    assert "Start</th>" in mine
    assert b"Training information, not medical advice" in shown(pages)
    assert TITLE[:8].encode() in shown(pages)
    assert device.encode() in shown(pages)


def test_a_planted_secret_is_found_where_it_is(tmp_path: Path) -> None:
    letters = " -0.5\n".join(f"(\0{letter})" for letter in SERIAL)
    hidden = zlib.compress(f"[ {letters} ]\nTJ".encode())
    (tmp_path / "a.pdf").write_bytes(b"%PDF stream\n" + hidden + b"\nendstream")
    assert SERIAL.encode() in shown(unpacked((tmp_path / "a.pdf").read_bytes()))
    assert SERIAL.encode() not in (tmp_path / "a.pdf").read_bytes()


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
