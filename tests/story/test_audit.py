"""``loadplan audit`` and ``import --audit N``, as a user types them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from activity_files import fit_run, gpx, gpx_points, tcx, tcx_activity, tpx, zipped
from fit_shapes import shapes
from typer.testing import CliRunner

from loadplan.text import columns_wide

pytestmark = pytest.mark.story

KEYS = {"source", "session", "reader", "name", "unit", "ours", "theirs", "difference", "verdict", "reason", "recounted"}
COUNTS = {"files", "recordings", "same", "explained", "unexplained", "not_audited"}
FILES = {
    "1.fit": fit_run(seconds=900),
    "2.gpx": gpx(gpx_points(range(900), extra=lambda t: tpx(cad=84))),
    "3.tcx": tcx(tcx_activity(900)),
    "4.fit": shapes()["several sessions"],
    "readme.txt": b"words",
}


def put(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_one_file_is_shown_value_by_value(loadplan: Any, home: Path) -> None:
    put(home / "run.gpx", FILES["2.gpx"])
    told = loadplan("audit", "run.gpx")
    assert told.status == 0
    for word in (
        "start (UTC)",
        "2024-05-04 06:30:00",
        "distance km",
        "cadence spm",
        "168",
        "84",
        "explained",
        "one foot",
    ):
        assert word in told.out
    assert all(columns_wide(line) <= 80 for line in told.out.splitlines())
    assert told.err == ""
    assert not (home / "data").exists()


def test_many_files_are_a_line_each_with_the_reasons_counted(loadplan: Any, home: Path) -> None:
    put(home / "e.zip", zipped(FILES))
    told = loadplan("audit", "e.zip")
    assert told.status == 0
    assert "4 files, 6 recordings beside fitparse" in " ".join(told.out.split())
    assert "4.fit #3" in told.out
    for width in (60, 80, 120):
        page = loadplan("audit", "e.zip", env={"COLUMNS": str(width)}).out
        assert all(columns_wide(line) <= width for line in page.splitlines())


def test_json_and_csv_hold_every_value(loadplan: Any, home: Path) -> None:
    put(home / "e.zip", zipped(FILES))
    told = loadplan("audit", "e.zip", "--format", "json").data
    assert (told["schema"], told["command"]) == (1, "audit")
    assert set(told["counts"]) == COUNTS
    assert told["counts"]["recordings"] == len(told["audits"]) == 6
    first = told["audits"][0]
    assert (first["source"], first["reader"].split()[0], len(first["values"])) == ("1.fit", "fitparse", 11)
    for row in (*told["audits"], *(value for one in told["audits"] for value in one["values"])):
        assert [k for k, v in row.items() if v is None and not row.get(f"{k}_reason")] == []
    rows = list(csv.DictReader(io.StringIO(loadplan("audit", "e.zip", "--format", "csv").out)))
    assert len(rows) == 66
    assert set(rows[0]) == KEYS


def test_distances_are_shown_in_the_readers_unit(loadplan: Any, home: Path) -> None:
    put(home / "run.fit", FILES["1.fit"])
    told = loadplan("--units", "mi", "audit", "run.fit")
    assert "distance mi" in told.out
    assert "1.68" in told.out


def test_exit_statuses(loadplan: Any, home: Path) -> None:
    put(home / "run.fit", FILES["1.fit"])
    put(home / "words.fit", b"only words")
    (home / "empty").mkdir()
    assert loadplan("audit", "run.fit").status == 0
    told = loadplan("audit", "run.fit", "words.fit")
    assert (told.status, "words.fit: not audited" in " ".join(told.out.split())) == (3, True)
    assert loadplan("audit", "words.fit").status == 4
    told = loadplan("audit", "empty")
    assert (told.status, told.out) == (4, "")
    assert "No activity" in told.err
    told = loadplan("audit", "run.fit", "none.fit")
    assert (told.status, told.out, "none.fit" in told.err) == (2, "", True)


def test_a_sample_is_as_large_as_asked_for_and_the_same_again(loadplan: Any, home: Path) -> None:
    put(home / "e.zip", zipped(FILES))
    first = loadplan("audit", "e.zip", "--sample", 2, "--format", "json").data
    assert first["counts"]["files"] == 2
    assert loadplan("audit", "e.zip", "--sample", 2, "--format", "json").data == first
    from loadplan.cli import whole_app

    app = whole_app()
    line = ["audit", str(home / "e.zip"), "--sample", "1", "--format", "json", "--seed"]
    drawn = [json.loads(CliRunner().invoke(app, [*line, f"{n}"]).stdout)["audits"][0]["source"] for n in range(12)]
    assert len(set(drawn)) > 1


def test_an_import_audits_some_of_its_files(loadplan: Any, home: Path) -> None:
    put(home / "e.zip", zipped(FILES))
    told = loadplan("import", "e.zip", "--audit", 2)
    assert told.status == 0
    assert told.err == ""
    assert "2 files, " in told.out.split("Audit")[1]
    assert all(columns_wide(line) <= 80 for line in told.out.splitlines())
    again = loadplan("import", "e.zip", "--audit", 9, "--format", "json")
    assert again.status == 0
    assert again.data["counts"]["new"] == 0
    assert again.data["audit"]["counts"]["files"] == 4
    assert again.err == "", "in JSON the audit is a key, and no more"
    assert "audit" not in loadplan("import", "e.zip", "--format", "json").data


def test_what_is_unexplained_ends_in_three(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    from importers import audit
    from loadplan.cli import whole_app

    app = whole_app()
    right = audit._values
    monkeypatch.setattr(audit, "_values", lambda *a: right(*a) | {"distance_m": 1.0})
    monkeypatch.setenv("COLUMNS", "80")
    run, store = put(home / "run.fit", FILES["1.fit"]), str(home / "x.db")
    told = CliRunner().invoke(app, ["--store", store, "audit", str(run)])
    assert told.exit_code == 3
    assert "distance km 0.00 against 2.70: unexplained" in told.output
    told = CliRunner().invoke(app, ["--store", store, "import", str(run), "--audit", "1"])
    assert told.exit_code == 3
    assert "unexplained" in told.output
    assert CliRunner().invoke(app, ["--store", store, "import", str(run)]).exit_code == 0


def test_a_hostile_name_reaches_neither_terminal_nor_spreadsheet(loadplan: Any, home: Path) -> None:
    put(home / "=cmd\x1b[2J\u202e.fit", b"only words")
    put(home / "=cmd\x1b[2J\u202e.gpx", FILES["2.gpx"])
    for form in ("table", "json", "csv"):
        told = loadplan("audit", home, "--format", form)
        assert not set(told.out + told.err) & {"\x1b", "\u202e"}
    rows = list(csv.DictReader(io.StringIO(loadplan("audit", home, "--format", "csv").out)))
    assert all(row["source"].startswith("'=") for row in rows)


def test_no_position_is_told(loadplan: Any, home: Path) -> None:
    put(home / "run.gpx", FILES["2.gpx"])
    told = loadplan("audit", "run.gpx", "--format", "json").out
    assert "latitude" not in told
    assert "10.00" not in json.dumps(json.loads(told)["audits"][0]["values"][2:3])
    assert "20.0" not in told
