"""Developer fields: what an app on the watch writes into a record, where it says that it is a record's own field."""

from __future__ import annotations

from typing import Final

from importers.fit_gather import Values, is_number
from importers.fit_layout import BYTE, RECORD, WANTED, AppSlot, Field, Layout, Slot, base_type

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

Description = tuple[int, Values]
"""Offset and values of a ``field_description``."""


def app_slots(layout: Layout, descriptions: list[Description]) -> list[Slot]:
    """The developer fields of a record that stand for a field of the profile; all others are left unread."""
    found = []
    for app in layout.apps():
        described = _describe(app, layout.defined_at, descriptions)
        slot = _slot(app, described) if described else None
        if slot:
            found.append(slot)
    return found


def _describe(app: AppSlot, defined_at: int, descriptions: list[Description]) -> Values | None:
    """The description that held when a definition was written: the last before it, else the first at all."""
    own = [
        (at, values)
        for at, values in descriptions
        if (values.get("developer_data_index"), values.get("field_definition_number")) == (app.app, app.number)
    ]
    before = [values for at, values in own if at < defined_at]
    return before[-1] if before else own[0][1] if own else None


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
