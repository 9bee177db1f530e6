"""Public readers behind one face, for comparing: fitparse and fitdecode give messages, gpxpy and tcxreader points.

Values are those of the FIT profile with scale and offset; enumerations are their numbers; of an array the first value
counts. Of what a reader expands from other fields only the speed and distance of old watches count, which have no field
of their own.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np

RECORD_FIELDS = (
    "timestamp", "position_lat", "position_long", "distance", "altitude", "enhanced_altitude", "speed",
    "enhanced_speed", "cadence", "fractional_cadence", "heart_rate", "power", "vertical_oscillation", "stance_time",
    "stance_time_balance", "vertical_ratio", "step_length",
)  # fmt: skip
MESSAGE_NAMES = ("file_id", "session", "lap", "event", "activity", "device_info", "sport")

PACKED = "compressed_speed_distance"

Values = dict[str, float | str]


@dataclass
class Second:
    """What a reader sees in a whole file, chained or not; ``error`` where it stopped early."""

    rows: list[Values] = field(default_factory=list)
    messages: dict[str, list[Values]] = field(default_factory=lambda: {n: [] for n in MESSAGE_NAMES})
    error: str | None = None
    known: dict[str, set[str]] | None = None
    """Fields that the reader knows of each message, where that is less than its whole profile."""

    @property
    def records(self) -> dict[str, np.ndarray]:
        """Records as columns, NaN where one lacks the value."""
        return {n: np.array([r.get(n, np.nan) for r in self.rows], dtype=np.float64) for n in RECORD_FIELDS}


def by_fitparse(data: bytes) -> Second:
    """The file as fitparse reads it, whatever its checksum."""
    import fitparse
    import fitparse.records
    from fitparse.processors import FitFileDataProcessor

    class Raw(FitFileDataProcessor):  # type: ignore[misc]
        """Leaves values as they are; times stay numbers."""

        def run_type_processor(self, field_data: Any) -> None: ...
        def run_field_processor(self, field_data: Any) -> None: ...
        def run_unit_processor(self, field_data: Any) -> None: ...
        def run_message_processor(self, data_message: Any) -> None: ...

    def messages() -> Iterator[Any]:
        fitparse.records.DEV_TYPES.clear()  # it keeps developer fields from one file to the next
        fit = fitparse.FitFile(io.BytesIO(data), data_processor=Raw(), check_crc=False)
        for message in fit.get_messages():
            fit._messages.clear()
            yield message

    return _collected(messages())


def by_fitdecode(data: bytes) -> Second:
    """The file as fitdecode reads it, whatever its checksum."""
    import fitdecode

    def messages() -> Iterator[Any]:
        check, errors = fitdecode.CrcCheck.DISABLED, fitdecode.ErrorHandling.IGNORE
        with fitdecode.FitReader(io.BytesIO(data), processor=None, check_crc=check, error_handling=errors) as reader:
            yield from (f for f in reader if f.frame_type == fitdecode.FIT_FRAME_DATA)

    return _collected(messages())


def _collected(messages: Iterable[Any]) -> Second:
    out = Second()
    try:
        for message in messages:
            if message.name == "record":
                out.rows.append(_values(message))
            elif message.name in out.messages:
                out.messages[message.name].append(_values(message))
    except Exception as error:  # these readers raise what they like
        out.error = f"{type(error).__name__}: {error}"
    return out


def _values(message: Any) -> Values:
    out: Values = {}
    expanded = {"timestamp"}
    if any(f.field is not None and f.field.name == PACKED for f in message.fields):
        expanded |= {"speed", "distance"}
    for f in message.fields:
        if f.field is None or (f.field_def is None and f.field.name not in expanded) or _is_developer(f):
            continue
        value = _plain(f)
        if value is not None:
            out[f.field.name] = value
        if value is not None and f.parent_field:  # an alias of a field, with a scale of its own
            out[f.parent_field.name] = value if isinstance(value, str) else float(f.raw_value)
    return out


def _is_developer(f: Any) -> bool:
    return getattr(f.field, "field_type", None) == "devfield" or bool(getattr(f.field_def, "is_dev", False))


def _plain(f: Any) -> float | str | None:
    value = f.value[0] if isinstance(f.value, tuple) and f.value else f.value
    raw = f.raw_value[0] if isinstance(f.raw_value, tuple) and f.raw_value else f.raw_value
    if isinstance(raw, str):
        return raw or None
    if isinstance(raw, bytes) or raw is None or value is None:
        return None
    number = raw if isinstance(value, str | bool) else value  # a name of an enumeration: its number
    return float(number) if number == number else None


# ---------------------------------------------------------------- XML
Point = tuple[datetime, Values]


def by_gpxpy(data: bytes) -> list[Point]:
    """Track points that have a time, in the order of the file. Raises whatever gpxpy raises."""
    import gpxpy

    text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig").lstrip()
    gpx = gpxpy.parse(re.sub(r"^<\?xml[^>]*\?>", "", text))
    return [(_utc(p.time), _gpx_values(p)) for t in gpx.tracks for s in t.segments for p in s.points if p.time]


def _gpx_values(p: Any) -> Values:
    out: Values = {"latitude_deg": p.latitude, "longitude_deg": p.longitude}
    known = {"altitude_m": p.elevation, "speed_m_s": p.speed}
    out |= {name: float(value) for name, value in known.items() if value is not None}
    names = {
        "hr": "heart_rate_bpm", "heartrate": "heart_rate_bpm", "cad": "cadence_spm", "cadence": "cadence_spm",
        "speed": "speed_m_s", "power": "power_w",
    }  # fmt: skip
    for element in (e for extension in p.extensions for e in extension.iter()):
        name = names.get(str(element.tag).rpartition("}")[2].rpartition(":")[2].lower())
        if name and element.text and element.text.strip():
            out.setdefault(name, float(element.text))
    return out


def by_tcxreader(data: bytes) -> list[Point]:
    """Track points that have a time, in the order of the file. Raises whatever tcxreader raises."""
    from tcxreader.tcxreader import TCXReader

    exercise = TCXReader().read(io.BytesIO(data.lstrip()), only_gps=False)  # type: ignore[arg-type]
    return [(_utc(p.time), _tcx_values(p)) for p in exercise.trackpoints if p.time]


def _tcx_values(p: Any) -> Values:
    cadence = p.cadence if p.cadence is not None else p.tpx_ext.get("RunCadence")
    named = {
        "latitude_deg": p.latitude, "longitude_deg": p.longitude, "altitude_m": p.elevation,
        "distance_m": p.distance, "heart_rate_bpm": p.hr_value, "cadence_spm": cadence,
        "speed_m_s": p.tpx_ext.get("Speed"), "power_w": p.tpx_ext.get("Watts"),
    }  # fmt: skip
    return {k: float(v) for k, v in named.items() if v is not None}


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
