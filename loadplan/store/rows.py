"""Between a Run and its row: identity, columns, and what a correction may change."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime, timedelta, timezone
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from importers.run import Run

WHOLE: Final = frozenset({"utc_offset_s", "session", "salvaged"})
MEASURED: Final = (
    "surface", "distance_m", "elapsed_s", "moving_s", "running_s", "ascent_m", "descent_m", "climb_source",
    "climb_quality", "hill_up_m", "hill_down_m", "steps", "cadence_spm", "heart_rate_bpm", "power_w",
    "vertical_oscillation_mm", "ground_contact_ms", "ground_contact_balance_pct", "vertical_ratio_pct",
    "step_length_mm", "shoe", "rpe", "title", "device", "salvaged", "flags",
    "notes", "spread",
)  # fmt: skip
"""What is measured in a recording."""
AGAIN: Final = ("start", "sport", *MEASURED)
"""Columns that another reader measures again. A run keeps the id under which it was first seen."""
RUN_FIELDS: Final = ("utc_offset_s", "offset_source", "sport", *MEASURED, "source", "content_sha256", "session")
_VALUES: Final = attrgetter(*RUN_FIELDS)
_KINDS: Final = tuple((name, name not in WHOLE) for name in RUN_FIELDS)

CORRECTABLE: Final = frozenset(
    {
        "sport",
        "surface",
        "distance_m",
        "moving_s",
        "elapsed_s",
        "ascent_m",
        "descent_m",
        "shoe",
        "rpe",
        "title",
        "start",
    }
)
"""What ``run edit`` may change."""

SAID: Final = ("flags", "notes", "climb_quality", "spread")
"""Columns that say more of a run than its values. An older reader may have said nothing: that alone changes no run."""
SAME: Final = 1e-9
"""Values of two readers that are closer than this (share) are the same: the order of a sum is no news."""

OFFSET_RANK: Final = {"file": 0, "garmin": 1, "position": 2, "neighbours": 3, "tz": 4}
"""Which source of the local time zone is believed first (smaller wins); unknown ones come last."""
UNKNOWN_RANK: Final = 9


def now() -> str:
    """This instant, for the columns that say when something was written."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def base_id(run: Run) -> str:
    """Start in UTC and sport, such as ``20170301T130349-run``."""
    return f"{run.start.astimezone(UTC):%Y%m%dT%H%M%S}-{run.sport}"


def bound(name: str, value: Any) -> Any:
    """A value as SQLite takes it: plain numbers, no NaN, no infinity; codes in one text, a blank between them."""
    if value is None or isinstance(value, str):
        return value
    if name == "notes":
        return json.dumps(value)
    if isinstance(value, tuple):
        return " ".join(value)
    number = float(value)
    if not math.isfinite(number):
        return None
    return int(number) if name in WHOLE else number


def all_bound(run: Run) -> dict[str, Any]:
    """All values of a run as SQLite takes them; most of them it takes as they are."""
    return {
        name: value
        if value is None or type(value) is str or (real and type(value) is float and -math.inf < value < math.inf)
        else bound(name, value)
        for (name, real), value in zip(_KINDS, _VALUES(run), strict=True)
    }


def run_values(run: Run) -> dict[str, Any]:
    """The row of a run, without athlete, import and reader."""
    row = all_bound(run)
    start = run.start.astimezone(UTC)
    return row | {"base_id": base_id(run), "start": start.isoformat(), "day": run.day.isoformat()}


def changes(known: Mapping[str, Any], values: Mapping[str, Any]) -> list[str]:
    """Names of the values of a run that another reader measures otherwise, and ``flags`` where these are others."""
    names = [name for name in AGAIN if name not in SAID and not _same(known[name], values[name])]
    flags = known["flags"] is not None and known["flags"] != values["flags"]
    return [*names, *(["flags"] if flags else [])]


def _same(old: Any, new: Any) -> bool:
    if isinstance(old, float) and isinstance(new, float):
        return math.isclose(old, new, rel_tol=SAME)
    return bool(old == new)


def is_better_offset(new: str | None, known: str | None, *, other: bool) -> bool:
    """Whether a source of the local time is believed over the one known.

    A zone typed again is the runner's latest word; what another reader finds in the same file is the newer one.
    """
    return offset_rank(new) < offset_rank(known) or (new == known and (new == "tz" or (other and new == "file")))


def offset_rank(source: str | None) -> int:
    """How early in the order of belief a source of the zone stands."""
    return UNKNOWN_RANK if source is None else OFFSET_RANK.get(source.split(":")[0], UNKNOWN_RANK - 1)


def corrected(row: dict[str, Any], corrections: Mapping[str, str]) -> dict[str, Any]:
    """The row with what the runner typed over it."""
    for field, value in corrections.items():
        row[field] = json.loads(value)
    if "start" in corrections:
        row["day"] = local_start(row).date().isoformat()
    return row


def local_start(row: Mapping[str, Any]) -> datetime:
    """Start on the runner's clock, aware of its offset (UTC where the offset is unknown)."""
    zone = timezone(timedelta(seconds=row["utc_offset_s"] or 0))
    return datetime.fromisoformat(row["start"]).astimezone(zone)
