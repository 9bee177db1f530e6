"""Bad input, exit statuses, help, start-up, hostile text: what the command does when things are not as hoped."""

from __future__ import annotations

import io
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.story

PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)
TIMELESS = b"""<?xml version="1.0"?><gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>
<trkpt lat="1" lon="1"><ele>3</ele></trkpt><trkpt lat="1.001" lon="1"><ele>4</ele></trkpt></trkseg></trk></gpx>"""


def gpx(start: str, points: int = 400, name: str = "Morning") -> bytes:
    """Some minutes of running to the north."""
    from datetime import datetime, timedelta

    began = datetime.fromisoformat(start)
    rows = "".join(
        f'<trkpt lat="{10 + n * 0.000025:.6f}" lon="20"><ele>5</ele><time>{(began + timedelta(seconds=n)).isoformat()}'
        "</time></trkpt>"
        for n in range(points)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><gpx version="1.1" creator="x" '
        'xmlns="http://www.topografix.com/GPX/1/1"><trk>'
        f"<name>{name}</name><type>running</type><trkseg>{rows}</trkseg></trk></gpx>"
    ).encode()


def put(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_a_path_that_does_not_exist_is_a_usage_error(loadplan: Any, home: Path) -> None:
    told = loadplan("import", "nowhere.zip")
    assert told.status == 2
    assert "nowhere.zip" in told.err
    assert told.out == ""
    assert not (home / "data").exists()


def test_nothing_kept_is_four(loadplan: Any, home: Path) -> None:
    put(home / "cat.png", PNG)
    put(home / "cat.fit", PNG)
    put(home / "route.gpx", TIMELESS)
    zipfile.ZipFile(home / "empty.zip", "w").close()
    (home / "folder").mkdir()
    for name in ("cat.png", "cat.fit", "route.gpx", "empty.zip", "folder"):
        told = loadplan("import", name, "--format", "json")
        assert told.status == 4, name
        assert told.data["counts"]["kept"] == 0
    assert "route.gpx: no_time" in loadplan("import", "route.gpx").out


def test_something_kept_and_something_rejected_is_three_and_the_table_of_rejects_is_written(
    loadplan: Any, home: Path
) -> None:
    folder = home / "mixed"
    folder.mkdir()
    put(folder / "good.gpx", gpx("2026-03-02T07:00:00+00:00"))
    put(folder / "broken.fit", b".FIT" * 10)
    told = loadplan("import", "mixed", "--rejected-csv", "bad.csv", "--format", "json")
    assert (told.status, told.data["counts"]["new"], told.data["counts"]["rejected"]) == (3, 1, 1)
    assert "broken.fit" in (home / "bad.csv").read_text(encoding="utf-8")
    assert loadplan("import", "mixed", "--rejected-csv", "bad.csv").status == 2, "an existing file needs --force"
    again = loadplan("import", "mixed/good.gpx", "mixed", "--format", "json")
    assert (again.status, again.data["counts"]["new"], again.data["counts"]["duplicates"]) == (3, 0, 1)
    assert loadplan("import", "mixed/good.gpx").status == 0


@pytest.mark.parametrize(
    ("line", "word"),
    [
        (("run", "add", "--date", "2026-03-02", "--km", "-3", "--minutes", "20"), "--km -3"),
        (("run", "add", "--date", "2026-03-02", "--km", "nan", "--minutes", "20"), "--km nan"),
        (("run", "add", "--date", "2026-03-02", "--km", "3", "--minutes", "0"), "--minutes 0"),
        (("run", "add", "--date", "2199-01-01", "--km", "3", "--minutes", "20"), "future"),
        (("run", "add", "--date", "02.03.2026", "--km", "3", "--minutes", "20"), "YYYY-MM-DD"),
        (("run", "add", "--date", "2026-03-02", "--km", "30", "--minutes", "20"), "faster than any runner"),
        (("run", "edit", "nobody", "--km", "3"), "no run 'nobody'"),
        (("log", "--why", "nobody"), "no run 'nobody'"),
        (("log", "--from", "yesterday"), "YYYY-MM-DD"),
        (("load", "--method", "magic"), "magic"),
        (("evidence", "acwr_hihg"), "did you mean acwr_high"),
        (("plan", "show"), "no plan yet"),
        (
            ("plan", "new", "--profile", "general", "--start", "2026-03-01", "--as-of", "2026-03-02"),
            "before 2026-03-02",
        ),
        (("plan", "new", "--start", "2026-03-02", "--as-of", "2026-03-02"), "--profile"),
        (("screen",), "--answers"),
        (("import", ".", "--tz", "Mars/Olympus"), "no time zone"),
        (("chart", "mileage", "--out", "x.png"), "nothing to draw"),
        (("pain", "add", "--date", "2026-03-02", "--during", "11"), "0 to 10"),
        (("nonsense",), "nonsense"),
    ],
)
def test_what_cannot_be_meant_is_said_with_status_two(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], line: tuple[str, ...], word: str
) -> None:
    """In one process: there are many."""
    from loadplan.cli import run

    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("LOADPLAN_STORE", str(home / "data" / "loadplan.db"))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(home)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert run(line) == 2
    told = capsys.readouterr()
    assert word in " ".join(told.err.split())
    assert told.out == ""


def test_a_malformed_protocol_or_answer_says_where(loadplan: Any, home: Path) -> None:
    (home / "p.toml").write_text("name = 'mine'\nsurprise = 1\n", encoding="utf-8")
    line = ("plan", "new", "--protocol", "p.toml", "--start", "2026-03-02", "--as-of", "2026-03-02")
    told = loadplan(*line)
    assert (told.status, "p.toml" in told.err) == (2, True)
    (home / "a.toml").write_text("knee = true\n", encoding="utf-8")
    told = loadplan("screen", "--answers", "a.toml")
    assert (told.status, "unknown key 'knee'" in told.err) == (2, True)


def test_an_empty_store_is_an_empty_list_and_a_sentence(loadplan: Any, home: Path) -> None:
    for name, key in (("log", "runs"), ("load", "weeks"), ("check", "warnings"), ("shoes", "pairs")):
        told = loadplan(name, "--format", "json")
        assert (told.status, told.data[key]) == (0, [])
        assert told.err.strip()
        assert loadplan(name).out == ""
    assert not (home / "data").exists(), "reading makes no store"


def test_a_dry_run_writes_nothing(loadplan: Any, home: Path) -> None:
    put(home / "a.gpx", gpx("2026-03-02T07:00:00+00:00"))
    told = loadplan("import", "a.gpx", "--dry-run", "--format", "json")
    assert (told.status, told.data["counts"]["new"], told.data["dry_run"]) == (0, 1, True)
    assert loadplan("run", "add", "--date", "2026-03-02", "--km", 5, "--minutes", 30, "--dry-run").status == 0
    assert not (home / "data").exists()
    told = loadplan("import", "a.gpx", "--dry-run", "--rejected-csv", "bad.csv")
    assert (told.status, (home / "bad.csv").exists()) == (0, False)
    assert "bad.csv was not written" in told.err


def test_what_is_wrong_with_a_run_is_found_from_the_import_and_from_the_log(loadplan: Any, home: Path) -> None:
    """The numbers that an import tells are told later, too, of the run they belong to."""
    put(home / "good.gpx", gpx("2026-03-02T07:00:00+00:00"))
    whole = gpx("2026-03-03T07:00:00+00:00")
    put(home / "cut.gpx", whole[: len(whole) * 3 // 4].replace(b"+00:00</time>", b"</time>"))
    told = loadplan("import", "good.gpx", "cut.gpx")
    assert "truncated in 1: cut.gpx" in told.out
    assert "the file ends too early, at byte" not in told.out
    listed = loadplan("log").out.splitlines()
    marked = [line for line in listed if line.startswith("! ") and "2026-03-03" in line]
    assert len(marked) == 1
    assert listed[-1].startswith("! 1 run does not add up")
    run_id = marked[0].split()[-1]
    why = " ".join(loadplan("log", "--why", run_id).out.split())
    assert "(the file ends too early, at byte" in why
    assert "note: times without a zone are taken as UTC" in why
    origin = loadplan("log", "--why", run_id, "--format", "json").data["origin"]
    assert {"truncated", "naive_time"} <= {note["code"] for note in origin["notes"]}
    members = loadplan("imports", 1).out
    assert f"cut.gpx ({run_id})" in members
    assert "naive_time: times without a zone" in members
    row = next(m for m in loadplan("imports", 1, "--format", "json").data["ledger"] if m["source"] == "cut.gpx")
    assert (row["ids"], len(row["problems"])) == ([run_id], len(origin["notes"]))
    missing = loadplan("imports", 99)
    assert (missing.status, "no import 99" in missing.err) == (2, True)


def test_an_import_says_what_newer_readers_measured_again(loadplan: Any, home: Path) -> None:
    put(home / "a.gpx", gpx("2026-03-02T07:00:00+00:00"))
    assert "measured again" not in loadplan("import", "a.gpx").out
    assert "measured again" not in loadplan("import", "a.gpx").out
    store = sqlite3.connect(home / "data" / "loadplan.db")
    store.execute("UPDATE run SET reader = 'loadplan 0, reader 0'")
    store.execute("UPDATE witness SET reader = 'loadplan 0, reader 0', said = json_set(said, '$.distance_m', 928)")
    store.commit()
    store.close()
    assert "1 recording was measured by older readers" in " ".join(loadplan("doctor").out.split())
    told = loadplan("import", "a.gpx", "--dry-run", "--format", "json").data
    assert (told["counts"]["measured_again"], told["counts"]["changed"]) == (1, 1)
    assert told["changes"] == {"distance_m": 1}
    lines = [line.split() for line in loadplan("import", "a.gpx").out.splitlines()]
    assert ["measured", "again", "1"] in [line[:3] for line in lines]
    assert ["changed", "1"] in [line[:2] for line in lines]
    assert "Changed: distance_m in 1." in [" ".join(line) for line in lines]


def test_a_folder_named_as_the_store_stays_as_it_is(loadplan: Any, home: Path) -> None:
    for name, make in (("folder", Path.mkdir), ("diary.txt", lambda path: path.write_text("dear diary"))):
        make(home / name)
        (home / name).chmod(0o755)
        told = loadplan("--store", name, "log")
        assert (told.status, "Nothing was changed" in told.err) == (5, True)
        assert (home / name).stat().st_mode & 0o777 == 0o755


def test_a_store_that_cannot_be_used_is_five_and_says_what_to_do(loadplan: Any, home: Path) -> None:
    (home / "noise.db").write_bytes(b"no database" * 1000)
    told = loadplan("--store", "noise.db", "log")
    assert told.status == 5
    assert "backup" in told.err
    newer = sqlite3.connect(home / "newer.db")
    newer.executescript("PRAGMA application_id = 0x6c6f6164; PRAGMA user_version = 99; CREATE TABLE x (y)")
    newer.close()
    told = loadplan("--store", "newer.db", "log")
    assert (told.status, "newer loadplan" in told.err) == (5, True)
    told = loadplan("--store", "newer.db/x.db", "run", "add", "--date", "2026-03-02", "--km", 5, "--minutes", 30)
    assert told.status == 5


def test_a_locked_store_is_five_and_reading_goes_on(loadplan: Any, home: Path) -> None:
    line = ("run", "add", "--date", "2026-03-02", "--km", 5, "--minutes", 30)
    assert loadplan(*line).status == 0
    holder = sqlite3.connect(home / "data" / "loadplan.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        told = loadplan(*line)
        assert (told.status, "in use" in told.err) == (5, True)
        assert len(loadplan("log", "--format", "json").data["runs"]) == 1
    finally:
        holder.close()


def test_hostile_titles_and_names_reach_neither_terminal_nor_spreadsheet(loadplan: Any, home: Path) -> None:
    name = "\x1b[31m\u202eevil[/foo]\x07"
    line = ("run", "add", "--date", "2026-03-02", "--km", 5, "--minutes", 30, "--shoe", name)
    assert loadplan(*line).status == 0
    page = loadplan("log").out
    assert not set(page) & {"\x1b", "\u202e", "\x07"}
    assert "\ufffd" in page
    assert "[/foo]" in loadplan("shoes").out
    assert loadplan("log", "--format", "json").data["runs"][0]["shoe"] == name
    assert "\x1b" not in loadplan("log", "--format", "json").out + loadplan("log", "--format", "csv").out
    wicked = put(home / "=cmd\x1b[2J.gpx", b"<gpx>")
    told = loadplan("import", wicked.name)
    assert "\x1b" not in told.out + told.err


def test_athletes_share_a_store_and_not_their_runs(loadplan: Any) -> None:
    loadplan("--athlete", "ann", "run", "add", "--date", "2026-03-02", "--km", 5, "--minutes", 30)
    assert loadplan("--athlete", "ann", "log", "--format", "json").data["athlete"] == "ann"
    told = loadplan("log", "--format", "json")
    assert told.data["runs"] == []
    assert "ann" in told.err


def test_flags_win_over_the_environment_and_that_over_the_file(loadplan: Any, home: Path) -> None:
    folder = home / ".config" / "loadplan"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text("athlete = 'bob'\nunits = 'mi'\n", encoding="utf-8")
    env = {"XDG_CONFIG_HOME": str(home / ".config")}
    assert loadplan("log", "--format", "json", env=env).data["athlete"] == "bob"
    assert loadplan("--athlete", "ann", "log", "--format", "json", env=env).data["athlete"] == "ann"
    loadplan("run", "add", "--date", "2026-03-02", "--km", 16.09344, "--minutes", 80, env=env)
    assert re.search(r"\b10\.00\b", loadplan("log", env=env).out)
    (folder / "config.toml").write_text("colour = 'red'\n", encoding="utf-8")
    told = loadplan("log", env=env)
    assert (told.status, "config.toml" in told.err) == (2, True)


def test_the_package_runs_as_a_module_and_tells_its_version(loadplan: Any) -> None:
    told = loadplan("--version")
    assert re.fullmatch(r"loadplan \d+\.\d+\.\d+\S*\n", told.out)


def test_every_help_starts_with_an_example() -> None:
    """In one process: there are many commands."""
    from typer.main import get_command
    from typer.testing import CliRunner

    from loadplan.cli import whole_app

    app = whole_app()

    def walk(command: Any, path: tuple[str, ...]) -> None:
        page = CliRunner().invoke(app, [*path, "--help"]).output.splitlines()
        assert page[2].strip().startswith("Example: loadplan"), path
        names = set(path) - {"all"}
        assert names <= set(re.split(r"[ |&]+", page[2])), page[2]
        for name, inner in getattr(command, "commands", {}).items():
            walk(inner, (*path, name))

    walk(get_command(app), ())


@pytest.mark.parametrize(
    "line", [("--version",), ("--help",), ("log",), ("shoes",), ("plan", "show"), ("pain", "list"), ("evidence",)]
)
def test_small_commands_start_without_the_heavy_libraries(home: Path, line: tuple[str, ...]) -> None:
    code = (
        "import sys; from loadplan.cli import run; run(sys.argv[1:]);"
        "print({'numpy', 'pandas', 'matplotlib'} & set(sys.modules), file=sys.stderr)"
    )
    env = {"HOME": str(home), "LOADPLAN_STORE": str(home / "x.db"), "PATH": os.environ["PATH"]}
    done = subprocess.run([sys.executable, "-c", code, *line], env=env, capture_output=True, check=True, text=True)
    assert done.stderr.splitlines()[-1] == "set()"


def test_load_needs_no_drawing_library(runner: Any, home: Path) -> None:
    code = "import sys; from loadplan.cli import run; run(['load']); sys.exit('matplotlib' in sys.modules)"
    env = {"HOME": str(home), "LOADPLAN_STORE": str(home / "data" / "loadplan.db"), "PATH": os.environ["PATH"]}
    assert subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, check=False).returncode == 0


def test_a_reader_that_leaves_early_is_no_error(runner: Any, home: Path) -> None:
    env = {"HOME": str(home), "LOADPLAN_STORE": str(home / "data" / "loadplan.db"), "PATH": os.environ["PATH"]}
    line = f"{sys.executable} -m loadplan log --sport all --format json | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", line], env=env, capture_output=True, check=True, text=True)
    assert done.stdout.split() == ["{", "0"]
    assert done.stderr == ""


def test_interrupted_is_130_and_leaves_the_log_as_it_was(home: Path) -> None:
    one = gpx("2024-05-04T06:30:00Z", points=60)
    with zipfile.ZipFile(home / "long.zip", "w") as archive:  # long work, so that the signal comes within it
        for k in range(20_000):
            archive.writestr(f"{k}.gpx", one.replace(b"Morning", b"%d" % k))
    env = {"HOME": str(home), "LOADPLAN_STORE": str(home / "x.db"), "PATH": os.environ["PATH"]}
    line = [sys.executable, "-m", "loadplan", "import", str(home / "long.zip"), "--jobs", "1"]
    running = subprocess.Popen(line, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(2.0)
    running.send_signal(signal.SIGINT)
    _, told = running.communicate(timeout=30)
    assert running.returncode == 130
    assert "Traceback" not in told
    assert "Interrupted." in told


@pytest.mark.parametrize("moment", range(6))
def test_interrupted_at_any_moment_of_its_start_is_130(home: Path, moment: int) -> None:
    """At once, however early: here the signal comes when so many rooms have been read."""
    code = (
        "import sys, os, signal, builtins; real = builtins.__import__; left = [int(sys.argv[1])]\n"
        "def counted(name, *more, **named):\n"
        "    if name.startswith('loadplan.cli') or name == 'typer':\n"
        "        left[0] -= 1\n"
        "        if left[0] == -1: os.kill(os.getpid(), signal.SIGINT)\n"
        "    return real(name, *more, **named)\n"
        "from loadplan.__main__ import main; builtins.__import__ = counted; sys.argv[1:] = ['log']; main()"
    )
    env = {"HOME": str(home), "LOADPLAN_STORE": str(home / "x.db"), "PATH": os.environ["PATH"]}
    line = [sys.executable, "-c", code, str(moment * 3)]
    done = subprocess.run(line, env=env, capture_output=True, check=False, text=True)
    assert done.returncode == 130
    assert done.stderr.split() == ["Interrupted.", "Nothing", "of", "this", "command", "was", "kept."]


def test_a_path_that_the_system_refuses_is_said_in_words(loadplan: Any, home: Path) -> None:
    """No defect of ours: a folder that may not be entered, a name that is too long, a place that takes no files."""
    put(home / "a.gpx", gpx("2026-03-02T07:00:00+00:00"))
    long = "x" * 300
    for line in (("import", long), ("audit", long), ("import", "a.gpx", "--rejected-csv", f"{long}.csv")):
        told = loadplan(*line)
        assert told.status == 2, line
        assert "defect" not in told.err
        assert "too long" in told.err
    if Path("/proc/self").exists():
        told = loadplan("import", "a.gpx", "--rejected-csv", "/proc/r.csv")
        assert (told.status, "defect" in told.err) == (2, False)
    told = loadplan("--store", f"{long}/x.db", "log")
    assert (told.status, "too long" in told.err) == (5, True)
    told = loadplan("--store", f"{long}/x.db", "backup", "copy.db")
    assert (told.status, "too long" in told.err) == (5, True)
    told = loadplan("--store", f"{long}/x.db", "doctor")
    assert (told.status, "too long" in " ".join(told.out.split())) == (5, True)


def test_a_log_without_a_run_that_counts_has_no_weeks(loadplan: Any, home: Path) -> None:
    put(home / "short.gpx", gpx("2026-03-02T07:00:00+00:00", points=20))
    assert loadplan("import", "short.gpx").status == 0
    for command in (("load",), ("check",)):
        told = loadplan(*command, "--as-of", "2026-03-08", "--format", "json")
        assert told.status == 0, told.err


@pytest.mark.parametrize("columns", ["60", "72"])
def test_weeks_and_log_fit_a_narrow_terminal(runner: Any, columns: str) -> None:
    for command in (("load", "--as-of", "2026-03-08"), ("log",), ("imports",)):
        lines = runner(*command, env={"COLUMNS": columns}).out.splitlines()
        assert max(map(len, lines)) <= int(columns), command


def test_a_defect_of_ours_is_one_line_and_a_traceback_only_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    from typer.testing import CliRunner

    from loadplan import cli

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("loadplan.cli.log.open_store", broken)
    assert CliRunner().invoke(cli.whole_app(), ["log"]).exit_code == 1
    assert cli.run(["log"]) == 1


def test_a_defect_says_so_in_words(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from loadplan import cli

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("boom\x1b[31m")

    monkeypatch.setattr("loadplan.cli.log.open_store", broken)
    assert cli.run(["log"]) == 1
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "defect of loadplan" in told
    assert "\x1b" not in told
    assert cli.run(["--debug", "log"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_a_damaged_store_is_not_copied_over_a_good_copy(runner: Any, home: Path) -> None:
    store, copy = home / "data" / "loadplan.db", home / "safe.db"
    assert runner("backup", copy).status == 0
    good = copy.read_bytes()
    runner("log", "--last", 1)
    data = bytearray(store.read_bytes())
    data[8192:49152] = b"\xaa" * 40960
    store.write_bytes(data)
    told = runner("backup", copy, "--force")
    assert (told.status, "damaged" in told.err) == (5, True)
    assert copy.read_bytes() == good
    looked = runner("doctor", "--format", "json")
    assert looked.status == 5
    assert {check["name"]: check["ok"] for check in looked.data["checks"]} | {"integrity": False, "python": True} == {
        check["name"]: check["ok"] for check in looked.data["checks"]
    }


def test_every_null_of_a_run_a_week_and_a_session_has_its_reason(runner: Any) -> None:
    runs = runner("log", "--last", 3, "--format", "json").data["runs"]
    weeks = runner("load", "--as-of", "2026-03-05", "--measure", "ascent", "--format", "json").data["weeks"]
    plan = runner(
        "plan", "new", "--profile", "general", "--start", "2026-03-09", "--as-of", "2026-03-08", "--format", "json"
    ).data
    sessions = [session for week in plan["weeks"] for session in week["sessions"]]
    for row in (*runs, *weeks, plan["baseline"], *plan["weeks"], *sessions):
        bare = [key for key, value in row.items() if value is None and not key.endswith("_reason")]
        assert [key for key in bare if not row.get(f"{key}_reason")] == []


def test_an_empty_table_as_csv_still_has_its_header(loadplan: Any) -> None:
    assert loadplan("log", "--format", "csv").out.startswith("id,start,day,")
    assert loadplan("load", "--format", "csv").out.startswith("week,complete,runs,")


def test_output_that_finds_no_room_is_told_in_words(runner: Any, home: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full on this machine")
    command = f"exec {sys.executable} -m loadplan log > /dev/full"
    where = {"HOME": str(home), "LOADPLAN_STORE": str(home / "data" / "loadplan.db"), "PATH": os.environ["PATH"]}
    done = subprocess.run(["sh", "-c", command], env=where, cwd=home, capture_output=True, check=False)
    assert done.returncode == 5
    assert "could not be written" in done.stderr.decode()
