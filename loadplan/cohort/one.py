"""One runner: files to some small tables, by the functions that read, measure and judge a runner alone.

Pure but for the files it reads, and without a store on disk: what it gives depends on the files, the reader's version
and the options, and on nothing else. It runs wherever it is sent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd

from importers import read_export
from importers.export import Export
from importers.problems import NOT_FOR_GOOD, Fate, ImporterError, LedgerRow
from importers.run import RUN_SPORT
from loadplan.acwr import METHODS
from loadplan.cohort.coach import recent
from loadplan.cohort.flags import FLAGS, flag_columns, flags
from loadplan.cohort.people import Person
from loadplan.cohort.tables import LEDGER, SUMMARY, WARNINGS, WEEKS, Columns, empty, typed
from loadplan.daily import daily_load
from loadplan.grid import grid_of
from loadplan.measures import texts
from loadplan.rules import LoadWarning, check_weeks
from loadplan.runlog import log_table
from loadplan.sessions import spike_by_day
from loadplan.store import Store
from loadplan.store.known import reader_name
from loadplan.weekly import acwr_of_weeks, weekly_load
from plans.evidence import Finding, own_limits

OK: Final = "ok"
PARTLY: Final = "partly"
FAILED: Final = "failed"
MINUTES_AN_HOUR: Final = 60
METHOD: Final = "uncoupled"
"""Of the column ``acwr``; the rules judge by it, as in ``load``."""
SPIKED: Final = ("small", "moderate", "large")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How everybody of a cohort is read."""

    as_of: date
    week_start: str = "mon"
    tz: str | None = None
    """Zone of runs whose local time nothing tells; a runner's own goes before it."""
    anonymise: bool = False
    limits: Mapping[str, Finding] = field(default_factory=dict)
    """Limits of one's own, as ``own_limits`` takes them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one runner's files tell: the columns of ``tables``, with the runner's label."""

    weeks: pd.DataFrame
    warnings: pd.DataFrame
    ledger: pd.DataFrame
    flags: pd.DataFrame
    summary: dict[str, Any]
    """The runner's row; its rank among the others and the reason to look are still to come."""
    recent: dict[str, Any] = field(default_factory=dict)
    """What the ranking reads of the last weeks, as ``coach.recent`` gives it."""
    final: bool = True
    """False where reading the same again may give more: a file was too slow, or lies in the future."""


def read_person(person: Person, options: Options) -> Told:
    """Read one runner. Whatever is wrong with the files is in the result, and never raised.

    Args:
        person: Who, and where the files are.
        options: The day that counts as today, and how names and limits are taken.
    """
    if person.trouble is not None:
        return not_read(person, *person.trouble)
    try:
        export = read_export(person.path, tz=person.tz or options.tz, jobs=1)
        with own_limits(options.limits):
            return _told(person, options, export)
    except ImporterError as error:
        return not_read(person, "unreadable", "" if options.anonymise else str(error))
    except MemoryError:
        return not_read(person, "no_memory", "there was not enough memory to read it")
    except Exception as error:  # a defect of ours, or a disk that fails: the other runners go on
        return not_read(person, "defect", f"reading failed with {type(error).__name__}")


def not_read(person: Person, code: str, detail: str) -> Told:
    """What there is to say of a runner of whom nothing could be read."""
    row = LedgerRow(source="", fate=Fate.REJECTED, code=code, detail=detail)
    counts = dict.fromkeys(Export().counts(), 0) | {"found": 1, "rejected": 1}
    return Told(
        weeks=empty(WEEKS),
        warnings=empty(WARNINGS),
        ledger=_ledger(person.label, [row], anonymise=False),
        flags=typed(flag_columns(person.label, flags(empty(WEEKS), empty(WEEKS), [])), FLAGS),
        summary=_summary(person, counts, [row]),
        final=False,
    )


def _told(person: Person, options: Options, export: Export) -> Told:
    with Store.open(None) as store:
        store.add_import(export, [person.label], reader=reader_name())
        rows = store.runs(last=options.as_of, sport=RUN_SPORT)
        stated = {str(shoe["name"]): shoe for shoe in store.shoes()}
    if options.anonymise:
        rows, stated = _numbered_pairs(rows, stated)
    daily = daily_load(log_table(rows), options.as_of, week_start=options.week_start, shoes=stated)
    weeks = weekly_load(daily, as_of=options.as_of, method=METHOD, week_start=options.week_start)
    warnings = check_weeks(weeks) if len(weeks) else []
    return Told(
        weeks=_weeks(person.label, daily, weeks, options),
        warnings=_warnings(person.label, warnings),
        ledger=_ledger(person.label, export.ledger, anonymise=options.anonymise),
        flags=typed(flag_columns(person.label, flags(daily, weeks, warnings)), FLAGS),
        summary=_summary(person, export.counts(), export.ledger)
        | _sums(daily)
        | {"weeks": len(weeks), "warnings": len(warnings)},
        recent=recent(weeks, warnings) if len(weeks) else {},
        final=not any(row.code in NOT_FOR_GOOD for row in export.ledger),
    )


def _numbered_pairs(
    rows: Sequence[Mapping[str, Any]], stated: Mapping[str, Mapping[str, Any]]
) -> tuple[list[dict[str, Any]], dict[str, dict[str, Any]]]:
    """The same runs in pairs that have numbers for names: what a pair is called may name its owner."""
    names = dict.fromkeys([row["shoe"] for row in rows if row["shoe"]] + list(stated))
    called = {name: f"pair {number}" for number, name in enumerate(names, 1)}
    numbered = [{**row, "shoe": called.get(row["shoe"])} for row in rows]
    return numbered, {called[name]: {**shoe, "name": called[name]} for name, shoe in stated.items()}


# ---------------------------------------------------------------- the tables
def _weeks(label: str, daily: pd.DataFrame, weeks: pd.DataFrame, options: Options) -> pd.DataFrame:
    if weeks.empty:
        return empty(WEEKS)
    columns: dict[str, Any] = {
        name: texts(weeks, name) if kind == "str" else weeks[name].to_numpy()
        for name, kind in WEEKS.items()
        if name in weeks.columns
    }
    columns |= {"runner": [label] * len(weeks), "week": [day.date().isoformat() for day in weeks.index]}
    columns |= _other_ratios(daily, options.week_start) | _spiked(daily, options.week_start)
    columns["sessions"] = columns["runs"]
    if options.anonymise:
        columns["climb_source"] = [None] * len(weeks)
    return typed(columns, WEEKS)


def _other_ratios(daily: pd.DataFrame, week_start: str) -> dict[str, Any]:
    """The ratio by the methods that ``acwr`` is not taken by."""
    grid = grid_of(daily, week_start)
    found: dict[str, Any] = {}
    for method in METHODS:
        if method != METHOD:
            told = acwr_of_weeks(daily, grid, method, "distance")
            found |= {f"acwr_{method}{what}": told[f"acwr{what}"] for what in ("", "_reason", "_band")}
    return found


def _spiked(daily: pd.DataFrame, week_start: str) -> dict[str, Any]:
    """Sessions of each week that can be held against the 30 days before, and those of them beyond the limit."""
    band = texts(spike_by_day(daily), "band")
    grid = grid_of(daily, week_start)
    judged = np.asarray(band != None, dtype=np.int64)  # noqa: E711 - element by element
    return {
        "judged_sessions": grid.total(judged),
        "spiked_sessions": grid.total(np.isin(band.astype(str), SPIKED).astype(np.int64)),
    }


def _warnings(label: str, warnings: Sequence[LoadWarning]) -> pd.DataFrame:
    told = [one.as_json() for one in warnings]
    rows = [
        {
            "runner": label, "week": one["week"] or one["day"], "value": _float(one["measured"]),
            "limit": _float(one["limit"]), "sentence": one["message"], "finding": one["source"],
            **{name: one[name] for name in ("code", "name", "level", "unit", "grade")},
        }
        for one in told
    ]  # fmt: skip
    return _table(rows, WARNINGS)


def _ledger(label: str, ledger: Iterable[LedgerRow], *, anonymise: bool) -> pd.DataFrame:
    rows = [
        {
            "runner": label, "source": f"file {number}" if anonymise else one.source, "fate": str(one.fate),
            "code": one.code, "detail": None if anonymise else one.detail, "runs": one.runs, "salvaged": one.salvaged,
        }
        for number, one in enumerate(ledger, 1)
    ]  # fmt: skip
    return _table(rows, LEDGER)


def _table(rows: Sequence[Mapping[str, Any]], columns: Columns) -> pd.DataFrame:
    return typed({name: [row[name] for row in rows] for name in columns}, columns)


def _float(value: float | None) -> float:
    return np.nan if value is None else float(value)


def _summary(person: Person, counts: Mapping[str, int], ledger: Iterable[LedgerRow]) -> dict[str, Any]:
    status = FAILED if not counts["kept"] else PARTLY if counts["rejected"] else OK
    codes = Counter(row.code or "unknown" for row in ledger if row.fate is Fate.REJECTED)
    reason = ", ".join(f"{code} {count}" for code, count in sorted(codes.items()))
    unknown = dict.fromkeys(("first_day", "last_day", "hours_run", "distance_km"))
    return {
        "runner": person.label, "status": status, "reason": reason or ("no_activities" if status == FAILED else None),
        **{name: counts[name] for name in SUMMARY if name in counts}, **unknown, "runs": 0, "weeks": 0, "warnings": 0,
        "injuries": person.injuries or None,
    }  # fmt: skip


def _sums(daily: pd.DataFrame) -> dict[str, Any]:
    """How much was run in all, of what is known; nothing where there was no run."""
    run = [day.date().isoformat() for day in daily.index[daily["runs"] > 0]]
    if not run:
        return {}
    return {
        "runs": int(daily["runs"].sum()), "first_day": run[0], "last_day": run[-1],
        "hours_run": float(daily["duration_min"].sum()) / MINUTES_AN_HOUR,
        "distance_km": float(daily["distance_km"].sum()),
    }  # fmt: skip
