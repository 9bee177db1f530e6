"""Protocols: the four that come along, and what a clinic's own must be."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import plans
from plans import BUILT_IN, ProtocolError, load_protocol
from plans.evidence import FINDINGS, Finding, limit
from plans.protocol import read_protocol

GOOD = """
name = "clinic"
profile = "itb"
title = "Ours"
says = "As we do it."
what_to_do = ["Run."]
what_to_watch = ["Pain."]

[cross]
kinds = ["cycling"]
times_in_relative_rest = 2
times_later = 1
minutes = 30

[[stage]]
name = "One"
first_week = 1
days_per_week = 3
minutes = 20

[[stage.drill]]
name = "bridge"
sets = 3
reps = "12"
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "clinic.toml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("name", BUILT_IN)
def test_each_built_in_protocol_loads_and_has_the_common_strength(name: str) -> None:
    protocol = load_protocol(name)
    assert (protocol.name, protocol.profile) == (name, name)
    drills = {drill.name for stage in protocol.stages for drill in stage.drills}
    assert {"single-leg glute bridge", "banded clamshell", "side-plank hip dip", "monster walk"} <= drills
    assert not protocol.limits


def test_a_tendon_goes_through_four_stages_without_a_gap() -> None:
    stages = [stage for stage in load_protocol("patellar-tendon").stages if stage.name.startswith("Stage")]
    for week in range(1, 53):
        assert len([stage for stage in stages if stage.holds(week)]) == 1, week
    assert stages[0].days_per_week == 7
    assert stages[0].drills[0].text().startswith("isometric leg extension or wall sit 5x45 s")


def test_a_protocol_of_a_clinic_loads_and_brings_its_own_numbers(tmp_path: Path) -> None:
    own = GOOD + '\n[limits.rest_factor_mid]\nvalue = 0.55\nsource = "Our audit 2024"\n'
    protocol = load_protocol(written(tmp_path, own))
    assert protocol.limit("rest_factor_mid") == 0.55
    assert protocol.limit("rest_factor_low") == limit("rest_factor_low")


@pytest.mark.parametrize(
    ("change", "key", "says"),
    [
        (("title", "titel"), "title", "missing"),
        (('name = "clinic"', 'name = "clinic"\nmood = 1'), "mood", "not known"),
        (('profile = "itb"', 'profile = "knee"'), "profile", "one of"),
        (('profile = "itb"', "profile = 3"), "profile", "a text"),
        (("sets = 3", "sets = 0"), "stage[1].drill[1].sets", "1 to 10"),
        (("sets = 3", "sets = 2.5"), "stage[1].drill[1].sets", "whole number"),
        (("sets = 3", "sets = true"), "stage[1].drill[1].sets", "whole number"),
        (("minutes = 30", "minutes = -1"), "cross.minutes", "from 1"),
        (('["Run."]', '["Run.", 3]'), "what_to_do", "list of texts"),
        (('["Run."]', '"Run."'), "what_to_do", "list of texts"),
        (("days_per_week = 3", "days_per_week = 8"), "stage[1].days_per_week", "1 to 7"),
        (("sets = 3", f"sets = 1{'0' * 400}"), "stage[1].drill[1].sets", "1 to 10, not 1000"),
        (('name = "clinic"', r'name = "cli\u001bnic"'), "name", "control characters"),
        (('["Run."]', r'["Run.\u0007"]'), "what_to_do", "control characters"),
        (('kinds = ["cycling"]', "kinds = []"), "cross.kinds", "one at least"),
        (("first_week = 1", "first_week = 3\nlast_week = 2"), "stage[1].last_week", "3 to 52"),
    ],
)
def test_a_wrong_protocol_names_file_key_and_reason(
    tmp_path: Path, change: tuple[str, str], key: str, says: str
) -> None:
    with pytest.raises(ProtocolError) as error:
        load_protocol(written(tmp_path, GOOD.replace(*change)))
    assert error.value.where == "clinic.toml"
    assert error.value.key == key
    assert says in error.value.reason


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        ('[limits.rest_factor_mid]\nvalue = 0.9\nsource = "us"', "0.4 to 0.6"),
        ("[limits.rest_factor_mid]\nvalue = 0.5", "missing"),
        ('[limits.rest_factor_mid]\nvalue = 0.5\nsource = " "', "empty"),
        ('[limits.rest_factor_mid]\nvalue = nan\nsource = "us"', "0.4 to 0.6"),
        ('[limits.made_up]\nvalue = 1\nsource = "us"', "no known limit"),
        ('[limits.rest_factor_mid]\nvalue = 0.5\nsource = "us"\ngrade = "x"', "not known"),
        ("[limits]\nrest_factor_mid = 0.5", "a table"),
    ],
)
def test_an_own_number_needs_a_source_and_stays_in_range(tmp_path: Path, limits: str, says: str) -> None:
    with pytest.raises(ProtocolError, match=says):
        load_protocol(written(tmp_path, f"{GOOD}\n{limits}\n"))


@pytest.mark.parametrize(
    "key", ["ladder_greens", "hills_step_share", "spike_window_days", "break_days", "long_run_factor", "pain_green_max"]
)
def test_a_limit_that_the_planner_does_not_ask_for_cannot_be_set(tmp_path: Path, key: str) -> None:
    own = f'{GOOD}\n[limits.{key}]\nvalue = {limit(key)}\nsource = "us"\n'
    with pytest.raises(ProtocolError, match=rf"clinic.toml: limits.{key}: a protocol cannot set this limit"):
        load_protocol(written(tmp_path, own))


@pytest.mark.parametrize(
    ("key", "value"),
    [("build_change_pct", 15), ("acwr_plan_max", 1.4), ("recovery_week_share", 0.85), ("rest_factor_mid", 0.7),
     ("longest_share_4", 0.4), ("cadence_step_days", 7), ("new_shoe_days", 7), ("itb_onset_share", 0.7)],
)  # fmt: skip
def test_a_limit_looser_than_the_one_a_plan_is_checked_by_is_refused(tmp_path: Path, key: str, value: float) -> None:
    own = f'{GOOD}\n[limits.{key}]\nvalue = {value}\nsource = "us"\n'
    with pytest.raises(ProtocolError, match="the check of a plan judges by the general limit"):
        load_protocol(written(tmp_path, own))


def test_a_list_of_stages_without_one_is_refused(tmp_path: Path) -> None:
    text = GOOD[: GOOD.index("[[stage]]")].replace("[cross]", "stage = []\n[cross]")
    with pytest.raises(ProtocolError, match="stage: must be a list of tables, one at least"):
        load_protocol(written(tmp_path, text))


def test_a_count_is_whole(tmp_path: Path) -> None:
    own = GOOD + '\n[limits.rest_weeks]\nvalue = 1.5\nsource = "us"\n'
    with pytest.raises(ProtocolError, match=r"limits\.rest_weeks\.value: must be a whole number of weeks, not 1\.5"):
        load_protocol(written(tmp_path, own))


@pytest.mark.parametrize("finding", [f for f in FINDINGS.values() if not f.is_fixed], ids=lambda f: f.key)
def test_every_limit_that_may_be_set_is_asked_of_the_protocol(finding: Finding) -> None:
    """By its name in a call of ``case.limit``, ``protocol.limit`` or the ``number`` handed on from there."""
    rooms = Path(plans.__file__).parent.glob("*.py")
    code = "\n".join(room.read_text(encoding="utf-8") for room in rooms if room.stem not in ("evidence", "protocol"))
    asked = re.findall(r"(?:case\.limit|protocol\.limit|number)\(([^()]*(?:\([^()]*\)[^()]*)*)\)", code)
    assert any(f'"{finding.key}"' in one for one in asked)
    general = re.findall(r"(?<!\.)\blimit\(([^()]*)\)", code)
    assert not any(f'"{finding.key}"' in one for one in general)


def test_a_mark_in_front_of_the_file_is_read_over(tmp_path: Path) -> None:
    (tmp_path / "clinic.toml").write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert load_protocol(tmp_path / "clinic.toml").name == "clinic"


def test_no_file_no_toml_no_text(tmp_path: Path) -> None:
    with pytest.raises(ProtocolError, match="does not exist; built in are: general"):
        load_protocol(tmp_path / "none.toml")
    with pytest.raises(ProtocolError, match="no valid TOML"):
        load_protocol(written(tmp_path, "name = "))
    (tmp_path / "clinic.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ProtocolError, match="cannot be read"):
        load_protocol(tmp_path / "clinic.toml")
    with pytest.raises(ProtocolError, match="cannot be read"):
        load_protocol(tmp_path)


def test_the_example_of_the_documentation_loads(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "protocols.md").read_text(encoding="utf-8")
    example = page.partition("```toml\n")[2].partition("```")[0]
    protocol = load_protocol(written(tmp_path, example))
    assert (protocol.profile, protocol.limit("build_change_pct")) == ("patellofemoral", 8.0)
    loose = written(tmp_path, example.replace("value = 8", "value = 15"))
    with pytest.raises(ProtocolError) as error:
        load_protocol(loose)
    assert str(error.value) in page


def test_a_protocol_is_read_again_from_the_text_that_a_plan_keeps() -> None:
    assert read_protocol(GOOD, "kept").profile == "itb"
