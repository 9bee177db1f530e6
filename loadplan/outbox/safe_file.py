"""Writing a file for people: private, whole or not at all, and never over another one unless told to."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO


def write_private(path: Path, data: bytes, *, force: bool = False) -> None:
    """Write ``data`` to ``path`` with mode 0600: temporary file beside it, fsync, rename.

    Raises:
        FileExistsError: the file exists and ``force`` is not given.
        OSError: the folder does not exist or cannot be written.
    """
    with drafted(path, force=force) as file:
        file.write(data)


@contextlib.contextmanager
def drafted(path: Path, *, force: bool = False, lasting: bool = True) -> Iterator[IO[bytes]]:
    """A file to write to, which becomes ``path`` (0600) when all went well; like ``write_private``, piece by piece.

    Args:
        path: Its name to be.
        force: Write over a file that is there.
        lasting: Wait until the disk has it. Without that a failing machine may leave a file that is cut short.
    """
    if not force and path.exists():
        raise FileExistsError(f"{path} exists already")
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # made with mode 0600
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            if lasting:
                os.fsync(file.fileno())
        _put(draft, path, force)
    finally:
        draft.unlink(missing_ok=True)


def _put(draft: Path, path: Path, force: bool) -> None:
    """Give the draft its name; without ``force`` by a link, which fails where somebody was quicker."""
    if not force:
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            raise FileExistsError(f"{path} exists already") from None
        except OSError:  # a file system without links
            pass
        else:
            return
    draft.replace(path)


def private_folder(path: Path) -> Path:
    """The folder, made with mode 0700 where it does not exist yet."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.suppress(OSError):  # a folder of somebody else, or a file system without modes
        path.chmod(0o700)
    return path
