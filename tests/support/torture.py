"""What may happen to an import while it runs: it is killed. (``bad_disks.py``: its disk fails, another one comes.)

Each trial begins with a copy of a store that holds something already. Afterwards the log is as before, or as after a
whole import; and the same import again ends exactly as one that nobody disturbed. Only the real command is used.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from account_exports import Corrected, garmin, strava
from activity_files import zipped
from made_runs import as_gpx, some_runs

JSON = ("--format", "json")
ASKED = (("log", "--sport", "all", *JSON), ("shoes", "--as-of", "2026-01-01", *JSON), ("pain", "list", *JSON))
SAY_ALL = """
import io, json, sys
from loadplan.cli import run
told, real = [], sys.stdout
def say(*line):
    sys.stdout = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    status = run(line)
    sys.stdout.flush()
    told.append([status, sys.stdout.buffer.getvalue().decode()])
    return told[-1]
for line in json.loads(sys.argv[1]):
    status, text = say(*line)
    if line[0] == "imports":
        for one in json.loads(text)["imports"]:
            say("imports", str(one["id"]), "--format", "json")
sys.stdout = real
print(json.dumps(told))
"""
DONE = (0, 3)
SLOWER, FASTER = 1.04, 0.88
"""A machine is now busy, now idle: how long an import takes is learned from kills in time, and those too late."""


@dataclass(frozen=True)
class Bench:
    """Where trials are made: a folder with archives, and a store that holds something already."""

    folder: Path
    archive: str
    jobs: int
    before: list[Any] = field(default_factory=list)
    after: list[Any] = field(default_factory=list)
    seconds: float = 1.0
    """How long an import takes that nobody disturbs."""

    @property
    def line(self) -> tuple[str, ...]:
        return ("import", str(self.folder / self.archive), "--jobs", str(self.jobs), *JSON)

    def fresh(self, name: str) -> Path:
        """A home with a copy of the store."""
        home = self.folder / name
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(self.folder / "base", home)
        return home


# ---------------------------------------------------------------- the command
def environment(home: Path, **more: str) -> dict[str, str]:
    where = {"HOME": str(home), "LOADPLAN_STORE": str(home / "data" / "loadplan.db"), "PATH": os.environ["PATH"],
             "COLUMNS": "80"}  # fmt: skip
    return {**where, **more}


def begin(
    home: Path,
    line: Sequence[str],
    *,
    limit: Callable[[], None] | None = None,
    prefix: Sequence[str] = (),
    **more: str,
) -> subprocess.Popen[str]:
    """The command, running, in a group of processes of its own."""
    return subprocess.Popen(
        [*prefix, sys.executable, "-m", "loadplan", *line], env=environment(home, **more), cwd=home, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        preexec_fn=limit,
    )  # fmt: skip


def ended(home: Path, line: Sequence[str], **more: Any) -> tuple[int, str, str]:
    """The command, at its end: status, what it said, and on which matters."""
    running = begin(home, line, **more)
    out, err = running.communicate(timeout=120)
    return running.returncode, out, err


def asked(home: Path, *first: Sequence[str], ledger: bool = True, prefix: Sequence[str] = ()) -> list[Any]:
    """Lines one after the other in one process, then the log, shoes, diary and ledgers, without what tells the hour."""
    lines = [*first, *ASKED, *([("imports", *JSON)] if ledger else [])]
    done = subprocess.run(
        [*prefix, sys.executable, "-c", SAY_ALL, json.dumps(lines)], env=environment(home), cwd=home,
        capture_output=True, check=True, text=True, timeout=120,
    )  # fmt: skip
    return [[status, _timeless(text)] for status, text in json.loads(done.stdout)]


def _timeless(text: str) -> Any:
    """What was said, without numbers and hours of imports, which differ between two that are alike."""
    try:
        told = json.loads(text)
    except ValueError:
        return text
    return _without(told, ("made", "id", "import", "imported", "as_of")) if "runs" not in told else text


def _without(told: Any, keys: tuple[str, ...]) -> Any:
    if isinstance(told, dict):
        return {k: _without(v, keys) for k, v in told.items() if k not in keys}
    return [_without(one, keys) for one in told] if isinstance(told, list) else told


# ---------------------------------------------------------------- a store to begin with
def make_bench(folder: Path, *, count: int = 150, jobs: int = 1, earlier: bool = True) -> Bench:
    """Archives, a store with runs, words of the runner and pain, and what an import of the archive makes of it.

    With more than one job the files are long enough that workers are called. Not ``earlier``: there is no store yet.
    """
    folder.mkdir(parents=True, exist_ok=True)
    runs = some_runs(count)
    strava(runs[: count // 2 : 2], ways=("fit", "gpx.gz")).put(folder, "earlier.zip")
    export = strava(runs)
    files = dict(export.files)
    if jobs > 1:
        pad = b"<!--" + b" 0123456789" * (5_500_000 // 11 // count) + b"-->"
        files |= {f"long/{n}.gpx": as_gpx(run.later(86_400), kind="running") + pad for n, run in enumerate(runs)}
    (folder / "archive.zip").write_bytes(zipped(files))
    garmin(runs[: count // 2], corrected=Corrected(metres={3: 4321.0}), first_id=77).put(folder, "other.zip")
    base = folder / "base"
    base.mkdir()
    if earlier:
        _fill(base, folder / "earlier.zip")
    bench = Bench(folder, "archive.zip", jobs, asked(base))
    whole, began = bench.fresh("whole"), time.monotonic()
    status, _, said = ended(whole, bench.line)
    assert status in DONE, said
    took = time.monotonic() - began
    return Bench(folder, "archive.zip", jobs, bench.before, asked(whole), took)


def _fill(base: Path, earlier: Path) -> None:
    told = asked(base, ("import", str(earlier), *JSON))
    ids = [run["id"] for run in json.loads(told[1][1])["runs"]]
    asked(
        base,
        ("run", "edit", ids[1], "--km", "7.7"),
        ("run", "remove", ids[2]),
        ("shoes", "wear", ids[3], "Borrowed"),
        ("run", "add", "--date", "2023-04-01", "--time", "21:30", "--km", "5", "--minutes", "31"),
        ("pain", "add", "--date", "2023-04-01", "--during", "3"),
    )


def sound(home: Path) -> str:
    """What SQLite's own check says of the store; a copy is opened, so that nothing is mended by looking."""
    store = home / "data" / "loadplan.db"
    if not store.exists() or not store.stat().st_size:
        return "ok"
    copy = home / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(store.parent, copy)
    database = sqlite3.connect(copy / store.name)
    try:
        return str(database.execute("PRAGMA integrity_check").fetchone()[0])
    finally:
        database.close()
        shutil.rmtree(copy)


def judge(bench: Bench, home: Path, what: str) -> list[str]:
    """What is wrong after a disturbance, and after the same import again.

    An import that was whole before it was disturbed is one more in the list of imports, which is then not compared.
    """
    wrong = [f"{what}: the store is damaged: {said}" for said in [sound(home)] if said != "ok"]
    told = asked(home, ASKED[0], bench.line)
    whole = told[0] == bench.after[0]
    if not whole and told[0] != bench.before[0]:
        wrong.append(f"{what}: the log is neither as before nor as after")
    if told[1][0] not in DONE:
        wrong.append(f"{what}: the same import again ends with {told[1][0]}")
    return wrong + [f"{what}: {name} differ" for name in different(bench.after, told[2:], ledgers=not whole)]


def different(wanted: Sequence[Any], told: Sequence[Any], *, ledgers: bool) -> list[str]:
    """Names of what is not the same."""
    names = ("log", "shoes", "diary", *(["imports"] if ledgers else []))
    said = [name for k, name in enumerate(names) if wanted[k] != told[k]]
    return said + (["ledgers"] if ledgers and wanted[4:] != told[4:] else [])


# ---------------------------------------------------------------- killed
@dataclass
class Tally:
    """How often what happened, and what was wrong."""

    kills: int = 0
    rounds: int = 0
    too_late: int = 0
    stopped: int = 0
    """Imports that ended with a sentence about the store."""
    wrong: list[str] = field(default_factory=list)


def kill_loop(bench: Bench, kills: int, *, seed: int = 1, tell: Callable[[str], None] = lambda _: None) -> Tally:
    """Kill imports at random moments, run each again until it is done, and hold the end against an undisturbed one."""
    dice, tally, pace = random.Random(seed), Tally(), bench.seconds
    while tally.kills < kills:
        home, tally.rounds = bench.fresh("killed"), tally.rounds + 1
        for _ in range(min(dice.choice((1, 2, 3, 4, 5)), kills - tally.kills)):
            moment = dice.uniform(0.25, 1.0) * pace
            if not _killed(bench, home, moment, whole_group=dice.random() < 0.5):
                tally.too_late, pace = tally.too_late + 1, pace * FASTER
                break
            tally.kills, pace = tally.kills + 1, pace * SLOWER
        wrong = judge(bench, home, f"round {tally.rounds}")
        tally.wrong += wrong
        tell(
            f"{tally.kills} kills, {tally.rounds} rounds, {len(tally.wrong)} wrong" + "".join(f"\n  {w}" for w in wrong)
        )
    return tally


def killed_then_other(bench: Bench, rounds: int, *, seed: int = 1) -> Tally:
    """An import is killed, and another archive comes before it is taken up again: it has no part in what that gives."""
    dice, tally = random.Random(seed), Tally()
    other = ("import", str(bench.folder / "other.zip"), *JSON)
    calm = asked(bench.fresh("calm"), other, ledger=False)[1:]
    both = asked(bench.folder / "calm", bench.line, ledger=False)[1:]
    for _ in range(rounds):
        home, tally.rounds = bench.fresh("left"), tally.rounds + 1
        if not _killed(bench, home, dice.uniform(0.3, 1.0) * bench.seconds, whole_group=True):
            tally.too_late += 1
            continue
        tally.kills += 1
        told = asked(home, ASKED[0], other, ledger=False)
        if told[0] == bench.before[0] and told[2:] != calm:
            tally.wrong.append("killed, then another: the other import gives something else")
        if asked(home, bench.line, ledger=False)[1:] != both:
            tally.wrong.append("killed, then another, then the same: it ends otherwise")
    return tally


def _killed(bench: Bench, home: Path, moment: float, *, whole_group: bool) -> bool:
    """Whether the import was still running then. Its workers die with it, or are left to find out."""
    running = begin(home, bench.line)
    try:
        running.communicate(timeout=moment)
    except subprocess.TimeoutExpired:
        (os.killpg if whole_group else os.kill)(running.pid, signal.SIGKILL)
        running.communicate(timeout=60)
        return True
    return False


def leftovers(bench: Bench) -> int:
    """Processes that still read this archive."""
    count = 0
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            count += str(bench.folder).encode() in place.read_bytes()
        except OSError:
            continue
    return count
