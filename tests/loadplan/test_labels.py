"""No letters of a chart or panel leave it or lie on others: over stories of a week and of fifteen years, with gaps."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

import pytest
from letters import faults
from many_stories import story
from matplotlib.figure import Figure

from loadplan.charts import CHARTS
from loadplan.charts.panels import panels_of
from loadplan.charts.style import house_style
from loadplan.report.svg import panel_figure

STORIES: Sequence[int] = range(int(os.environ["STORIES"])) if "STORIES" in os.environ else (5, 9, 10)
"""Of hundreds those on which labels touched first: short, long, many changes. STORIES=100 takes a hundred."""


def pictures(seed: int, **more: object) -> Iterator[tuple[str, Figure]]:
    given = story(seed, **more)  # type: ignore[arg-type]
    for name, draw in CHARTS.items():
        yield f"chart {name}", draw(given)
    for panel in panels_of(given):
        yield f"panel {panel.name}", panel_figure(panel)


@pytest.mark.parametrize("seed", STORIES)
def test_no_letters_touch_others_or_leave_the_picture(seed: int) -> None:
    with house_style():
        found = [f"{name}: {fault}" for name, figure in pictures(seed) for fault in faults(figure)]
    assert found == []


def test_fifteen_years_drawn_whole_still_have_letters_apart() -> None:
    given = story(3, weeks=780, planned=False, shown=0)
    with house_style():
        found = [f for name in ("mileage", "hills") for f in faults(CHARTS[name](given))]
    assert found == []


def test_letters_that_touch_or_leave_are_found() -> None:
    figure = Figure(figsize=(3, 2))
    figure.text(0.5, 0.5, "one")
    figure.text(0.52, 0.51, "two")
    figure.text(0.95, 0.1, "far out")
    told = " ".join(faults(figure))
    assert "'one' lies on 'two'" in told
    assert "'far out' leaves the figure" in told
