"""Every chart beside the picture that somebody has looked at."""

from __future__ import annotations

from dataclasses import replace

import pytest
from many_stories import story
from PIL import Image, ImageChops, ImageDraw
from snapshots import FOLDER, MOST, changed, hold, small

from loadplan.charts import CHARTS, figure_bytes


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_looks_as_it_did(name: str) -> None:
    given = story(21, weeks=40, planned=True, units="km", shown=26, method="uncoupled")
    hold(f"chart-{name}", figure_bytes(CHARTS[name](given), "png"))


def kept(name: str) -> Image.Image:
    with Image.open(FOLDER / f"{name}.png") as image:
        return image.convert("RGB")


def test_what_an_eye_would_see_is_seen() -> None:
    usual = kept("chart-mileage")
    gone = usual.copy()
    ImageDraw.Draw(gone).rectangle((60, 60, 66, 80), fill="white")
    colours = Image.merge("RGB", (*usual.split()[1:], usual.split()[0]))
    for other in (gone, colours, ImageChops.offset(usual, 3, 0), usual.crop((0, 0, 200, 90))):
        assert changed(usual, other) > MOST


def test_letters_drawn_a_little_differently_are_not_seen() -> None:
    given = story(21, weeks=40, planned=True, units="km", shown=26, method="uncoupled")
    figure = CHARTS["mileage"](replace(given, shown=26))
    figure.set_dpi(figure.dpi * 1.07)
    assert changed(kept("chart-mileage"), small(figure_bytes(figure, "png"))) <= MOST
