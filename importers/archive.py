"""A path to its members, lazily: file, folder, zip, zip in zip, gz. Nothing is ever extracted.

What a member is, is decided by its content. Names are labels; identity is the sha256 of the content. Every byte
that comes out of a decompressor is counted here: the sizes that an archive claims for itself are never believed.
"""

from __future__ import annotations

import os
import stat
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import IO, Final

from importers.directory import entries_claimed, overlapping
from importers.inflate import CHUNK, inflated
from importers.problems import ImporterError, Problem
from importers.sniff import ACTIVITIES, HEAD_BYTES, Kind, sniff

SPOOL_BYTES: Final = 16 * 1024 * 1024
"""An inner zip larger than this goes to an unnamed temporary file (mode 0600)."""
CAUTIOUS_RATIO: Final = 40
BOMBS_MANY: Final = 8
"""After so many bombs no file may grow more than ``CAUTIOUS_RATIO`` times: real ones do not."""
CROWD: Final = 50_000
CROWD_BYTES, LISTED_BYTES = 64, 256
"""So many entries hold something; half a million empty ones would cost seconds and memory. On the mean each holds so
much, and the archive is so large for each entry that its directory has room for. Real ones have many times that."""
BOMB_FLOOR_BYTES: Final = 1024 * 1024
"""Below this size nobody asks how well something was packed."""
_ENCRYPTED: Final = 0x1
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Ways of packing that can be unpacked a bounded piece at a time; exports use no other."""
_HIDDEN_FOLDERS: Final = ("__MACOSX",)
LINK, HIDDEN = "link", "hidden"
"""Codes of what is passed over, and nobody's problem."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much an import may unpack. Counted in real bytes."""

    activity_bytes: int = 64 * 1024 * 1024
    archive_bytes: int = 20 * 1000**3
    entries: int = 1_000_000
    depth: int = 2
    """Zips within zips: 2 reads a zip in a zip."""
    ratio: int = 250
    """An activity that grows more than so many times when unpacked is a bomb; real ones grow up to 30 times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One thing found: its label, what it is, its bytes if it is an activity, and what was wrong with it."""

    source: str
    kind: Kind
    data: bytes | None = None
    content_sha256: str | None = None
    problem: Problem | None = None
    salvaged: bool = False
    named: bool = False
    """True for the very path that the user gave."""
    table: str | None = None
    """What table of an account it is, for those that were asked for; its bytes are then in ``data``."""
    archive: str = ""
    """Label of the outermost zip that it came out of, where that is not the path itself."""


Ask = Callable[[bytes, str], str | None]
"""Whether a table that begins so is wanted, by its first bytes and its label: its name, or None."""


class _TooMuchError(Exception):
    """A limit is reached; ``code`` says which."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


@dataclass(slots=True)
class _Budget:
    """Bytes and entries that the whole import may still use, and which tables are wanted."""

    limits: Limits
    ask: Ask
    bytes_read: int = 0
    bytes_of_zips: int = 0
    """Of these, what only held entries."""
    entries: int = field(default=0)
    bombs: int = 0

    def spend(self, count: int) -> None:
        self.bytes_read += count
        if self.bytes_read > self.limits.archive_bytes:
            raise _TooMuchError(
                "archive_too_big", f"more than {self.limits.archive_bytes:,} bytes unpacked: stopped here"
            )

    def entry(self) -> None:
        self.entries += 1
        if self.entries > self.limits.entries:
            raise _TooMuchError("too_many_entries", f"more than {self.limits.entries:,} entries: stopped here")
        if self.entries > CROWD and self.bytes_read - self.bytes_of_zips < CROWD_BYTES * self.entries:
            raise _TooMuchError("too_many_entries", f"{self.entries:,} entries that hold next to nothing: stopped here")

    def check(self, size: int, packed: int | None) -> None:
        """Stop at a file that is too large, or grows as no real one does."""
        if size > self.limits.activity_bytes:
            raise _TooMuchError("activity_too_big", f"more than {self.limits.activity_bytes:,} bytes")
        self.check_ratio(size, packed)

    def check_ratio(self, size: int, packed: int | None) -> None:
        """Stop at what grows as nothing real does."""
        ratio = self.limits.ratio if self.bombs < BOMBS_MANY else min(CAUTIOUS_RATIO, self.limits.ratio)
        if packed is not None and size > max(BOMB_FLOOR_BYTES, ratio * packed):
            self.bombs += 1
            raise _TooMuchError("bomb", f"grew more than {ratio} times when unpacked")


def walk(path: Path, limits: Limits | None = None, ask: Ask | None = None) -> Iterator[Member]:
    """Members of ``path`` in a fixed order (parts of the label, compared one by one).

    Args:
        path: a file, a folder or an archive.
        limits: bytes and entries that may be unpacked.
        ask: which tables come with their bytes; none of them by default.

    Raises:
        ImporterError: there is no such path, or it may not be read.
    """
    budget = _Budget(limits or Limits(), ask or (lambda head, label: None))
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            os.listdir(path)  # noqa: PTH208 - ask now whether the folder may be read
        elif stat.S_ISREG(mode):
            path.open("rb").close()
        else:
            raise ImporterError(f"{path}: neither a file nor a folder")
    except (OSError, ValueError) as error:
        raise ImporterError(f"{path}: {_reason(error)}") from error
    return _walk_folder(path, budget) if stat.S_ISDIR(mode) else _walk_named(path, budget)


def count_members(path: Path) -> int | None:
    """How many members a walk will meet at least, from the directory alone; None where that is not known."""
    try:
        if path.is_dir():
            return sum(1 for _ in _folder_files(path))
        with zipfile.ZipFile(path) as archive:
            return sum(1 for info in archive.infolist() if not info.filename.endswith("/"))
    except Exception:  # only for the progress bar: walk() reports what is wrong
        return None


def _reason(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)


# ---------------------------------------------------------------- folders and files
def _walk_named(path: Path, budget: _Budget) -> Iterator[Member]:
    yield from _guarded(path, path.name, budget, named=True)


def _walk_folder(root: Path, budget: _Budget) -> Iterator[Member]:
    for file in _folder_files(root):
        label = file.relative_to(root).as_posix()
        if file.is_symlink():
            yield _link(root, file, label)
        elif file.is_file():
            for member in _guarded(file, label, budget, named=False):
                yield member if member.source == label else replace(member, archive=label)
        elif file.is_dir():
            yield _broken(label, "unreadable", "the folder may not be read")
        else:
            yield _broken(label, "not_a_file", "neither a file nor a folder")
        if budget.bytes_read > budget.limits.archive_bytes or budget.entries > budget.limits.entries:
            return


def _folder_files(root: Path) -> Iterator[Path]:
    """Files and links below a folder, depth first in order of names; hidden ones left out, links not entered."""
    try:
        with os.scandir(root) as listing:
            entries = sorted(listing, key=lambda e: e.name)
    except OSError:
        yield root
        return
    for entry in entries:
        if _is_hidden(entry.name):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _folder_files(Path(entry.path))
        else:
            yield Path(entry.path)


def _is_hidden(label: str) -> bool:
    r"""True for what systems hide: ``.git/...``, ``__MACOSX/...``, ``._run.fit``. Some programs pack ``..\run.fit``."""
    parts = label.replace("\\", "/").split("/")
    return any((p.startswith(".") and p not in (".", "..")) or p in _HIDDEN_FOLDERS for p in parts)


def _link(root: Path, file: Path, label: str) -> Member:
    """A link is not followed: inside the folder its target is met anyway, outside it is nobody's business."""
    if file.resolve().is_relative_to(root.resolve()):
        return _passed_over(label, LINK, "a link")
    return _broken(label, "link_outside", "a link that leads out of the folder is not followed")


def _guarded(file: Path, label: str, budget: _Budget, *, named: bool) -> Iterator[Member]:
    try:
        budget.entry()
        with file.open("rb") as stream:
            yield from _open_stream(stream, label, budget, depth=0, packed=None, named=named)
    except _TooMuchError as stop:
        yield _broken(label, stop.code, str(stop), named=named)
    except OSError as error:
        yield _broken(label, "unreadable", _reason(error), named=named)


def _passed_over(label: str, code: str, detail: str) -> Member:
    return Member(source=label, kind=Kind.UNKNOWN, problem=Problem(source=label, code=code, detail=detail))


def _broken(label: str, code: str, detail: str, *, named: bool = False) -> Member:
    return Member(source=label, kind=Kind.BROKEN, problem=Problem(source=label, code=code, detail=detail), named=named)


# ---------------------------------------------------------------- one stream of bytes, whatever it is
def _open_stream(
    stream: IO[bytes], label: str, budget: _Budget, *, depth: int, packed: int | None, named: bool
) -> Iterator[Member]:
    head = stream.read(HEAD_BYTES)
    budget.spend(len(head))
    kind = sniff(head)
    if kind is Kind.ZIP:
        yield from _open_zip(stream, head, label, budget, depth=depth + 1, packed=packed, named=named)
    elif kind is Kind.GZIP:
        yield _gunzip(stream, head, label, budget, named=named)
    elif kind in ACTIVITIES:
        yield _activity(kind, _read_all(stream, head, budget, packed), label, named=named)
    elif table := _wanted(kind, head, label, budget):
        yield replace(_activity(kind, _read_all(stream, head, budget, packed), label, named=named), table=table)
    else:
        yield Member(source=label, kind=kind, named=named)


def _wanted(kind: Kind, head: bytes, label: str, budget: _Budget) -> str | None:
    return budget.ask(head, label) if kind in (Kind.TABLE, Kind.UNKNOWN) else None


def _activity(kind: Kind, data: bytes, label: str, *, named: bool, problem: Problem | None = None) -> Member:
    return Member(
        source=label,
        kind=kind,
        data=data,
        content_sha256=sha256(data).hexdigest(),
        named=named,
        problem=problem,
        salvaged=problem is not None,
    )


def _read_all(stream: IO[bytes], head: bytes, budget: _Budget, packed: int | None) -> bytes:
    pieces, size = [head], len(head)
    while piece := stream.read(CHUNK):
        pieces.append(piece)
        size += len(piece)
        budget.spend(len(piece))
        budget.check(size, packed)
    return b"".join(pieces)


# ---------------------------------------------------------------- gzip
def _gunzip(stream: IO[bytes], head: bytes, label: str, budget: _Budget, *, named: bool) -> Member:
    """The activity in a gzip stream. What came before a cut or a fault is kept, and said."""
    data, trouble = inflated(stream, head, budget)
    kind = sniff(data[:HEAD_BYTES])
    problem = Problem(source=label, code=trouble[0], detail=trouble[1]) if trouble else None
    if kind in ACTIVITIES:
        return _activity(kind, data, label, named=named, problem=problem)
    if table := _wanted(kind, data[:HEAD_BYTES], label, budget):
        return replace(_activity(kind, data, label, named=named, problem=problem), table=table)
    if problem:
        return Member(source=label, kind=Kind.BROKEN, problem=problem, named=named)
    if kind in (Kind.ZIP, Kind.GZIP):
        return _broken(label, "nested_too_deep", f"a {kind.value} inside a gzip file is not opened", named=named)
    return Member(source=label, kind=kind, named=named)


# ---------------------------------------------------------------- zip
def _open_zip(
    stream: IO[bytes], head: bytes, label: str, budget: _Budget, *, depth: int, packed: int | None, named: bool
) -> Iterator[Member]:
    if depth > budget.limits.depth:
        yield _broken(label, "nested_too_deep", f"zips are opened {budget.limits.depth} deep, not more", named=named)
        return
    if depth == 1:
        yield from _zip_members(stream, label, budget, depth=depth, named=named)
        return
    with tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES) as spool:  # a zip can only be read from its end
        spool.write(head)
        while piece := stream.read(CHUNK):
            budget.spend(len(piece))
            spool.write(piece)
            budget.check_ratio(spool.tell(), packed)
        budget.bytes_of_zips += spool.tell()
        yield from _zip_members(spool, label, budget, depth=depth, named=named)


def _zip_members(stream: IO[bytes], label: str, budget: _Budget, *, depth: int, named: bool) -> Iterator[Member]:
    try:
        _check_entries(stream, budget.limits)
        archive = zipfile.ZipFile(stream)
        infos = sorted(enumerate(archive.infolist()), key=lambda item: (item[1].filename.split("/"), item[0]))
        shared = overlapping(archive.infolist())
    except _TooMuchError as stop:
        yield _broken(label, stop.code, str(stop), named=named)
        return
    except Exception as error:  # zipfile raises many kinds on damaged directories
        yield _broken(label, "bad_zip", f"the zip is damaged or cut short ({error})", named=named)
        return
    prefix = "" if depth == 1 and named else f"{label}/"
    with archive:
        for _, info in infos:
            if info.filename.endswith("/"):
                continue
            budget.entry()
            label = prefix + info.filename
            if _is_hidden(info.filename):
                yield _passed_over(label, HIDDEN, "hidden by the system that packed it")
            elif id(info) in shared:
                detail = "its bytes are those of another entry, too: no program packs like that"
                yield _broken(label, "overlapping_entries", detail)
            else:
                yield from _zip_entry(archive, info, label, budget, depth)


def _zip_entry(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, label: str, budget: _Budget, depth: int
) -> Iterator[Member]:
    if info.flag_bits & _ENCRYPTED:
        yield _broken(label, "encrypted", "the entry is encrypted")
    elif info.compress_type not in _METHODS:
        yield _broken(label, "unknown_compression", f"packed by method {info.compress_type}, which is not read")
    elif stat.S_ISLNK(info.external_attr >> 16):
        yield _broken(label, "link_outside", "a link in an archive is not followed")
    else:
        try:
            with archive.open(info) as stream:
                yield from _open_stream(stream, label, budget, depth=depth, packed=info.compress_size, named=False)
        except _TooMuchError as stop:
            if stop.code in ("archive_too_big", "too_many_entries"):
                raise
            yield _broken(label, stop.code, str(stop))
        except Exception as error:  # bad checksum, lying sizes, overlapping entries, broken streams
            yield _broken(label, "bad_zip_entry", f"the entry is damaged ({error})")


def _check_entries(stream: IO[bytes], limits: Limits) -> None:
    """Refuse a directory that costs more to read than all it can list is worth."""
    claimed, size = entries_claimed(stream)
    if claimed > limits.entries:
        raise _TooMuchError("too_many_entries", f"more than {limits.entries:,} entries")
    if claimed > CROWD and size < LISTED_BYTES * claimed:
        detail = f"a list of up to {claimed:,} entries in an archive of {size:,} bytes: they hold next to nothing"
        raise _TooMuchError("too_many_entries", detail)
