"""Small files for the tests of importers, made here: GPX and TCX by hand, FIT by the project's one encoder."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import numpy as np

from importers.run import RUN_SPORT, Recording, Summary
from importers.track import build_track
from loadplan.outbox.fit_activity import activity_file
from loadplan.outbox.fit_file import strides

START = datetime(2024, 5, 4, 6, 30, tzinfo=UTC)
METRES_PER_DEGREE = 6_371_008.8 * np.pi / 180

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


def fit_run(
    *,
    start: datetime = START,
    seconds: int = 600,
    speed: float = 3.0,
    cadence: float | None = 168.0,
    sport: str = "running",
    sub_sport: str = "generic",
    utc_offset_s: int | None = 7200,
    totals: Mapping[str, object] | None = None,
    pauses: tuple[tuple[float, float], ...] = (),
    compress: bool = False,
) -> bytes:
    """A steady run as a watch writes it, a sample a second."""
    samples = [
        {"time_s": t, "distance": speed * t, "speed": speed, "heart_rate": 140, **strides(cadence)}
        for t in range(seconds + 1)
        if not any(a < t < b for a, b in pauses)
    ]
    return activity_file(
        start,
        samples,
        sport=sport,
        sub_sport=sub_sport,
        utc_offset_s=utc_offset_s,
        totals=dict(totals or {}),
        pauses=pauses,
        compress=compress,
    )


def gpx_points(
    seconds: range | list[int],
    *,
    speed: float = 3.0,
    start: datetime = START,
    extra: Callable[[int], str] = lambda t: "",
    zone: str = "Z",
    altitude: Callable[[int], float | None] = lambda t: 100.0,
) -> str:
    """Points due north along the null meridian, for the seconds given."""
    out = []
    for t in seconds:
        when = (start + timedelta(seconds=t)).replace(tzinfo=None).isoformat() + zone
        z = altitude(t)
        ele = f"<ele>{z}</ele>" if z is not None else ""
        lat = 10 + speed * t / METRES_PER_DEGREE
        out.append(f'<trkpt lat="{lat:.9f}" lon="20.0">{ele}<time>{when}</time>{extra(t)}</trkpt>')
    return "".join(out)


def gpx(*segments: str, kind: str | None = "running", name: str | None = None, head: str = "") -> bytes:
    """A GPX 1.1 file of one track."""
    words = (f"<name>{name}</name>" if name else "") + (f"<type>{kind}</type>" if kind else "")
    body = "".join(f"<trkseg>{s}</trkseg>" for s in segments)
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<gpx version="1.1" creator="made" '
        'xmlns="http://www.topografix.com/GPX/1/1" '
        'xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v1">'
        f"<trk>{words}{body}</trk></gpx>"
    )
    return text.encode()


def tpx(**values: float) -> str:
    """Garmin's extension of a track point."""
    inner = "".join(f"<gpxtpx:{k}>{v}</gpxtpx:{k}>" for k, v in values.items())
    return f"<extensions><gpxtpx:TrackPointExtension>{inner}</gpxtpx:TrackPointExtension></extensions>"


def tcx(*activities: str) -> bytes:
    """A TCX file."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><TrainingCenterDatabase '
        'xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2" '
        'xmlns:ns3="http://www.garmin.com/xmlschemas/ActivityExtension/v2"><Activities>'
        + "".join(activities)
        + "</Activities></TrainingCenterDatabase>"
    ).encode()


def tcx_activity(seconds: int = 120, *, sport: str = "Running", speed: float = 3.0, cadence: int = 84) -> str:
    """One activity of one lap."""
    points = "".join(
        f"<Trackpoint><Time>{(START + timedelta(seconds=t)).strftime('%Y-%m-%dT%H:%M:%SZ')}</Time>"
        f"<DistanceMeters>{speed * t}</DistanceMeters><HeartRateBpm><Value>141</Value></HeartRateBpm>"
        f"<Extensions><ns3:TPX><ns3:Speed>{speed}</ns3:Speed><ns3:RunCadence>{cadence}</ns3:RunCadence></ns3:TPX>"
        "</Extensions></Trackpoint>"
        for t in range(seconds + 1)
    )
    return (
        f'<Activity Sport="{sport}"><Id>x</Id><Lap StartTime="x"><TotalTimeSeconds>{seconds}</TotalTimeSeconds>'
        f"<DistanceMeters>{speed * seconds}</DistanceMeters><Track>{points}</Track></Lap>"
        "<Creator><Name>Forerunner</Name></Creator></Activity>"
    )


def zipped(files: Mapping[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), data, compress_type=method)
    return out.getvalue()


def gz(data: bytes) -> bytes:
    """A gzip file, the same bytes each time."""
    return gzip.compress(data, mtime=0)


def recording(seconds: np.ndarray | list[float], *, sport: str = RUN_SPORT, summary: Summary | None = None, **columns):
    """A recording straight from columns."""
    return Recording(start=START, sport=sport, track=build_track(seconds, columns), summary=summary or Summary())
