"""Who is in a cohort: every zip or folder directly under a path, or what ``runners.csv`` names.

Nobody's files are read here. What is wrong with one runner's entry is that runner's trouble, and is in the tables.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from importers.table import read_table
from loadplan.cohort.marks import CACHE_TAG, order_mark
from loadplan.text import clean

LIST_NAME: Final = "runners.csv"
LIST_BYTES: Final = 64 * 1024 * 1024
ZIP: Final = ".zip"
COLUMNS: Final = {
    "path": "path", "file": "path", "label": "label", "runner": "label", "tz": "tz", "zone": "tz",
    "injuries": "injuries", "injury": "injuries", "injury_date": "injuries", "injury_dates": "injuries",
}  # fmt: skip
"""Header of ``runners.csv`` -> what it tells. Others are left out."""
_BETWEEN: Final = re.compile(r"[;,\s]+")
_SYSTEM: Final = ("__MACOSX",)
_DIGITS: Final = 4


class CohortError(Exception):
    """A cohort cannot be read as it was typed; the text says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One runner of a cohort."""

    label: str
    path: Path
    tz: str | None = None
    """Zone of runs whose local time nothing tells."""
    injuries: str = ""
    """Days on which an injury began, or ``first/last``, parted by blanks."""
    trouble: tuple[str, str] | None = None
    """Code and sentence of what was wrong before anything was read."""


def find_people(path: Path, *, anonymise: bool = False, leave_out: Sequence[Path] = ()) -> tuple[Person, ...]:
    """Everybody of a cohort, in the order of their labels. The order of the folder and of the list say nothing.

    Args:
        path: A folder of zips and folders, perhaps with a ``runners.csv`` in it; or such a list itself, whose first
            line names its columns: ``path`` (from the list's own folder) and, each of them or not, ``label``,
            ``injuries``, ``tz``.
        anonymise: Number the runners, in an order that says nothing about their names.
        leave_out: What lies there and is no runner, such as the results of an earlier call.

    Raises:
        CohortError: no such path, no column ``path``, a label twice, a date that is none.
    """
    listed = path if path.is_file() else path / LIST_NAME
    if not path.exists():
        raise CohortError(f"{path}: no such file or folder. Nothing was read.")
    if path.is_file() and path.suffix.lower() == ZIP:
        raise CohortError(f"{path} is one runner: `loadplan import` reads it. A cohort is a folder of such zips.")
    people = _listed(listed) if listed.is_file() else _found(path, {one.resolve() for one in leave_out})
    return _numbered(people) if anonymise else tuple(sorted(people, key=lambda one: one.label))


# ---------------------------------------------------------------- a folder
def _found(folder: Path, leave_out: set[Path]) -> list[Person]:
    try:
        entries = [folder / name for name in sorted(os.listdir(folder))]  # noqa: PTH208 - names are all that is needed
    except OSError as error:
        raise CohortError(f"{folder}: {error.strerror or error}. Nothing was read.") from error
    kept = [one for one in entries if _is_runner(one) and one.resolve() not in leave_out]
    short = Counter(_stem(one) for one in kept)
    return [_entry(folder, one, _stem(one) if short[_stem(one)] == 1 else one.name) for one in kept]


def _entry(folder: Path, path: Path, label: str) -> Person:
    trouble = None
    if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
        trouble = ("link_outside", "a link that leads out of the folder is not followed; name it in runners.csv")
    return Person(label=clean(label), path=path, trouble=trouble)


def _is_runner(path: Path) -> bool:
    """Zips by their ending, whatever is in them; folders; not what is hidden or was put there by us or the system."""
    if path.name.startswith(".") or path.name in _SYSTEM:
        return False
    return path.suffix.lower() == ZIP if not path.is_dir() else not (path / CACHE_TAG).exists()


def _stem(path: Path) -> str:
    return path.name[: -len(ZIP)] if path.suffix.lower() == ZIP and not path.is_dir() else path.name


# ---------------------------------------------------------------- a list
def _listed(path: Path) -> list[Person]:
    if path.stat().st_size > LIST_BYTES:
        raise CohortError(f"{path} is too large for a list of runners")
    table = read_table(path.read_bytes(), path.name)
    names = [COLUMNS.get(re.sub(r"[\s-]+", "_", cell.strip().lower())) for cell in table.header]
    if "path" not in names:
        raise CohortError(f"{path}: its first line must name the column path; label, injuries and tz may stand beside")
    people = [_row(path, line, dict(zip(names, cells, strict=False))) for line, cells in table.rows if any(cells)]
    if table.problems:
        raise CohortError(f"{path}: {table.problems[0].detail}")
    label, times = next(iter(Counter(one.label for one in people).most_common(1)), ("", 0))
    if times > 1:
        raise CohortError(f"{path}: the label {label!r} stands there {times} times; give each runner one of its own")
    return people


def _row(listing: Path, line: int, cells: dict[str | None, str]) -> Person:
    where = f"{listing}, line {line}"
    told = (cells.get("path") or "").strip()
    if not told or "\0" in told:
        raise CohortError(f"{where}: no path")
    path = listing.parent / told
    label = (cells.get("label") or "").strip() or _stem(path)
    zone = (cells.get("tz") or "").strip() or None
    trouble = None if path.exists() else ("no_such_path", "there is no such file or folder")
    injuries = " ".join(_injuries(cells.get("injuries") or "", where))
    return Person(label=clean(label), path=path, tz=_zone(zone, where), injuries=injuries, trouble=trouble)


def _zone(zone: str | None, where: str) -> str | None:
    try:
        if zone:
            ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise CohortError(f"{where}: {zone!r} is no time zone; one is called like Europe/Berlin") from None
    return zone


def _injuries(text: str, where: str) -> Iterator[str]:
    """Days, or first and last day, as ISO text; in order, each once."""
    found = set()
    for part in filter(None, _BETWEEN.split(text)):
        try:
            days = [date.fromisoformat(day) for day in part.split("/")]
        except ValueError:
            raise CohortError(f"{where}: {part!r} is no day such as 2026-03-08, nor two such as DAY/DAY") from None
        if len(days) > 2 or days != sorted(days):  # noqa: PLR2004 - first and last
            raise CohortError(f"{where}: {part!r} must be the first and the last day, in this order")
        found.add(tuple(day.isoformat() for day in days))
    yield from ("/".join(days) for days in sorted(found))


# ---------------------------------------------------------------- labels alone
def _numbered(people: Iterable[Person]) -> tuple[Person, ...]:
    """Runners by number. The order is that of sums of what they brought: it tells nothing of their names."""
    marks = sorted(((order_mark(one.path), one.label, one) for one in people), key=lambda row: row[:2])
    digits = max(_DIGITS, len(str(len(marks))))
    return tuple(replace(one, label=f"runner-{n:0{digits}}") for n, (_, _, one) in enumerate(marks, 1))


__all__ = ["LIST_NAME", "CohortError", "Person", "find_people"]
