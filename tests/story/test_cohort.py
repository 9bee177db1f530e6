"""A club by the real command: the same bytes from processes and from a Dask cluster, whatever happens to it."""

from __future__ import annotations

import csv
import io
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from activity_files import gpx, gpx_points, zipped
from cohorts import AS_OF, NAMES, SECRET, hostile, make_cohort

pytestmark = pytest.mark.story
with_dask = pytest.mark.skipif(find_spec("distributed") is None, reason="Dask is not installed: loadplan[cluster]")
TABLES = ("", "-warnings", "-ledger", "-flags", "-summary")
Told = dict[str, bytes]
"""Ending of a name -> the bytes of that file."""
MANY = 16
DEADLY = "Deadly"
FAULTS = Path(__file__).parents[1] / "support" / "deadly"


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Good runners, hostile ones, and one whose reading ends its process where the tests ask for that."""
    folder = make_cohort(tmp_path_factory.mktemp("club") / "club", runs=20)
    for name, data in hostile().items():
        (folder / name).write_bytes(data)
    return folder


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """So many runners that one may interrupt."""
    return make_cohort(tmp_path_factory.mktemp("many") / "many", [f"r{n}" for n in range(MANY)], runs=14)


@pytest.fixture(scope="module")
def many_plain(many: Path, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """What one process makes of them."""
    home = tmp_path_factory.mktemp("plain")
    finish(home, "cohort", str(many), "--out", "f.csv", "--jobs", "1", "--as-of", AS_OF)
    return told_by(home / "f.csv")


def told_by(out: Path) -> Told:
    return {name: out.with_name(f"{out.stem}{name}{out.suffix}").read_bytes() for name in TABLES}


def table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode())))


def test_a_cohort_is_told_by_status_table_json_and_files(loadplan, home: Path, club: Path) -> None:
    told = loadplan("cohort", club, "--out", "f.csv", "--as-of", AS_OF)
    assert told.status == 3
    assert "10 runners: 4 read whole, 0 but for some files, 6 not at all." in told.out.replace("\n", " ")
    assert all(name in told.out for name in ("anna", "locked", "f-ledger.csv"))
    assert told.err == ""
    again = loadplan("cohort", club, "--out", "f.csv", "--as-of", AS_OF)
    assert again.status == 2
    assert "--force" in again.err
    data = loadplan("cohort", club, "--out", "f.csv", "--as-of", AS_OF, "--force", "--format", "json").data
    assert data["counts"] == {"runners": 10, "ok": 4, "partly": 0, "failed": 6}
    assert [row["rank"] for row in data["runners"]] == list(range(1, 11))
    summary = table(told_by(home / "f.csv")["-summary"])
    assert [row["runner"] for row in data["runners"]] == [
        row["runner"] for row in sorted(summary, key=lambda row: int(row["rank"]))
    ]


def test_a_runner_of_a_cohort_has_the_weeks_and_warnings_of_a_runner_alone(loadplan, home: Path, club: Path) -> None:
    loadplan("cohort", club, "--out", "f.csv", "--as-of", AS_OF)
    one = next(club.glob("bert*"))
    loadplan("import", one)
    alone = loadplan("load", "--weeks", 999, "--as-of", AS_OF, "--format", "json").data
    coupled = loadplan("load", "--weeks", 999, "--as-of", AS_OF, "--method", "coupled", "--format", "json").data
    found = told_by(home / "f.csv")
    weeks = [row for row in table(found[""]) if row["runner"].startswith("bert")]
    assert [row["week"] for row in weeks] == [row["week"] for row in alone["weeks"]]
    for mine, theirs, other in zip(weeks, alone["weeks"], coupled["weeks"], strict=True):
        for name in mine.keys() & theirs.keys():
            assert mine[name] == ("" if theirs[name] is None else str(theirs[name])), name
        assert mine["acwr_coupled"] == ("" if other["acwr"] is None else str(other["acwr"]))
    warned = [row for row in table(found["-warnings"]) if row["runner"].startswith("bert")]
    assert [(row["code"], row["week"], row["sentence"]) for row in warned] == [
        (one["code"], one["week"], one["message"]) for one in alone["warnings"]
    ]


def test_without_a_file_the_coachs_table_is_shown_and_nothing_is_written(loadplan, home: Path, club: Path) -> None:
    told = loadplan("cohort", club, "--as-of", AS_OF, "--format", "csv")
    assert len(table(told.out.encode())) == 10
    assert list(home.iterdir()) == []


def test_a_folder_without_runners_and_a_folder_that_is_not_there(loadplan, home: Path) -> None:
    (home / "empty").mkdir()
    assert loadplan("cohort", "empty").status == 4
    gone = loadplan("cohort", "gone")
    assert gone.status == 2
    assert "no such file or folder" in gone.err
    assert loadplan("cohort", "empty", "--out", "f.xlsx").status == 2


def test_a_list_with_labels_gives_labels_and_injuries(loadplan, home: Path, club: Path) -> None:
    (home / "runners.csv").write_text(f"path,label,injuries\n{next(club.glob('anna*'))},P 17,2023-04-02\n")
    told = loadplan("cohort", "runners.csv", "--out", "f.csv", "--as-of", AS_OF, "--anonymise")
    assert told.status == 0
    found = told_by(home / "f.csv")
    assert [(row["runner"], row["injuries"]) for row in table(found["-summary"])] == [("runner-0001", "2023-04-02")]
    for name in (SECRET, "P 17", *NAMES):
        assert name not in told.out + told.err + b"".join(found.values()).decode()


def test_ctrl_c_keeps_what_was_read_and_the_same_command_goes_on(home: Path, many: Path, many_plain: Told) -> None:
    line = ("cohort", str(many), "--out", "f.csv", "--jobs", "2", "--as-of", AS_OF)
    process = start(home, *line)
    wait_for_parts(home, 4)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=600)
    assert process.returncode == 130
    assert "goes on from there" in err
    assert not (home / "f.csv").exists()
    kept = {file: file.stat().st_mtime_ns for file in (home / "f.csv.parts").glob("*.part")}
    assert 4 <= len(kept) < MANY
    finish(home, *line)
    assert {file: file.stat().st_mtime_ns for file in kept} == kept
    assert told_by(home / "f.csv") == many_plain


# ---------------------------------------------------------------- Dask
@with_dask
def test_a_killed_worker_loses_nothing(home: Path, many: Path, many_plain: Told, cluster: Cluster) -> None:
    line = ("cohort", str(many), "--out", "f.csv", "--scheduler", cluster.address, "--as-of", AS_OF)
    process = start(home, *line)
    wait_for_parts(home, 3)
    cluster.workers[0].kill()
    out, err = process.communicate(timeout=600)
    assert (process.returncode, err) == (0, "")
    assert f"{MANY} runners: {MANY} read whole" in out
    assert told_by(home / "f.csv") == many_plain


@with_dask
def test_a_cluster_gives_the_same_bytes_also_for_hostile_runners_and_one_who_ends_every_worker(
    loadplan, home: Path, club: Path
) -> None:
    mixed = shutil.copytree(club, home / "club")
    (mixed / "deadly.zip").write_bytes(zipped({f"{DEADLY}.gpx": gpx(gpx_points(range(99)))}))
    line, env = ("cohort", mixed, "--as-of", AS_OF, "--jobs", 2), {"PYTHONPATH": str(FAULTS)}
    there = loadplan(*line, "--out", "f.csv", "--scheduler", "local", env=env)
    here = loadplan(*line, "--out", "g.csv", env=env)
    assert (there.status, there.err) == (here.status, here.err) == (3, "")
    assert told_by(home / "f.csv") == told_by(home / "g.csv")
    status = {row["runner"].split()[0]: row["status"] for row in table(told_by(home / "f.csv")["-summary"])}
    bad = {name.removesuffix(".zip") for name in hostile()} | {"deadly"}
    assert status == {**dict.fromkeys(NAMES[:4], "ok"), **dict.fromkeys(bad, "failed")}
    assert "worker_died" in told_by(home / "f.csv")["-ledger"].decode()


@with_dask
def test_a_cluster_that_is_lost_is_told_and_the_same_command_goes_on_without_it(
    home: Path, many: Path, many_plain: Told, cluster: Cluster
) -> None:
    """The test before has left one of its workers."""
    line = ("cohort", str(many), "--out", "f.csv", "--as-of", AS_OF)
    process = start(home, *line, "--scheduler", cluster.address)
    wait_for_parts(home, 2)
    cluster.scheduler.kill()
    _, err = process.communicate(timeout=600)
    assert process.returncode == 130
    assert "The cluster was lost" in err
    kept = {file: file.stat().st_mtime_ns for file in (home / "f.csv.parts").glob("*.part")}
    assert 2 <= len(kept) < MANY
    finish(home, *line, "--jobs", "1")
    assert {file: file.stat().st_mtime_ns for file in kept} == kept
    assert told_by(home / "f.csv") == many_plain


@with_dask
def test_a_scheduler_that_is_not_there_is_told_in_words(loadplan, club: Path) -> None:
    told = loadplan("cohort", club, "--scheduler", f"tcp://127.0.0.1:{free_port()}")
    assert told.status == 2
    assert "no scheduler answers" in told.err


def test_without_dask_the_words_say_what_to_install(loadplan, home: Path, club: Path) -> None:
    (home / "hidden").mkdir()
    hide = "import sys\nsys.modules['dask'] = sys.modules['distributed'] = None\n"
    (home / "hidden" / "sitecustomize.py").write_text(hide)
    told = loadplan("cohort", club, "--scheduler", "local", env={"PYTHONPATH": str(home / "hidden")})
    assert told.status == 2
    assert "loadplan[cluster]" in told.err


# ---------------------------------------------------------------- processes
def start(home: Path, *line: str) -> subprocess.Popen[str]:
    """The command, on its way."""
    where = {"HOME": str(home), "PATH": os.environ["PATH"], "COLUMNS": "200", "LOADPLAN_STORE": str(home / "x.db")}
    return subprocess.Popen(
        [sys.executable, "-m", "loadplan", *line],
        env=where, cwd=home, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def finish(home: Path, *line: str) -> None:
    """The command, to its good end."""
    process = start(home, *line)
    _, err = process.communicate(timeout=600)
    assert (process.returncode, err) == (0, "")


def wait_for_parts(home: Path, count: int) -> None:
    end = time.monotonic() + 300
    while len(list((home / "f.csv.parts").glob("*.part"))) < count:
        assert time.monotonic() < end, "nothing was read in five minutes"
        time.sleep(0.01)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Cluster:
    """A scheduler and two workers, each a process of its own, as somebody starts them on several machines."""

    def __init__(self, home: Path) -> None:
        self.address = f"tcp://127.0.0.1:{free_port()}"
        self._home = home
        self.scheduler = self._start("scheduler", "--host", self.address, "--no-dashboard")
        alone = ("--nthreads", "1", "--no-nanny", "--no-dashboard")
        self.workers = [self._start("worker", self.address, *alone) for _ in range(2)]

    def _start(self, what: str, *line: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "dask", what, *line], cwd=self._home, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    def end(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    one = Cluster(tmp_path_factory.mktemp("cluster"))
    yield one
    one.end()
