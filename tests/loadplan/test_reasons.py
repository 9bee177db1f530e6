"""Why a value of a run is null: what is known of it, not the first word that comes to mind."""

from __future__ import annotations

from typing import Any

import pytest

from loadplan.cli.log import KEYS
from loadplan.cli.reasons import run_reasons

EMPTY: dict[str, Any] = dict.fromkeys(KEYS) | {"sport": "run", "flags": (), "notes": (), "salvaged": False}


def why(key: str, **known: Any) -> str | None:
    return run_reasons(EMPTY | known, KEYS).get(f"{key}_reason")


def test_what_nobody_recorded_needs_no_reason_of_its_own() -> None:
    assert run_reasons(EMPTY, KEYS) == {}


def test_a_run_with_steps_and_no_cadence_ran_too_little_on_the_flat() -> None:
    assert why("cadence_spm", steps=800.0) == "too_little_flat_running"
    assert why("cadence_spm") is None


@pytest.mark.parametrize("key", ["steps", "cadence_spm", "running_s", "hill_up_m", "hill_down_m", "step_length_mm"])
def test_what_is_kept_of_running_only_says_so_of_a_walk(key: str) -> None:
    assert why(key, sport="walk") == "runs_only"
    assert why(key, **{"sport": "walk", key: 3.0}) is None


@pytest.mark.parametrize(
    ("key", "flag", "detail"),
    [
        ("distance_m", "samples_dropped", "9 of 9 samples dropped: out of reach from the ones before"),
        ("distance_m", "impossible_total", "impossible totals of the device dropped: distance_m, ascent_m"),
        ("heart_rate_bpm", "samples_dropped", "impossible values dropped: 40 heart_rate_bpm"),
        ("steps", "cadence_undecided", "whatever"),
    ],
)
def test_what_was_recorded_and_cannot_be_true_was_refused(key: str, flag: str, detail: str) -> None:
    said = {"flags": (flag,), "notes": ({"code": flag, "detail": detail},)}
    assert why(key, **said) == "refused"
    assert why("power_w", **said) is None


def test_what_an_older_reader_did_not_judge_was_not_checked() -> None:
    assert why("climb_quality", flags=None, notes=None) == "not_checked"
    assert why("climb_quality") is None
