"""What tells one runner's files from another's without reading them: for numbers, and to know what was done before."""

from __future__ import annotations

import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Final

from importers.directory import fingerprint

CACHE_TAG: Final = "CACHEDIR.TAG"
"""A folder with this file holds what can be made again (https://bford.info/cachedir/): backups and we pass it by."""
CACHE_SIGNATURE: Final = "Signature: 8a477f597d28d172789f06886806bc55\n"
_HEAD: Final = 64 * 1024


def order_mark(path: Path) -> str:
    """The same for the same content, wherever it lies and however it is called."""
    return _mark(path, times=False)


def content_mark(path: Path) -> str:
    """Another one whenever a file was changed, came or went: by an archive's directory, or sizes and times."""
    return _mark(path, times=True)


def size_of(path: Path) -> int:
    """Bytes on disk, 0 where that cannot be told."""
    try:
        return sum(size for _, size, _ in _files(path)) if path.is_dir() else path.stat().st_size
    except OSError:
        return 0


def _mark(path: Path, *, times: bool) -> str:
    try:
        if path.is_dir():
            rows = sorted((name, size, when if times else 0) for name, size, when in _files(path))
            return sha256(repr(rows).encode(errors="surrogatepass")).hexdigest()
        return fingerprint(path) or _sum(path)
    except OSError as error:
        return sha256(f"{type(error).__name__}".encode()).hexdigest()


def _sum(path: Path) -> str:
    """Of a file that is no archive: its size and its beginning."""
    with path.open("rb") as stream:
        return sha256(b"%d " % path.stat().st_size + stream.read(_HEAD)).hexdigest()


def _files(folder: Path) -> Iterator[tuple[str, int, int]]:
    """Name within the folder, size and time (ns) of each file; links are not followed."""
    for where, _, names in os.walk(folder):
        for name in names:
            found = Path(where, name).lstat()
            yield Path(where, name).relative_to(folder).as_posix(), found.st_size, found.st_mtime_ns
