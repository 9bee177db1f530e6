"""An audit for people: two readings side by side in lines that fit the terminal."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from loadplan.cli.table import Column, table, wrapped
from loadplan.units import METRES_PER_KM, UNKNOWN, distance, duration, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from importers.audit import Audited, Compared
    from loadplan.units import Units

SHOWN_NOTES: Final = 20
"""So many files with a difference or without an audit are told one by one; all of them are in the JSON."""
_LABELS: Final[dict[str, str]] = {
    "start": "start (UTC)",
    "utc_offset_s": "local offset",
    "sport": "sport",
    "distance_m": "distance",
    "elapsed_s": "elapsed",
    "timer_s": "timer",
    "ascent_m": "ascent m",
    "descent_m": "descent m",
    "cadence_spm": "cadence spm",
    "heart_rate_bpm": "heart bpm",
    "samples": "samples",
}
_TIMES: Final = ("elapsed_s", "timer_s")
_TOLD: Final = ("unexplained", "not audited")


def audit_counts(audited: Sequence[Audited]) -> dict[str, int]:
    """How many files and recordings, and how they came out."""
    verdicts = Counter(str(one.verdict) for one in audited)
    return {
        "files": len({(one.source, one.content_sha256) for one in audited}),
        "recordings": sum(bool(one.values) for one in audited),
        "same": verdicts["same"],
        "explained": verdicts["explained"],
        "unexplained": verdicts["unexplained"],
        "not_audited": verdicts["not audited"],
    }


def whole_lines(audited: Sequence[Audited], units: Units) -> list[str]:
    """Each recording value by value, then the counts."""
    return [*(line for one in audited for line in _block(one, units)), *_summary(audited)] if audited else []


def brief_lines(audited: Sequence[Audited], units: Units) -> list[str]:
    """A line a recording, what is unexplained, how the rest is explained, then the counts."""
    return [*_brief(audited, units), *_summary(audited)] if audited else []


def _block(one: Audited, units: Units) -> list[str]:
    name = f"{one.source}{f' (session {one.session + 1})' if one.session else ''}"
    beside = f" beside {one.reader}" if one.reader else ""
    lines = [*wrapped(f"{name}{beside}: {one.verdict}"), *(wrapped(one.reason, "  ", "  ") if one.reason else [])]
    if one.values:
        columns = [Column(""), Column("loadplan"), Column("theirs"), Column("difference", right=True), Column("")]
        rows = [
            [
                _label(v.name, units),
                _shown(v, v.ours, units),
                _shown(v, v.theirs, units),
                _less(v, units),
                str(v.verdict),
            ]
            for v in one.values
        ]
        lines += ["", *table(columns, rows)]
        notes = [note for v in one.values if (note := _note(v, units))]
        lines += ["", *(line for note in notes for line in wrapped(note, "    ", "  "))] if notes else []
    return [*lines, ""]


def _brief(audited: Sequence[Audited], units: Units) -> list[str]:
    columns = [
        Column("File", flexible=True, keep_end=True), Column("Start"), Column(units, right=True),
        Column("theirs", right=True), Column("Time", right=True), Column("theirs", right=True), Column(""),
    ]  # fmt: skip
    lines = table(columns, [_brief_cells(one, units) for one in audited])
    told = [one for one in audited if str(one.verdict) in _TOLD]
    for one in told[:SHOWN_NOTES]:
        lines += ["", *wrapped(f"{one.source}: {one.verdict}{f': {one.reason}' if one.reason else ''}", "  ")]
        for value in one.values:
            if str(value.verdict) in _TOLD:
                lines += wrapped(f"{_note(value, units)}", "      ", "    ")
    if len(told) > SHOWN_NOTES:
        lines += ["", f"... and {len(told) - SHOWN_NOTES} more; --format json has all of them"]
    return [*lines, *_reasons(audited), ""]


def _brief_cells(one: Audited, units: Units) -> list[str]:
    by_name = {value.name: value for value in one.values}
    cells = [UNKNOWN] * 5
    if by_name:
        start, metres, seconds = by_name["start"], by_name["distance_m"], by_name["timer_s"]
        cells = [
            f"{start.ours:%Y-%m-%d}" if isinstance(start.ours, datetime) else UNKNOWN,
            *(_shown(metres, side, units).removesuffix(f" {units}") for side in (metres.ours, metres.theirs)),
            *(_shown(seconds, side, units) for side in (seconds.ours, seconds.theirs)),
        ]
    return [f"{one.source}{f' #{one.session + 1}' if one.session else ''}", *cells, str(one.verdict)]


def _reasons(audited: Sequence[Audited]) -> list[str]:
    """Why values that differ agree all the same, the commonest first."""
    found = Counter(
        (_LABELS[v.name].removesuffix(" m"), v.reason)
        for one in audited
        for v in one.values
        if str(v.verdict) == "explained"
    )
    found.update(("file", one.reason) for one in audited if str(one.verdict) == "explained" and one.reason)
    if not found:
        return []
    lines = ["", "Explained"]
    for (name, reason), count in found.most_common():
        lines += wrapped(f"{name} in {count}: {reason}", "      ", "  ")
    return lines


def _summary(audited: Sequence[Audited]) -> list[str]:
    counts = audit_counts(audited)
    readers = " and ".join(sorted({one.reader for one in audited if one.reader}))
    beside = f" beside {readers}" if readers else ""
    told = ", ".join(
        f"{counts[key]} {key.replace('_', ' ')}" for key in ("same", "explained", "unexplained", "not_audited")
    )
    size = f"{_many(counts['files'], 'file')}, {_many(counts['recordings'], 'recording')}"
    return wrapped(f"{size}{beside}: {told}.")


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _note(value: Compared, units: Units) -> str:
    """Why one value differs, in a sentence; nothing where it does not."""
    if str(value.verdict) == "same":
        return ""
    sides = f"{_shown(value, value.ours, units)} against {_shown(value, value.theirs, units)}"
    counted = "" if value.recounted is None else f" (theirs counted so: {_shown(value, value.recounted, units)})"
    return f"{_label(value.name, units)} {sides}: {value.verdict}: {value.reason}{counted}"


def _label(name: str, units: Units) -> str:
    return f"{_LABELS[name]} {units}" if name == "distance_m" else _LABELS[name]


def _shown(value: Compared, side: object, units: Units) -> str:
    if side is None:
        return UNKNOWN
    if isinstance(side, datetime):
        return f"{side:%Y-%m-%d %H:%M:%S}"
    if not isinstance(side, int | float):
        return str(side)
    if value.name == "distance_m":
        return distance(side / METRES_PER_KM, units, 2)
    if value.name in _TIMES:
        return duration(side)
    return _clock(side) if value.name == "utc_offset_s" else number(side)


def _clock(seconds: float) -> str:
    """An offset such as +02:00."""
    hours, rest = divmod(abs(round(seconds)) // 60, 60)
    return f"{'-' if seconds < 0 else '+'}{hours:02d}:{rest:02d}"


def _less(value: Compared, units: Units) -> str:
    """The difference with its sign; nothing where there is none to see."""
    apart = value.difference
    if apart is None:
        return ""
    if value.name == "distance_m":
        shown = distance(abs(apart) / METRES_PER_KM, units, 2)
    elif value.name == "start" or value.name in _TIMES:
        shown = str(timedelta(seconds=round(abs(apart))))
    else:
        shown = number(abs(apart))
    return "" if not shown.strip("0.:") else f"{'-' if apart < 0 else '+'}{shown}"
