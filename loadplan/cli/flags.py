"""What does not add up in a run, and how far its climb can be trusted, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from loadplan.cli.reasons import NOT_CHECKED

if TYPE_CHECKING:
    from collections.abc import Iterable

FLAG_SENTENCES: Final[dict[str, str]] = {
    "no_summary": "the device did not sum it up: all is taken from its samples and laps",
    "unclosed": "the device did not close the file: something may be missing at its end",
    "session_distance": "the device's total distance is not that of its samples or its laps",
    "session_time": "the device's total times do not fit each other, its laps or its samples",
    "session_means": "means that the device gives (speed, heart rate, cadence) are not those of its samples",
    "session_climb": "ascent and descent of the device do not fit each other, its laps or its altitude",
    "time_order": "the clock stands still or steps back within the recording",
    "distance_order": "the distance steps back within the recording",
    "gaps": "long stretches under way have no samples",
    "speed": "it is faster than anybody moves in this sport, or speed and distance contradict each other",
    "local_time": "the local time of the device is that of no zone: its zone is not taken from the file",
    "date": "the date is doubtful: the clock of the device was not set, or the file contradicts it",
    "sport": "the file names another sport elsewhere, or moves otherwise than the one that it names",
    "samples_dropped": "samples with impossible values or without a time were left out",
    "impossible_total": "a total of the device cannot be true and was left out",
    "cadence_undecided": "the unit of its cadence is not clear, so that it has none",
    "start_mismatch": "the start that the device gives is not that of its samples",
    "bad_crc": "the checksum of the file does not fit: a value may be wrong",
    "bad_header_crc": "the checksum of the file's header does not fit",
    "bad_header": "the header of the file is damaged",
    "wrong_size": "the file states a size that is not its own",
    "truncated": "the file ends too early: what stands before the end is kept",
    "truncated_gzip": "the packed file ends too early: what came before the end is kept",
    "bad_gzip": "the packed file is damaged, or its checksum does not fit: what could be unpacked is kept",
    "unfinished": "the device did not finish the file: what it wrote is kept",
    "malformed": "the file is damaged: what could be read is kept",
    "malformed_xml": "the file is damaged: what could be read is kept",
    "wrong_encoding": "the file is written in another encoding than it says",
    "odd_type": "the file calls itself something else than an activity",
    "too_many_messages": "the file is too long: its beginning is kept",
    "too_many_sessions": "the file has too many sessions: the first ones are kept",
}
"""Flag -> what it says of the run."""
LOW: Final = "low"


def flag_words(flags: Iterable[str] | None) -> list[str]:
    """A sentence for each flag; one that says so where an older reader did not check."""
    if flags is None:
        return [f"{NOT_CHECKED.replace('_', ' ')} whether it adds up: import the file again"]
    return [f"{flag}: {FLAG_SENTENCES.get(flag, 'something in it does not add up')}" for flag in flags]


def climb_words(source: str | None, quality: str | None) -> str:
    """Where climb comes from, and a word of caution where it is of low quality."""
    caution = "; of low quality: altitude by GPS alone" if quality == LOW else ""
    return f"climb from: {source or 'not recorded'}{caution}"
