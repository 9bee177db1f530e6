"""The pictures of the README and the pages, of the synthetic runner on a fixed day: ``make pictures``."""

from __future__ import annotations

import contextlib
import io
import shutil
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

from loadplan.cli import run
from loadplan.demo import run_demo

AS_OF = date(2025, 11, 19)
PICTURES = Path(__file__).parent / "pictures"


def main() -> None:
    """Run the demo in a temporary folder and keep its charts."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            run_demo(Path(folder) / "out", run=run, as_of=AS_OF)
        for chart in sorted((Path(folder) / "out" / "synthetic" / "charts").glob("*.png")):
            shutil.copyfile(chart, PICTURES / chart.name)
        draw_page(Path(folder) / "out" / "synthetic" / "coach.pdf")


def draw_page(page: Path) -> None:
    """The sheets of the coach's page as pictures, where poppler is installed."""
    tool = shutil.which("pdftoppm")
    if tool is None:
        sys.stderr.write("poppler-utils are not installed: the pictures of the page stay as they are\n")
        return
    subprocess.run([tool, "-r", "110", "-png", page, PICTURES / "page"], check=True)


if __name__ == "__main__":
    main()
