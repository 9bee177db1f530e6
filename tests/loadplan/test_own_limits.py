"""A limit of one's own: only of a rule, only within its range, only with a source, only for what was run."""

from __future__ import annotations

from pathlib import Path

import pytest

from loadplan.config import ConfigError, read_config, settings
from loadplan.own_limits import ORDERED, RANGES, OwnLimitError, own_finding, own_findings
from loadplan.rules import check_weeks
from loadplan.rules_page import OF_RULE
from loadplan.weekly import weekly_load
from plans.evidence import FINDINGS, limit, own_limits
from run_logs import bare_weeks

COACH = "My coach"


def own(**values: float) -> dict:
    return {key: {"value": value, "source": COACH} for key, value in values.items()}


def test_it_holds_inside_its_context_alone() -> None:
    with own_limits(own_findings(own(acwr_high=1.4))):
        assert limit("acwr_high") == 1.4
    assert limit("acwr_high") == 1.5


def test_a_warning_names_whose_limit_it_is() -> None:
    daily = bare_weeks([20, 20, 20, 20, 21.5])
    assert not [w for w in check_weeks(weekly_load(daily)) if w.name == "build-change"]
    with own_limits(own_findings(own(build_change_pct=5))):
        (found,) = [w for w in check_weeks(weekly_load(daily)) if w.name == "build-change"]
    assert (found.limit, found.grade) == (5, "custom")
    assert found.source.startswith("My coach (own limit; the general one is 10 %")
    assert "The suggested upper limit is 5 %, it is your own limit." in found.message


def test_bands_follow_the_own_limit() -> None:
    daily = bare_weeks([20, 20, 20, 20, 29])
    assert weekly_load(daily)["acwr_band"].iloc[-1] == "raised"
    with own_limits(own_findings(own(acwr_high=1.4))):
        assert weekly_load(daily)["acwr_band"].iloc[-1] == "high"


@pytest.mark.parametrize(("stated", "told"), [
    ({"acwr_heigh": {"value": 1.4, "source": COACH}}, "no limit of a rule"),
    ({"layoff_factor_mid": {"value": 0.7, "source": COACH}}, "no limit of a rule"),
    ({"acwr_high": 1.4}, "a value and a source"),
    ({"acwr_high": {"value": 1.4}}, "a value and a source"),
    ({"acwr_high": {"value": 1.4, "source": " "}}, "needs a source"),
    ({"acwr_high": {"value": 9, "source": COACH}}, "may be 1.3 to 2"),
    ({"acwr_high": {"value": True, "source": COACH}}, "must be a number"),
    ({"acwr_high": {"value": float("nan"), "source": COACH}}, "must be a number"),
    (own(acwr_raised=1.5), "must lie below acwr_high"),
    ([1], "must be a table"),
])  # fmt: skip
def test_what_cannot_be_meant_is_refused_with_what_may_stand_there(stated, told) -> None:
    with pytest.raises(OwnLimitError, match=told):
        own_findings(stated)


def test_config_toml_brings_it_and_names_its_file_when_wrong(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[limits]\nacwr_high = { value = 1.4, source = "Clinic X" }\n', encoding="utf-8")
    assert settings({}, {}, read_config(path)).limits["acwr_high"].value == 1.4
    path.write_text("[limits]\nacwr_high = 1.4\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"config\.toml: acwr_high needs a value and a source"):
        read_config(path)


@pytest.mark.parametrize("key", RANGES)
def test_every_range_holds_the_general_value(key: str) -> None:
    low, high = RANGES[key]
    assert low <= FINDINGS[key].value <= high
    assert own_finding(key, {"value": FINDINGS[key].value, "source": COACH}).unit == FINDINGS[key].unit
    assert key in {one for keys in OF_RULE.values() for one in keys}


def test_the_general_limits_are_ordered() -> None:
    assert all(FINDINGS[low].value < FINDINGS[high].value for low, high in ORDERED)
