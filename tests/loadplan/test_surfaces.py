"""Shares by surface: of what was recorded, with what changed, and unknown where too little was."""

from __future__ import annotations

import numpy as np
import pytest

from loadplan.daily import daily_load
from loadplan.rules import check_weeks
from loadplan.weekly import weekly_load
from run_logs import a_log, a_run, day


def weeks_on(*surfaces: tuple[str | None, ...], km: float = 10.0):
    runs = [a_run(7 * w + 2 * n, km, surface=s) for w, row in enumerate(surfaces) for n, s in enumerate(row)]
    return weekly_load(daily_load(a_log(runs), day(7 * len(surfaces) - 1)))


ROAD = ("road",) * 4


def test_shares_are_of_the_known_km():
    week = weeks_on(("road", "road", "trail", "road"), ROAD).iloc[0]
    assert (week["road_share"], week["trail_share"], week["track_share"]) == (0.75, 0.25, 0)
    week = weeks_on(("road", "road", "trail", None), ROAD).iloc[0]
    assert week["trail_share"] == pytest.approx(1 / 3)


def test_with_more_than_a_quarter_unknown_there_is_no_share():
    week = weeks_on(("road", "road", None, None), ROAD).iloc[0]
    assert np.isnan(week["road_share"])
    assert week["road_share_reason"] == "unknown_surface"


def test_a_new_surface_is_named_with_its_rise():
    week = weeks_on(ROAD, ROAD, ROAD, ("trail", "trail", "road", "road")).iloc[-1]
    assert (week["surface_rise_to"], week["surface_rise"], week["surface_rise_km"]) == ("trail", 0.5, 20)


def test_nothing_was_usual_in_the_first_weeks():
    weeks = weeks_on(ROAD, ("trail",) * 4, ROAD)
    assert weeks["surface_rise_reason"].tolist() == ["insufficient_history"] * 2 + [None]


def test_a_new_surface_counts_among_several_changes():
    runs = [a_run(7 * w + 2 * n, 10, surface="road") for w in range(4) for n in range(4)]
    runs += [a_run(28 + 2 * n, 14, surface="trail") for n in range(4)]
    weeks = weekly_load(daily_load(a_log(runs), day(34)))
    (found,) = [w for w in check_weeks(weeks) if w.name == "several-changes"]
    assert "distance and surface (16.0 km more than the ordinary weeks before; trail: 100 % of the km" in found.message
