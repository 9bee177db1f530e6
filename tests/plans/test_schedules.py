"""What each room reintroduces by itself: cadence, ladder, hills, shoes, the week's size and its days."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from plans import Baseline, PastDay, Request, load_protocol
from plans.cadence_steps import cadence_range, cadence_targets
from plans.case import Case, open_case
from plans.hill_return import Climb, may_start, spread_climb
from plans.ladder import LEVELS, Ladder, runs_on_ladder, top_level
from plans.layout import LADDER_WEEKDAYS, RUN_WEEKDAYS, rest_weekday, run_weekdays, spread_weekdays
from plans.past import Past
from plans.shoe_transition import allowed_share, days_in_new_pair, is_settled, part_in_new_pair, runs_in_new_pair
from plans.split import SessionLimits, split_week
from plans.volume import dose, is_recovery, phase_of, recovery_from

GOLDEN = json.loads((Path(__file__).resolve().parents[1] / "data" / "golden_plans.json").read_text())
REBUILD_12_TO_30 = [12.0, 13.2, 14.52, 11.616, 15.972, 17.5692, 19.3261, 15.4609, 21.2587, 23.3846, 25.7231, 20.5784,
                    28.2954, 30.0]  # fmt: skip


def case_of(
    km: float, *, runs: float = 4, request: Request | None = None, profile: str = "general", off: int | None = None
) -> Case:
    usual = Baseline(distance_km=km, minutes=km * 6, runs_per_week=runs, longest_km=0.3 * km, weeks=4)
    asked = request or Request()
    start = date(2026, 11, 30)
    last = [] if off is None else [PastDay(day=start - timedelta(days=off + 1), distance_km=9, longest_km=9, runs=1)]
    return open_case(usual, load_protocol(profile), start, asked, Past(last, asked.week_start))


@pytest.mark.parametrize(
    ("baseline", "targets"),
    [
        (160, [164, 168, 172, 176]),
        (150, [154, 158, 162, 165]),
        (172, [176, 180]),
        (158, [162, 166, 170, 173]),
        (184, []),
        (180, []),
        (None, []),
    ],
)
def test_cadence_goes_up_by_four_and_stops_at_the_cap(baseline: float | None, targets: list[float]) -> None:
    assert list(cadence_targets(baseline)) == targets


def test_the_range_of_a_cadence_is_two_percent() -> None:
    assert cadence_range(165) == pytest.approx((161.7, 168.3))


def test_the_levels_are_the_worked_ones() -> None:
    assert [level.pattern for level in LEVELS] == GOLDEN["ladder"]
    assert [level.run_minutes for level in LEVELS] == [6, 12, 18, 24, 24, 24, 27, 28, 30]


def test_two_greens_open_a_level_and_at_most_two_levels_in_seven_days() -> None:
    ladder = Ladder(level=1, top=9)
    assert [ladder.day(day).number for day in range(10)] == [1, 1, 2, 2, 3, 3, 3, 3, 3, 4]


def test_a_ladder_ends_after_two_greens_at_its_top() -> None:
    ladder = Ladder(level=3, top=3)
    done = []
    for day in (1, 3, 5):
        assert ladder.day(day).number == 3
        done.append(ladder.is_done)
    assert done == [False, True, True]


def test_the_ladder_fits_its_target_and_the_runs_of_before() -> None:
    assert [runs_on_ladder(n) for n in (1, 2, 3, 6)] == [2, 2, 3, 3]
    assert top_level(3, 60) == 3
    assert top_level(3, 90) == 9
    assert top_level(3, 17) == 0


def test_the_rebuild_follows_the_worked_weeks() -> None:
    case = case_of(30, off=10)
    weeks, last = [12.0], 12.0
    for number in range(2, 15):
        phase = phase_of(case, number, last_build=last, on_ladder=False, since=recovery_from(case, None), rest_until=0)
        weeks.append(min(dose(case, phase, last).km, case.target_km))
        last = last if phase == "recovery" else weeks[-1]
    assert weeks == pytest.approx(REBUILD_12_TO_30, abs=1e-4)


def test_recovery_weeks_are_fixed_on_the_calendar() -> None:
    rest, layoff, ladder = case_of(30, profile="itb"), case_of(30, off=10), case_of(30, off=40)
    assert [n for n in range(1, 15) if is_recovery(rest, n, recovery_from(rest, None))] == [6, 10, 14]
    assert [n for n in range(1, 15) if is_recovery(layoff, n, recovery_from(layoff, None))] == [4, 8, 12]
    assert [n for n in range(1, 15) if is_recovery(ladder, n, recovery_from(ladder, 6))] == [10, 14]
    assert not any(is_recovery(ladder, n, recovery_from(ladder, None)) for n in range(1, 15))


def test_the_weekdays_are_the_worked_ones_and_turn_with_the_long_day() -> None:
    for runs, days in RUN_WEEKDAYS.items():
        assert list(days) == GOLDEN["layout_weekdays"][str(runs)]
    assert list(LADDER_WEEKDAYS[3]) == GOLDEN["ladder_weekdays"]
    assert run_weekdays(4, 5) == (0, 1, 3, 5)
    assert run_weekdays(7, 6) == RUN_WEEKDAYS[6]


def test_a_day_stays_free_and_strength_is_spread() -> None:
    assert rest_weekday((1, 2, 4, 6), 6) == 5
    assert rest_weekday((0, 1, 2, 3, 5, 6), 6) == 4
    assert spread_weekdays(3, (0, 1, 2, 3, 4)) == (0, 2, 4)
    assert spread_weekdays(0, (0, 1)) == ()


def test_hills_wait_for_two_weeks_at_seventy_percent() -> None:
    assert may_start(30, [29, 31], 40)
    assert not may_start(27, [29, 31], 40)
    assert not may_start(30, [27, 31], 40)
    assert not may_start(30, [31], 40)


def test_uphill_comes_before_downhill_and_no_metre_is_lost() -> None:
    first = spread_climb([5, 5, 8], [True, True, False], Climb(100, 80), uphill_first=True, all_runs=False)
    assert [c.ascent_m for c in first] == [100, 0, 0]
    assert [c.descent_m for c in first] == [0, 80, 0]
    later = spread_climb([5, 5, 8], [True, True, False], Climb(100, 80), uphill_first=False, all_runs=False)
    assert [c.descent_m for c in later] == [40, 40, 0]
    every = spread_climb([5, 5, 10], [True, True, False], Climb(None, 80), uphill_first=False, all_runs=True)
    assert [c.descent_m for c in every] == [20, 20, 40]
    assert [c.ascent_m for c in every] == [None] * 3
    assert not any(c.is_hills for c in every)


def test_a_new_pair_begins_with_the_shortest_run_and_grows() -> None:
    case = case_of(30, request=Request(new_shoe="Blue"))
    km = [7.0, 6.0, 7.0, 9.0]
    assert runs_in_new_pair(case, km, 0) == [False, True, False, False]
    assert sum(runs_in_new_pair(case, km, 3)) >= 1
    assert all(runs_in_new_pair(case, km, 4))
    assert is_settled(case, 4)
    assert not is_settled(case, 3)


def test_a_tendons_longest_run_is_no_second_long_run() -> None:
    limits = SessionLimits(each=20, others=6, over_others=1.4, bound="tendon_48h", why="")
    assert limits.total(3) == pytest.approx(6 + 6 + 8.4)
    assert limits.total(1) == 20
    assert split_week(limits.total(3), 3, share=0.45, limits=limits, least=1) == pytest.approx([6, 6, 8.4])


def test_the_age_of_a_pair_counts_from_its_first_run() -> None:
    case = case_of(30, request=Request(new_shoe="Blue"))
    monday, km = date(2026, 11, 30).toordinal(), [7.0, 6.0, 7.0, 9.0]
    late = min(days_in_new_pair(case, [monday + 1, monday + 2, monday + 4, monday + 6], km)) - monday
    assert late == 2
    assert allowed_share(case, 2, late) == allowed_share(case, 0) < allowed_share(case, 2)
    assert not is_settled(case, 4, late)
    assert is_settled(case, 5, late)


def test_a_large_change_of_shoes_takes_a_part_of_a_run_first() -> None:
    case = case_of(30, request=Request(new_shoe="Blue", big_shoe_change=True))
    km = [7.0, 6.0, 7.0, 10.0]
    assert not any(runs_in_new_pair(case, km, 0))
    assert part_in_new_pair(case, km, 0) == pytest.approx(3.0)
    assert part_in_new_pair(case, [2.0, 2.0], 0) == 1.0
    assert runs_in_new_pair(case, km, 1) == [False, True, False, False]
    assert not is_settled(case, 8)
    assert is_settled(case, 9)
