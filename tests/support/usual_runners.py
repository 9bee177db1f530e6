"""Runners of usual weeks, drawn by hypothesis or made one by one, and the runs of their plans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import strategies as st

from plans import PROFILES, Baseline, PastDay, Plan, Request, Session, Week, build_plan, load_protocol

MONDAY = date(2026, 11, 30)


RUNS = ("run", "run_walk", "long", "hills", "strides")


EPS = 1e-6


def past_of(km: float, runs: int, weeks: int, off: int, start: date, *, pace: float = 6.0) -> list[PastDay]:
    """``weeks`` equal weeks of ``runs`` runs, the last one longer, then ``off`` days without a run before ``start``."""
    last = start - timedelta(days=off + 1)
    length = [km / (runs + 0.4)] * (runs - 1) + [1.4 * km / (runs + 0.4)]
    places = sorted((6 - round(n * 7 / runs)) % 7 for n in range(runs))
    days = []
    for n in range(weeks * 7 + off):
        day = last - timedelta(days=weeks * 7 - 1 - n)
        place = n % 7 if n < weeks * 7 else -1
        one = length[places.index(place)] if place in places else 0.0
        days.append(
            PastDay(day=day, distance_km=one, minutes=one * pace, longest_km=one, longest_min=one * pace,
                    runs=int(one > 0))
        )  # fmt: skip
    return days


def usual(km: float, runs: int, *, pace: float = 6.0, weeks: int = 4, **more: float | None) -> Baseline:
    return Baseline(
        distance_km=km,
        minutes=km * pace,
        runs_per_week=float(runs),
        longest_km=1.4 * km / (runs + 0.4),
        pace_s_per_km=60 * pace,
        weeks=weeks,
        ascent_m=more.get("descent_m", 10 * km),
        descent_m=more.get("descent_m", 10 * km),
        cadence_spm=more.get("cadence_spm", 160.0),
    )


def runs_of(week: Week) -> list[Session]:
    return [one for one in week.sessions if one.kind in RUNS]


def all_runs(plan: Plan) -> list[Session]:
    return [one for week in plan.weeks for one in runs_of(week)]


@dataclass(frozen=True)
class Runner:
    km: float
    runs: int
    weeks: int
    off: int
    pace: float
    start: date
    request: Request

    def past(self) -> list[PastDay]:
        return past_of(self.km, self.runs, self.weeks, self.off, self.start, pace=self.pace) if self.weeks else []

    def plan(self) -> Plan:
        baseline = usual(self.km, self.runs, pace=self.pace, weeks=min(self.weeks, 4)) if self.weeks else None
        protocol = load_protocol(self.request.profile)
        return build_plan(baseline, protocol, self.start, request=self.request, history=self.past())


RUNNERS = st.builds(
    Runner,
    km=st.floats(5, 150),
    runs=st.integers(1, 6),
    weeks=st.integers(0, 14),
    off=st.integers(0, 120),
    pace=st.floats(4, 9),
    start=st.integers(0, 6).map(lambda n: MONDAY + timedelta(days=n)),
    request=st.builds(
        Request,
        profile=st.sampled_from(PROFILES),
        days_per_week=st.none() | st.integers(2, 7),
        long_day=st.integers(0, 6),
        week_start=st.sampled_from([0, 6]),
        goal_km=st.none() | st.floats(4, 200),
        worst_pain=st.none() | st.integers(0, 10),
        itb_onset_km=st.none() | st.floats(1, 15),
        smallest_factor=st.booleans(),
        new_shoe=st.sampled_from([None, "Blue"]),
        strides=st.booleans(),
    ),
)
