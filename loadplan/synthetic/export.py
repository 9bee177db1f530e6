"""The synthetic runner's activities as one zip, with the disorder of a real export: copies, a cut file, a picture."""

from __future__ import annotations

import gzip
import io
import zipfile
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Final

from loadplan.outbox.fit_activity import activity_file, file_id
from loadplan.outbox.fit_file import Message, Value, encode, strides
from loadplan.outbox.gpx_file import Point, gpx_bytes
from loadplan.outbox.safe_file import write_private
from loadplan.synthetic.samples import Sample, Trace, trace
from loadplan.synthetic.story import Outing, Story

STAMP: Final = (1980, 1, 1, 0, 0, 0)
"""Zip members carry no times, so that the same story gives the same bytes."""
CUT_BYTES: Final = 40
"""The damaged file ends before its first record."""
PICTURE: Final = b"\x89PNG\r\n\x1a\n" + bytes(24)


def write_export(story: Story, path: Path) -> int:
    """Write the export, over an older one; returns the number of real activities in it (``story.outings``)."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for number, outing in enumerate(story.outings, start=100_001):
            name, data = activity_bytes(outing)
            _put(archive, f"activities/{number}{name}", data)
            if number == 100_000 + len(story.outings):
                _put(archive, f"copies/{number}{name}", data)
        for name, data in _noise(story):
            _put(archive, name, data)
    write_private(path, whole.getvalue(), force=True)
    return len(story.outings)


def activity_bytes(outing: Outing) -> tuple[str, bytes]:
    """One outing as the device would have saved it: the ending of its name, and the bytes."""
    recorded = trace(outing)
    if outing.phone:
        return ".gpx", _gpx(outing, recorded)
    return ".fit.gz", gzip.compress(_fit(outing, recorded), compresslevel=6, mtime=0)


def _fit(outing: Outing, recorded: Trace) -> bytes:
    totals: dict[str, Value] = {"total_ascent": recorded.ascent_m, "total_descent": recorded.descent_m}
    return activity_file(
        outing.start,
        [_record(s) for s in recorded.samples],
        sport="cycling" if outing.kind == "ride" else "running",
        utc_offset_s=outing.utc_offset_s,
        totals=totals,
        pauses=recorded.pauses,
    )


def _record(sample: Sample) -> dict[str, Value]:
    return {
        "time_s": sample.time_s,
        "position_lat": sample.latitude_deg,
        "position_long": sample.longitude_deg,
        "distance": sample.distance_m,
        "enhanced_altitude": sample.altitude_m,
        "enhanced_speed": sample.speed_m_s,
        "heart_rate": round(sample.heart_rate_bpm),
        **strides(sample.cadence_spm),
    }


def _gpx(outing: Outing, recorded: Trace) -> bytes:
    points = [
        Point(
            latitude_deg=s.latitude_deg,
            longitude_deg=s.longitude_deg,
            time=outing.start + timedelta(seconds=s.time_s),
            altitude_m=s.altitude_m,
            heart_rate_bpm=s.heart_rate_bpm,
            cadence=None if s.cadence_spm is None else s.cadence_spm / 2,
        )
        for s in recorded.samples
    ]
    kind = "cycling" if outing.kind == "ride" else "running"
    return gpx_bytes(_between_pauses(points, outing, recorded), name="Shore loop", kind=kind)


def _between_pauses(points: list[Point], outing: Outing, recorded: Trace) -> list[list[Point]]:
    ends = [outing.start + timedelta(seconds=b) for _, b in recorded.pauses]
    segments: list[list[Point]] = [[]]
    for point in points:
        if point.time in ends:
            segments.append([])
        segments[-1].append(point)
    return segments


def _noise(story: Story) -> list[tuple[str, bytes]]:
    """What real exports hold beside the activities: a day of steps, a file that was cut off, a picture."""
    noon = datetime.combine(story.end, time(12), tzinfo=UTC)
    steps = [Message("monitoring", {"timestamp": noon, "cycles": 4000, "activity_type": 6})]
    broken = _fit(story.outings[-1], trace(story.outings[-1]))
    return [
        ("monitoring/M1.fit", encode([file_id(noon, "monitoring_b"), *steps])),
        ("activities/broken.fit", broken[:CUT_BYTES]),
        ("media/shoe.png", PICTURE),
    ]


def _put(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name, STAMP), data, zipfile.ZIP_DEFLATED)
