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
PROBE = """<!DOCTYPE html><html><body style="margin:0">
<iframe id="f" src="coach.html" style="width:{width}px;height:900px;border:0"></iframe>
<p id="told"></p><script>
document.getElementById("f").onload = () => {{
  const doc = document.getElementById("f").contentDocument, out = [];
  if (doc.documentElement.scrollWidth > {width}) out.push("page is " + doc.documentElement.scrollWidth + " wide");
  for (const one of doc.querySelectorAll("h1,h2,h3,p,li,figure,svg")) {{
    const box = one.getBoundingClientRect();
    if (box.right > {width} + 0.5 || box.left < -0.5) out.push(one.tagName + " " + one.textContent.trim().slice(0, 40));
  }}
  const sections = [...doc.querySelectorAll("section")].map(s => s.getBoundingClientRect());
  sections.forEach((a, i) => sections.slice(i + 1).forEach(b => {{
    const over = Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
      Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
    if (over) out.push("sections overlap");
  }}));
  document.getElementById("told").textContent = "seen " + sections.length + ": " + out.join("; ");
}};
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
    return home


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_nothing_sticks_out_or_overlaps(page: Path, width: int) -> None:
    (page / "probe.html").write_text(PROBE.format(width=width))
    told = browse(page, "--virtual-time-budget=5000", "--dump-dom", f"file://{page / 'probe.html'}")
    found = re.search(r'id="told">seen (\d+): ([^<]*)<', told)
    assert found, told[-300:]
    assert int(found[1]) >= 8
    assert found[2] == ""


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
