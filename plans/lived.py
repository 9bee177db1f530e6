"""A plan as it was lived: week after week what was really run and how it felt moves the runner's standing.

More than was planned counts as what was planned. Less is resumed from what was run: after a short week the level is
repeated, and is no more than a step over the larger of the last two weeks as they were run; after days off the layoff
factor holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import NamedTuple

from plans.case import Case, first_level, hurts_early, rest_factor
from plans.evidence import TOLERANCE
from plans.hill_return import hills_by
from plans.ladder import FIRST, Ladder, level_within, top_level
from plans.pain import Light
from plans.past import DAYS, layoff_factor
from plans.plan import DiaryDay, Done, PastDay, Phase, Session, Week
from plans.run_match import RUNS, longest_done, matched
from plans.verdict import HURT, Verdict, verdict
from plans.volume import Bid, dose, grow
from plans.weeks import Standing

SHORT = "the week before was shorter than planned: its level again, a step over what was run at most"
REDUCED_TWICE = 2
"""Reduced weeks in a row, amber or red, after which the way leads over the ladder."""


class Size(NamedTuple):
    """A week in numbers: what was planned, and how much of it was done (never more than planned), in km."""

    planned: float
    done: float
    phase: Phase
    base: float | None = None
    """What a step down is a share of; None = what was done. A week that has begun is already smaller by it."""
    short: bool = False
    """True where it was run under 85 % of what the runner was told: that decides, not what the diary has left of it."""


@dataclass(slots=True)
class Road:
    """The runner on the way: the case, the standing, and what the weeks so far have said."""

    case: Case
    at: Standing
    days: Mapping[date, PastDay]
    told: Sequence[DiaryDay]
    light: Light = Light.UNKNOWN
    """The light of the week before."""
    before_km: float = 0.0
    """Km that were done of the week before that was no recovery week."""
    poor_rest: int = 0
    """Reduced weeks in a row that were amber or red."""
    reached: int | None = None
    """The week in which full load was reached."""
    run_level: int | None = None
    """The level of the last session of the ladder that was run."""
    rested_since: int | None = None
    """The last run before the days off that were counted last."""
    missed: list[int] = field(default_factory=list)
    """Runs of the last weeks in a row in which fewer were run than planned, without pain."""
    said: list[str] = field(default_factory=list)
    """What days off and missed runs have changed, in sentences."""
    done: list[Done] = field(default_factory=list)
    """What became of the weeks that were lived."""

    def copy(self) -> Road:
        """The same road, to go on from in more than one way."""
        return replace(self, at=self.at.copy(), missed=list(self.missed), said=list(self.said), done=list(self.done))

    def live(self, week: Week) -> None:
        """Move on behind a week that is over."""
        days = self.days_of(week.start, DAYS)
        runs = [one for one in week.sessions if one.kind in RUNS]
        if days:
            self._started(week, [one for one, _ in matched(runs, days)])
        for day in days:
            self.ran(day)
        found = self.judge(week.start, week.start + timedelta(days=DAYS - 1), runs, days)
        ran = sum(day.distance_km for day in days)
        planned = sum(one.distance_km or 0.0 for one in runs)
        size = Size(planned, min(planned, ran), week.phase)
        if week.phase == "ladder":
            size = size._replace(done=self.climb(runs, days))
        size = self.follow(size._replace(short=self.is_short(size.planned, size.done)), found)
        # What a full week leaves no room for was planned all the same.
        planned_runs = len(runs) if week.phase == "recovery" else max(len(runs), self.at.last_runs)
        self._count_runs(planned_runs, len(days), found)
        self.close(size, found, runs=len(runs), longest=longest_done(runs, days))
        done = Done(
            distance_km=ran,
            minutes=sum(day.minutes for day in days),
            runs=sum(day.runs for day in days),
            longest_km=max((day.longest_km for day in days), default=0.0),
            light=str(found.light),
            verdict=found.kind,
            why=found.why,
        )
        self.done.append(done)

    def _count_runs(self, planned: int, ran: int, found: Verdict) -> None:
        """Who runs fewer times a week than planned, again and again, gets a plan with that many runs.

        A week without a run is time off, and one that hurt is the pain's: neither says how many runs fit into a week.
        """
        at = self.at
        if at.number == 0 or at.on_ladder or not ran or found.light in HURT:
            return
        if ran >= planned:
            self.missed.clear()
            if at.most_runs is not None and ran > at.most_runs:
                at.most_runs = ran
            return
        self.missed.append(ran)
        weeks = int(self.case.limit("missed_runs_weeks"))
        if len(self.missed) < weeks:
            return
        fits = max(*self.missed[-weeks:], int(self.case.limit("missed_runs_least")))
        if fits < planned:
            at.most_runs = fits
            self.missed.clear()
            self.said.append(
                f"In {weeks} weeks in a row you ran {fits} times at most where {planned} runs were planned: the plan "
                f"has {fits} runs a week now. Once you run more often than that, it has one more."
            )

    def days_of(self, first: date, count: int) -> list[PastDay]:
        """Days with running from ``first`` on."""
        days = (self.days.get(first + timedelta(days=n)) for n in range(count))
        return [day for day in days if day is not None and day.distance_km > 0]

    def ran(self, day: PastDay) -> None:
        """A day that was really run; where it ends days off, the way back from them begins."""
        self.rested_until(day.day.toordinal())
        self.at.past.enter(day)

    def rested_until(self, day: int) -> None:
        """Nothing was run since the last known run, up to ``day``."""
        last = self.at.past.last_run
        off = 0 if last is None else day - last - 1
        if off <= self.case.limit("layoff_short_days") or last == self.rested_since:
            return
        self.rested_since = last
        factor = layoff_factor(off, self.case.limit)
        at, case = self.at, self.case
        if factor is None:
            level = first_level(case.base_km, off, case.baseline, case.protocol, case.request, case.pace_min)
            if at.on_ladder and at.ladder is not None:
                level = min(level, at.ladder.level)
            self.to_ladder(min(level, case.ladder_top))
            self.said.append(f"After {off} days without a run the way back starts with walking and short runs again.")
        elif at.on_ladder and at.ladder is not None:
            at.ladder.down()
            self.said.append(f"After {off} days without a run the ladder goes on one level lower.")
        elif at.last_build is not None:
            km = factor * at.last_build
            why = f"{factor:.2f} of {at.last_build:.1f} km, after {off} days without a run"
            at.last_build, at.cap = km, _smaller(at.cap, Bid("layoff_factor", km, why))
            self.said.append(f"After {off} days without a run the plan goes on from {factor:.2f} of its last week.")
        elif case.route == "layoff":
            self.case = replace(case, factor=min(case.factor, factor), days_off=off)

    def to_ladder(self, level: int) -> None:
        """Back to the run/walk ladder, flat again."""
        runs, minutes = self.case.ladder_runs, self.case.minutes(self.case.target_km)
        while runs > 1 and not top_level(runs, minutes):
            runs -= 1
        top = max(top_level(runs, minutes), FIRST)
        self.case = replace(self.case, ladder_runs=runs, ladder_top=top)
        self.at.ladder = Ladder(level=min(max(level, FIRST), top), top=top)
        self.at.ladder_end = self.at.calm_until = None
        self.at.cap, self.at.rest_until = None, -1
        self._flat()
        self.case = replace(self.case, route="ladder")

    def judge(self, first: date, last: date, runs: Sequence[Session], days: Sequence[PastDay]) -> Verdict:
        """The verdict of the diary on these days, and of the days without one."""
        ran = {day.day for day in days} | {one.day for one in runs}
        return verdict(self.told, first, last, ran=ran, profile=self.case.profile, before=self.light)

    def climb(self, runs: Sequence[Session], days: Sequence[PastDay]) -> float:
        """Ladder sessions one after the other, each with its light; km of those that were done."""
        ladder = self.at.ladder
        done = 0.0
        for session, day in matched(runs, days):
            enough = day.minutes >= self.case.limit("low_week_share") * (session.minutes or 0.0)
            done += min(session.distance_km or 0.0, day.distance_km) if enough else 0.0
            if ladder is not None and session.level != self.run_level:
                ladder.again()  # two greens at one level open the next, not two of different levels
            if ladder is not None and session.level is not None and session.level < ladder.level:
                ladder.down(session.level)
            self.run_level = session.level
            if ladder is not None:
                self._climb_one(ladder, session, day.day, enough=enough)
        last = [session.level for session, _ in matched(runs, days)][-1:]
        if ladder is not None and last and last != [ladder.level]:
            ladder.again()
        return done

    def _climb_one(self, ladder: Ladder, session: Session, day: date, *, enough: bool) -> None:
        found = verdict(self.told, day, day, ran={day}, profile=self.case.profile)
        ordinal = day.toordinal()
        if found.kind == "cut":
            ladder.down(self.case.ladder_level, hold_until=ordinal + 2 * DAYS)
        elif found.kind == "step_down":
            ladder.down()
        elif found.light in HURT:
            ladder.again()
        else:
            ladder.lived(ordinal, session.level or ladder.level, green=enough and found.kind == "advance")

    def follow(self, size: Size, found: Verdict) -> Size:
        """What a week says about those after it: growth, repetition, a step down, or the first dose again.

        Returns:
            The size of the week as it counts: what the weeks before allowed, whether the runner knew it or not.
        """
        if size.phase == "ladder":
            return size
        size = self._counted(size)
        level = self._level(size)
        share = self.case.limit("amber_repeat_share")
        is_whole = size.phase != "recovery" and self.at.number > 0
        most = min(level, size.planned) if is_whole else level
        if found.kind == "cut":
            self._cut(level if size.base is None else min(size.base, level / self.case.limit("rest_factor_low")))
        elif found.kind == "step_down":
            km = share * most if size.base is None else min(share * size.base, level)
            self.at.last_build = km if self.at.number > 0 else self.at.last_build
            self._hold(Bid("pain_light", km, found.why))
        elif found.kind == "repeat":
            self.at.last_build = level if self.at.number > 0 else self.at.last_build
            self._hold(Bid("pain_light", most, found.why))
        elif size.short:
            self.at.last_build = level if self.at.number > 0 else self.at.last_build
            self._hold(Bid("build_change", level, SHORT))
        elif self.at.number > 0:
            self.at.last_build = level
        if size.phase == "relative_rest":
            self._rested(found, level)
        self._too_little()
        return size

    def _counted(self, size: Size) -> Size:
        """No week counts for more than the weeks before it allowed, whether the runner knew it or not."""
        if size.phase == "recovery":
            return size
        phase: Phase = "relative_rest" if self.at.number <= self.at.rest_until else size.phase
        most = dose(self.case, phase, self.at.last_build).km if self.at.cap is None else self.at.cap.km
        self.at.cap = None
        return size._replace(planned=min(size.planned, most), done=min(size.done, most))

    def _too_little(self) -> None:
        """Where next to nothing was run, run and walk lead on."""
        km = self.at.last_build
        if km is not None and not self.at.on_ladder and self._is_next_to_nothing(km):
            self.to_ladder(FIRST)
            self.said.append("So little was run that the way goes on with run and walk.")

    def _is_next_to_nothing(self, km: float) -> bool:
        return self.case.minutes(km) < self.case.limit("baseline_min_minutes") - TOLERANCE

    def _hold(self, bid: Bid) -> None:
        self.at.cap = _smaller(self.at.cap, bid)

    def is_short(self, planned: float, done: float) -> bool:
        """True where a week was run under 85 % of plan."""
        return done < self.case.limit("low_week_share") * planned - TOLERANCE

    def _level(self, size: Size) -> float:
        """The weekly km that a week stands for; never more than full load."""
        return min(self._stands_for(size), self.case.target_km)

    def _stands_for(self, size: Size) -> float:
        first = dose(self.case, size.phase, None).km
        last = self.at.last_build
        if self.at.number == 0:
            return last if last is not None else first
        if size.phase == "recovery":
            return last if last is not None else size.planned
        most, _ = grow(self.case, max(size.done, self.before_km))
        if not size.short:
            return max(size.done, min(last, most)) if last is not None else size.done
        if last is None:
            told = min(first, size.planned or first)
            return min(told, most) if size.done else told
        return min(last, most) if max(size.done, self.before_km) > 0 else last

    def _cut(self, level: float) -> None:
        """Two weeks at the first dose, and at least 30 % less than now."""
        base = self.case.base_km or self.case.target_km
        end = date.fromordinal(self.at.week + DAYS - 1)
        recent = [one.worst for one in self.told if one.worst is not None and 0 <= (end - one.day).days < 2 * DAYS]
        factor = min(rest_factor(self.case.request.worst_pain, self.case.protocol), self.case.factor)
        factor = min(factor, rest_factor(max(recent, default=None), self.case.protocol))
        km = min(factor * base, self.case.limit("rest_factor_low") * level)
        self.at.rest_until = self.at.calm_until = self.at.number + REDUCED_TWICE
        self.at.last_build, self.at.cap = km if self.at.number > 0 else None, None
        self.case = replace(self.case, factor=km / base)
        self._flat()
        if hurts_early(self.case.protocol, self.case.request, self.case.pace_min):
            self.to_ladder(FIRST)
            onset = f"{self.case.request.itb_onset_km:g} km"
            self.said.append(
                f"It begins to hurt after {onset}, too soon for a short run: the way goes on with run and walk."
            )

    def _flat(self) -> None:
        """Hills begin anew, by their schedule."""
        self.at.things.hills_share = 0.0
        descent = self.case.baseline.descent_m if self.case.base_km is not None else None
        self.case = replace(self.case, hills=hills_by(descent_m=descent, careful=True))

    def _rested(self, found: Verdict, level: float) -> None:
        """Reduced weeks amber or red twice: the ladder, at most four fifths of the running minutes of now."""
        self.poor_rest = self.poor_rest + 1 if found.light in HURT else 0
        if self.poor_rest < REDUCED_TWICE:
            return
        minutes = self.case.limit("amber_repeat_share") * self.case.minutes(level)
        start = level_within(int(self.case.limit("ladder_down_level")), self.case.ladder_runs, minutes)
        if start is not None:
            self.poor_rest = 0
            self.to_ladder(start)
            self.said.append("Two reduced weeks in a row hurt: the way goes on with run and walk.")

    def close(self, size: Size, found: Verdict, *, runs: int, longest: float) -> None:
        """Book the week and step behind it."""
        at = self.at
        ladder = size.phase == "ladder"
        at.calendar.judge(at.past, at.week, is_planned=True, is_recovery=size.phase == "recovery")
        if ladder:
            at.calendar.ladder.add(at.week)
        at.longest.append(longest)
        green = found.kind == "advance" and not size.short
        if at.number > 0:
            self._count(size, runs, green=green)
        if found.light is Light.RED and found.kind != "cut":
            at.things.hills_share = max(0.0, at.things.hills_share - self.case.limit("hills_step_share"))
        if not green and at.calm_until is not None and at.number >= at.rest_until:
            at.calm_until += 1
        self.light = found.light
        if at.number > 0 and size.phase != "recovery":
            self.before_km = size.done
        at.is_green = green
        at.number += 1
        at.week += DAYS

    def _count(self, size: Size, runs: int, *, green: bool) -> None:
        at = self.at
        at.totals.append(size.done)
        at.ready.append(size.done if green else 0.0)
        if len(at.totals) > 1 and runs > at.last_runs:
            at.last_added = at.number
        at.last_runs = runs
        if size.phase == "ladder" and at.ladder is not None:
            at.last_build = size.done or at.last_build
            if at.ladder.is_done:
                at.ladder_end = at.calm_until = at.number
        full = self.case.limit("full_load_share") * self.case.target_km - TOLERANCE
        if self.reached is None and size.done >= full:
            self.reached = at.number

    def _ran_at(self, week: Week) -> None:
        """A target of cadence that was run has begun, whichever week was to begin it."""
        if week.cadence_target_spm in self.case.cadences:
            steps = self.case.cadences.index(week.cadence_target_spm) + 1
            if steps > self.at.things.cadence_steps:
                self.at.things.cadence_steps = steps
                self.at.things.last["cadence"] = week.number

    def _started(self, week: Week, runs: Sequence[Session]) -> None:
        """The new thing of the week has begun, by the ``runs`` that were done; a new pair only where it was worn."""
        things = self.at.things
        thing = week.starts
        self._ran_at(week)
        worn = [one.day for one in runs if one.shoe is not None]
        if thing is None or (thing == "shoes" and not worn) or (thing == "hills" and self.at.on_ladder):
            return
        things.last[thing] = week.number
        things.steps[thing] = things.steps.get(thing, 0) + 1
        if thing == "hills":
            things.hills_share = min(things.hills_share + self.case.limit("hills_step_share"), 1.0)
        elif thing == "shoes":
            things.shoes_late = (min(worn) - week.start).days


def _smaller(one: Bid | None, other: Bid) -> Bid:
    return other if one is None or other.km < one.km else one
