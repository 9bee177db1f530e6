"""Writing a file for people: private, whole or not at all, and never over another one unless told to."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path


def write_private(path: Path, data: bytes, *, force: bool = False) -> None:
    """Write ``data`` to ``path`` with mode 0600: temporary file beside it, fsync, rename.

    Raises:
        FileExistsError: the file exists and ``force`` is not given.
        OSError: the folder does not exist or cannot be written.
    """
    if not force and path.exists():
        raise FileExistsError(f"{path} exists already")
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # made with mode 0600
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
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
