"""Parts to the files of a cohort: F, F-warnings, F-ledger and F-summary, as CSV or Parquet.

Runners stand in the order of their labels. Parts are read one after another, and written as they are read: however many
runners there are, one of them is in memory. The same parts give the same bytes.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any, Final, Protocol

from loadplan.attention import QUIET, order_of
from loadplan.cohort.coach import reasons
from loadplan.cohort.parts import IN_PARTS, Folder, Part, csv_rows
from loadplan.cohort.people import CohortError, Person
from loadplan.cohort.tables import SUMMARY, TABLES, Columns, typed
from loadplan.outbox.safe_file import drafted
from loadplan.text import csv_cell

CSV: Final = ".csv"
PARQUET: Final = ".parquet"
ENDINGS: Final = (CSV, PARQUET)
ROWS_AT_ONCE: Final = 65_536
"""Rows of a Parquet file's row groups; about that many are in memory."""
MAIN: Final = "weeks"
"""The table that F itself holds."""


def files_of(out: Path) -> dict[str, Path]:
    """Name of a table -> its file: F and those beside it.

    Raises:
        CohortError: F is called neither .csv nor .parquet, or what writes Parquet is not installed.
    """
    if out.suffix.lower() not in ENDINGS:
        raise CohortError(f"{out} must end in {' or '.join(ENDINGS)}")
    if out.suffix.lower() == PARQUET and find_spec("pyarrow") is None:
        raise CohortError(
            "Parquet needs pyarrow: pip install 'loadplan[parquet]'. A name that ends in .csv needs nothing."
        )
    return {name: out if name == MAIN else out.with_name(f"{out.stem}-{name}{out.suffix}") for name in TABLES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """Everybody that was read, and where the parts are."""

    people: Sequence[Person]
    keys: Sequence[str]
    folder: Folder
    as_of: date

    def parts(self) -> Iterator[tuple[Person, Part]]:
        """Each runner's part, in the order of the labels."""
        for person, key in zip(self.people, self.keys, strict=True):
            part = self.folder.get(key)
            if part is None:
                raise CohortError(f"the part of {person.label} is gone from {self.folder.path}: run the command again")
            yield person, part

    def summaries(self) -> Iterator[dict[str, Any]]:
        """Each runner's row of the summary, in the order of the labels, ranked among the others.

        ``recent`` stands beside its columns, as ``coach`` takes it.
        """
        ranks = self._ranks()
        for row, rank in zip(self._rows(), ranks, strict=True):
            why = reasons(row, self.as_of)
            yield {**row, "rank": rank, "attention": why[0].line if why else QUIET}

    def _rows(self) -> Iterator[dict[str, Any]]:
        for person, part in self.parts():
            yield {**part.summary, "runner": person.label, "injuries": person.injuries or None, "recent": part.recent}

    def _ranks(self) -> list[int]:
        """1 is who to look at first."""
        order = [order_of(reasons(row, self.as_of), row["runner"]) for row in self._rows()]
        ranks = [0] * len(order)
        for rank, place in enumerate(sorted(range(len(order)), key=order.__getitem__), 1):
            ranks[place] = rank
        return ranks


def write_results(cohort: Cohort, out: Path, *, force: bool = False) -> Counter[str]:
    """Write the four files; all of them appear when all are written, F last.

    Args:
        cohort: What was read.
        out: F; its ending says how.
        force: Write over files that are there.

    Returns:
        Number of runners by status.

    Raises:
        FileExistsError: one of them is there and ``force`` is not given.
    """
    paths = files_of(out)
    statuses: Counter[str] = Counter()
    order = [MAIN, *(name for name in TABLES if name != MAIN)]  # the first to be opened is the last to get its name
    with ExitStack() as stack:
        sinks = {name: stack.enter_context(_sink(paths[name], TABLES[name], force=force)) for name in order}
        for person, part in cohort.parts():
            for name in IN_PARTS:
                sinks[name].add(person.label, part.texts[name])
        for row in cohort.summaries():
            statuses[row["status"]] += 1
            sinks["summary"].add(row["runner"], summary_text(row))
    return statuses


def summary_text(row: dict[str, Any]) -> bytes:
    """A row of the summary without its label."""
    columns = {name: kind for name, kind in SUMMARY.items() if name != "runner"}
    return csv_rows(typed({name: [row.get(name)] for name in columns}, columns))


# ---------------------------------------------------------------- files
class Sink(Protocol):
    """A table on its way to a file."""

    def add(self, label: str, rows: bytes) -> None:
        """A runner's rows, without the label."""

    def close(self) -> None:
        """No more will come."""


@contextmanager
def _sink(path: Path, columns: Columns, *, force: bool) -> Iterator[Sink]:
    with drafted(path, force=force) as file:
        sink: Sink = _Csv(file, columns) if path.suffix.lower() == CSV else _Parquet(file, columns)
        yield sink
        sink.close()


def labelled(label: str, rows: bytes) -> bytes:
    """Rows of one runner, each with the label before it. No cell of a part holds the end of a line."""
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow([csv_cell(label)])
    head = out.getvalue().encode() + b","
    return b"".join(head + row for row in rows.splitlines(keepends=True))


class _Csv:
    def __init__(self, file: IO[bytes], columns: Columns) -> None:
        self._file = file
        file.write(",".join(columns).encode() + b"\n")

    def add(self, label: str, rows: bytes) -> None:
        self._file.write(labelled(label, rows))

    def close(self) -> None:
        self._file.flush()


class _Parquet:
    """Row groups of whole runners."""

    def __init__(self, file: IO[bytes], columns: Columns) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        kinds = {"str": pa.string(), "float64": pa.float64(), "int64": pa.int64(), "bool": pa.bool_()}
        self._schema = pa.schema([(name, kinds[kind]) for name, kind in columns.items()])
        self._writer = pq.ParquetWriter(file, self._schema)
        self._rows: list[bytes] = []
        self._count = 0

    def add(self, label: str, rows: bytes) -> None:
        self._rows.append(labelled(label, rows))
        self._count += rows.count(b"\n")
        if self._count >= ROWS_AT_ONCE:
            self._write()

    def close(self) -> None:
        self._write()
        self._writer.close()

    def _write(self) -> None:
        from pyarrow import csv as reader

        if self._count:
            names = reader.ReadOptions(column_names=self._schema.names, use_threads=False)
            types = reader.ConvertOptions(
                column_types=dict(zip(self._schema.names, self._schema.types, strict=True)), null_values=[""],
                strings_can_be_null=True, true_values=["True"], false_values=["False"],
            )  # fmt: skip
            read = reader.read_csv(io.BytesIO(b"".join(self._rows)), read_options=names, convert_options=types)
            self._writer.write_table(read.combine_chunks(), row_group_size=self._count)
        self._rows, self._count = [], 0


__all__ = ["ENDINGS", "Cohort", "files_of", "write_results"]
