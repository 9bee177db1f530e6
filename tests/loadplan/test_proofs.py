"""A slice of ``make prove``: random runners, their plans, tampered plans, lives and updates."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lives import begin, habits, live
from proofs import mutations, prove

from loadplan.baseline import past_days
from loadplan.plan_rules import check_plan
from plans import adapt_plan

ONCE_FAULTY = (
    29, 76, 13_379, 100_072, 100_075, 100_807, 101_259, 200_101, 400_115, 1_000_124, 1_000_233, 1_000_245, 1_000_301,
    2_000_117, 575_232_598,
)  # fmt: skip
"""Seeds of ``make prove`` that once found a fault."""


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_no_plan_and_no_update_breaks_a_rule_whatever_the_runner_does(seed: int) -> None:
    assert prove(seed, updates=1).faults == []


@pytest.mark.parametrize("seed", ONCE_FAULTY)
def test_runners_who_once_found_a_fault(seed: int) -> None:
    assert prove(seed).faults == []


@pytest.mark.parametrize("seed", [3, 11])
def test_every_way_of_tampering_is_noticed(seed: int) -> None:
    life = begin(seed)
    daily = life.daily(life.first.start - timedelta(days=1))
    for kind, (number, tampered) in mutations(life.first.as_json(), random.Random(seed)):
        assert check_plan(tampered(), daily), (kind, number)


@pytest.mark.parametrize("seed", [5, 17])
def test_the_same_inputs_give_the_same_bytes(seed: int) -> None:
    pages = []
    for _ in range(2):
        life, rng = begin(seed), random.Random(seed)
        until = life.first.start + timedelta(days=17)
        live(life, until, rng, habits(rng), life.first.start)
        history = past_days(life.daily(until))
        pages.append(adapt_plan(life.plan, life.protocol, until, history=history, diary=life.diary).as_json())
    assert pages[0] == pages[1]
