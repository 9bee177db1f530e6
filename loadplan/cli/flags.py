"""What does not add up in a run, and how far its climb can be trusted, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from loadplan.cli.reasons import NOT_CHECKED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FLAG_SENTENCES: Final[dict[str, str]] = {
    "clock_corrected": "the file's clock was wrong: the start is that of the service's row",
    "no_summary": "the device did not sum it up: all is taken from what it wrote on the way",
    "unclosed": "the device did not close the file: something may be missing at its end",
    "session_distance": "its distances (total, laps, samples) do not fit each other",
    "session_time": "its times (total, laps, samples) do not fit each other, or the summary lacks one",
    "session_means": "means that the device gives (speed, heart rate, cadence) are not those of its samples",
    "session_climb": "its climb (total, laps, altitude) does not fit or cannot be, or the summary lacks it",
    "time_order": "samples are written behind later ones: its clock steps back",
    "distance_order": "the distance steps back within the recording",
    "gaps": "stretches under way have no samples",
    "speed": "it is faster than anybody moves in this sport, or speed and distance contradict each other",
    "local_time": "the local time of the device is that of no zone: its zone is not taken from the file",
    "date": "its start is doubtful: before any watch, or not that of its samples, its laps or its file",
    "clock_repaired": "the clock of the device was not set: its date and time are taken from elsewhere in the file",
    "sport": "the file names another sport elsewhere, or moves otherwise than the one that it names",
    "samples_dropped": "samples, or single values of them, that cannot be true or lack a time or place were left out",
    "same_time": "the file has tracks of the same time: one of them is kept",
    "impossible_total": "a total of the device cannot be true and was left out",
    "cadence_undecided": "the unit of its cadence is not clear, so that it has none",
    "start_mismatch": "the start that the device gives is not that of its samples",
    "no_time": "a part of the file has no time of day and was left out",
    "power_up_clock": "a part of the file has no date and was left out: the clock of the device was not set",
    "bad_crc": "the checksum of the file does not fit: a value may be wrong",
    "bad_header_crc": "the checksum of the file's header does not fit",
    "bad_header": "a header in the file is damaged",
    "wrong_size": "the file states a size that is not its own",
    "truncated": "the file ends too early: what stands before the end is kept",
    "truncated_gzip": "the packed file ends too early: what came before the end is kept",
    "bad_gzip": "the packed file is damaged, or its checksum does not fit: what could be unpacked is kept",
    "unfinished": "the device did not finish the file: what it wrote is kept",
    "malformed": "the file is damaged: what could be read is kept",
    "malformed_xml": "the file is damaged: what could be read is kept",
    "wrong_encoding": "the file is written in another encoding than it says",
    "odd_type": "the file calls itself something else than an activity",
    "too_many_messages": "the file has more messages than are read: the first are kept",
    "too_many_points": "the file has more points than are read: the first are kept",
    "too_many_files": "the file holds more files than are read: the first are kept",
    "too_many_sessions": "the file has too many sessions: the first ones are kept",
}
"""Flag -> what it says of the run, whatever the numbers are."""
UNKNOWN_FLAG: Final = "something in it does not add up"
LOW: Final = "low"
MARK: Final = "!"
"""Beside a run that does not add up, or whose file is damaged."""


def is_marked(row: Mapping[str, Any]) -> bool:
    """True for a run that there is something to say about: a flag, or a damaged file."""
    return bool(row["flags"]) or bool(row["salvaged"])


def mark_lines(rows: Iterable[Mapping[str, Any]], what: str) -> list[str]:
    """The sentence below a list that has marks; none below one without. ``what`` is listed: run, activity."""
    count = sum(is_marked(row) for row in rows)
    if not count:
        return []
    plural = what if count == 1 else f"{what.removesuffix('y')}ies" if what.endswith("y") else f"{what}s"
    verb, whose = ("does", "its") if count == 1 else ("do", "their")
    return [f"{MARK} {count} {plural} {verb} not add up, or {whose} file is damaged: `loadplan log --why ID`"]


def flag_words(flags: Iterable[str] | None, notes: Iterable[Mapping[str, str]] | None = ()) -> list[str]:
    """A sentence for each flag, with the numbers; one that says so where an older reader did not check."""
    if flags is None:
        return [f"{NOT_CHECKED.replace('_', ' ')} whether it adds up: import the file again"]
    return [f"{flag}: {FLAG_SENTENCES.get(flag, UNKNOWN_FLAG)}{_numbers(flag, notes or ())}" for flag in flags]


def note_words(flags: Iterable[str] | None, notes: Iterable[Mapping[str, str]] | None) -> list[str]:
    """Where values of a run come from: what was said of it that is no flag."""
    shown = set(flags or ())
    return [f"note: {note['detail']}" for note in notes or () if note["code"] not in shown]


def climb_words(source: str | None, quality: str | None) -> str:
    """Where climb comes from, and a word of caution where it is of low quality."""
    caution = "; of low quality: altitude by GPS alone, or in doubt" if quality == LOW else ""
    return f"climb from: {source or 'not recorded'}{caution}"


def _numbers(flag: str, notes: Iterable[Mapping[str, str]]) -> str:
    said = [note["detail"] for note in notes if note["code"] == flag]
    return f" ({'; '.join(said)})" if said else ""
