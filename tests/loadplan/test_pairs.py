"""Pairs: age, km, share of the last seven days."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest

from loadplan.daily import daily_load
from loadplan.pairs import pair_list
from loadplan.runlog import log_table
from loadplan.shoes import new_shoe_share

AS_OF = date(2026, 3, 31)


def ran(day: str, km: float, shoe: str | None) -> dict[str, Any]:
    return {"day": day, "distance_m": km * 1000, "shoe": shoe}


def test_a_pair_is_new_for_fourteen_days_and_the_first_of_the_record_never() -> None:
    runs = [ran("2026-03-18", 5, "First"), ran("2026-03-18", 5, "Also first"), ran("2026-03-19", 5, "Second")]
    shown = {pair["name"]: pair["new"] for pair in pair_list(runs, [], date(2026, 4, 1))}
    assert shown == {"First": False, "Also first": False, "Second": True}
    later = pair_list(runs, [], date(2026, 4, 2))
    assert not any(pair["new"] for pair in later)


def test_a_stated_first_day_makes_a_pair_new_or_old() -> None:
    runs = [ran("2026-03-30", 5, "A"), ran("2026-03-31", 5, "A")]
    stated = [{"name": "A", "first_day": "2026-03-29", "drop_mm": 8.0}]
    pair = pair_list(runs, stated, AS_OF)[0]
    assert (pair["new"], pair["first_run"], pair["drop_mm"]) == (True, "2026-03-29", 8.0)
    assert pair_list(runs, [{"name": "A", "first_day": "2026-01-01"}], AS_OF)[0]["new"] is False


def test_share_of_the_week_is_of_the_km_in_known_pairs() -> None:
    runs = [ran("2026-03-24", 90, "A"), ran("2026-03-25", 26, "A"), ran("2026-03-31", 14, "B")]
    assert {p["name"]: p["share_7d"] for p in pair_list(runs, [], AS_OF)} == {"A": 0.65, "B": pytest.approx(0.35)}


@pytest.mark.parametrize(
    ("runs", "reason"),
    [
        ([ran("2026-03-01", 5, "A")], "no_run"),
        ([ran("2026-03-31", 5, "A")], "few_runs"),
        ([ran("2026-03-30", 5, "A"), ran("2026-03-31", 2, None)], "unknown_shoe"),
        ([ran("2026-03-30", 6, "A"), ran("2026-03-31", 2, None)], None),
    ],
)
def test_a_share_that_is_not_known_says_why(runs: list[dict[str, Any]], reason: str | None) -> None:
    pair = pair_list(runs, [], AS_OF)[0]
    assert pair["share_7d_reason"] == reason
    assert (pair["share_7d"] is None) == (reason is not None)


def test_runs_after_the_day_are_not_read_and_a_pair_never_worn_is_listed() -> None:
    pairs = pair_list([ran("2026-04-01", 5, "A")], [{"name": "Box", "retired": None}], AS_OF)
    assert [(pair["name"], pair["runs"], pair["new"], pair["first_run"]) for pair in pairs] == [("Box", 0, None, None)]


@pytest.mark.parametrize("seed", range(20))
def test_the_list_of_pairs_agrees_with_the_daily_table(seed: int) -> None:
    rng = random.Random(seed)
    start, as_of = date(2026, 1, 5), date(2026, 3, 1)
    rows = [
        {
            "id": str(n),
            "start": f"{start + timedelta(days=n)}T07:00:00+00:00",
            "day": (start + timedelta(days=n)).isoformat(),
            "sport": "run",
            "distance_m": rng.uniform(2000, 20000),
            "moving_s": 3600.0,
            "shoe": rng.choice(["a", "a", "b", "c" if n > 45 else "a", None if rng.random() < 0.3 else "b"]),
        }
        for n in sorted(rng.sample(range(56), 35))
    ]
    pairs = pair_list(rows, [], as_of)
    last = new_shoe_share(daily_load(log_table(rows), as_of)).iloc[-1]
    shares = [p["share_7d"] for p in pairs if p["new"]]
    assert {p["share_7d_reason"] for p in pairs} == {last["reason"]}
    if last["reason"] is None:
        assert sum(shares) == pytest.approx(last["share"])
