"""A GPX 1.1 track with heart rate and cadence (gpxtpx), written with the standard library."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from xml.etree import ElementTree as Xml

GPX: Final = "http://www.topografix.com/GPX/1/1"
TPX: Final = "http://www.garmin.com/xmlschemas/TrackPointExtension/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One track point; ``None`` leaves its element out. Cadence as the device means it (strides or steps/min)."""

    latitude_deg: float
    longitude_deg: float
    time: datetime | None = None
    altitude_m: float | None = None
    heart_rate_bpm: float | None = None
    cadence: float | None = None


def gpx_bytes(segments: Iterable[Sequence[Point]], *, name: str | None = None, kind: str | None = "running") -> bytes:
    """A whole GPX file of one track; ``segments`` are stretches between pauses, ``kind`` the track's type."""
    root = Xml.Element("gpx", {"version": "1.1", "creator": "loadplan", "xmlns": GPX, "xmlns:gpxtpx": TPX})
    track = Xml.SubElement(root, "trk")
    _text(track, "name", name)
    _text(track, "type", kind)
    for segment in segments:
        stretch = Xml.SubElement(track, "trkseg")
        for point in segment:
            _point(stretch, point)
    whole: bytes = Xml.tostring(root, encoding="UTF-8", xml_declaration=True)
    return whole + b"\n"


def _point(stretch: Xml.Element, point: Point) -> None:
    place = {"lat": f"{point.latitude_deg:.7f}", "lon": f"{point.longitude_deg:.7f}"}
    element = Xml.SubElement(stretch, "trkpt", place)
    _text(element, "ele", None if point.altitude_m is None else f"{point.altitude_m:.1f}")
    _text(element, "time", None if point.time is None else point.time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    if point.heart_rate_bpm is None and point.cadence is None:
        return
    more = Xml.SubElement(Xml.SubElement(element, "extensions"), "gpxtpx:TrackPointExtension")
    _text(more, "gpxtpx:hr", None if point.heart_rate_bpm is None else f"{point.heart_rate_bpm:.0f}")
    _text(more, "gpxtpx:cad", None if point.cadence is None else f"{point.cadence:.0f}")


def _text(parent: Xml.Element, tag: str, text: str | None) -> None:
    if text is not None:
        Xml.SubElement(parent, tag).text = text
