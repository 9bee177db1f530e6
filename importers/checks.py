"""Cross-checks: what a file says twice must agree. A recording that decodes but does not add up is flagged, not mended.

Nine checks that issue from the device's totals, the clock, the distance, the speed, the date and the sport, and one of
its climb. Each is a small function from ``Facts`` to the sentences of what it found; ``CHECKS`` lists them. Limits were
set by what devices do (rounding, pauses, sparse recording), and lie well beyond it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from importers.problems import Problem
from importers.run import RUN_SPORT
from importers.shape import STANDING_M_S, line_m
from importers.track import RANGES, top_speed_m_s

if TYPE_CHECKING:
    from importers.run import Column, Recording, Summary, Track

EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""No watch recorded a run before: its clock was not set."""
DISTANCE_SHARE: Final = 0.005
"""A total that strays further from its samples or laps than this (share) is another distance, not another rounding."""
DISTANCE_M: Final = 20.0
"""And further than this (m): what is walked between the last sample and the stop button."""
LAP_S: Final = 3.0
"""Laps cover the session without a hole; their sum strays by rounding only (s)."""
TIMER_OVER_S: Final = 2.0
"""The timer never runs longer than the time that passes; rounded up, it may seem to (s)."""
SPAN_S: Final = 30.0
"""The last sample lies no later than this behind the end of the session (s)."""
TAIL_S: Final = 120.0
"""After the last sample a session goes on this long at most, unless its laps say so too: a late stop button (s)."""
TIMER_SHARE: Final = 0.02
"""Time that the timer ran without samples, or samples that moved without the timer: this share is no rounding."""
GAP_S: Final = 60.0
"""Watches that record seldom write a sample each minute at least; a longer silence is a gap (s)."""
GAPS_S: Final = 60.0
"""So much time under way without samples (s) ..."""
GAPS_SHARE: Final = 0.03
"""... and this share of the recording is a hole in it; less changes no mean of it."""
HEART_BPM: Final = 2.5
"""Means of a device are rounded down, and weighted by its own clock: they lie within 1 of ours (bpm)."""
CADENCE_SPM: Final = 6.0
"""As for the heart; with or without standing, and with sparse samples, within 5 (steps/min or turns/min)."""
MEAN_SHARE: Final = 0.2
"""A mean is compared where samples with the value cover at least this share of the time."""
MEAN_SPEED_LOW: Final = 0.97
"""No mean speed is lower than distance over timer, but for rounding (share) ..."""
MEAN_SPEED_HIGH: Final = 1.3
"""... and where the device leaves standing out of it, it is higher, yet not by more than this (share)."""
STEP_BACK_M: Final = 10.0
"""Distance that falls by less in all is rounding (m)."""
SPEED_SHARE: Final = 0.25
"""Speed as recorded, summed over time, strays less than this from distance; foot pods and GPS differ by 5 to 15 %."""
SPEED_NEEDS_M: Final = 500.0
"""Shorter recordings have too few samples to compare speeds (m)."""
JUMP_M: Final = 100.0
"""Fewer metres in impossible steps are a first fix of the GPS (m) ..."""
JUMP_SHARE: Final = 0.02
"""... and less of the distance than this does not change what was run (share)."""
START_S: Final = 2.0
"""Session, first lap and first event begin at once, to the second of each (s)."""
FIRST_SAMPLE_S: Final = 30.0
"""The first sample comes no later after the start (s); of a swim, at the end of a length."""
REST_S: Final = 150.0
"""Swimming: no sample while resting at the wall (s)."""
CREATED_DAYS: Final = 1.0
"""A file is created when the watch is started, at the end, or at an export: never days before its session (days)."""
CLIMB_M: Final = 30.0
"""Ascent less descent is the height of the end over the start, to a drift of this (m) ..."""
CLIMB_SHARE: Final = 0.1
"""... or this share of all that went up and down."""
LAP_CLIMB_M: Final = (4.0, 0.5)
"""Laps round their climb to metres: so much in all, and for each lap (m)."""
CLIMB_NEEDS: Final = 30
"""Fewer samples with an altitude tell nothing of a climb."""
LINE_POINTS: Final = 400
"""Positions that are looked at where there is no distance: a course line, cheap and blind to the noise of a GPS."""
SECONDS_PER_DAY: Final = 86400.0
SWIM: Final = "swim"

WORLD_BEST_M_S: Final = (
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
BEST_NEEDS_S: Final = 60.0
"""A shorter recording is no race (s)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """What a device's file says a second time beside its summary: only compared, never measured from."""

    sessions: int = 1
    """Summaries in the file; 0 where the device wrote none."""
    sessions_told: float | None = None
    """Summaries that there are by the message that closes the file, None where it does not say."""
    closed: bool = True
    """Whether that message is there: a device writes it last, or first of all."""
    distance_m: float | None = None
    """Sum over the laps, as are all of these; None where no lap says."""
    elapsed_s: float | None = None
    timer_s: float | None = None
    ascent_m: float | None = None
    laps: int = 0
    begun_s: tuple[float, ...] = ()
    """When the first lap and the first start of the timer say that it began (s after the recording's start)."""
    created_s: float | None = None
    """When the file says that it was created (s after the start of its first recording)."""
    mean_speed_m_s: float | None = None
    sport: str | None = None
    """The session's sport in the word of the file."""
    sports: tuple[str, ...] = ()
    """Sports that its laps and the sport message name."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What several checks look at, worked out once."""

    recording: Recording
    witness: Witness | None
    disordered: int
    dt_s: Column
    """Seconds between samples, one fewer than samples."""
    paused: Any
    """Mask of ``dt_s``: over a pause that the file itself marks."""
    weight_s: Column
    """Time for which each sample but the first counts (s): ``dt_s``, 0 over pauses and gaps."""
    known: Any
    """Samples with a distance: their indices, or all of them as a slice."""
    known_dt_s: Column
    """Seconds from each known sample to the next known one, one fewer than those."""
    step_m: Column
    """Metres from each known sample to the next known one."""

    @property
    def track(self) -> Track:
        """The samples."""
        return self.recording.track

    @property
    def totals(self) -> Summary:
        """What the device says of the whole."""
        return self.recording.summary

    @property
    def span_s(self) -> float:
        """Time from the first sample to the last (s)."""
        time = self.track.time_s
        return float(time[-1] - time[0]) if len(time) else 0.0

    @property
    def recorded_s(self) -> float:
        """Time from the first sample to the last without the pauses that the file marks (s)."""
        return self.span_s - float(self.dt_s[self.paused].sum())

    @property
    def distance_m(self) -> float | None:
        """Distance of the samples (m), None where they have none."""
        return float(self.track.distance_m[self.known][-1]) if len(self.step_m) else None


Found = Iterator[str]
Check = Callable[[Facts], Found]


def checked(recording: Recording, *, witness: Witness | None = None, disordered: int = 0) -> Recording:
    """The recording with what does not add up in it among its problems; see ``cross_check``."""
    found = cross_check(recording, witness=witness, disordered=disordered)
    return replace(recording, problems=(*recording.problems, *found)) if found else recording


def cross_check(recording: Recording, *, witness: Witness | None = None, disordered: int = 0) -> tuple[Problem, ...]:
    """What does not add up in a recording: a Problem for each check that found something, with its numbers.

    Args:
        recording: one session as decoded, its samples in order of time.
        witness: what the file says beside its summary; None where the format has nothing of the kind.
        disordered: samples of the file that were written with a time before that of the sample in front of them.
    """
    if recording.start is None:
        return ()
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        facts = _facts(recording, witness, disordered)
        said = {code: list(check(facts)) for code, check in CHECKS}
    return tuple(Problem(source="", code=code, detail="; ".join(found)) for code, found in said.items() if found)


def _facts(recording: Recording, witness: Witness | None, disordered: int) -> Facts:
    track = recording.track
    finite = np.isfinite(track.distance_m)
    known = slice(None) if finite.all() else np.flatnonzero(finite)
    dt, paused = np.diff(track.time_s), np.diff(track.segment) != 0
    return Facts(
        recording=recording,
        witness=witness,
        disordered=disordered,
        dt_s=dt,
        paused=paused,
        weight_s=np.where(paused | (dt > GAP_S), 0.0, dt),
        known=known,
        known_dt_s=dt if isinstance(known, slice) else np.diff(track.time_s[known]),
        step_m=np.diff(track.distance_m[known]),
    )


def _apart(a: float, b: float, share: float, least: float) -> bool:
    return abs(a - b) > max(least, share * max(abs(a), abs(b)))


# ---------------------------------------------------------------- the session against its samples and laps
def session_distance(facts: Facts) -> Found:
    """The device's distance, that of its samples and that of its laps are one."""
    total, covered = facts.totals.distance_m, facts.distance_m
    laps = facts.witness.distance_m if facts.witness else None
    if total is not None and covered is not None and _apart(total, covered, DISTANCE_SHARE, DISTANCE_M):
        yield f"the device's total is {total:,.0f} m, its samples end at {covered:,.0f} m"
    if laps is not None and facts.recording.sport != SWIM:
        if total is not None and _apart(total, laps, DISTANCE_SHARE, DISTANCE_M):
            yield f"the device's total is {total:,.0f} m, its laps sum to {laps:,.0f} m"
        elif total is None and covered is not None and _apart(covered, laps, DISTANCE_SHARE, DISTANCE_M):
            yield f"its samples end at {covered:,.0f} m, its laps sum to {laps:,.0f} m"


def session_time(facts: Facts) -> Found:
    """Timer, elapsed time, laps and samples tell one time."""
    elapsed, timer = facts.totals.elapsed_s, facts.totals.timer_s
    if facts.witness is not None:
        yield from _time_beside(facts.witness, elapsed, timer, facts.recording.sport)
    if elapsed is not None and timer is not None and timer > elapsed + TIMER_OVER_S:
        yield f"the timer ran {timer:,.0f} s of {elapsed:,.0f} s elapsed"
    if len(facts.track) > 1:
        yield from _time_of_samples(facts, elapsed, timer)


def _time_beside(witness: Witness, elapsed: float | None, timer: float | None, sport: str) -> Found:
    if not witness.sessions:
        yield f"the file has no summary: all is taken from its {'laps and ' if witness.laps else ''}samples"
        return
    if not witness.closed:
        yield "the message that closes the recording is missing"
    if witness.sessions_told is not None and witness.sessions_told != witness.sessions:
        yield f"the file says that it has {witness.sessions_told:.0f} sessions, {witness.sessions} are there"
    if elapsed is None or timer is None:
        yield f"the summary lacks its {'timer' if timer is None else 'elapsed'} time"
    if timer is not None and witness.timer_s is not None and abs(timer - witness.timer_s) > LAP_S:
        yield f"the timer is {timer:,.0f} s, its laps sum to {witness.timer_s:,.0f} s"
    laps = witness.elapsed_s if sport != SWIM else None  # lengths leave out the rests between them
    if elapsed is not None and laps is not None and abs(elapsed - laps) > LAP_S:
        yield f"elapsed are {elapsed:,.0f} s, its laps sum to {laps:,.0f} s"


def _time_of_samples(facts: Facts, elapsed: float | None, timer: float | None) -> Found:
    last = float(facts.track.time_s[-1])
    slack = max(SPAN_S, TIMER_SHARE * facts.recorded_s)
    sums = facts.witness and (facts.witness.elapsed_s or facts.witness.timer_s)
    if elapsed is not None and last > elapsed + SPAN_S:
        yield f"elapsed are {elapsed:,.0f} s, its last sample is at {last:,.0f} s"
    if elapsed is not None and not sums and elapsed > last + TAIL_S:
        yield f"elapsed are {elapsed:,.0f} s, its last sample is at {last:,.0f} s"
    if timer is None or facts.recording.sport == SWIM:
        return
    if timer <= 0 and facts.recorded_s > GAP_S:
        yield f"the timer never ran, its samples cover {facts.recorded_s:,.0f} s"
    if timer > facts.recorded_s + slack:
        yield f"the timer is {timer:,.0f} s, its samples cover {facts.recorded_s:,.0f} s"
    if facts.recorded_s > timer + slack and (moving := _moving_s(facts)) > timer + slack:
        yield f"the timer is {timer:,.0f} s, its samples move for {moving:,.0f} s"


def _moving_s(facts: Facts) -> float:
    """Time (s) between samples that cover ground, pauses and gaps left out; 0 without distance."""
    dt, segment = facts.known_dt_s, facts.track.segment[facts.known]
    moves = (facts.step_m > STANDING_M_S * dt) & (dt <= GAP_S) & (segment[1:] == segment[:-1])
    return float(dt[moves].sum())


def session_means(facts: Facts) -> Found:
    """Mean heart rate, cadence and speed of the device are those of its samples, its distance and its time."""
    totals, track = facts.totals, facts.track
    yield from _mean(facts, "heart rate", totals.heart_rate_bpm, track.heart_rate_bpm, HEART_BPM)
    yield from _mean(facts, "cadence", totals.cadence_spm, track.cadence_spm, CADENCE_SPM)
    speed = facts.witness.mean_speed_m_s if facts.witness else None
    if speed and totals.distance_m and totals.timer_s and facts.recording.sport != SWIM:
        own = totals.distance_m / totals.timer_s
        if not MEAN_SPEED_LOW * own <= speed <= MEAN_SPEED_HIGH * own:
            yield f"the device's mean speed is {speed:.2f} m/s, its distance over its timer {own:.2f} m/s"


def _mean(facts: Facts, name: str, device: float | None, column: Column, limit: float) -> Found:
    """Both means that devices make are compared: of all samples, and of those that are not 0."""
    if device is None or facts.recording.sport == SWIM:
        return
    values, weight, whole = column[1:], facts.weight_s, float(facts.weight_s.sum())
    known = np.isfinite(values)
    if not known.all():
        values, weight = values[known], weight[known]
    time, positive = float(weight.sum()), float(weight[values > 0].sum())
    if positive <= 0:
        if whole > 0 and device > limit:
            yield f"the device's mean {name} is {device:.0f}, no sample has one"
        return
    if time < MEAN_SHARE * whole:
        return
    total = float((weight * values).sum())
    nearest = min((total / time, total / positive), key=lambda mean: abs(mean - device))
    if abs(nearest - device) > limit:
        yield f"the device's mean {name} is {device:.0f}, that of its samples {nearest:.0f}"


def session_climb(facts: Facts) -> Found:
    """Ascent is that of the laps, and ascent less descent the height of the end over the start."""
    up, down = facts.totals.ascent_m, facts.totals.descent_m
    laps, count = (facts.witness.ascent_m, facts.witness.laps) if facts.witness else (None, 0)
    rounding = LAP_CLIMB_M[0] + LAP_CLIMB_M[1] * count
    if up is not None and laps is not None and abs(up - laps) > rounding:
        yield f"the device's ascent is {up:,.0f} m, its laps sum to {laps:,.0f} m"
    if up is None and laps is not None and laps > rounding:
        yield f"the summary lacks its ascent, its laps sum to {laps:,.0f} m"
    altitude = facts.track.altitude_m
    altitude = altitude[np.isfinite(altitude)]
    if up is None or len(altitude) < CLIMB_NEEDS:
        return
    rise = float(altitude[-1] - altitude[0])
    if down is not None and abs(up - down - rise) > max(CLIMB_M, CLIMB_SHARE * (up + down)):
        yield f"ascent {up:,.0f} m and descent {down:,.0f} m, yet its altitude ends {rise:+,.0f} m from its start"


# ---------------------------------------------------------------- order of time and distance
def time_order(facts: Facts) -> Found:
    """Samples are written in order of time."""
    if facts.disordered:
        yield f"the clock of the file steps back {facts.disordered} times"


def distance_order(facts: Facts) -> Found:
    """Distance never falls within a recording."""
    if not len(facts.step_m) or facts.step_m.min() >= 0:
        return
    back = facts.step_m[facts.step_m < 0]
    if -float(back.sum()) > STEP_BACK_M:
        yield f"the distance falls {len(back)} times, by {-float(back.sum()):,.0f} m in all"


def gaps(facts: Facts) -> Found:
    """Nothing is missing: no time under way without samples but for the pauses; a swim is sampled by lengths."""
    timer = facts.totals.timer_s
    if facts.recording.sport == SWIM:
        return
    if len(facts.track) <= 1:
        if facts.witness and timer is not None and timer > GAP_S:  # a watch samples indoors, too
            yield f"a timer of {timer:,.0f} s, and {len(facts.track)} samples"
        return
    if facts.dt_s.max() <= GAP_S:
        return
    silent = np.flatnonzero((facts.dt_s > GAP_S) & ~facts.paused)
    dt, metres = facts.dt_s[silent], _metres(facts.track, silent)
    lost = metres > STANDING_M_S * dt
    if facts.witness and not len(facts.step_m):
        lost |= np.isnan(metres)  # of a recording on the spot nothing else tells
    missing = float(dt[lost].sum()) - _stopped_s(facts)
    if missing > max(GAPS_S, GAPS_SHARE * facts.span_s):
        covered = float(metres[lost & np.isfinite(metres)].sum())
        yield f"{missing:,.0f} s without samples in {int(lost.sum())} gaps, while it moved {covered:,.0f} m"


def _stopped_s(facts: Facts) -> float:
    """Time (s) that the timer stood still, beyond the pauses that the file marks."""
    elapsed, timer = facts.totals.elapsed_s, facts.totals.timer_s
    if elapsed is None or timer is None:
        return 0.0
    return max(0.0, elapsed - timer - float(facts.dt_s[facts.paused].sum()))


def _metres(track: Track, first: Any) -> Column:
    """Metres from samples to the ones that follow them, by distance, else by position; NaN where unknown."""
    metres: Column = track.distance_m[first + 1] - track.distance_m[first]
    lat, lon = track.latitude_deg, track.longitude_deg
    if np.isfinite(metres).any():
        return metres
    return line_m(lat[first], lon[first], lat[first + 1], lon[first + 1])


# ---------------------------------------------------------------- speed, date, sport
def speed(facts: Facts) -> Found:
    """Speed as recorded fits distance over time, and no ground is covered at an impossible speed."""
    step, dt = facts.step_m, facts.known_dt_s
    fast = step > top_speed_m_s(facts.recording.sport) * np.maximum(dt, 1.0)
    if fast.any():
        jumped = float(step[fast].sum())
        if jumped > max(JUMP_M, JUMP_SHARE * float(step[step > 0].sum())):
            yield f"{jumped:,.0f} m of its distance are covered at an impossible speed"
    recorded = facts.track.speed_m_s[facts.known][1:]
    usual = (recorded >= 0) & (recorded <= RANGES["speed_m_s"][1]) & (dt <= GAP_S)
    by_speed, by_distance = float((recorded * dt)[usual].sum()), float(step[usual].sum())
    if by_distance > SPEED_NEEDS_M and _apart(by_speed, by_distance, SPEED_SHARE, 0.0) and by_speed > 0:
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
    for begun in witness.begun_s if witness else ():
        if abs(begun) > START_S:
            yield f"its laps or events begin {abs(begun):,.0f} s {'after' if begun > 0 else 'before'} its start"
    if witness and witness.created_s is not None and -witness.created_s > CREATED_DAYS * SECONDS_PER_DAY:
        yield f"the file was created {-witness.created_s / SECONDS_PER_DAY:,.1f} days before its start"


def sport(facts: Facts) -> Found:
    """It is named alike throughout the file, and nobody is as fast as it says."""
    if facts.witness and facts.witness.sport is not None:
        other = sorted(set(facts.witness.sports) - {facts.witness.sport})
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
    distances, speeds = zip(*WORLD_BEST_M_S, strict=True)
    return float(np.interp(metres, distances, speeds))


def _mean_speed_m_s(facts: Facts) -> tuple[float, float] | None:
    """Distance (m) and mean speed (m/s) over the timer, else over the time of the samples; None where unknown."""
    seconds = facts.totals.timer_s or facts.recorded_s
    metres = facts.totals.distance_m or facts.distance_m
    if metres is None:
        metres = _line_length_m(facts.track)
    if not seconds or seconds < BEST_NEEDS_S or not metres:
        return None
    return metres, metres / seconds


def _line_length_m(track: Track) -> float | None:
    """Length of a coarse line through the positions (m), pauses not bridged."""
    placed = np.flatnonzero(np.isfinite(track.latitude_deg) & (track.latitude_deg != 0))
    placed = placed[:: max(1, len(placed) // LINE_POINTS)]
    if len(placed) <= 1:
        return None
    lat, lon, segment = track.latitude_deg[placed], track.longitude_deg[placed], track.segment[placed]
    metres = line_m(lat[:-1], lon[:-1], lat[1:], lon[1:])
    return float(metres[segment[1:] == segment[:-1]].sum())


CHECKS: Final[tuple[tuple[str, Check], ...]] = (
    ("session_distance", session_distance),
    ("session_time", session_time),
    ("session_means", session_means),
    ("session_climb", session_climb),
    ("time_order", time_order),
    ("distance_order", distance_order),
    ("gaps", gaps),
    ("speed", speed),
    ("date", date),
    ("sport", sport),
)
"""Code of the problem -> check, in the order in which they speak."""
