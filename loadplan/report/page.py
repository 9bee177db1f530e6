"""The coach's page: which section comes where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loadplan.charts.panels import panels_of
from loadplan.config import DEFAULT_ATHLETE
from loadplan.report.ahead import planned, was_run
from loadplan.report.attention import attention
from loadplan.report.blocks import Block, Bullets, Page, Panels, Section
from loadplan.report.facts import SHOWN_WEEKS
from loadplan.report.method import method, signs
from loadplan.report.story import before_the_pain, described, pain_diary
from loadplan.report.week import in_figures, this_week, warned
from loadplan.text import clean, shortened
from plans.words import FOOTER

if TYPE_CHECKING:
    from loadplan.report.facts import Facts

NAME_COLUMNS = 60


def page_of(facts: Facts) -> Page:
    """Lay out the page of one runner."""
    sections = (
        in_short(facts), described(facts), pain_diary(facts), before_the_pain(facts), this_week(facts), planned(facts),
        was_run(facts), warned(facts), weeks_in_charts(facts), method(facts),
    )  # fmt: skip
    return Page(
        title="Running load" if facts.athlete == DEFAULT_ATHLETE else f"Running load of {name_of(facts)}",
        lead=_lead(facts),
        sections=tuple(one for one in sections if one is not None),
        footer=FOOTER,
        signs=signs(),
    )


def name_of(facts: Facts) -> str:
    """The athlete's name as it may stand on a page."""
    return shortened(clean(facts.athlete), NAME_COLUMNS)


def _lead(facts: Facts) -> str:
    if not facts.runs:
        return f"As of {facts.as_of:%A}, {facts.as_of}. No run is recorded."
    span = f"{counted(len(facts.runs), 'run')} from {facts.runs[0]['day']} to {facts.runs[-1]['day']}"
    return f"As of {facts.as_of:%A}, {facts.as_of}. {span}."


def counted(n: int, thing: str) -> str:
    """So many things, in words."""
    return f"{n} {thing}" if n == 1 else f"{n} {thing}s"


def in_short(facts: Facts) -> Section:
    """What matters most, in a few lines."""
    items = tuple((one.text, one.level) for one in attention(facts))
    quiet = (("Nothing goes beyond a suggested limit, and no pain is told in the last two weeks.", ""),)
    return Section(title="In short", blocks=(Bullets(items=items or quiet),))  # type: ignore[arg-type]


def weeks_in_charts(facts: Facts) -> Section | None:
    """The panels, and the same weeks in figures."""
    panels = panels_of(facts.charts)
    blocks: list[Block] = [Panels(panels=tuple(panels))] if panels else []
    figures = in_figures(facts)
    blocks += [figures] if figures else []
    dotted = "; dotted line: first day of pain in the diary" if facts.flare and panels else ""
    return Section(title=f"The last {SHOWN_WEEKS} weeks{dotted}", blocks=tuple(blocks)) if blocks else None
