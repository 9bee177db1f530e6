"""What does not add up in a run, and how far its climb can be trusted, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from loadplan.cli.reasons import NOT_CHECKED

if TYPE_CHECKING:
    from collections.abc import Iterable

FLAG_SENTENCES: Final[dict[str, str]] = {
    "session_distance": "the device's total distance is not the distance of its samples",
    "session_time": "the device's total time is not the time of its samples",
    "session_means": "means that the device gives (speed, heart rate, cadence, power) are not those of its samples",
    "time_order": "the clock stands still or steps back within the recording",
    "distance_order": "the distance steps back within the recording",
    "gaps": "long stretches have no samples",
    "speed": "it is faster than anybody runs, as a whole or in long stretches",
    "date": "the date is doubtful: the clock of the device was not set, or is contradicted within the file",
    "sport": "the sport that the file names does not fit the way it moves",
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
