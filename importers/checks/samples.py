"""The samples held against the clock, the timer, each other, and what a body can do."""

from __future__ import annotations

from bisect import bisect
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from importers.checks.facts import SILENCE_S, SWIM, apart
from importers.run import RUN_SPORT
from importers.shape import STANDING_M_S, between_m, great_circle_m
from importers.track import RANGES, median, top_speed_m_s, where

if TYPE_CHECKING:
    from importers.checks.facts import Facts, Found
    from importers.run import Column, Track

EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""No watch recorded a run before: its clock was not set."""
GAP_STEPS: Final = 8.0
"""A watch keeps no silence longer than so many times its own mean step, even one that chooses when to write."""
GAP_LEAST_S: Final = 10.0
"""No shorter silence is a gap, however often the watch writes (s)."""
HOLE_S: Final = 20.0
"""Gaps under way that the timer does not explain are a hole in the recording when they last longer in all (s)."""
HOLE_SHARE: Final = 0.03
"""And only when they take more than this share of the recording: less changes no mean of it."""
NIGHT_S: Final = 6 * 3600.0
"""Where no device says that it is one session, a longer silence lies between two of them: a night, as a rule (s)."""
STEP_BACK_M: Final = 10.0
"""Distance that falls by less in all is rounding (m)."""
SPEED_SLACK: Final = 0.25
"""Speed as recorded, summed over time, strays less than this from distance; foot pods and GPS differ by 5 to 15 %."""
SPEED_NEEDS_M: Final = 500.0
"""Shorter recordings have too few samples to compare speeds (m)."""
JUMP_M: Final = 100.0
"""Fewer metres in impossible steps are a first fix of the GPS (m)."""
JUMP_SHARE: Final = 0.02
"""And less of the distance than this does not change what was run (share)."""
START_S: Final = 2.0
"""Session and first lap begin at once, to the second of each (s)."""
FIRST_SAMPLE_S: Final = 30.0
"""The first sample comes no later after the start; of a swim, at the end of a length (s)."""
REST_S: Final = 150.0
"""In the pool no sample is written while resting at the wall, for so long (s)."""
CREATED_DAYS: Final = 1.0
"""A file is created when the watch is started, at the end, or at an export: never earlier before its session (days)."""
LINE_POINTS: Final = 400
"""Positions that are looked at where there is no distance: a coarse line, cheap and blind to the noise of a GPS."""
JUMP_TIMES: Final = 3.0
"""A step of that line is a jump where nobody of the sport is so fast, nor this recording, by so many times."""
SECONDS_PER_DAY: Final = 86400.0
SECONDS_PER_HOUR: Final = 3600.0
WORLD_BEST_M_S: Final = (
    (400.0, 9.30),
    (800.0, 7.93),
    (1_000.0, 7.58),
    (5_000.0, 6.62),
    (10_000.0, 6.36),
    (21_097.5, 6.20),
    (42_195.0, 5.83),
    (50_000.0, 5.25),
    (100_000.0, 4.56),
    (200_000.0, 3.55),
)
"""Distance (m) and mean speed (m/s) of the best ever run over it, men; world records and bests, rounded up."""
BEST_OF_SPORT_M_S: Final = {"walk": 4.5, "hike": 4.5, SWIM: 2.5}
"""Fastest mean of other sports on foot and in water (m/s): records of race walking are 4.4, of 50 m in a pool 2.4."""
NO_SPORT: Final = "generic"
"""What a lap says that names no sport: no contradiction (FIT profile)."""
BEST_NEEDS_S: Final = 60.0
"""A shorter recording is no race (s)."""


# ---------------------------------------------------------------- order of time and distance
def time_order(facts: Facts) -> Found:
    """Samples are written in order of time."""
    if facts.disordered:
        yield f"samples earlier than the one before them: {facts.disordered}"


def distance_order(facts: Facts) -> Found:
    """Distance never falls within a recording."""
    if not len(facts.step_m) or facts.step_m.min() >= 0:
        return
    back = facts.step_m[facts.step_m < 0]
    if -float(back.sum()) > STEP_BACK_M:
        yield f"falls of its distance: {len(back)}, by {-float(back.sum()):,.0f} m in all"


def gaps(facts: Facts) -> Found:
    """Nothing is missing: no time under way without samples but for the pauses; a swim is sampled by lengths."""
    timer = facts.totals.timer_s
    if facts.recording.sport == SWIM:
        return
    if len(facts.track) <= 1:
        if facts.witness and timer is not None and timer > SILENCE_S:  # a watch samples indoors, too
            yield f"a timer of {timer:,.0f} s, and {len(facts.track)} samples"
        return
    if not facts.witness and (longest := float(facts.dt_s.max())) > NIGHT_S:
        yield f"a silence of {longest / SECONDS_PER_HOUR:,.0f} h: it may be several recordings in one"
    least, hole = SILENCE_S, SILENCE_S  # a phone may lose the satellites for a while: that is bridged
    if facts.witness:
        own_step = facts.recorded_s / len(facts.dt_s)
        least, hole = min(SILENCE_S, max(GAP_LEAST_S, GAP_STEPS * own_step)), HOLE_S
    if facts.longest_s <= least:
        return
    silent = np.flatnonzero((facts.dt_s > least) & ~facts.paused)
    dt, metres = facts.dt_s[silent], _metres(facts.track, silent)
    lost = metres > STANDING_M_S * dt
    if facts.witness and not facts.step_m.sum() > 0:
        lost[:] = True  # of a recording on the spot nothing else tells
    missing = float(dt[lost].sum()) - max(0.0, _stopped_s(facts) - float(dt[~lost].sum()))
    if missing > max(hole, HOLE_SHARE * facts.span_s):
        covered = float(metres[lost & np.isfinite(metres)].sum())
        yield f"gaps in its samples: {int(lost.sum())}, of {missing:,.0f} s in all, while it moved {covered:,.0f} m"


def _stopped_s(facts: Facts) -> float:
    """Time (s) that the timer stood still, beyond the pauses that the file marks."""
    elapsed, timer = facts.totals.elapsed_s, facts.totals.timer_s
    if elapsed is None or timer is None:
        return 0.0
    return max(0.0, elapsed - timer - facts.paused_s)


def _metres(track: Track, first: Any) -> Column:
    """Metres from samples to the ones that follow them, by distance, else by position; NaN where unknown."""
    metres: Column = track.distance_m[first + 1] - track.distance_m[first]
    if np.isfinite(metres).any():
        return metres
    ends = np.array([first, first + 1])
    return between_m(track.latitude_deg[ends], track.longitude_deg[ends])(0, 1)


# ---------------------------------------------------------------- speed, date, sport
def speed(facts: Facts) -> Found:
    """Speed as recorded fits distance over time, and no ground is covered at an impossible speed."""
    step, dt = facts.step_m, facts.known_dt_s
    if not len(step):
        return
    top = top_speed_m_s(facts.recording.sport)
    if step.max() > top:
        jumped = float(step[step > top * np.maximum(dt, 1.0)].sum())
        if jumped > JUMP_M and jumped > JUMP_SHARE * float(step[step > 0].sum()):
            yield f"{jumped:,.0f} m of its distance are covered at an impossible speed"
    recorded = facts.track.speed_m_s[facts.known][1:]
    usual = where((recorded >= 0) & (recorded <= RANGES["speed_m_s"][1]) & (dt <= SILENCE_S))
    recorded, step, dt = recorded[usual], step[usual], dt[usual]
    by_speed, by_distance = float((recorded * dt).sum()), float(step.sum())
    if by_distance > SPEED_NEEDS_M and apart(by_speed, by_distance, SPEED_SLACK) and by_speed > 0:
        yield f"its speeds make {by_speed:,.0f} m, its distance {by_distance:,.0f} m in the same time"


def date(facts: Facts) -> Found:
    """The start is a date of our time, and that of its samples, laps and file."""
    start, witness = facts.recording.start, facts.witness
    if start is not None and start < EARLIEST:
        yield f"recorded on {start.date().isoformat()}, before any watch"
    if len(facts.track):
        first, late = float(facts.track.time_s[0]), REST_S if facts.recording.sport == SWIM else FIRST_SAMPLE_S
        if not -START_S <= first <= late:
            yield f"its first sample is {abs(first):,.0f} s {'after' if first > 0 else 'before'} its start"
    begun = witness.begun_s if witness else None
    if begun is not None and abs(begun) > START_S:
        yield f"its laps begin {abs(begun):,.0f} s {'after' if begun > 0 else 'before'} its start"
    if witness and witness.created_s is not None and -witness.created_s > CREATED_DAYS * SECONDS_PER_DAY:
        yield f"the file was created {-witness.created_s / SECONDS_PER_DAY:,.1f} days before its start"


def sport(facts: Facts) -> Found:
    """It is named alike throughout the file, and nobody is as fast as it says."""
    if facts.witness and facts.witness.sport is not None:
        other = sorted(set(facts.witness.sports) - {facts.witness.sport, NO_SPORT})
        if other:
            yield f"the summary says {facts.witness.sport}, its laps and messages {', '.join(other)}"
    mean = _mean_speed_m_s(facts)
    if mean is not None:
        metres, speed_m_s = mean
        best = _best_m_s(facts.recording.sport, metres)
        if best is not None and speed_m_s > best:
            yield f"{metres / 1000:,.1f} km at {speed_m_s:.1f} m/s: the best ever is {best:.1f} m/s"


def _best_m_s(sport: str, metres: float) -> float | None:
    """Mean speed that nobody beats over a distance (m/s); None where the sport has no such limit."""
    if sport != RUN_SPORT:
        return BEST_OF_SPORT_M_S.get(sport)
    k = min(max(1, bisect(WORLD_BEST_M_S, (metres, np.inf))), len(WORLD_BEST_M_S) - 1)
    (shorter, faster), (longer, slower) = WORLD_BEST_M_S[k - 1 : k + 1]
    within = min(max(metres, shorter), longer)
    return faster + (slower - faster) / (longer - shorter) * (within - shorter)


def _mean_speed_m_s(facts: Facts) -> tuple[float, float] | None:
    """Distance (m) and mean speed (m/s) over the timer, else over the time of the samples; None where unknown."""
    seconds = facts.totals.timer_s or facts.recorded_s
    metres = facts.totals.distance_m or facts.distance_m
    if metres is None:
        metres = _line_length_m(facts.track, facts.recording.sport)
    if not seconds or seconds < BEST_NEEDS_S or not metres:
        return None
    return metres, metres / seconds


def _line_length_m(track: Track, sport: str) -> float | None:
    """Length of a coarse line through the positions (m): pauses not bridged, and no jumps of single positions."""
    placed = np.flatnonzero(np.isfinite(track.latitude_deg) & (track.latitude_deg != 0))
    placed = placed[:: max(1, len(placed) // LINE_POINTS)]
    lat, lon = track.latitude_deg[placed], track.longitude_deg[placed]
    (south, north), (west, east) = RANGES["latitude_deg"], RANGES["longitude_deg"]
    sound = (lat >= south) & (lat <= north) & (lon >= west) & (lon <= east)
    placed, lat, lon = placed[sound], lat[sound], lon[sound]
    segment = track.segment[placed]
    on = segment[1:] == segment[:-1]
    metres, seconds = great_circle_m(lat, lon)[on], np.diff(track.time_s[placed])[on]
    if not len(metres):
        return None
    speed_m_s = metres / seconds
    usual = speed_m_s <= max(top_speed_m_s(sport), JUMP_TIMES * median(speed_m_s))
    return float(metres[usual].sum())
