"""A thousand made-up runners through twelve weeks of plan, pain and update: the page ``docs/simulation.md``.

The knee of these runners is a model of ours and no finding: it hurts more the further the last seven days exceed what
it bears, and what it bears grows week by week. The page shows what the planner does then, not what a knee does.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

from usual_runners import RUNS, past_of, usual

from loadplan.daily import daily_load
from loadplan.plan_rules import check_plan
from loadplan.runlog import log_table
from plans import DiaryDay, PastDay, Plan, PlanError, Request, Session, adapt_plan, build_plan, load_protocol
from plans.pain import pain_light
from plans.plan import Profile

WEEKS = 12
MONDAY = date(2026, 11, 30)
PROFILES: tuple[Profile, ...] = ("patellofemoral", "itb", "patellar-tendon")
WAYS = ("as planned", "a run fewer", "skips by chance", "does more", "never updates")
"""What the runner does. ``a run fewer``: each week one run less than usual. ``skips by chance``: misses a quarter of
the runs. ``never updates``: runs the first plan to its end, whatever the diary says."""


HEAD = """# A thousand made-up runners

{count:,} runners of 15 to 70 km and 2 to 6 runs a week, three pain profiles, 0 to 45 days off, go through {weeks}
weeks: each runs by the plan, writes down the pain, and updates the plan every Sunday. Made by `make simulation`; the
same seeds give the same page.

**What this is not.** The knee is a model of ours: it bears so many km a week, hurts more the further the last seven
days exceed that, and bears 0 to 10 % more each week that was not far too much. Nobody measured this. The page says what
the planner does when pain comes and goes; it says nothing about how knees heal.

*a run fewer*: each week one run less than usual. *skips by chance*: misses a quarter of the planned runs.
*go on / repeat / step down / cut*: what the weeks said. *later*: the median by which full load came later than planned
first, where it lies in the plan. *ladder*: sent back to run and walk.

| the runner | runners | green | amber | red | go on / repeat / step down / cut | km in week 12, of usual \
| planned first | later | to a physio | ladder |
|---|---:|---:|---:|---:|---|---:|---:|---:|---:|---:|
""".replace("\\\n", "")


@dataclass
class Outcome:
    """What became of one runner."""

    way: str
    lights: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    share: float = 0.0
    """Km run in week 12, of the usual week."""
    planned_share: float = 0.0
    """The same as planned first."""
    breaches: int = 0
    larger: int = 0
    advised: bool = False
    ladder: bool = False
    delay: int | None = None
    """Weeks by which full load came later than planned first; None = not reached in the plan."""


@dataclass
class Knee:
    """A made-up knee. ``bears`` is in km a week."""

    bears: float
    heals: float
    sore: float

    def run(self, week_km: float, rng: random.Random) -> float:
        """Pain during a run, 0 to 10, with ``week_km`` in the last seven days."""
        over = max(0.0, week_km / self.bears - 1)
        return max(0.0, min(10.0, round(self.sore + 8 * over + rng.gauss(0, 0.5))))

    def week(self, week_km: float) -> None:
        """A week later: it bears more where it was not asked for much too much."""
        if week_km < 1.3 * self.bears:
            self.bears *= 1 + self.heals
            self.sore *= 0.8
        else:
            self.sore = min(4.0, self.sore + 0.5)


def live(seed: int) -> Outcome:
    """One runner through twelve weeks."""
    rng = random.Random(seed)
    way = WAYS[seed % len(WAYS)]
    profile = PROFILES[seed // len(WAYS) % len(PROFILES)]
    km, runs = rng.uniform(15, 70), rng.randint(2, 6)
    pain = float(rng.choice([1, 2, 3, 4, 5, 6]))
    off = rng.choice([0, 1, 2, 3, 10, 20, 45])
    past = past_of(km, runs, 12, off, MONDAY)
    request = Request(profile=profile, worst_pain=pain, screened=True)
    protocol = load_protocol(profile)
    first = build_plan(usual(km, runs), protocol, MONDAY, request=request, history=past)
    knee = Knee(km * rng.uniform(0.45, 1.0), rng.uniform(0.0, 0.10), rng.uniform(0.0, 2.0))
    days = {day.day: day for day in past}
    diary: list[DiaryDay] = []
    plan, out = first, Outcome(way)
    for number in range(WEEKS):
        start = MONDAY + timedelta(weeks=number)
        sessions = [s for w in plan.weeks for s in w.sessions if s.kind in RUNS and 0 <= (s.day - start).days < 7]
        if way == "a run fewer" and len(sessions) >= max(runs, 2):
            sessions.remove(rng.choice(sessions))
        _week(sessions, days, diary, knee, way, rng, profile)
        knee.week(_km(days, start + timedelta(days=6)))
        if way != "never updates":
            plan = _update(first, plan, start + timedelta(days=6), days, diary)
            _note(out, first, plan, start + timedelta(days=7))
    out.lights.update(one.light for one in diary)
    _finish(out, first, plan, days, km)
    return out


def _week(
    sessions: list[Session], days: dict[date, PastDay], diary: list[DiaryDay], knee: Knee, way: str,
    rng: random.Random, profile: Profile,
) -> None:  # fmt: skip
    for one in sessions:
        if way == "skips by chance" and rng.random() < 0.25:
            continue
        km = (one.distance_km or 0.0) * (rng.uniform(1.1, 1.5) if way == "does more" else rng.uniform(0.97, 1.02))
        days[one.day] = PastDay(
            day=one.day, distance_km=km, minutes=6 * km, longest_km=km, longest_min=6 * km, runs=1, ascent_m=0.0,
            descent_m=0.0,
        )  # fmt: skip
        pain = knee.run(_km(days, one.day), rng)
        morning = float(pain >= 6)
        light = str(pain_light(pain, after=float(pain >= 4), morning=morning, profile=profile))
        diary.append(DiaryDay(day=one.day, light=light, worst=pain))
        if light == "red" and way != "never updates":
            break  # stop, rest, and look at the plan again at the end of the week


def _km(days: dict[date, PastDay], last: date) -> float:
    known = (days.get(last - timedelta(days=n)) for n in range(7))
    return sum(day.distance_km for day in known if day is not None)


def _update(first: Plan, plan: Plan, as_of: date, days: dict[date, PastDay], diary: list[DiaryDay]) -> Plan:
    begin = min(days)
    span = ((begin + timedelta(days=n)) for n in range((as_of - begin).days + 1))
    history = [days.get(day, PastDay(day=day)) for day in span]
    protocol = load_protocol(first.profile)
    try:
        return adapt_plan(plan, protocol, as_of, history=history, diary=diary, original=first)
    except PlanError:  # over, and full load was reached
        return plan


def _note(out: Outcome, first: Plan, plan: Plan, begin: date) -> None:
    over = [week for week in plan.weeks if week.done is not None and week.start == begin - timedelta(days=7)]
    out.verdicts.update(week.done.verdict for week in over if week.done is not None)
    made = {week.number: week for week in first.weeks}
    for week in plan.weeks:
        same = made.get(week.number)
        free = {"ladder", "recovery"}
        if week.done is None and same is not None and not free & {week.phase, same.phase}:
            out.larger += week.distance_km > same.distance_km + 1e-6
    out.advised |= any("physiotherapist" in note for note in plan.notes)
    out.ladder |= any(week.phase == "ladder" for week in plan.weeks) and first.route != "ladder"


def _finish(out: Outcome, first: Plan, plan: Plan, days: dict[date, PastDay], km: float) -> None:
    last = MONDAY + timedelta(weeks=WEEKS) - timedelta(days=1)
    out.share = _km(days, last) / km
    out.planned_share = next(week.distance_km for week in first.weeks if week.number == WEEKS) / km
    rows = [
        {"start": f"{day}T07:00:00+00:00", "sport": "run", "distance_m": 1000 * one.distance_km,
         "moving_s": 60 * one.minutes}
        for day, one in sorted(days.items()) if one.distance_km > 0
    ]  # fmt: skip
    found = check_plan(plan.as_json(), daily_load(log_table(rows), last))
    out.breaches = len(found)
    for one in found:
        sys.stderr.write(f"{out.way}: {one.week or one.day} {one.name} {one.measured} > {one.limit}\n")
    if first.full_load_week is not None and plan.full_load_week is not None:
        out.delay = plan.full_load_week - first.full_load_week


def page(found: list[Outcome]) -> str:
    """The page in Markdown."""
    lines = HEAD.format(count=len(found), weeks=WEEKS).splitlines()
    lines += [_row(way, [one for one in found if one.way == way]) for way in WAYS]
    updated = [one for one in found if one.way != "never updates"]
    breaches, larger = sum(one.breaches for one in found), sum(one.larger for one in found)
    lines += [
        "", "**What must hold, and did**" if not breaches + larger else "**What must hold, and did not**", "",
        f"- breaches of the last plan by the independent checker, all {len(found):,} runners: {breaches}",
        f"- weeks that any of the {WEEKS * len(updated):,} updates made larger than they were planned first: {larger}",
        "", "**What it shows**", "", *_shows(found),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _row(way: str, some: list[Outcome]) -> str:
    lights: Counter[str] = sum((one.lights for one in some), Counter())
    verdicts: Counter[str] = sum((one.verdicts for one in some), Counter())
    total, weeks = sum(lights.values()) or 1, sum(verdicts.values())
    kinds = ("advance", "repeat", "step_down", "cut")
    told = " / ".join(f"{100 * verdicts[kind] / weeks:.0f} %" for kind in kinds) if weeks else "-"
    delays = [one.delay for one in some if one.delay is not None]
    later = _weeks(median(delays)) if delays and way != "never updates" else "-"
    cells = [
        way, str(len(some)), *(f"{100 * lights[light] / total:.0f} %" for light in ("green", "amber", "red")), told,
        f"{100 * median(one.share for one in some):.0f} %", f"{100 * median(one.planned_share for one in some):.0f} %",
        later, f"{100 * sum(one.advised for one in some) / len(some):.0f} %",
        f"{100 * sum(one.ladder for one in some) / len(some):.0f} %",
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


def _weeks(count: float) -> str:
    return f"{count:.0f} week{'' if round(count) == 1 else 's'}"


def _shows(found: Iterable[Outcome]) -> list[str]:
    by = {way: [one for one in found if one.way == way] for way in WAYS}

    def red(way: str) -> float:
        lights: Counter[str] = sum((one.lights for one in by[way]), Counter())
        return 100 * lights["red"] / (sum(lights.values()) or 1)

    def share(way: str) -> str:
        return f"{100 * median(one.share for one in by[way]):.0f} %"

    good = by["as planned"]
    nothing = sum(not one.verdicts - Counter(advance=WEEKS) for one in good)
    return [
        f"- Of {len(good)} runners who ran as planned, {nothing} had twelve green weeks: their plan stayed as it was.",
        f"- In this model red lights were {red('as planned'):.0f} % of the entries of those who updated, and "
        f"{red('never updates'):.0f} % of those who ran the first plan whatever it hurt.",
        f"- Who did more than planned had {red('does more'):.0f} % red entries, and no week that was larger for it.",
        f"- Who ran one time a week fewer than usual, each week, came to {share('a run fewer')} of the usual week: "
        "after two such weeks the plan has as many runs as are run, and grows again.",
        f"- Who missed a quarter of the runs by chance came to {share('skips by chance')}. No week is planned more "
        "than a tenth over what was run, and three quarters of that, week after week, becomes less whatever is asked "
        "for. The update says so, and names the way out: a plan with fewer runs a week.",
    ]


def main() -> None:
    """Run, and write the page."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runners", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--into", type=Path)
    asked = parser.parse_args()
    with ProcessPoolExecutor(asked.jobs) as pool:
        found = list(pool.map(live, range(asked.runners), chunksize=10))
    text = page(found)
    if asked.into:
        asked.into.write_text(text, encoding="utf-8")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
