"""The page as Chromium lays it out and poppler draws it; skipped where these are not installed."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from snapshots import hold

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)
PDFINFO, PDFTOTEXT, PDFTOPPM = (shutil.which(f"pdf{name}") for name in ("info", "totext", "toppm"))
pytestmark = [
    pytest.mark.story,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed: the layout of the page is not looked at"),
    pytest.mark.skipif(PDFINFO is None, reason="poppler-utils are not installed: the PDF is not looked at"),
]
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--hide-scrollbars",
    "--allow-file-access-from-files",
]  # fmt: skip
WIDTHS = (360, 768, 1280)
PROBE = """<!DOCTYPE html><html><body style="margin:0">FRAMES<p id="told"></p><script>
function faults(frame) {
  const doc = frame.contentDocument, wide = frame.clientWidth, out = [];
  if (doc.documentElement.scrollWidth > wide) out.push("page is " + doc.documentElement.scrollWidth + " wide");
  for (const one of doc.querySelectorAll("h1,h2,h3,p,li,figure,svg")) {
    const box = one.getBoundingClientRect();
    if (box.right > wide + 0.5 || box.left < -0.5) out.push(one.tagName + " " + one.textContent.trim().slice(0, 40));
  }
  for (const one of doc.querySelectorAll(".scroll")) {
    const cut = !one.closest("details") && one.scrollWidth > one.clientWidth;
    if (cut) out.push("table " + one.textContent.trim().slice(0, 40));
  }
  const sections = [...doc.querySelectorAll("section")].map(s => s.getBoundingClientRect());
  sections.forEach((a, i) => sections.slice(i + 1).forEach(b => {
    const over = Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
      Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
    if (over) out.push("sections overlap");
  }));
  return frame.src.split("/").pop() + " at " + wide + ", " + sections.length + " sections: " + out.join("; ");
}
window.onload = () => {
  document.getElementById("told").textContent = [...document.querySelectorAll("iframe")].map(faults).join(" | ");
};
</script></body></html>"""


def browse(folder: Path, *line: str) -> str:
    flags = [*FLAGS, f"--user-data-dir={folder / 'profile'}"]
    done = subprocess.run([CHROMIUM or "", *flags, *line], capture_output=True, check=True, timeout=120)
    return done.stdout.decode()


@pytest.fixture(scope="module")
def page(imported: Path, at: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the page of the synthetic runner, in pain and with a plan, as HTML and PDF."""
    home = tmp_path_factory.mktemp("page")
    shutil.copytree(imported, home, dirs_exist_ok=True)
    (home / "answers.toml").write_text('location = "front"\n')
    day = ("--as-of", "2026-03-08")
    at(home, "pain", "add", "--date", "2026-02-21", "--during", 5)
    at(home, "screen", "--answers", "answers.toml", *day)
    at(home, "plan", "new", "--start", "2026-03-09", *day)
    for name in ("coach.html", "coach.pdf"):
        assert at(home, "report", "--out", name, *day).status == 0
    assert at(home, "--units", "mi", "report", "--out", "shared.html", "--share", *day).status == 0
    for name in ("A name that goes on and on", "x" * 90, "Łukasz-Björn"):
        at(home, "--athlete", name, "pain", "add", "--date", "2026-02-21", "--during", 5)
    assert at(home, "report", "--all", "--out", "all", *day).status == 0
    return home


def told(folder: Path, *pages: str) -> list[str]:
    """What is wrong with each page at each width, as the browser lays it out; all in one start of the browser."""
    frames = [
        f'<iframe src="{one}" style="width:{w}px;height:900px;border:0"></iframe>' for one in pages for w in WIDTHS
    ]
    (folder / "probe.html").write_text(PROBE.replace("FRAMES", "".join(frames)))
    dumped = browse(folder, "--virtual-time-budget=5000", "--dump-dom", f"file://{folder / 'probe.html'}")
    found = re.search(r'id="told">([^<]*)<', dumped)
    assert found, dumped[-300:]
    return found[1].split(" | ")


def test_nothing_sticks_out_or_overlaps_on_a_telephone_a_tablet_and_a_desk(page: Path) -> None:
    found = told(page, "coach.html", "shared.html", "all/index.html")
    assert len(found) == 9
    for one in found:
        head, _, faults = one.partition(" sections: ")
        assert faults == "", one
        assert int(head.split()[-1]) >= (1 if "index" in head else 8)


def test_what_sticks_out_is_found(tmp_path: Path) -> None:
    (tmp_path / "wide.html").write_text("<body style='margin:0'><section><p style='width:900px'>wide</p></section>")
    found = told(tmp_path, "wide.html")
    assert "page is 900 wide; P wide" in found[0]
    assert found[2].endswith(": ")


def test_on_paper_it_is_two_sheets_of_a4(page: Path) -> None:
    browse(page, "--no-pdf-header-footer", f"--print-to-pdf={page / 'print.pdf'}", f"file://{page / 'coach.html'}")
    for name in ("print.pdf", "coach.pdf"):
        told = subprocess.run([PDFINFO or "", page / name], capture_output=True, check=True).stdout.decode()
        pages = re.search(r"Pages:\s+(\d+)", told)
        assert pages
        assert int(pages[1]) <= 2
        assert "A4" in told


@pytest.mark.skipif(PDFTOTEXT is None, reason="poppler-utils are not installed: the PDF is not read")
def test_the_pdf_can_be_read_as_text_and_says_what_the_page_says(page: Path) -> None:
    told = subprocess.run([PDFTOTEXT or "", page / "coach.pdf", "-"], capture_output=True, check=True).stdout.decode()
    flat = re.sub(r"\s+", " ", told)
    html = (page / "coach.html").read_text()
    for heading in re.findall(r"<h2>(.*?)</h2>", html):
        assert heading in flat
    assert "Stop and seek care for any warning sign below." in flat


@pytest.mark.skipif(PDFTOPPM is None, reason="poppler-utils are not installed: the PDF is not drawn")
def test_the_sheets_look_as_they_did(page: Path) -> None:
    subprocess.run([PDFTOPPM or "", "-r", "72", "-png", page / "coach.pdf", page / "sheet"], check=True)
    for n in (1, 2):
        hold(f"sheet-{n}", page / f"sheet-{n}.png")
