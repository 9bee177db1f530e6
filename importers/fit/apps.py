"""Developer fields: what an app on the watch writes into a record, where it says that it is a record's own field."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable
from typing import Final

from importers.fit.gather import Values, is_number
from importers.fit.layout import BYTE, RECORD, WANTED, AppSlot, Field, Layout, Slot, base_type

_NATIVE: Final = {field.name: field for field in WANTED[RECORD].values()}
_NOT_NATIVE: Final = ("timestamp", "compressed_speed_distance")
UNITS: Final = {
    ("distance", "km"): 1000.0,
    ("distance", "kilometers"): 1000.0,
    ("speed", "km/h"): 1 / 3.6,
    ("speed", "kph"): 1 / 3.6,
    ("stance_time", "s"): 1000.0,
    ("step_length", "m"): 1000.0,
    ("step_length", "cm"): 10.0,
    ("vertical_oscillation", "centimeters"): 10.0,
    ("vertical_oscillation", "cm"): 10.0,
    ("vertical_oscillation", "m"): 1000.0,
}
"""Factor to the profile's unit where an app counts in another one, by field and the unit it names."""

Descriptions = dict[tuple[float, float], tuple[list[int], list[Values]]]
"""Numbers of the app and of its field -> offsets and values of their ``field_description`` messages, in order."""


def by_field(messages: Iterable[tuple[int, Values]]) -> Descriptions:
    """The descriptions of each developer field, from offsets and values of messages in the order of the file."""
    found: Descriptions = {}
    for at, values in messages:
        app, number = values.get("developer_data_index"), values.get("field_definition_number")
        if isinstance(app, float) and isinstance(number, float):
            places, described = found.setdefault((app, number), ([], []))
            places.append(at)
            described.append(values)
    return found


def app_slots(layout: Layout, descriptions: Descriptions) -> list[Slot]:
    """The developer fields of a record that stand for a field of the profile; all others are left unread."""
    found = []
    for app in layout.apps():
        places, described = descriptions.get((app.app, app.number), ([], []))
        if described:  # the last one before the definition holds, else the first at all
            slot = _slot(app, described[max(0, bisect(places, layout.defined_at) - 1)])
            if slot:
                found.append(slot)
    return found


def _slot(app: AppSlot, described: Values) -> Slot | None:
    name = _native_name(described)
    code = described.get("fit_base_type_id")
    base = base_type(int(code)) if isinstance(code, float) else BYTE
    if name is None or not is_number(base, app.size):
        return None
    unit = str(described.get("units", "")).strip().lower()
    scale, shift = described.get("scale"), described.get("offset")
    return Slot(
        Field(
            name,
            (scale if isinstance(scale, float) and scale else 1.0) / UNITS.get((name, unit), 1.0),
            shift if isinstance(shift, float) else 0.0,
        ),
        app.at,
        app.size,
        base,
    )


def _native_name(described: Values) -> str | None:
    """The record's field that a developer field stands for: by its number, else by its name."""
    number = described.get("native_field_num")
    if described.get("native_mesg_num", RECORD) != RECORD:
        return None
    if isinstance(number, float):
        field = WANTED[RECORD].get(int(number))
        name = field.name if field else ""
    else:
        name = str(described.get("field_name", "")).strip().lower().replace(" ", "_")
    return name if name in _NATIVE and name not in _NOT_NATIVE else None
