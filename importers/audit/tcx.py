"""The second reader of TCX: the tree of the standard library, taken apart point by point."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from importers.audit import sums
from importers.audit.counting import reading, sport_of
from importers.audit.reading import Answer, Opinion, Reading, Sample, Value
from importers.audit.xml_gate import RefusedError, helped, in_utc, moment, number, text_of

READER: Final = "xml.etree"
_CHUNK: Final = 65536


@dataclass(slots=True)
class _Activity:
    sport: str | None
    named: str | None = None
    laps: list[dict[str, str]] = field(default_factory=list)
    points: list[tuple[int, int, dict[str, str]]] = field(default_factory=list)
    """Lap, stretch and values of each point."""
    tracks: int = 0


def second_tcx(data: bytes) -> Opinion:
    """What the standard library's tree makes of a TCX file."""
    try:
        text = text_of(data)
        activities, note, stops = _read(text)
    except RefusedError as error:
        return Opinion(reader=READER, failed=f"not shown to the other reader: {error}")
    except (ParseError, ValueError) as error:
        return Opinion(reader=READER, failed=str(error))
    readings = tuple(r for a in activities if (r := _reading(a, whole=not note, stops=stops)) is not None)
    untimed = any(a.points for a in activities)
    why = "" if readings else "none of its points has a time" if untimed else "no track points"
    return Opinion(reader=READER, readings=readings, note=note, nothing=why)


def _read(text: str) -> tuple[list[_Activity], str, bool]:
    failure: Exception = ValueError("not read")
    first = ""
    for note, attempt, stops in helped(text, "Trackpoint"):
        try:
            return _activities(attempt), f"{note} (it fails alone: {first})" if note else "", stops
        except ParseError as error:
            first, failure = first or str(error), error
    raise failure


def _activities(text: str) -> list[_Activity]:
    """Activities of a document; every element is let go as soon as it has been looked at."""
    out: list[_Activity] = []
    path: list[str] = []
    for event, element in _events(text):
        name = _plain(element.tag)
        if event == "start":
            path.append(name)
            if name == "Activity":
                out.append(_Activity(sport=element.get("Sport")))
            elif "Activity" in path and name == "Lap":
                out[-1].laps.append({"StartTime": element.get("StartTime") or ""})
            elif "Activity" in path and name == "Track":
                out[-1].tracks += 1
            continue
        path.pop()
        if "Activity" not in path:
            continue
        if name == "Trackpoint":
            out[-1].points.append((len(out[-1].laps) - 1, out[-1].tracks, _values(element)))
            element.clear()
        elif path[-1:] == ["Lap"] and out[-1].laps:
            out[-1].laps[-1].setdefault(name, element.text or "")
        elif path[-1:] == ["Activity"] and name == "Id":
            out[-1].named = element.text
    return out


def _events(text: str) -> Iterator[tuple[str, Element]]:
    parser: XMLPullParser[Element] = XMLPullParser(("start", "end"))
    for at in range(0, len(text), _CHUNK):
        parser.feed(text[at : at + _CHUNK])
        yield from parser.read_events()  # type: ignore[misc]
    parser.close()
    yield from parser.read_events()  # type: ignore[misc]


def _plain(tag: str) -> str:
    return tag.rpartition("}")[2]


def _values(point: Element) -> dict[str, str]:
    out: dict[str, str] = {}
    for element in point.iter():
        name = _plain(element.tag)
        name = "HeartRate" if name == "Value" else name
        if element.text and element.text.strip():
            out.setdefault(name, element.text.strip())
    return out


# ---------------------------------------------------------------- readings
def _reading(activity: _Activity, *, whole: bool, stops: bool) -> Reading | None:
    timed = [(lap, part, v, when) for lap, part, v in activity.points if (when := moment(v.get("Time"))) is not None]
    sound = sums.of_one_clock(_sample(v, when, part) for _, part, v, when in timed)
    samples = sums.in_order(sound)
    start = _start(activity, [when for *_, when in timed])
    seconds, metres = _sum(activity, "TotalTimeSeconds"), _sum(activity, "DistanceMeters")
    if start is None or not (samples or seconds or metres):
        return None
    sport = sport_of(activity.sport or None)
    totals: dict[str, Value | None] = {
        "start": in_utc(start),
        "utc_offset_s": (start.utcoffset() or timedelta()).total_seconds() or None,
        "sport": sport,
        "distance_m": metres,
        "elapsed_s": _elapsed(samples, seconds),
        "timer_s": seconds,
        "samples": float(len(activity.points)),
    }
    extra = {
        "samples": [
            Answer("points without a time are dropped", lambda: float(len(timed))),
            Answer("points with a broken clock are dropped", lambda: float(len(sound))),
        ],
        "distance_m": [
            Answer("laps without a distance take that of their points", lambda: _mended(activity, samples, timed))
        ],
        "timer_s": [Answer("laps without a time take that of their points", lambda: _lap_times(activity, timed))],
        "elapsed_s": [Answer("no points: from its first lap to the end of its last", lambda: _laps_last(activity))],
    }
    return reading(samples, totals, sport=sport, extra=extra, whole=whole and _complete(activity), stops=stops)


def _elapsed(samples: Sequence[Sample], timer_s: float | None) -> float | None:
    """From the first sample to the last, and as long as the timer ran (s)."""
    span = sums.elapsed_s(samples)
    return None if span is None else max(span, timer_s or 0.0)


def _complete(activity: _Activity) -> bool:
    """True if every lap has a distance and a time."""
    names = ("TotalTimeSeconds", "DistanceMeters")
    return all((number(lap.get(name)) or 0.0) > 0 for lap in activity.laps for name in names)


def _start(activity: _Activity, times: Sequence[datetime]) -> datetime | None:
    if times:
        return min(times, key=in_utc)
    laps = [when for lap in activity.laps if (when := moment(lap.get("StartTime"))) is not None]
    return laps[0] if laps else moment(activity.named)


def _sample(values: dict[str, str], when: datetime, part: int) -> Sample:
    return Sample(
        time_s=in_utc(when).timestamp(),
        latitude_deg=number(values.get("LatitudeDegrees")),
        longitude_deg=number(values.get("LongitudeDegrees")),
        distance_m=number(values.get("DistanceMeters")),
        altitude_m=number(values.get("AltitudeMeters")),
        speed_m_s=number(values.get("Speed")),
        cadence=number(values.get("RunCadence", values.get("Cadence"))),
        heart_rate_bpm=number(values.get("HeartRate")),
        part=part,
    )


def _sum(activity: _Activity, name: str) -> float | None:
    known = [value for lap in activity.laps if (value := number(lap.get(name))) is not None]
    return sum(known) if known else None


_Timed = Sequence[tuple[int, int, dict[str, str], datetime]]


def _mended(activity: _Activity, samples: Sequence[Sample], timed: _Timed) -> float | None:
    """Sum of the laps (m), where those without a distance have that of their points."""
    total = 0.0
    for k, lap in enumerate(activity.laps):
        times = [in_utc(when).timestamp() for n, _, _, when in timed if n == k]
        own = [s for s in samples if times and min(times) <= s.time_s <= max(times)]
        total += number(lap.get("DistanceMeters")) or sums.forward_m(own) or sums.lines_m(own) or 0.0
    return total


def _lap_times(activity: _Activity, timed: _Timed) -> float | None:
    total = 0.0
    for k, lap in enumerate(activity.laps):
        times = [in_utc(when).timestamp() for n, _, _, when in timed if n == k]
        said = number(lap.get("TotalTimeSeconds"))
        total += said if said is not None else max(times) - min(times) if times else 0.0
    return total


def _laps_last(activity: _Activity) -> float | None:
    spans = [
        (in_utc(when).timestamp(), number(lap.get("TotalTimeSeconds")) or 0.0)
        for lap in activity.laps
        if (when := moment(lap.get("StartTime"))) is not None
    ]
    return max(begin + lasts for begin, lasts in spans) - spans[0][0] if spans else None
