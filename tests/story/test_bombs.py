"""Archives made to cost time, memory or a disk: refused with a reason, in 5 s and 256 MB; nothing is extracted."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from bombs import bombs

pytestmark = pytest.mark.story

SECONDS, MEGABYTES = 5.0, 256
BOMBS = bombs()
PATIENCE_S = 150
READ_ALL = """
import json, resource, sys, time
from importers import read_export
def megabytes():
    # The most that this program held: ru_maxrss of a child begins with what its parent held.
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
for path in sys.argv[1:]:
    began = time.process_time()
    export = read_export(path)
    used = time.process_time() - began
    print(json.dumps({
        "seconds": used, "counts": export.counts(), "codes": sorted({row.code for row in export.ledger if row.code}),
        "megabytes": megabytes(),
        "sentences": [row.detail for row in export.ledger if row.fate == "rejected"][:3],
    }), flush=True)
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What was made of each bomb, all in one process, in a folder where nothing may appear."""
    folder, place = tmp_path_factory.mktemp("bombs"), tmp_path_factory.mktemp("place")
    paths = []
    for n, bomb in enumerate(BOMBS.values()):
        paths.append(folder / f"{n}.zip")
        paths[-1].write_bytes(bomb.make())
    env = {"PATH": os.environ["PATH"], "HOME": str(place), "TMPDIR": str(place)}
    done = subprocess.run(
        [sys.executable, "-c", READ_ALL, *map(str, paths)], env=env, cwd=place, capture_output=True, check=False,
        text=True, preexec_fn=_limits, timeout=PATIENCE_S,
    )  # fmt: skip
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert list(place.iterdir()) == [], "something was written"
    assert done.returncode == 0, (list(BOMBS)[len(lines)], done.stderr)
    return dict(zip(BOMBS, lines, strict=True))


def _limits() -> None:
    """A backstop: what goes beyond ends the process, not the machine."""
    resource.setrlimit(resource.RLIMIT_AS, (3 * 1024**3, 3 * 1024**3))
    resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE_S, PATIENCE_S))


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_in_time_with_a_reason_and_the_rest_goes_on(told: dict[str, Any], name: str) -> None:
    bomb, read = BOMBS[name], told[name]
    assert read["seconds"] < SECONDS
    assert not bomb.codes or set(bomb.codes) & set(read["codes"]), read["codes"]
    if bomb.kept >= 0:
        assert read["counts"]["runs"] == bomb.kept
    assert all(read["sentences"])
    counts = read["counts"]
    assert counts["found"] == sum(counts[k] for k in ("kept", "duplicates", "not_activities", "rejected"))


def test_all_bombs_together_stay_within_their_memory(told: dict[str, Any]) -> None:
    most = {name: read["megabytes"] for name, read in told.items()}
    assert max(most.values()) < MEGABYTES, most


@pytest.mark.parametrize("name", ["entries that overlap", "a million and one entries", "names that lead out"])
def test_the_command_ends_in_time_and_writes_only_its_store(home: Path, name: str) -> None:
    inside = home / "in"
    inside.mkdir()
    (inside / "bomb.zip").write_bytes(BOMBS[name].make())
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(inside),
        "TMPDIR": str(inside),
        "LOADPLAN_STORE": str(home / "store" / "x.db"),
    }
    line = [sys.executable, "-m", "loadplan", "import", "bomb.zip", "--format", "json"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(line, env=env, cwd=inside, capture_output=True, check=False, timeout=60, preexec_fn=_limits)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < SECONDS
    counts = json.loads(done.stdout)["counts"]
    assert done.returncode == (0 if not counts["rejected"] else 3 if counts["kept"] else 4)
    assert b"Traceback" not in done.stderr
    assert [path.name for path in inside.rglob("*")] == ["bomb.zip"]
    assert {path.name.split("-")[0] for path in (home / "store").iterdir()} == {"x.db"}
    assert not any((home / name).exists() for name in ("up.gpx", "back.gpx"))
