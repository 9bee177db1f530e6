"""What one runner's files tell, as bytes: what workers send, what lies in the folder of parts, what results are of.

A part is a zip of these tables without header and label, and a summary in JSON. It names nobody: the label is put
before each row when the results are written, so that a runner who is called otherwise need not be read again.
"""

from __future__ import annotations

import io
import json
import time
import zipfile
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import pandas as pd

from loadplan.cohort.marks import CACHE_SIGNATURE, CACHE_TAG, content_mark
from loadplan.cohort.one import Options, Told
from loadplan.cohort.people import Person
from loadplan.outbox.safe_file import drafted, private_folder
from loadplan.store.known import reader_name
from loadplan.text import csv_cell

FORMAT: Final = 1
"""Raise it whenever a part, or what is reckoned for it, changes."""
STAMP: Final = (1980, 1, 1, 0, 0, 0)
ENDING: Final = ".part"
IN_PARTS: Final = ("weeks", "warnings", "ledger", "flags")
SUMMARY: Final = "summary.json"
LABEL: Final = "runner"
DRAFT_S: Final = 3600.0
"""A draft that is older belongs to nobody any more."""
_LEVEL: Final = 6
_ABOUT: Final = "# Runners that loadplan cohort has read. The same call again goes on from here; it may be deleted.\n"


@dataclass(frozen=True, slots=True)
class Part:
    """A part, opened: the text of each table, and the summary."""

    texts: dict[str, bytes]
    summary: dict[str, Any]
    recent: dict[str, Any]
    """What the ranking reads of the last weeks."""
    final: bool


def key_of(person: Person, options: Options) -> str:
    """What a part depends on, in one word: the files, the options, the versions of reader and part."""
    limits = [(key, repr(finding)) for key, finding in sorted(options.limits.items())]
    zone = person.tz or options.tz
    told = (FORMAT, reader_name(), options.as_of.isoformat(), options.week_start, options.anonymise, zone, limits)
    return sha256(f"{content_mark(person.path)} {person.trouble} {told!r}".encode()).hexdigest()


def packed(told: Told) -> bytes:
    """What a runner's files tell, as the bytes of a part: the same for the same tables."""
    whole = io.BytesIO()
    summary = {"summary": told.summary, "recent": told.recent, "final": told.final, "reader": reader_name()}
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for name in IN_PARTS:
            _put(archive, f"{name}.csv", csv_rows(getattr(told, name).drop(columns=LABEL)))
        _put(archive, SUMMARY, json.dumps(summary, allow_nan=False).encode())
    return whole.getvalue()


def _put(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name, STAMP), data, zipfile.ZIP_DEFLATED)


def csv_rows(table: pd.DataFrame) -> bytes:
    """Rows of a table, one a line, safe for a spreadsheet; nothing where unknown; numbers with all their digits."""
    safe = table.copy(deep=False)
    for name in table.select_dtypes("object").columns:
        safe[name] = pd.Series([csv_cell(value) for value in table[name]], index=table.index, dtype="object")
    return safe.to_csv(None, header=False, index=False, lineterminator="\n").encode()


def opened(data: bytes) -> Part | None:
    """A part out of its bytes; None where they are damaged, or of another version."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            told = json.loads(archive.read(SUMMARY))
            texts = {name: archive.read(f"{name}.csv") for name in IN_PARTS}
        if told["reader"] != reader_name():
            return None
        return Part(texts, dict(told["summary"]), dict(told["recent"]), bool(told["final"]))
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, EOFError, OSError):
        return None


@dataclass(frozen=True, slots=True)
class Folder:
    """Where parts lie: one file a runner, private, marked as something that can be made again."""

    path: Path

    @classmethod
    def at(cls, path: Path) -> Folder:
        """The folder, made where it does not exist yet."""
        private_folder(path)
        (path / CACHE_TAG).write_text(CACHE_SIGNATURE + _ABOUT, encoding="ascii")
        return cls(path)

    def keep(self, key: str, data: bytes) -> None:
        """Keep a part; whole, or not at all."""
        with drafted(self._file(key), force=True, lasting=False) as file:
            file.write(data)

    def get(self, key: str) -> Part | None:
        """A part that was kept and is not damaged."""
        try:
            return opened(self._file(key).read_bytes())
        except OSError:
            return None

    def holds(self, key: str) -> bool:
        """Whether this runner need not be read again: what was not final may be more today."""
        part = self.get(key)
        return part is not None and part.final

    def prune(self, keys: Collection[str]) -> None:
        """Take away the parts of other calls, and what broken ones have left."""
        wanted = {self._file(key).name for key in keys}
        for file in self.path.iterdir():
            draft = file.name.startswith(".")  # of a call that runs at the same time, unless it is old
            if ENDING in file.name and file.name not in wanted and (not draft or _is_old(file)):
                file.unlink(missing_ok=True)

    def _file(self, key: str) -> Path:
        return self.path / f"{key}{ENDING}"


def _is_old(file: Path) -> bool:
    try:
        return time.time() - file.stat().st_mtime > DRAFT_S
    except OSError:
        return False


__all__ = ["Folder", "Part", "csv_rows", "key_of", "opened", "packed"]
