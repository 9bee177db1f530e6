"""The part of the FIT profile that loadplan writes: messages, fields, base types, enumerations.

A value is given in the unit of the profile (m, m/s, degrees, strides/min) and written as ``(value + offset) * scale``.
Numbers and scales follow the FIT protocol as published by Garmin.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Base:
    """A FIT base type: its number, its ``struct`` code, and the value that means "not recorded"."""

    number: int
    code: str
    invalid: float


ENUM: Final = Base(0x00, "B", 0xFF)
SINT8: Final = Base(0x01, "b", 0x7F)
UINT8: Final = Base(0x02, "B", 0xFF)
STRING: Final = Base(0x07, "s", 0x00)
UINT8Z: Final = Base(0x0A, "B", 0x00)
BYTE: Final = Base(0x0D, "B", 0xFF)
SINT16: Final = Base(0x83, "h", 0x7FFF)
UINT16: Final = Base(0x84, "H", 0xFFFF)
SINT32: Final = Base(0x85, "i", 0x7FFFFFFF)
UINT32: Final = Base(0x86, "I", 0xFFFFFFFF)
FLOAT32: Final = Base(0x88, "f", float("nan"))
FLOAT64: Final = Base(0x89, "d", float("nan"))
UINT16Z: Final = Base(0x8B, "H", 0x0000)
UINT32Z: Final = Base(0x8C, "I", 0x00000000)
SINT64: Final = Base(0x8E, "q", 0x7FFFFFFFFFFFFFFF)
UINT64: Final = Base(0x8F, "Q", 0xFFFFFFFFFFFFFFFF)
UINT64Z: Final = Base(0x90, "Q", 0x0000000000000000)

SEMICIRCLES: Final = 2**31 / 180
"""Units of a FIT position per degree."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a message: number, base type, scale, offset, and the enumeration that names its values."""

    number: int
    base: Base
    scale: float = 1
    offset: float = 0
    names: str | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """A message of the profile: its global number and its fields by name."""

    number: int
    fields: MappingProxyType[str, Field]


def _layout(message: int, /, **fields: Field) -> Layout:
    return Layout(message, MappingProxyType(fields))


_STAMP = Field(253, UINT32)
_INDEX = Field(254, UINT16)


def _span(offset: int, **more: Field) -> dict[str, Field]:
    """Fields that session and lap share; from 13 on the lap's numbers are one less."""
    return {
        "message_index": _INDEX,
        "timestamp": _STAMP,
        "event": Field(0, ENUM, names="event"),
        "event_type": Field(1, ENUM, names="event_type"),
        "start_time": Field(2, UINT32),
        "start_position_lat": Field(3, SINT32, SEMICIRCLES),
        "start_position_long": Field(4, SINT32, SEMICIRCLES),
        "total_elapsed_time": Field(7, UINT32, 1000),
        "total_timer_time": Field(8, UINT32, 1000),
        "total_distance": Field(9, UINT32, 100),
        "total_cycles": Field(10, UINT32),
        "total_calories": Field(11, UINT16),
        "avg_speed": Field(14 + offset, UINT16, 1000),
        "max_speed": Field(15 + offset, UINT16, 1000),
        "avg_heart_rate": Field(16 + offset, UINT8),
        "max_heart_rate": Field(17 + offset, UINT8),
        "avg_cadence": Field(18 + offset, UINT8),
        "max_cadence": Field(19 + offset, UINT8),
        "avg_power": Field(20 + offset, UINT16),
        "total_ascent": Field(22 + offset, UINT16),
        "total_descent": Field(23 + offset, UINT16),
        **more,
    }


MESSAGES: Final[MappingProxyType[str, Layout]] = MappingProxyType(
    {
        "file_id": _layout(
            0,
            type=Field(0, ENUM, names="file"),
            manufacturer=Field(1, UINT16, names="manufacturer"),
            product=Field(2, UINT16),
            serial_number=Field(3, UINT32Z),
            time_created=Field(4, UINT32),
            number=Field(5, UINT16),
            product_name=Field(8, STRING),
        ),
        "sport": _layout(
            12,
            sport=Field(0, ENUM, names="sport"),
            sub_sport=Field(1, ENUM, names="sub_sport"),
            name=Field(3, STRING),
        ),
        "session": _layout(
            18,
            **_span(
                0,
                sport=Field(5, ENUM, names="sport"),
                sub_sport=Field(6, ENUM, names="sub_sport"),
                first_lap_index=Field(25, UINT16),
                num_laps=Field(26, UINT16),
                trigger=Field(28, ENUM),
                avg_vertical_oscillation=Field(89, UINT16, 10),
                avg_stance_time=Field(91, UINT16, 10),
                avg_fractional_cadence=Field(92, UINT8, 128),
                sport_profile_name=Field(110, STRING),
                enhanced_avg_speed=Field(124, UINT32, 1000),
                enhanced_max_speed=Field(125, UINT32, 1000),
                avg_vertical_ratio=Field(132, UINT16, 100),
                avg_stance_time_balance=Field(133, UINT16, 100),
                avg_step_length=Field(134, UINT16, 10),
            ),
        ),
        "lap": _layout(
            19,
            **_span(
                -1,
                lap_trigger=Field(24, ENUM),
                sport=Field(25, ENUM, names="sport"),
                sub_sport=Field(39, ENUM, names="sub_sport"),
                avg_fractional_cadence=Field(80, UINT8, 128),
                enhanced_avg_speed=Field(110, UINT32, 1000),
                enhanced_max_speed=Field(111, UINT32, 1000),
            ),
        ),
        "record": _layout(
            20,
            timestamp=_STAMP,
            position_lat=Field(0, SINT32, SEMICIRCLES),
            position_long=Field(1, SINT32, SEMICIRCLES),
            altitude=Field(2, UINT16, 5, 500),
            heart_rate=Field(3, UINT8),
            cadence=Field(4, UINT8),
            distance=Field(5, UINT32, 100),
            speed=Field(6, UINT16, 1000),
            power=Field(7, UINT16),
            grade=Field(9, SINT16, 100),
            temperature=Field(13, SINT8),
            vertical_oscillation=Field(39, UINT16, 10),
            stance_time_percent=Field(40, UINT16, 100),
            stance_time=Field(41, UINT16, 10),
            activity_type=Field(42, ENUM),
            fractional_cadence=Field(53, UINT8, 128),
            enhanced_speed=Field(73, UINT32, 1000),
            enhanced_altitude=Field(78, UINT32, 5, 500),
            vertical_ratio=Field(83, UINT16, 100),
            stance_time_balance=Field(84, UINT16, 100),
            step_length=Field(85, UINT16, 10),
        ),
        "event": _layout(
            21,
            timestamp=_STAMP,
            event=Field(0, ENUM, names="event"),
            event_type=Field(1, ENUM, names="event_type"),
            data16=Field(2, UINT16),
            data=Field(3, UINT32),
            event_group=Field(4, UINT8),
        ),
        "device_info": _layout(
            23,
            timestamp=_STAMP,
            device_index=Field(0, UINT8),
            device_type=Field(1, UINT8),
            manufacturer=Field(2, UINT16, names="manufacturer"),
            serial_number=Field(3, UINT32Z),
            product=Field(4, UINT16),
            software_version=Field(5, UINT16, 100),
            source_type=Field(25, ENUM),
            product_name=Field(27, STRING),
        ),
        "workout": _layout(
            26,
            sport=Field(4, ENUM, names="sport"),
            capabilities=Field(5, UINT32Z),
            num_valid_steps=Field(6, UINT16),
            wkt_name=Field(8, STRING),
        ),
        "workout_step": _layout(
            27,
            message_index=_INDEX,
            wkt_step_name=Field(0, STRING),
            duration_type=Field(1, ENUM),
            duration_value=Field(2, UINT32),
            target_type=Field(3, ENUM),
            target_value=Field(4, UINT32),
            custom_target_value_low=Field(5, UINT32),
            custom_target_value_high=Field(6, UINT32),
            intensity=Field(7, ENUM),
            notes=Field(8, STRING),
        ),
        "activity": _layout(
            34,
            timestamp=_STAMP,
            total_timer_time=Field(0, UINT32, 1000),
            num_sessions=Field(1, UINT16),
            type=Field(2, ENUM),
            event=Field(3, ENUM, names="event"),
            event_type=Field(4, ENUM, names="event_type"),
            local_timestamp=Field(5, UINT32),
        ),
        "monitoring": _layout(
            55,
            timestamp=_STAMP,
            distance=Field(2, UINT32, 100),
            cycles=Field(3, UINT32, 2),
            activity_type=Field(5, ENUM),
            heart_rate=Field(27, UINT8),
        ),
        "field_description": _layout(
            206,
            developer_data_index=Field(0, UINT8),
            field_definition_number=Field(1, UINT8),
            fit_base_type_id=Field(2, UINT8),
            field_name=Field(3, STRING),
            scale=Field(6, UINT8),
            offset=Field(7, SINT8),
            units=Field(8, STRING),
            native_mesg_num=Field(14, UINT16),
            native_field_num=Field(15, UINT8),
        ),
        "developer_data_id": _layout(
            207,
            developer_id=Field(0, BYTE),
            application_id=Field(1, BYTE),
            manufacturer=Field(2, UINT16, names="manufacturer"),
            developer_data_index=Field(3, UINT8),
            application_version=Field(4, UINT32),
        ),
    }
)
"""Every message that can be written, by its name in the profile."""

# fmt: off
_NAMES = {
    "file": {"device": 1, "settings": 2, "sport": 3, "activity": 4, "workout": 5, "course": 6, "monitoring_b": 32},
    "manufacturer": {"garmin": 1, "suunto": 23, "wahoo_fitness": 32, "development": 255, "coros": 294},
    "event": {"timer": 0, "workout": 3, "session": 8, "lap": 9, "activity": 26},
    "event_type": {"start": 0, "stop": 1, "stop_all": 4, "stop_disable_all": 9},
    "sport": {
        "generic": 0, "running": 1, "cycling": 2, "transition": 3, "fitness_equipment": 4, "swimming": 5,
        "training": 10, "walking": 11, "hiking": 17, "multisport": 18,
    },
    "sub_sport": {
        "generic": 0, "treadmill": 1, "street": 2, "trail": 3, "track": 4, "road": 7, "lap_swimming": 17,
        "indoor_running": 45, "virtual_activity": 58, "ultra": 67,
    },
}
# fmt: on
NAMES: Final[MappingProxyType[str, dict[str, int]]] = MappingProxyType(_NAMES)
"""Names that may stand for a number in the fields that are enumerations."""
