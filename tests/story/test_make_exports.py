"""Four exports of one real runner: each exact alone, and all of them together one runner's log."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from found import Truth, differences, reconciles

from importers import read_export
from loadplan.store import Store

pytestmark = [pytest.mark.corpus, pytest.mark.story]
NAMES = ("strava_en", "strava_de", "strava_2018", "garmin")


@pytest.fixture(scope="module")
def exports(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of the four, and ``truth.json``."""
    out = tmp_path_factory.mktemp("exports")
    tool = corpus.parent / "tools" / "make_exports.py"
    if not tool.exists():
        pytest.skip(f"no {tool}")
    subprocess.run([sys.executable, str(tool), str(out)], check=True, capture_output=True)
    return out


def truth_of(exports: Path, name: str) -> list[Truth]:
    told = json.loads((exports / "truth.json").read_text(encoding="utf-8"))
    runs = [
        Truth(datetime.fromisoformat(run["start"]), "run", run["distance_m"], run["moving_s"],
              date.fromisoformat(run["day"]), run["shoe"])
        for run in told[name]
    ]  # fmt: skip
    cut = Truth(datetime.fromisoformat(told["salvaged"]["start"]), "run", None)
    return [*runs, *([cut] if name in told["salvaged"]["in"] else [])]


def monitoring(exports: Path) -> list[str]:
    """Days of steps in the Garmin export."""
    with zipfile.ZipFile(exports / "garmin.zip") as archive:
        parts = [io.BytesIO(archive.read(name)) for name in archive.namelist() if name.endswith(".zip")]
    names = [name for part in parts for name in zipfile.ZipFile(part).namelist()]
    return [name for name in names if "_29" in name]


def table_of(exports: Path, name: str) -> list[list[str]]:
    """Rows of activities.csv, without its header."""
    with zipfile.ZipFile(exports / f"{name}.zip") as archive:
        text = archive.read("activities.csv").decode()
    return list(csv.reader(io.StringIO(text, newline="")))[1:]


@pytest.mark.parametrize("name", NAMES)
def test_each_export_alone_is_exact(exports: Path, name: str) -> None:
    read = read_export(exports / f"{name}.zip")
    assert differences(truth_of(exports, name), [run for run in read.runs if run.sport == "run"]) == []
    counts = read.counts()
    assert reconciles(counts)
    assert counts["rejected"] == 0
    assert counts["salvaged"] == (1 if name in ("strava_en", "strava_de") else 0)
    assert counts["runs"] == len(truth_of(exports, name))
    if name == "garmin":
        assert counts["not_activities"] >= len(monitoring(exports)) > 40


def test_together_they_are_one_log_and_again_nothing_is_new(
    exports: Path, home: Path, loadplan: Callable[..., Any]
) -> None:
    """One after the other, in the order in which somebody downloads them; the corrected distances are Garmin's."""
    told = json.loads((exports / "truth.json").read_text(encoding="utf-8"))
    once = [loadplan("import", exports / f"{name}.zip", "--format", "json") for name in NAMES]
    assert [one.status for one in once] == [0, 0, 0, 0]
    assert all(reconciles(one.data["counts"]) for one in once)
    log = loadplan("log", "--format", "json")
    assert len(log.data["runs"]) == told["all_together_runs"]
    salvaged = truth_of(exports, "strava_en")[-1]
    assert differences([*truth_of(exports, "garmin"), replace(salvaged, shoe=None)], log.data["runs"]) == []
    again = loadplan("import", *(exports / f"{name}.zip" for name in NAMES[::-1]), "--format", "json")
    assert (again.status, again.data["counts"]["new"], reconciles(again.data["counts"])) == (0, 0, True)
    assert loadplan("log", "--format", "json").out == log.out
    rows = len(table_of(exports, "strava_en"))
    page = " ".join(loadplan("import", exports / "strava_en.zip").out.split())
    assert re.search(rf"\b{rows} rows\b.*\b0 unexplained\b", page), page


def test_what_is_kept_is_what_was_said(exports: Path, tmp_path: Path) -> None:
    """The first import makes the log of what it has in its hands; every later one of what is kept of it."""
    read = read_export(*(exports / f"{name}.zip" for name in NAMES))
    with Store.open(tmp_path / "log.db") as store:
        store.add_import(read, ["x"], reader="test")
        assert store.witnesses() == sorted(read.witnesses, key=lambda w: w.identity)
        log = store.runs()
        with store._db.transaction():
            assert store._gather(store._writer()) == set()
        assert store.runs() == log
