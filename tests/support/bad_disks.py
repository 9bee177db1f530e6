"""Disks that fail, are full, or may not be written, and two imports on one disk: what becomes of the store."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from torture import DONE, JSON, Bench, Tally, asked, begin, different, ended, judge, sound

FAULTS = Path(__file__).parent / "faults"
"""A folder with a ``sitecustomize.py`` that makes statements of SQLite fail."""
STORE_TROUBLE = 5
READ_ONLY = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'


# ---------------------------------------------------------------- statements that fail
KINDS = ("full", "full for good", "io", "io for good")


def statements(bench: Bench, home: Path) -> int:
    """How many statements an import runs."""
    told = home / "statements"
    status, _, said = ended(home, bench.line, PYTHONPATH=str(FAULTS), FAULT_COUNT=str(told))
    assert status in DONE, said
    return int(told.read_text(encoding="utf-8"))


def faulty(bench: Bench, home: Path, at: int, kind: str) -> tuple[bool, list[str]]:
    """An import whose statement number ``at`` fails: whether it stopped, and what is wrong after it."""
    status, _, said = ended(home, bench.line, PYTHONPATH=str(FAULTS), FAULT_AT=str(at), FAULT_KIND=kind)
    what = f"statement {at}, {kind}"
    wrong = [] if status in (*DONE, STORE_TROUBLE) else [f"{what}: ended with {status}: {said.strip()[-300:]}"]
    if "defect" in said or "Traceback" in said:
        wrong.append(f"{what}: {said.strip()[-300:]}")
    return status == STORE_TROUBLE, wrong + judge(bench, home, what)


def fault_sweep(bench: Bench, every: int, *, first: int = 1, tell: Callable[[str], None] = lambda _: None) -> Tally:
    """Every so many-th statement fails, by turns in each way."""
    tally = Tally()
    count = statements(bench, bench.fresh("counted"))
    for at in range(first, count + 1, every):
        kind = KINDS[tally.rounds % len(KINDS)]
        stopped, wrong = faulty(bench, bench.fresh("faulty"), at, kind)
        tally.rounds += 1
        tally.stopped += stopped
        tally.wrong += wrong
        tell(f"statement {at} of {count}, {kind}" + "".join(f"\n  {w}" for w in wrong))
    return tally


# ---------------------------------------------------------------- a full disk
def limited(size: int) -> Callable[[], None]:
    """No file may grow beyond ``size`` bytes."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def full_disk(bench: Bench, size: int) -> tuple[bool, list[str]]:
    """No file may be larger than ``size``: whether the import stopped, and what is wrong then and with room again."""
    home = bench.fresh("full")
    status, _, said = ended(home, bench.line, limit=limited(size))
    what = f"files of {size} bytes at most"
    wrong = [] if status in (*DONE, STORE_TROUBLE) else [f"{what}: ended with {status}: {said.strip()[-300:]}"]
    if status == STORE_TROUBLE and not said.startswith("Error: the store"):
        wrong.append(f"{what}: said {said.strip()[-300:]}")
    return status == STORE_TROUBLE, wrong + judge(bench, home, what)


@contextmanager
def small_disk(place: Path, kilobytes: int) -> Iterator[bool]:
    """A file system of its own, where this may be mounted."""
    place.mkdir(exist_ok=True)
    line = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "none", str(place)]
    mounted = os.geteuid() == 0 and subprocess.run(line, capture_output=True, check=False).returncode == 0
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(place)], check=True)


def full_file_system(bench: Bench, kilobytes: int) -> list[str] | None:
    """The store on a small disk that is full, and then made larger; None where none can be mounted."""
    place = bench.folder / "small"
    with small_disk(place, kilobytes) as mounted:
        if not mounted:
            return None
        what = f"a disk of {kilobytes} kB"
        try:
            shutil.copytree(bench.folder / "base", place, dirs_exist_ok=True)
        except (OSError, shutil.Error):
            return []  # not even the old store has room
        status, _, said = ended(place, bench.line)
        wrong = [] if status in (*DONE, STORE_TROUBLE) else [f"{what}: ended with {status}: {said.strip()[-300:]}"]
        subprocess.run(["mount", "-o", "remount,size=200m", str(place)], check=True)
        return wrong + judge(bench, place, what)


# ---------------------------------------------------------------- two at once, and places that may not be written
def two_at_once(bench: Bench, home: Path, others: Sequence[str], apart_s: float) -> list[str]:
    """Two imports into one store, begun shortly after each other."""
    lines = [bench.line, ("import", *others, *JSON)]
    one = begin(home, lines[0])
    time.sleep(apart_s)
    two = begin(home, lines[1])
    wrong = []
    for running in (one, two):
        _, said = running.communicate(timeout=120)
        if running.returncode not in (*DONE, STORE_TROUBLE) or "Traceback" in said or "defect" in said:
            wrong.append(f"two at once: ended with {running.returncode}: {said.strip()[-300:]}")
    if sound(home) != "ok":
        wrong.append("two at once: the store is damaged")
    told = asked(home, *lines, ledger=False)
    calm = asked(bench.fresh("calm"), *lines, ledger=False)
    return wrong + [f"two at once: {name} differ" for name in different(calm[2:], told[2:], ledgers=False)]


@contextmanager
def read_only(place: Path) -> Iterator[Sequence[str] | None]:
    """A folder in which nothing may be written: how a command begins for which it is so. None where it cannot be had.

    For root, who may write everywhere, it is a mount that only this command sees and that ends with it.
    """
    if os.geteuid() == 0:
        prefix = ("unshare", "--mount", "sh", "-c", READ_ONLY, str(place))
        yield prefix if subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0 else None
        return
    modes = {path: path.stat().st_mode for path in (place, *place.rglob("*"))}
    for path, mode in modes.items():
        path.chmod(mode & ~0o222)
    yield ()
    for path, mode in modes.items():
        path.chmod(mode)


def contents(folder: Path) -> Mapping[str, bytes]:
    """Every file and its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
