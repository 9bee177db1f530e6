from __future__ import annotations

import json
import stat
from datetime import date
from pathlib import Path

import pytest

from loadplan.charts import CHARTS
from loadplan.cli import run
from loadplan.demo import DemoError, run_demo
from loadplan.synthetic import Story, tell_story, write_export
from loadplan.synthetic.samples import CENTRE_DEG

AS_OF = date(2025, 11, 19)


@pytest.fixture(scope="module")
def nobody_s_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def toured(tmp_path_factory: pytest.TempPathFactory, nobody_s_home: Path) -> tuple[Path, list[str]]:
    """One whole tour, with a small export of somebody's own behind it."""
    folder = tmp_path_factory.mktemp("tour")
    story = tell_story(date(2024, 6, 2))
    own = Story(end=story.end, outings=story.outings[-40:], pairs=story.pairs, pain=story.pain)
    write_export(own, folder / "own.zip")
    told: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
            patch.setenv(name, str(nobody_s_home))
        patch.setenv("LOADPLAN_STORE", str(nobody_s_home / "mine.db"))
        assert run_demo(folder / "out", run=run, export=folder / "own.zip", as_of=AS_OF, say=told.append) == 3
    return folder / "out", told


def test_every_chart_and_a_plan_of_both_runners_is_there(toured: tuple[Path, list[str]]) -> None:
    out, told = toured
    for runner in ("synthetic", "yours"):
        assert {p.name for p in (out / runner / "charts").iterdir()} == {f"{name}.png" for name in CHARTS}
        assert (out / runner / "plan.txt").read_text()
        assert any(f"{runner}/charts/mileage.png" in line for line in told)


def test_the_plan_rests_on_the_weeks_before_the_pain(toured: tuple[Path, list[str]]) -> None:
    plan = json.loads((toured[0] / "synthetic" / "plan.json").read_text())
    assert plan["profile"] == "patellofemoral"
    assert plan["screened"] is True
    assert not any(warning for week in plan["weeks"] for warning in week["warnings"])
    began = tell_story(AS_OF).pain_began
    assert date.fromisoformat(plan["baseline"]["to"]) < began
    assert plan["baseline"]["distance_km"] > 30


def test_the_tour_is_private_and_touches_nobody_s_own_log(toured: tuple[Path, list[str]], nobody_s_home: Path) -> None:
    out, _ = toured
    assert list(nobody_s_home.iterdir()) == []
    for path in (out, *out.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_the_commands_are_shown_as_one_would_type_them(toured: tuple[Path, list[str]]) -> None:
    commands = [line.split()[2] for line in toured[1] if line.startswith("\n$ loadplan ")]
    assert commands[:4] == ["import", "load", "flare", "shoes"]
    assert {"screen", "plan", "check"} <= set(commands)


def test_nothing_made_for_people_says_where_the_runs_were(toured: tuple[Path, list[str]]) -> None:
    longitude = f"{CENTRE_DEG[1]:.2f}"
    for page in [*toured[0].rglob("plan.*"), *toured[0].rglob("*.png")]:
        assert longitude.encode() not in page.read_bytes()


def test_a_folder_that_holds_something_is_left_alone_unless_forced(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(FileExistsError):
        run_demo(tmp_path, run=run)
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


def test_a_command_that_fails_ends_the_tour_in_words(tmp_path: Path) -> None:
    with pytest.raises(DemoError, match="import"):
        run_demo(tmp_path / "out", run=lambda line: 1, as_of=AS_OF, say=lambda line: None)


def test_an_export_without_a_run_is_told_so_and_its_status_kept(tmp_path: Path) -> None:
    from loadplan.demo import Tour, _yours

    (tmp_path / "empty").mkdir()
    told: list[str] = []
    assert _yours(Tour(tmp_path / "out", run, told.append), tmp_path / "empty") == 4
    assert "No run came of it" in told[-1]
