"""The tables of accounts met on the way through an export: which they are, and what they say once all are there.

A table is known by its content, except for the list of shoes, which is known by its name beside a table of activities.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Final

from importers import garmin
from importers.account import Account
from importers.archive import Member
from importers.table import read_table

_GARMIN_FOLDERS: Final = ("di_connect", "di-connect")
"""How the folders of a Garmin export begin; what stands below the first of them is one export."""
_SHOES: Final = "shoes.csv"
_UNREADABLE: Final = frozenset({"unreadable_row", "no_start", "malformed", "duplicate_id", "duplicate_row"})
"""Codes of rows that are in a table and not in what was read of it."""


class TableKind(StrEnum):
    """What a table of an account says."""

    STRAVA = "activities of Strava"
    SHOES = "shoes of Strava"
    SUMMARIES = "summaries of Garmin"
    GEAR = "gear of Garmin"
    LIST = "list of Garmin's web page"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table as it was met."""

    kind: TableKind
    base: str
    """What its export begins with: the path named, the zip in it, and the folder of the account."""
    source: str
    prefix: str
    """What ``source`` begins with in the ledger."""
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one table says, and of which files."""

    kind: TableKind
    base: str
    source: str
    prefix: str
    account: Account
    rows: int
    """Rows in the table, counted apart from reading them."""


def table_kind(head: bytes, label: str) -> str | None:
    """Which table of an account a file is, by its first bytes; None for any other."""
    if head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"[", b"{"):
        if garmin.looks_like_gear(head):
            return TableKind.GEAR
        return TableKind.SUMMARIES if garmin.looks_like_summaries(head) else None
    if PurePosixPath(label.lower()).name == _SHOES:
        return TableKind.SHOES
    from importers import strava  # brings NumPy, for which a walk that meets no table should not wait

    if strava.looks_like_activities(head):
        return TableKind.STRAVA
    return TableKind.LIST if garmin.looks_like_list(head) else None


def base_of(kind: TableKind, label: str) -> str:
    """The folder of the account that a table belongs to: ``""`` at the top."""
    parts = label.split("/")[:-1]
    if kind in (TableKind.SUMMARIES, TableKind.GEAR):
        at = next((n for n, part in enumerate(parts) if part.lower().startswith(_GARMIN_FOLDERS)), None)
        parts = parts if at is None else parts[: at + 1]
    return "/".join(parts)


@dataclass(slots=True)
class Tables:
    """Tables met so far."""

    met: list[Table] = field(default_factory=list)

    def take(self, member: Member, scope: str, prefix: str = "") -> None:
        """Keep a table for later. ``scope`` is what was downloaded at once."""
        kind = TableKind(str(member.table))
        folder = base_of(kind, member.source)
        base = f"{scope}/{folder}" if folder else scope
        table = Table(kind=kind, base=base, source=member.source, prefix=prefix, data=member.data or b"")
        self.met.append(table)

    def bases(self) -> list[str]:
        """Where accounts begin, the deepest first."""
        found = {table.base for table in self.met if table.kind is not TableKind.SHOES}
        return sorted(found, key=lambda base: (-len(base), base))

    def read(self) -> list[Told]:
        """What all tables of activities say, each with the shoes of its own account."""
        ordered = sorted(self.met, key=lambda t: (t.base, t.source))
        told = []
        for table in ordered:
            if table.kind is TableKind.STRAVA:
                told.append(_strava(table, [t for t in ordered if t.kind is TableKind.SHOES and t.base == table.base]))
            elif table.kind is TableKind.LIST:
                told.append(_told(table, garmin.read_list(table.data, source=table.source), _csv_rows(table)))
        return [*told, *_garmin(ordered)]


def _strava(table: Table, shoes: list[Table]) -> Told:
    from importers import strava

    beside = shoes[0].data if shoes else None
    return _told(table, strava.read_activities(table.data, source=table.source, shoes=beside), _csv_rows(table))


def _garmin(tables: list[Table]) -> list[Told]:
    """Summaries with the shoes of their account. The gear of an account without summaries says nothing of a run."""
    found = []
    gear = [(t, garmin.read_gear(t.data, source=t.source)) for t in tables if t.kind is TableKind.GEAR]
    listed: set[str] = set()
    for table in (t for t in tables if t.kind is TableKind.SUMMARIES):
        account = garmin.read_summaries(table.data, source=table.source)
        rows = len(account.rows) + sum(problem.code in _UNREADABLE for problem in account.problems)
        for _, shoes in (one for one in gear if one[0].base == table.base):
            account = garmin.join_gear(account, shoes)
            if table.base in listed:  # said once, with the first file of summaries
                account = replace(account, problems=tuple(p for p in account.problems if p not in shoes.problems))
        listed.add(table.base)
        found.append(_told(table, account, rows))
    return found


def _told(table: Table, account: Account, rows: int) -> Told:
    return Told(kind=table.kind, base=table.base, source=table.source, prefix=table.prefix, account=account, rows=rows)


def _csv_rows(table: Table) -> int:
    """Rows below the header that have anything in them, repeated headers left out."""
    read = read_table(table.data, table.source)
    count = sum(any(cell.strip() for cell in cells) and cells != read.header for _, cells in read.rows)
    return count + sum(problem.code in _UNREADABLE for problem in read.problems)
