"""Activity files to read: the real ones where they are at hand, and three that are made here."""

from __future__ import annotations

import csv
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from importers.sniff import HEAD_BYTES, Kind, sniff
from loadplan.outbox.fit_activity import activity_file
from loadplan.outbox.fit_file import strides
from loadplan.outbox.gpx_file import Point, gpx_bytes
from loadplan.synthetic.samples import trace
from loadplan.synthetic.story import Outing

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
KINDS = {Kind.FIT: "FIT", Kind.GPX: "GPX", Kind.TCX: "TCX"}
START = datetime(2025, 6, 1, 6, 30, tzinfo=UTC)
GZIP = 31  # zlib: with gzip's header and trailer
LEVEL = 6
KM = 22.0


@dataclass(frozen=True)
class File:
    """One activity file."""

    label: str
    kind: str
    data: bytes

    @cached_property
    def packed(self) -> bytes:
        """The same as ``.gz``, as Strava gives it."""
        packer = zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP)
        return packer.compress(self.data) + packer.flush()

    @property
    def size(self) -> int:
        return len(self.data)


def real_files() -> list[File]:
    """The runs among the real files, by the scan that lies beside them; none where they are absent."""
    index = DATA / "index.csv"
    if not index.exists():
        return []
    with index.open(encoding="utf-8", newline="") as f:
        names = sorted(row["file"] for row in csv.DictReader(f) if row["is_run"] in ("1", "2"))
    return [file for name in names if (file := read_file(DATA / "corpus" / name))]


def read_file(path: Path) -> File | None:
    """An activity file by its content, not by its name."""
    data = path.read_bytes()
    kind = KINDS.get(sniff(data[:HEAD_BYTES]))
    return File(path.name, kind, data) if kind else None


def made_files() -> list[File]:
    """A half marathon of the synthetic runner, a sample a second, as FIT, GPX and TCX."""
    columns = every_second()
    return [
        File("made: half marathon", "FIT", fit(columns)),
        File("made: half marathon", "GPX", gpx(columns)),
        File("made: half marathon", "TCX", tcx(columns)),
    ]


def every_second(km: float = KM, seed: int = 7) -> dict[str, Any]:
    """The runner's samples, drawn out to one a second; columns of equal length."""
    outing = Outing(
        start=START, utc_offset_s=7200, kind="long", km=km, speed_m_s=2.8, route="rolling", cadence_spm=162.0,
        seed=seed, shoe=None, phone=False,
    )  # fmt: skip
    samples = trace(outing).samples
    known = np.array([s.time_s for s in samples], dtype=float)
    seconds = np.arange(known[-1])
    names = (
        "distance_m", "altitude_m", "speed_m_s", "cadence_spm", "heart_rate_bpm", "latitude_deg", "longitude_deg",
    )  # fmt: skip
    columns = {name: np.interp(seconds, known, [getattr(s, name) for s in samples]).tolist() for name in names}
    return {"time_s": seconds.tolist(), **columns}


def rows(columns: dict[str, Any]) -> list[dict[str, float]]:
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def fit(columns: dict[str, Any], start: datetime = START) -> bytes:
    samples = [
        {
            "time_s": s["time_s"], "position_lat": s["latitude_deg"], "position_long": s["longitude_deg"],
            "distance": s["distance_m"], "enhanced_altitude": s["altitude_m"], "enhanced_speed": s["speed_m_s"],
            "heart_rate": round(s["heart_rate_bpm"]), **strides(s["cadence_spm"]),
        }
        for s in rows(columns)
    ]  # fmt: skip
    return activity_file(start, samples, utc_offset_s=7200)


def gpx(columns: dict[str, Any], start: datetime = START) -> bytes:
    points = [
        Point(
            latitude_deg=s["latitude_deg"], longitude_deg=s["longitude_deg"], altitude_m=s["altitude_m"],
            time=start + timedelta(seconds=s["time_s"]), heart_rate_bpm=s["heart_rate_bpm"],
            cadence=s["cadence_spm"] / 2,
        )
        for s in rows(columns)
    ]  # fmt: skip
    return gpx_bytes([points])


def tcx(columns: dict[str, Any], start: datetime = START) -> bytes:
    """Written by hand: loadplan itself never writes TCX."""
    points = "\n".join(tcx_point(s, start) for s in rows(columns))
    seconds, metres = columns["time_s"][-1], columns["distance_m"][-1]
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2">
<Activities><Activity Sport="Running"><Id>{start:%Y-%m-%dT%H:%M:%SZ}</Id><Lap StartTime="{start:%Y-%m-%dT%H:%M:%SZ}">
<TotalTimeSeconds>{seconds}</TotalTimeSeconds><DistanceMeters>{metres:.2f}</DistanceMeters><Calories>1400</Calories>
<Intensity>Active</Intensity><TriggerMethod>Manual</TriggerMethod><Track>
{points}
</Track></Lap></Activity></Activities></TrainingCenterDatabase>
""".encode()


def tcx_point(s: dict[str, float], start: datetime) -> str:
    when = start + timedelta(seconds=s["time_s"])
    return f"""          <Trackpoint>
            <Time>{when:%Y-%m-%dT%H:%M:%S.000Z}</Time>
            <Position>
              <LatitudeDegrees>{s["latitude_deg"]:.9f}</LatitudeDegrees>
              <LongitudeDegrees>{s["longitude_deg"]:.9f}</LongitudeDegrees>
            </Position>
            <AltitudeMeters>{s["altitude_m"]:.2f}</AltitudeMeters>
            <DistanceMeters>{s["distance_m"]:.2f}</DistanceMeters>
            <HeartRateBpm>
              <Value>{s["heart_rate_bpm"]:.0f}</Value>
            </HeartRateBpm>
            <Extensions>
              <TPX xmlns="http://www.garmin.com/xmlschemas/ActivityExtension/v2">
                <Speed>{s["speed_m_s"]:.3f}</Speed>
                <RunCadence>{s["cadence_spm"] / 2:.0f}</RunCadence>
              </TPX>
            </Extensions>
          </Trackpoint>"""
