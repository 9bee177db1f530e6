from __future__ import annotations

import copy
import stat
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Annotation, Text

from loadplan.cadence_log import CadenceRun
from loadplan.charts import (
    CHARTS,
    ChartInput,
    chart_cadence,
    chart_mileage,
    chart_plan,
    chart_shoes,
    figure_bytes,
    save_figure,
)
from loadplan.charts.hills import km_by_grade
from loadplan.charts.style import POINTS, fonts_for, safe_text
from loadplan.daily import daily_load
from loadplan.runlog import log_table
from loadplan.weekly import weekly_load

AS_OF = date(2026, 3, 25)
HOSTILE = [
    r"$\bad$ 100%",
    "a\x1b[31mred\u202e",
    "</svg><script>alert(1)</script>",
    "]]>&amp;<b>",
    "跑鞋 № 5",
    "حذاء",
    "👟🏃",
    "x" * 300,
    "line\nbreak\ttab",
    "_legend_",
    "",
    "%s %d {0}",
]


def run_log(weeks: int = 20, shoe: str | None = "Kestrel 4", **more: Any) -> pd.DataFrame:
    """Three runs a week of 10, 8 and 12 km, with hills and cadence."""
    rows = []
    monday = AS_OF - timedelta(days=AS_OF.weekday(), weeks=weeks - 1)
    for week in range(weeks):
        for weekday, km in ((1, 10), (3, 8), (5, 12)):
            day = monday + timedelta(weeks=week, days=weekday)
            if day > AS_OF:
                continue
            rows.append(
                {
                    "id": f"{day:%Y%m%d}T080000-run", "start": datetime(day.year, day.month, day.day, 8, tzinfo=UTC),
                    "utc_offset_s": 0, "sport": "run", "distance_m": 1000.0 * km, "elapsed_s": 360.0 * km,
                    "moving_s": 360.0 * km, "ascent_m": 10.0 * km, "descent_m": 10.0 * km, "hill_up_m": 100.0 * km,
                    "hill_down_m": 80.0 * km, "climb_source": "device", "cadence_spm": 160.0 + week % 3, "shoe": shoe,
                    **more,
                }
            )  # fmt: skip
    return log_table(rows)


def given(log: pd.DataFrame, plan: dict[str, Any] | None = None, **more: Any) -> ChartInput:
    daily = daily_load(log, AS_OF)
    return ChartInput(log=log, daily=daily, weeks=weekly_load(daily), plan=plan, **more)


def plan_json(weeks: int = 12) -> dict[str, Any]:
    phases = ["relative_rest", "relative_rest", "ladder", "rebuild", "recovery", "hold"]
    bounds = ["relative_rest", "relative_rest", "ladder", "build_10pct", "recovery_week", "target"]
    return {
        "profile": "general",
        "target_km": 30.0,
        "full_load_week": 6,
        "request": {"week_start": 0},
        "weeks": [
            {
                "number": i + 1, "start": (date(2026, 3, 30) + timedelta(weeks=i)).isoformat(), "distance_km": 15.0 + i,
                "phase": phases[min(i, 5)], "bound_by": bounds[min(i, 5)], "cadence_target_spm": 164 + 4 * (i // 4),
            }
            for i in range(weeks)
        ],
    }  # fmt: skip


def texts_of(fig: Figure) -> list[Text]:
    return [t for t in fig.findobj(Text) if isinstance(t, Text) and t.get_text().strip() and t.get_visible()]


@pytest.fixture(scope="module")
def usual() -> ChartInput:
    return given(run_log(), plan_json())


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_is_drawn_and_has_words_that_stand_for_it(name: str, usual: ChartInput) -> None:
    fig = CHARTS[name](usual)
    assert len(str(fig.get_label())) > 30
    assert figure_bytes(fig, "png").startswith(b"\x89PNG")


@pytest.mark.parametrize("name", CHARTS)
def test_letters_are_at_least_ten_points_on_an_a4_wide_figure(name: str, usual: ChartInput) -> None:
    fig = CHARTS[name](usual)
    assert fig.get_figwidth() <= 7.5
    assert min(t.get_fontsize() for t in texts_of(fig)) >= POINTS


@pytest.mark.parametrize("name", CHARTS)
def test_no_letters_leave_the_page_and_no_dates_touch(name: str, usual: ChartInput) -> None:
    fig = CHARTS[name](usual)
    fig.draw_without_rendering()
    page = fig.bbox
    for text in texts_of(fig):
        box = text.get_window_extent()
        assert box.x0 >= page.x0 - 1, text
        assert box.x1 <= page.x1 + 1, text
        assert box.y1 <= page.y1 + 1, text
    for ax in fig.axes:
        labels = [t.get_window_extent() for t in ax.get_xticklabels() if t.get_visible() and t.get_text()]
        assert all(a.x1 < b.x0 for a, b in pairwise(labels))


def test_time_on_target_and_the_diary_stay_on_the_page(usual: ChartInput) -> None:
    day = AS_OF - timedelta(days=2)
    held = CadenceRun(
        id="a", day=day, speed_m_s=2.7, cadence_spm=160.0, adjusted_spm=None, change_pct=None, steps_per_km=None,
        target_spm=164.0, on_target=0.4,
    )  # fmt: skip
    entry = {"day": day.isoformat(), "during": 6.0, "after": None, "morning": 1.0, "light": "red"}
    told = replace(usual, cadence=[held], pain=[entry], pain_since=day)
    for name, axes in (("cadence", 2), ("pain", 2)):
        fig = CHARTS[name](told)
        assert len(fig.axes) == axes
        fig.draw_without_rendering()
        for text in texts_of(fig):
            box = text.get_window_extent()
            assert box.x0 >= -1, text
            assert box.x1 <= fig.bbox.x1 + 1, text
    assert chart_cadence(usual.daily, usual.plan).axes[0].get_ylabel() == "steps a minute"
    assert len(CHARTS["cadence"](usual).axes) == 1


def test_stretches_without_a_band_say_why() -> None:
    log = run_log(20)
    gap = (log["day"] > pd.Timestamp("2026-01-01")) & (log["day"] < pd.Timestamp("2026-01-20"))
    fig = CHARTS["acwr"](given(log[~gap]))
    assert "after a break" in [text.get_text() for text in texts_of(fig)]
    assert "after a break" not in [text.get_text() for text in texts_of(CHARTS["acwr"](given(log)))]


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
@pytest.mark.parametrize("name", ["mileage", "shoes"])
def test_the_same_tables_give_the_same_bytes(name: str, kind: str, usual: ChartInput) -> None:
    first = figure_bytes(CHARTS[name](usual), kind)
    assert figure_bytes(CHARTS[name](copy.deepcopy(usual)), kind) == first


@pytest.mark.parametrize("name", CHARTS)
def test_an_empty_log_gives_a_picture_that_says_so(name: str) -> None:
    fig = CHARTS[name](given(log_table([])))
    words = " ".join(t.get_text() for t in texts_of(fig))
    assert "No " in words or "no plan" in words


@pytest.mark.parametrize("name", CHARTS)
def test_one_run_is_enough_for_a_picture(name: str) -> None:
    figure_bytes(CHARTS[name](given(run_log().tail(1), plan_json(1))), "png")


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("shown", [0, 1, 3])
def test_any_number_of_weeks_can_be_shown(name: str, shown: int) -> None:
    figure_bytes(CHARTS[name](given(run_log(60), plan_json(52), shown=shown)), "png")


@pytest.mark.parametrize("name", CHARTS)
def test_what_was_not_recorded_is_no_zero_and_no_crash(name: str) -> None:
    blank = dict.fromkeys(("distance_m", "ascent_m", "descent_m", "hill_up_m", "hill_down_m", "cadence_spm"))
    figure_bytes(CHARTS[name](given(run_log(shoe=None, **blank))), "png")


def test_a_week_without_a_known_distance_gets_a_question_mark_and_no_bar() -> None:
    weeks = given(run_log(10)).weeks
    weeks.iloc[-3, weeks.columns.get_loc("distance_km")] = np.nan  # type: ignore[index]
    fig = chart_mileage(weeks)
    assert [t.get_text() for t in fig.findobj(Annotation)].count("?") == 1


def test_bars_start_at_zero(usual: ChartInput) -> None:
    for name in ("mileage", "shoes", "sessions", "plan"):
        assert CHARTS[name](usual).axes[0].get_ylim()[0] == 0


def test_miles_are_miles(usual: ChartInput) -> None:
    km, mi = (chart_mileage(usual.weeks, units=u) for u in ("km", "mi"))  # type: ignore[arg-type]
    assert mi.axes[0].get_ylabel() == "mi a week"
    assert km.axes[0].get_ylim()[1] / mi.axes[0].get_ylim()[1] == pytest.approx(1.609344)


@pytest.mark.parametrize("name", HOSTILE)
def test_names_of_strangers_are_only_letters(name: str) -> None:
    log = run_log(12)
    log.loc[log.index[-6:], "shoe"] = name
    daily = daily_load(log, AS_OF)
    fig = chart_shoes(log, daily)
    for kind in ("png", "svg", "pdf"):
        data = figure_bytes(fig, kind)
        assert kind != "svg" or (b"<script" not in data and b"\x1b" not in data)
    assert not any(t.get_parse_math() for t in texts_of(fig))
    if name:
        assert any(safe_text(name) == t.get_text() for t in texts_of(fig))


def test_letters_that_no_font_has_are_replaced() -> None:
    assert safe_text("abc") == "abc"
    assert safe_text("\U000f0000") == "\ufffd"
    assert fonts_for("abc") == ["DejaVu Sans"]


def test_an_unknown_phase_or_reason_of_a_plan_is_shown_as_it_is() -> None:
    plan = plan_json(4)
    plan["weeks"][1]["bound_by"] = "own_rule"
    fig = chart_plan(plan)
    assert "own_rule" in [t.get_text() for t in fig.findobj(Annotation)]


def test_a_user_s_settings_do_not_leak_in_and_ours_not_out(usual: ChartInput) -> None:
    before = dict(mpl.rcParams)
    data = figure_bytes(chart_mileage(usual.weeks), "svg")
    assert dict(mpl.rcParams) == before
    with mpl.rc_context({"font.size": 30, "axes.spines.top": True, "svg.hashsalt": "x"}):
        assert figure_bytes(chart_mileage(usual.weeks), "svg") == data


def test_a_file_is_private_whole_and_never_written_over_unasked(tmp_path: Path, usual: ChartInput) -> None:
    fig, path = chart_mileage(usual.weeks), tmp_path / "a.png"
    save_figure(fig, path)
    first = path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        save_figure(fig, path)
    save_figure(fig, path, force=True)
    assert path.read_bytes() == first
    assert [p.name for p in tmp_path.iterdir()] == ["a.png"]


def test_an_ending_that_is_none_of_ours_is_refused(tmp_path: Path, usual: ChartInput) -> None:
    with pytest.raises(ValueError, match="png, svg, pdf"):
        save_figure(chart_mileage(usual.weeks), tmp_path / "a.exe")
    assert list(tmp_path.iterdir()) == []


def test_pictures_carry_no_date(usual: ChartInput) -> None:
    fig = chart_mileage(usual.weeks)
    assert b"<dc:date>" not in figure_bytes(fig, "svg")
    assert b"/CreationDate" not in figure_bytes(fig, "pdf")


@pytest.mark.parametrize("name", ["mileage", "hills"])
def test_weeks_without_a_run_are_told_in_words(name: str, usual: ChartInput) -> None:
    idle = replace(usual, weeks=usual.weeks.assign(runs=0, distance_km=0.0, ascent_m=0.0, descent_m=0.0))
    assert "No run is recorded in these weeks." in [text.get_text() for text in texts_of(CHARTS[name](idle))]


def test_km_by_grade_are_told_apart_where_they_are_known() -> None:
    spread = "[null,[4,[1000,0,0,500]],null]"
    log = run_log(3).assign(spread=spread)
    starts = pd.DatetimeIndex([pd.Timestamp("2026-03-09")])
    assert km_by_grade(run_log(3), starts, "km") is None
    monday_km = 3 * 1.0
    found = km_by_grade(log.assign(distance_m=1500.0), starts, "km")
    assert found is not None
    assert found[:, 0].tolist() == pytest.approx([monday_km, 1.5, 0.0, 0.0])
