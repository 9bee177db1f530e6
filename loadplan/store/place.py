"""Where a store may lie: nothing there yet, or a file of SQLite. Looked at before anything is made or changed."""

from __future__ import annotations

import contextlib
import os
import stat
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

FILE_MODE: Final = 0o600
FOLDER_MODE: Final = 0o700
OTHERS: Final = 0o077
"""Bits of a file's mode that let anybody but its owner in."""
SQLITE_MAGIC: Final = b"SQLite format 3\x00"
"""How every file of SQLite begins (its file format, section 1.3)."""

_OTHER: Final = "Nothing was changed. Name another --store"
DAMAGED: Final = (
    "is damaged or no store. Nothing was changed. Put a copy made by `loadplan backup` in its place, "
    "or move it away and import again"
)


class StoreError(Exception):
    """The store cannot be used: locked, full, damaged, newer, or not ours. The text says what to do."""


def is_empty(path: Path) -> bool:
    """True where nothing is, or a file without a byte: a store that nobody has written to yet.

    Raises:
        StoreError: something else is there, which is left as it is.
        OSError: its folder may not be entered, or the file not read.
    """
    try:
        path.lstat()
    except FileNotFoundError:
        return True
    try:
        found = path.stat()
    except FileNotFoundError:
        raise StoreError(f"the store {path} is a link that leads nowhere. {_OTHER}.") from None
    if stat.S_ISDIR(found.st_mode):
        raise StoreError(f"{path} is a folder, no store. {_OTHER}.")
    if not stat.S_ISREG(found.st_mode):
        raise StoreError(f"{path} is no file that can be a store. {_OTHER}.")
    with path.open("rb") as file:
        begins = file.read(len(SQLITE_MAGIC))
    if begins not in (b"", SQLITE_MAGIC):
        raise StoreError(f"the store {path} {DAMAGED}.")
    return not begins


def make_private(path: Path) -> None:
    """Let the file exist, readable by its owner only, in a folder that is made as private where it is new."""
    if not path.parent.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
    # Another loadplan may have made it meanwhile; a link is never followed to make what it points to.
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, FILE_MODE))


def close_to_others(path: Path) -> None:
    """Let only its owner read it and what SQLite keeps beside it. Only for what is known to be a store."""
    real = path.resolve()
    for one in (real, real.with_name(f"{real.name}-wal"), real.with_name(f"{real.name}-shm")):
        if one.exists() and one.stat().st_mode & OTHERS and os.access(one, os.W_OK):
            one.chmod(FILE_MODE)
