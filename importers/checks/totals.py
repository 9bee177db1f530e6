"""The device's totals held against the samples, the laps and each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from importers.checks.facts import SILENCE_S, SWIM, apart
from importers.shape import STANDING_M_S
from importers.track import where

if TYPE_CHECKING:
    from importers.checks.facts import Facts, Found, Witness
    from importers.run import Column

DISTANCE_SLACK: Final = 0.005
"""A total that strays further from its samples or laps than this (share) is another distance, not another rounding."""
DISTANCE_SLACK_M: Final = 20.0
"""Nor is it for fewer metres than this, or one step of the samples: what is covered after the last of them (m)."""
LAP_SLACK_S: Final = 3.0
"""Laps cover the session without a hole; their sum strays by rounding only, so far at most (s)."""
TIMER_OVER_S: Final = 2.0
"""The timer never runs longer than the time that passes; rounded up, it may seem to, by this (s)."""
SPAN_S: Final = 30.0
"""The last sample lies no later than this behind the end of the session (s)."""
TAIL_S: Final = 120.0
"""After the last sample a session goes on this long at most, unless its laps say so too: a late stop button (s)."""
TIMER_SLACK: Final = 0.02
"""Time that the timer ran without samples, or samples that moved without the timer: this share is no rounding."""
HEART_SLACK_BPM: Final = 2.5
"""Means of a device are rounded down, and weighted by its own clock: they lie within 1 of ours, never so far (bpm)."""
CADENCE_SLACK_SPM: Final = 6.0
"""With or without standing, and of sparse samples, mean cadence lies within 5 of ours (steps/min or turns/min)."""
MEAN_SHARE: Final = 0.2
"""A mean is compared where samples with the value cover at least this share of the time."""
MEAN_SPEED_LOW: Final = 0.97
"""No mean speed is lower than distance over timer, but for rounding (share)."""
MEAN_SPEED_HIGH: Final = 1.5
"""Where the device leaves standing out of it, mean speed is higher than that, yet not by more than this (share)."""
CLIMB_SLACK_M: Final = 30.0
"""Ascent less descent is the height of the end over the start, to a drift of this (m)."""
CLIMB_SLACK: Final = 0.1
"""Or, where much is climbed, to this share of all that went up and down."""
LAP_CLIMB_SLACK_M: Final = (4.0, 0.5)
"""Laps round their climb to metres: so much in all, and for each lap (m)."""
CLIMB_NEEDS: Final = 30
"""Fewer samples with an altitude tell nothing of a climb."""


def no_summary(facts: Facts) -> Found:
    """The device summed its recording up."""
    if facts.witness is not None and not facts.witness.sessions:
        yield f"the file has no summary: all is taken from its {'laps and ' if facts.witness.laps else ''}samples"


def unclosed(facts: Facts) -> Found:
    """The device closed its file."""
    if facts.witness is not None and not facts.witness.closed:
        yield "the message that closes the recording is missing"


def session_distance(facts: Facts) -> Found:
    """The device's distance, that of its samples and that of its laps are one."""
    total, covered = facts.totals.distance_m, facts.distance_m
    laps = facts.witness.distance_m if facts.witness else None
    if total is not None and covered is not None and apart(total, covered, DISTANCE_SLACK, _tail_m(facts, covered)):
        yield f"the device's total is {total:,.0f} m, its samples end at {covered:,.0f} m"
    if laps is not None and facts.recording.sport != SWIM:
        if total is not None and apart(total, laps, DISTANCE_SLACK, DISTANCE_SLACK_M):
            yield f"the device's total is {total:,.0f} m, its laps sum to {laps:,.0f} m"
        elif total is None and covered is not None and apart(covered, laps, DISTANCE_SLACK, DISTANCE_SLACK_M):
            yield f"its samples end at {covered:,.0f} m, its laps sum to {laps:,.0f} m"


def _tail_m(facts: Facts, covered: float) -> float:
    """What may be covered after the last sample (m): a step of a watch that records seldom."""
    seldom = facts.recorded_s <= SILENCE_S * len(facts.step_m)
    return max(DISTANCE_SLACK_M, covered / len(facts.step_m)) if seldom else DISTANCE_SLACK_M


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
        return
    if witness.sessions_told is not None and witness.sessions_told != witness.sessions:
        yield f"the file says that it has {witness.sessions_told:.0f} sessions, {witness.sessions} are there"
    if elapsed is None or timer is None:
        yield f"the summary lacks its {'timer' if timer is None else 'elapsed'} time"
    if timer is not None and witness.timer_s is not None and abs(timer - witness.timer_s) > LAP_SLACK_S:
        yield f"the timer is {timer:,.0f} s, its laps sum to {witness.timer_s:,.0f} s"
    laps = witness.elapsed_s if sport != SWIM else None  # lengths leave out the rests between them
    if elapsed is not None and laps is not None and abs(elapsed - laps) > LAP_SLACK_S:
        yield f"elapsed are {elapsed:,.0f} s, its laps sum to {laps:,.0f} s"


def _time_of_samples(facts: Facts, elapsed: float | None, timer: float | None) -> Found:
    last = float(facts.track.time_s[-1])
    slack = max(SPAN_S, TIMER_SLACK * facts.recorded_s)
    sums = facts.witness and (facts.witness.elapsed_s or facts.witness.timer_s)
    if elapsed is not None and last > elapsed + SPAN_S:
        yield f"elapsed are {elapsed:,.0f} s, its last sample is at {last:,.0f} s"
    if elapsed is not None and not sums and elapsed > last + TAIL_S:
        yield f"elapsed are {elapsed:,.0f} s, its last sample is at {last:,.0f} s"
    if timer is None or facts.recording.sport == SWIM:
        return
    if timer <= 0 and facts.recorded_s > SILENCE_S:
        yield f"the timer never ran, its samples cover {facts.recorded_s:,.0f} s"
    if timer > facts.recorded_s + slack:
        yield f"the timer is {timer:,.0f} s, its samples cover {facts.recorded_s:,.0f} s"
    if facts.recorded_s > timer + slack and (moving := _moving_s(facts)) > timer + slack:
        yield f"the timer is {timer:,.0f} s, its samples move for {moving:,.0f} s"


def _moving_s(facts: Facts) -> float:
    """Time (s) between samples that cover ground, pauses and gaps left out; 0 without distance."""
    dt, segment = facts.known_dt_s, facts.track.segment[facts.known]
    moves = (facts.step_m > STANDING_M_S * dt) & (dt <= SILENCE_S) & (segment[1:] == segment[:-1])
    return float(dt[moves].sum())


def session_means(facts: Facts) -> Found:
    """Mean heart rate, cadence and speed of the device are those of its samples, its distance and its time."""
    totals, track = facts.totals, facts.track
    yield from _mean(facts, "heart rate", totals.heart_rate_bpm, track.heart_rate_bpm, HEART_SLACK_BPM)
    yield from _mean(facts, "cadence", totals.cadence_spm, track.cadence_spm, CADENCE_SLACK_SPM)
    speed = facts.witness.mean_speed_m_s if facts.witness else None
    if speed and totals.distance_m and totals.timer_s and facts.recording.sport != SWIM:
        own = totals.distance_m / totals.timer_s
        if not MEAN_SPEED_LOW * own <= speed <= MEAN_SPEED_HIGH * own:
            yield f"the device's mean speed is {speed:.2f} m/s, its distance over its timer {own:.2f} m/s"


def _mean(facts: Facts, name: str, device: float | None, column: Column, limit: float) -> Found:
    """Both means that devices make are compared: of all samples, and of those that are not 0."""
    if device is None or facts.recording.sport == SWIM:
        return
    values, weight, whole = column[1:], facts.weight_s, facts.weight_sum_s
    known, time = where(np.isfinite(values)), whole
    if not isinstance(known, slice):
        values, weight = values[known], weight[known]
        time = float(weight.sum())
    total = float((weight * values).sum())
    if time > MEAN_SHARE * whole and abs(total / time - device) <= limit:
        return
    positive = float(weight[values > 0].sum())
    if positive <= 0:
        if whole > 0 and device > limit:
            yield f"the device's mean {name} is {device:.0f}, no sample has one"
        return
    if time < MEAN_SHARE * whole:
        return
    nearest = min((total / time, total / positive), key=lambda mean: abs(mean - device))
    if abs(nearest - device) > limit:
        yield f"the device's mean {name} is {device:.0f}, that of its samples {nearest:.0f}"


def session_climb(facts: Facts) -> Found:
    """Ascent is that of the laps, and ascent less descent the height of the end over the start."""
    up, down = facts.totals.ascent_m, facts.totals.descent_m
    laps, count = (facts.witness.ascent_m, facts.witness.laps) if facts.witness else (None, 0)
    rounding = LAP_CLIMB_SLACK_M[0] + LAP_CLIMB_SLACK_M[1] * count
    if up is not None and laps is not None and abs(up - laps) > rounding:
        yield f"the device's ascent is {up:,.0f} m, its laps sum to {laps:,.0f} m"
    if up is None and laps is not None and laps > rounding:
        yield f"the summary lacks its ascent, its laps sum to {laps:,.0f} m"
    if up is None or down is None:
        return
    altitude = facts.track.altitude_m
    altitude = altitude[where(np.isfinite(altitude))]
    if len(altitude) < CLIMB_NEEDS:
        return
    rise = float(altitude[-1] - altitude[0])
    if abs(up - down - rise) > max(CLIMB_SLACK_M, CLIMB_SLACK * (up + down)):
        yield f"ascent {up:,.0f} m and descent {down:,.0f} m, yet its altitude ends {rise:+,.0f} m from its start"
