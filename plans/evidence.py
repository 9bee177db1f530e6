"""Every limit of training and pain that loadplan uses, with its source and grade. No rule holds a bare number.

``limit("build_change_pct")`` is the number; ``FINDINGS["build_change_pct"]`` is the whole finding: value, unit, the range
in which a clinic may set its own, one sentence, source, grade, and, where studies disagree, the counter-study.

A clinic may only set what the planner asks its protocol for, and only to the stricter side where the check of a plan
judges by the general limit: a plan that its own ruler warns of is no plan. Everything else is fixed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Grade(StrEnum):
    """How strong the ground under a number is. Required: a grade that defaults to 'unknown' rots."""

    TRIALLED = "trialled"
    """Used in a randomised trial."""
    OBSERVED = "observed"
    """Seen in a cohort or a laboratory."""
    CONTESTED = "contested"
    """Studies disagree; ``against`` names the counter-study."""
    CUSTOM = "custom"
    """Custom of experts or coaches; no trial."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One limit. ``low`` and ``high`` bound what a protocol with its own source may set instead; both the value: fixed."""

    key: str
    value: float
    unit: str
    low: float
    high: float
    says: str
    source: str
    grade: Grade
    against: str | None = None

    @property
    def is_fixed(self) -> bool:
        """True where no protocol may set its own."""
        return self.low == self.high

    @property
    def is_count(self) -> bool:
        """True for a number of weeks, days, runs or steps, which is whole."""
        return self.unit in COUNTED


COUNTED = frozenset({"weeks", "week", "days", "runs", "spm"})
"""Units of which only whole numbers can be planned."""

TOLERANCE = 1e-9
"""Limits are compared with this tolerance: exactly at a limit is within it."""

GABBETT = "Gabbett 2016, BJSM 50:273, doi:10.1136/bjsports-2015-095788 (team sports, not runners)"
IMPELLIZZERI = (
    "Impellizzeri 2020, IJSPP 15:907, doi:10.1123/ijspp.2019-0864; Lolli 2019, BJSM 53:921; "
    "Wang 2020, Sports Med 50:1243; inverse in runners: Nakaoka 2021, Sports Med 51:2437; Frandsen 2025, BJSM 59:1203"
)
WILLIAMS = "Williams 2017, BJSM 51:209, doi:10.1136/bjsports-2016-096589"
NIELSEN = "Nielsen 2014, JOSPT 44:739, doi:10.2519/jospt.2014.5164 (HR 1.59, 0.96-2.66)"
BUIST = "Buist 2008, AJSM 36:33, doi:10.1177/0363546507307505 (RCT, no effect: 20.8 against 20.3 % injured)"
FRANDSEN = "Frandsen 2025, BJSM 59:1203 (5205 runners, 588 071 sessions)"
SHIH = "Shih & Ho 2023, JSSM 22:111; Telhan 2010, J Athl Train 45:16"
ESCULIER = "Esculier 2018, BJSM 52:659, doi:10.1136/bjsports-2016-096988"
SILBERNAGEL = "Silbernagel 2007, AJSM 35:897, doi:10.1177/0363546506298279"
HEIDERSCHEIT = "Heiderscheit 2011, MSSE 43:296, doi:10.1249/MSS.0b013e3181ebedf4; Lenhart 2014, MSSE 46:557; Willy 2016; Bramah 2019"
ANDERSON = "Anderson 2022, Sports Med Open (limited evidence on injury)"
SHOES = "Warne & Gruber 2017, Sports Med Open 3:33, doi:10.1186/s40798-017-0096-x; Ridge 2013, MSSE 45:1363"
FOSTER = "Foster 1998, MSSE 30:1164, doi:10.1097/00005768-199807000-00023"
CUSTOM = "Coaching and clinical custom; no trial"
SIMULATED = "Custom, checked on 3,000 simulated plans: without it 2 to 12 % of correct plans would be warned of"

_ROWS: list[Finding] = []
FIXED = None
"""The span of a limit that no protocol may set."""


def _add(
    key: str,
    value: float,
    unit: str,
    span: tuple[float, float] | None,
    grade: Grade,
    source: str,
    says: str,
    against: str | None = None,
) -> None:
    low, high = span or (value, value)
    _ROWS.append(
        Finding(
            key=key, value=value, unit=unit, low=low, high=high, says=says, source=source, grade=grade, against=against
        )
    )


T, O, C, X = Grade.TRIALLED, Grade.OBSERVED, Grade.CONTESTED, Grade.CUSTOM  # noqa: E741

# fmt: off
# One finding a line or two: this page is read as a table.
# --- weekly change -----------------------------------------------------------------------------------------------
_add("build_change_pct", 10, "%", (5, 10), C, "10 % custom of coaches, used as a planning cap only",
     "A week grows by at most a tenth over the larger of its last two ordinary weeks.", BUIST)
_add("change_strong_pct", 30, "%", FIXED, O, NIELSEN,
     "Runners who raised their weekly distance by more than 30 % had more distance-related injuries.")
_add("change_ignore_km", 1, "km/week", FIXED, X, CUSTOM, "A rise of up to 1 km a week is too small to speak of.")
_add("change_ignore_min", 10, "min/week", FIXED, X, CUSTOM, "A rise of up to 10 minutes a week is too small to speak of.")
_add("low_week_share", 0.85, "share", FIXED, X, CUSTOM,
     "A week at or below 85 % of the largest of the three before is low: a recovery week, or the first of a new level.")
_add("recovery_week_share", 0.80, "share", (0.6, 0.8), X, CUSTOM, "A recovery week is four fifths of the last build week.")
_add("recovery_every_weeks", 4, "weeks", (3, 4), X, CUSTOM, "Every fourth week is a recovery week.")
_add("no_recovery_weeks", 5, "weeks", FIXED, X, CUSTOM, "Five weeks in a row without an easier one are noted.")
_add("changes_per_week", 1, "changes", FIXED, X, CUSTOM, "One change at a time: distance, hills, fast minutes, surface, new shoes or cadence.")
_add("rest_days_max_streak", 10, "days", FIXED, X, CUSTOM, "Ten or more running days in a row without a rest day are noted.")
# --- ACWR --------------------------------------------------------------------------------------------------------
_add("acwr_lower", 0.8, "ratio", FIXED, C, GABBETT, "Below 0.8 the week is lower than usual; information only.", IMPELLIZZERI)
_add("acwr_raised", 1.3, "ratio", FIXED, C, GABBETT, "Above 1.3 the week is raised against the recent weeks.", IMPELLIZZERI)
_add("acwr_high", 1.5, "ratio", FIXED, C, GABBETT, "Above 1.5 the week is high against the recent weeks.", IMPELLIZZERI)
_add("acwr_plan_max", 1.3, "ratio", (1.1, 1.3), C, GABBETT, "A planned week stays at or below 1.3.", IMPELLIZZERI)
_add("acwr_low_chronic_km", 5, "km/week", FIXED, X, CUSTOM, "Against less than 5 km a week a ratio says little: no band.")
_add("acwr_low_chronic_min", 30, "min/week", FIXED, X, CUSTOM, "Against less than 30 min a week a ratio says little: no band.")
_add("break_days", 7, "days", FIXED, X, SIMULATED, "Seven or more days in a row without a run are a break.")
_add("post_layoff_days", 35, "days", FIXED, X, SIMULATED, "For 35 days after a break the ratio is shown without a band.")
_add("post_layoff_short_days", 28, "days", FIXED, X, SIMULATED,
     "For methods that span 28 days, 28 days after a break the ratio is shown without a band.")
_add("ewma_settled_days", 56, "days", FIXED, X, WILLIAMS, "The exponential ratio forgets its first day after 56 days.")
# --- sessions ----------------------------------------------------------------------------------------------------
_add("spike_small_pct", 10, "%", (5, 10), O, FRANDSEN, "A session over 10 % longer than the longest of 30 days: rate ratio 1.64.")
_add("spike_moderate_pct", 30, "%", FIXED, O, FRANDSEN, "A session over 30 % longer than the longest of 30 days: rate ratio 1.52.")
_add("spike_large_pct", 100, "%", FIXED, O, FRANDSEN, "A session more than twice the longest of 30 days: rate ratio 2.28.")
_add("spike_window_days", 30, "days", FIXED, O, FRANDSEN, "A session is compared with the longest of the previous 30 days.")
_add("session_ignore_km", 1, "km", FIXED, X, CUSTOM, "Sessions under 1 km are not judged as spikes.")
_add("session_ignore_min", 10, "min", FIXED, X, CUSTOM, "Sessions of 10 minutes or less are not judged as spikes.")
_add("long_run_factor", 1.5, "x mean of the others", FIXED, X, CUSTOM,
     "A long run is at least 1.5 times the mean of the week's other sessions.")
_add("long_runs_per_week", 1, "per 7 days", FIXED, X, CUSTOM, "At most one long run in seven days.")
_add("longest_share_4", 0.35, "share of week", (0.3, 0.35), X, CUSTOM, "With four or more runs the longest is at most 35 % of the week.")
_add("longest_share_3", 0.45, "share of week", (0.4, 0.45), X, CUSTOM, "With three runs the longest is at most 45 % of the week.")
_add("longest_share_2", 0.60, "share of week", (0.5, 0.6), X, CUSTOM, "With two runs the longest is at most 60 % of the week.")
# --- hills -------------------------------------------------------------------------------------------------------
_add("climb_change_pct", 10, "%", FIXED, X, f"{CUSTOM}; downhill loads the knee more: {SHIH}",
     "Ascent and descent each grow by at most a tenth over the build reference.")
_add("climb_change_m", 50, "m/week", FIXED, X, CUSTOM, "A rise of up to 50 m of climb a week is too small to speak of.")
# --- surface -----------------------------------------------------------------------------------------------------
_add("surface_rise_share", 1 / 3, "share of km", FIXED, X, CUSTOM,
     "The share of one surface rises by at most a third of the week's km on the four weeks before.")
_add("surface_unknown_share", 0.25, "share of km", FIXED, X, CUSTOM,
     "With more than a quarter of the km on unknown surfaces the shares are not known.")
# --- monotony ----------------------------------------------------------------------------------------------------
_add("monotony_note", 2, "ratio", FIXED, X, FOSTER, "Days that are all alike give a high monotony; information only.")
# --- shoes -------------------------------------------------------------------------------------------------------
_add("new_shoe_days", 14, "days", (14, 28), X, SHOES, "A pair is new for 14 days from its first run.")
_add("new_shoe_share", 1 / 3, "share of km in 7 days", (0.2, 1 / 3), X, SHOES, "At most a third of the week's km in new pairs.")
_add("new_shoe_later_days", 28, "days", (28, 42), X, SHOES, "From day 15 to 28 a pair is still young.")
_add("new_shoe_later_share", 2 / 3, "share of km in 7 days", (0.5, 2 / 3), X, SHOES, "From day 15 to 28 at most two thirds of the km.")
_add("new_shoe_min_runs", 2, "runs in 7 days", FIXED, X, CUSTOM, "A share needs at least two runs in the window.")
_add("shoe_unknown_share", 0.25, "share of km in 7 days", FIXED, X, CUSTOM,
     "With more than a quarter of the km in unknown shoes the share is not known.")
_add("big_change_drop_mm", 4, "mm", FIXED, X, SHOES, "A change of heel-toe drop of 4 mm or more is large.")
_add("big_change_stack_mm", 8, "mm", FIXED, X, SHOES, "A change of stack height of 8 mm or more is large.")
_add("big_change_first_share", 0.10, "share of km", (0.05, 0.1), X, SHOES, "After a large change: a tenth of the km in the first week.")
_add("big_change_step_share", 0.10, "share of km a week", (0.05, 0.1), X, SHOES, "After a large change: ten points more each week.")
_add("big_change_least_km", 1, "km in 7 days", FIXED, X, CUSTOM, "A pair on the slow schedule may always have 1 km.")
_add("shoe_wear_km", 500, "km", FIXED, X, CUSTOM, "At 500 km a pair's wear is noted.")
_add("shoe_worn_km", 800, "km", FIXED, X, CUSTOM, "At 800 km a pair's wear is noted again.")
# --- cadence -----------------------------------------------------------------------------------------------------
_add("cadence_cap_factor", 1.10, "x baseline", (1.05, 1.10), C, HEIDERSCHEIT, "Cadence goes up by at most a tenth of one's own.", ANDERSON)
_add("cadence_ceiling_spm", 180, "spm", (176, 180), X, CUSTOM, "No target above 180 steps per minute; at 180 or more nothing changes.")
_add("cadence_step_spm", 4, "spm", (3, 5), C, HEIDERSCHEIT, "Cadence goes up in steps of 3 to 5 steps per minute.", ANDERSON)
_add("cadence_step_days", 14, "days", (14, 21), X, CUSTOM, "At least 14 days between two cadence steps.")
_add("cadence_range_share", 0.02, "share of target", FIXED, X, CUSTOM, "Within 2 % of the target counts as on target.")
_add("cadence_drop_pct", 5, "%", FIXED, X, HEIDERSCHEIT, "A cadence 5 % below one's own baseline is noted.")
_add("cadence_slope_spm_per_m_s", 5.6, "spm per m/s", FIXED, O, "Burns 2019, J Appl Physiol, doi:10.1152/japplphysiol.00374.2018",
     "Cadence rises with speed by about 5.6 spm for each m/s.")
_add("cadence_baseline_runs", 5, "runs", FIXED, X, CUSTOM, "A cadence baseline needs five easy runs.")
_add("cadence_baseline_min", 30, "min", FIXED, X, CUSTOM, "A cadence baseline needs 30 minutes of running in all.")
_add("easy_speed_share", 0.10, "share of median speed", FIXED, X, CUSTOM, "Easy runs are within 10 % of the own median speed of 28 days.")
_add("fast_speed_factor", 1.15, "x easy speed", FIXED, X, CUSTOM, "Fast minutes are faster than 1.15 times the own easy speed.")
# --- what changed before the pain -------------------------------------------------------------------------------
_add("flare_weeks", 6, "weeks", FIXED, X, CUSTOM, "What changed is looked for in the six weeks before the pain began.")
_add("flare_base_weeks", 12, "weeks", FIXED, X, CUSTOM, "How unusual a change was is said from twelve earlier weeks on.")
_add("flare_unusual_share", 0.10, "share of weeks", FIXED, X, CUSTOM,
     "A change stands out where at most a tenth of the own earlier stretches of six weeks held one as high.")
_add("flare_apart_days", 28, "days", FIXED, X, CUSTOM, "Pain that comes back after four weeks without it is told apart.")
# --- pain light --------------------------------------------------------------------------------------------------
_add("pain_green_max", 2, "0-10", FIXED, T, ESCULIER, "Pain of up to 2 of 10 during the run, back to usual within 60 minutes, is accepted.")
_add("pain_green_max_tendon", 3, "0-10", FIXED, T, SILBERNAGEL, "For the patellar tendon up to 3 of 10.")
_add("pain_red_min", 5, "0-10", FIXED, T, ESCULIER, "Pain of 5 of 10 or more stops the run.")
_add("pain_red_above_tendon", 5, "0-10", FIXED, T, SILBERNAGEL, "For the patellar tendon pain above 5 of 10 stops the run.")
_add("pain_fades_max", 3, "0-10", FIXED, X, CUSTOM, "Mild pain at the start that is gone within the first km counts as green.")
_add("pain_fades_streak", 3, "runs", FIXED, X, CUSTOM, "Three such runs in a row hold the week.")
_add("pain_settle_min", 60, "min", FIXED, T, ESCULIER, "Pain is back to usual within 60 minutes after the run.")
_add("pain_settle_tendon_h", 24, "h", FIXED, T, SILBERNAGEL, "Tendon pain is back to usual within 24 hours.")
_add("pain_two_reds_days", 7, "days", FIXED, X, CUSTOM, "Two red lights within seven days cut the load for two weeks.")
# --- first dose of a plan ----------------------------------------------------------------------------------------
_add("rest_factor_low", 0.70, "x baseline", (0.5, 0.7), X, f"{CUSTOM}; load management arm of {ESCULIER}",
     "With pain of up to 2 of 10: two weeks at 70 % of what was usual.")
_add("rest_factor_mid", 0.60, "x baseline", (0.4, 0.6), X, CUSTOM, "With pain between 2 and 5, or unknown: two weeks at 60 %.")
_add("rest_factor_high", 0.50, "x baseline", (0.3, 0.5), X, CUSTOM, "With pain of 5 of 10 or more: two weeks at 50 %.")
_add("rest_weeks", 2, "weeks", (1, 3), X, CUSTOM, "Relative rest lasts two weeks.")
_add("layoff_factor_short", 1.0, "x baseline", (0.9, 1.0), X, CUSTOM, "After a break of up to 7 days: as before.")
_add("layoff_factor_mid", 0.75, "x baseline", (0.6, 0.75), X, CUSTOM, "After a break of 8 to 14 days: three quarters.")
_add("layoff_factor_long", 0.60, "x baseline", (0.5, 0.6), X, CUSTOM, "After a break of 15 to 28 days: three fifths.")
_add("layoff_short_days", 7, "days", (5, 7), X, CUSTOM, "Up to 7 days off change nothing.")
_add("layoff_mid_days", 14, "days", (10, 14), X, CUSTOM, "A break of 8 to 14 days.")
_add("layoff_long_days", 28, "days", (21, 28), X, CUSTOM, "After more than 28 days the way back is the run/walk ladder.")
_add("ladder_restart_days", 84, "days", (56, 84), X, CUSTOM, "After more than 84 days the ladder starts at its first level.")
_add("baseline_weeks", 4, "weeks", FIXED, X, CUSTOM, "The baseline is the median of the last four complete weeks before the pain or break.")
_add("baseline_lookback_weeks", 12, "weeks", FIXED, X, CUSTOM, "The baseline looks at most twelve weeks back.")
_add("baseline_min_minutes", 10, "min/week", FIXED, X, CUSTOM, "Under 10 minutes a week there is no baseline.")
_add("ladder_min_km", 10, "km/week", (10, 15), X, CUSTOM, "Under 10 km a week the ladder starts at its first level.")
# --- growth of a plan --------------------------------------------------------------------------------------------
_add("build_floor_below_km", 15, "km/week", (10, 15), X, CUSTOM, "Under 15 km a week a step may be more than a tenth:")
_add("build_floor_min", 5, "min/week", (3, 5), X, CUSTOM, "at least 5 minutes,")
_add("build_floor_km", 1, "km/week", (0.5, 1), X, CUSTOM, "but at most 1 km.")
_add("session_always_min", 10, "min", FIXED, X, CUSTOM, "A session of 10 minutes is always allowed.")
_add("session_least_min", 5, "min", FIXED, X, CUSTOM, "No run is planned under 5 minutes.")
_add("runs_per_week_max", 6, "runs", (5, 6), X, CUSTOM, "At most six runs a week: one rest day stays.")
_add("added_run_least_min", 20, "min", (20, 30), X, CUSTOM, "A run is added only while each stays at 20 minutes or more.")
_add("plan_longest_weeks", 5, "weeks", (4, 5), X, CUSTOM, "A planned session is compared with the longest of the plan's last five weeks.")
_add("quiet_step_pct", 5, "%", (0, 5), X, CUSTOM, "A week that grows by at most 5 % is quiet: one new thing may start.")
_add("hills_start_share", 0.70, "x target", FIXED, X, f"{CUSTOM}; {SHIH}", "Hills come back from 70 % of the target on.")
_add("hills_green_weeks", 2, "weeks", FIXED, X, CUSTOM, "Hills come back after two green weeks.")
_add("hills_min_descent_m", 50, "m/week", FIXED, X, CUSTOM, "Only who had 50 m of descent a week needs a hill schedule.")
_add("hills_step_share", 0.25, "x former m per km", FIXED, X, CUSTOM, "Hills come back by quarters of the former metres per km.")
_add("itb_onset_share", 0.60, "x onset distance", (0.5, 0.6), X, CUSTOM, "In relative rest no run is longer than 60 % of the distance at which it hurt.")
_add("tendon_spacing_h", 48, "h", FIXED, O, SILBERNAGEL, "A tendon gets 48 hours between two runs at first.")
_add("tendon_runs_per_week", 3, "runs", (2, 3), X, CUSTOM, "So at most three runs a week at first.")
_add("tendon_rebuild_weeks", 2, "weeks", (2, 4), X, CUSTOM, "The spacing holds through the first two weeks of rebuilding.")
_add("ladder_greens", 2, "sessions", FIXED, X, CUSTOM, "Two green sessions open the next level of the ladder.")
_add("ladder_levels_per_week", 2, "levels in 7 days", FIXED, X, CUSTOM, "At most two levels up in seven days.")
_add("ladder_runs_per_week", 3, "runs", FIXED, X, CUSTOM, "On the ladder three runs a week, never on consecutive days.")
_add("ladder_down_level", 4, "level", FIXED, X, CUSTOM, "Going back to the ladder from reduced weeks starts at level 4 at most.")
_add("unknown_pace_s_per_km", 420, "s/km", (300, 600), X, CUSTOM,
     "Where the own pace is not known, km are told at 7:00 min/km; the minutes count.")
_add("missed_runs_weeks", 2, "weeks", FIXED, X, CUSTOM,
     "After so many weeks in a row with fewer runs than planned, without pain, the plan has as many runs as were run.")
_add("missed_runs_least", 2, "runs", FIXED, X, CUSTOM, "Missed runs leave a plan at least two runs a week.")
_add("amber_repeat_share", 0.80, "x dose", FIXED, X, CUSTOM, "A second amber week in a row, or a red light: four fifths.")
_add("full_load_share", 0.99, "x target", (0.95, 1), X, CUSTOM, "Full load is the first week at 99 % of the target.")
_add("plan_weeks_min", 12, "weeks", (8, 16), X, CUSTOM, "A plan lasts at least 12 weeks.")
_add("plan_weeks_max", 52, "weeks", (26, 52), X, CUSTOM, "A plan lasts at most 52 weeks.")
_add("plan_weeks_after_full", 2, "weeks", (1, 4), X, CUSTOM, "A plan goes on for two weeks after full load.")
_add("form_week", 5, "week", (4, 6), X, CUSTOM, "In weeks 5 to 6 the form is recorded again.")
_add("retest_week", 8, "week", (6, 12), X, CUSTOM, "In week 8 the first tests are done again.")
_add("advice_weeks_first", 2, "weeks", FIXED, T, ESCULIER, "No better after two weeks of reduced load: see a physio.")
_add("advice_weeks_strong", 6, "weeks", FIXED, X, CUSTOM, "Not meaningfully better at week six: see a physio, strongly advised.")
_add("daily_life_pain", 5, "0-10", FIXED, X, CUSTOM, "More than 5 of 10 in daily life: see a physio.")
_add("knee_flexion_deg", 140, "degrees", FIXED, X, CUSTOM, "A mean knee flexion below 140 degrees while standing on the leg chooses drills of its own.")
_add("pain_better_share", 0.30, "share of pain", FIXED, O, "Farrar 2001, Pain 94:149, doi:10.1016/S0304-3959(01)00349-9 (chronic pain, not runners)",
     "Pain that is less by 30 % is clearly better for the one who has it; less of a change may be none.")
_add("guided_age", 18, "years", FIXED, X, CUSTOM, "Under 18 only with a clinician.")
_add("missing_load_share", 0.25, "share of runs", FIXED, X, CUSTOM, "With more than a quarter of a week's runs unmeasured the week is incomplete.")

# fmt: on
FINDINGS: MappingProxyType[str, Finding] = MappingProxyType({f.key: f for f in _ROWS})
"""All findings by key, in the order of the pages of the evidence."""


_OWN: ContextVar[Mapping[str, Finding]] = ContextVar("own limits", default=FINDINGS)


def finding(key: str) -> Finding:
    """The finding that holds here: the general one, or inside ``own_limits`` the runner's own."""
    found = _OWN.get().get(key)
    return FINDINGS[key] if found is None else found


def limit(key: str) -> float:
    """The value of a finding. Raises KeyError for a key that is no finding."""
    return finding(key).value


def chosen(value: float | None, key: str) -> float:
    """A threshold that a caller names, else the value of its finding, which is the default everywhere."""
    return limit(key) if value is None else value


@contextmanager
def own_limits(own: Mapping[str, Finding]) -> Iterator[None]:
    """Inside this context these findings hold instead of the general ones. For what was run; never for a plan.

    Raises:
        KeyError: a key that is no finding.
    """
    token = _OWN.set({**FINDINGS, **{FINDINGS[key].key: one for key, one in own.items()}})
    try:
        yield
    finally:
        _OWN.reset(token)


def within(measured: float, bound: float) -> bool:
    """True when ``measured`` does not exceed ``bound`` beyond the tolerance of 1e-9."""
    return measured <= bound + TOLERANCE
