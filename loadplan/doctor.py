"""Is everything well: the store, its privacy, the programs it stands on. A list of checks, each a sentence."""

from __future__ import annotations

import sqlite3
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from loadplan.config import config_file
from loadplan.store import VERSION, Store, StoreError
from loadplan.store.known import reader_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

NEEDED: Final = ("fitparse", "gpxpy", "matplotlib", "numpy", "pandas", "platformdirs", "typer")
OTHERS: Final = 0o077
"""Bits of a file's mode that let anybody but its owner in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing looked at: its name, whether it is well, and a sentence."""

    name: str
    ok: bool
    says: str


def examine(store: Path) -> list[Check]:
    """Look at the store at ``store`` and at what loadplan needs. Changes nothing.

    A store that cannot be opened at all is a check that is not well, with what to do.
    """
    looked = [*_programs(), *_places(store)]
    try:
        return [*looked, *(_store(store) if is_there(store) else ())]
    except StoreError as error:
        return [*looked, Check(name="integrity", ok=False, says=str(error))]


def is_there(store: Path) -> bool:
    """Whether anything is there; of what lies behind a closed door opening it tells."""
    try:
        return store.exists()
    except OSError:
        return True


def _programs() -> Iterator[Check]:
    version = ".".join(str(part) for part in sys.version_info[:3])
    yield Check(name="python", ok=True, says=f"Python {version}, SQLite {sqlite3.sqlite_version}")
    absent = [name for name in NEEDED if find_spec(name) is None]
    says = f"missing: {', '.join(absent)}; install loadplan again" if absent else "all there"
    yield Check(name="packages", ok=not absent, says=says)


def _places(store: Path) -> Iterator[Check]:
    there = "" if config_file().exists() else " (not there; not needed)"
    yield Check(name="config", ok=True, says=f"{config_file()}{there}")
    absent = "" if is_there(store) else " (not there yet; the first import makes it)"
    yield Check(name="store", ok=True, says=f"{store}{absent}")


def _store(path: Path) -> Iterator[Check]:
    mode = _mode(path)
    with Store.open(path, create=False) as store:
        health = store.health()
        names = store.athletes()
    yield Check(name="version", ok=health["version"] == VERSION, says=f"tables of version {health['version']}")
    found = health["problems"]
    broken = f"damaged: {'; '.join(found[:3])}. Put a copy made by `loadplan backup` in its place"
    yield Check(name="integrity", ok=not found, says=broken if found else "SQLite finds no fault")
    closed = "" if not mode & OTHERS else "; it was open to others, and opening it has closed it"
    yield Check(name="privacy", ok=not path.stat().st_mode & OTHERS, says=f"mode {mode & 0o777:04o}{closed}")
    rows = ", ".join(f"{name} {n}" for name, n in health["rows"].items())
    yield _readers(health["readers"])
    yield _pending(health["pending"])
    yield Check(name="content", ok=True, says=f"{rows}; athletes: {', '.join(names) or 'none'}")


def _mode(path: Path) -> int:
    """Mode of the file before it is opened; 0 where nobody is let in, as opening it will say."""
    try:
        return path.stat().st_mode
    except OSError:
        return 0


def _pending(files: int) -> Check:
    read = f"{files} {'file is' if files == 1 else 'files are'} read and not in the log yet"
    says = f"an import was interrupted: {read}; the same import again goes on from there" if files else "all complete"
    return Check(name="imports", ok=True, says=says)


def _readers(readers: Mapping[str, int]) -> Check:
    older = sum(count for reader, count in readers.items() if reader != reader_name())
    runs = f"{older} {'recording was' if older == 1 else 'recordings were'} measured by older readers"
    says = f"{runs}: import the same files again" if older else f"all measured by {reader_name()}"
    return Check(name="readers", ok=True, says=says)
