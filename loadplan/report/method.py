"""How the numbers are made and what they rest on: methods, coverage of the data, and the words under every page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from loadplan.report.blocks import Bullets, Level, Section
from loadplan.report.facts import SHOWN_WEEKS
from loadplan.text import clean, shortened
from plans.evidence import finding, limit
from plans.screen import warning_signs

if TYPE_CHECKING:
    from loadplan.report.facts import Facts

KNOWN: Final = (
    ("distance_m", "distance"),
    ("descent_m", "climb"),
    ("cadence_spm", "cadence"),
    ("shoe", "pair of shoes"),
)
MOST_DEVICES: Final = 4
DEVICE_COLUMNS: Final = 40
_SERIAL: Final = re.compile(r"[0-9A-Fa-f]*\d[0-9A-Fa-f]*\d[0-9A-Fa-f]*\d[0-9A-Fa-f]*\d[0-9A-Fa-f]*\d[0-9A-Fa-f]*")
"""Five digits or more in a row, letters of hexadecimal numbers among them: a model has fewer."""


def method(facts: Facts) -> Section:
    """What was read, what of it is known, and how the numbers are taken."""
    items: list[tuple[str, Level]] = [
        (text, "") for text in (" ".join(_coverage(facts)), f"{' '.join(METHOD)} {made_with()}")
    ]
    return Section(title="Method and data", blocks=(Bullets(items=tuple(items), small=True),))


def _coverage(facts: Facts) -> list[str]:
    if not facts.runs:
        return ["Data: no run is recorded."]
    first, last = facts.runs[0]["day"], facts.runs[-1]["day"]
    others = f", and {facts.others} other activities, not counted" if facts.others else ""
    text = f"Data: runs recorded: {len(facts.runs)}, from {first} to {last}{others}. Before {first} nothing is known."
    recent = _recent(facts)
    if recent:
        shares = [f"{what} {_share(recent, column)}" for column, what in KNOWN]
        text += f" Known of the {len(recent)} runs of these {SHOWN_WEEKS} weeks: {', '.join(shares)}."
    odd = sum(bool(row.get("flags")) for row in recent)
    salvaged = sum(bool(row.get("salvaged")) for row in recent)
    text += f" {odd} of them do not add up in some value." if odd else ""
    text += f" {salvaged} come from damaged files." if salvaged else ""
    return [text, *_devices(facts, recent)]


def _recent(facts: Facts) -> list[Mapping[str, Any]]:
    if facts.weeks.empty:
        return []
    first = facts.weeks.index[-SHOWN_WEEKS:][0]
    return [row for row in facts.runs if pd.Timestamp(row["day"]) >= first]


def _share(rows: list[Mapping[str, Any]], column: str) -> str:
    there = sum(row.get(column) is not None for row in rows)
    return f"{there} of {len(rows)}"


def _devices(facts: Facts, recent: list[Mapping[str, Any]]) -> list[str]:
    """Names of the devices, without anything like a serial number; none under --share."""
    if facts.share:
        return []
    told = (_SERIAL.sub("", str(row["device"])).strip() for row in recent if row.get("device"))
    names = [name for name in dict.fromkeys(told) if name]
    shown = [shortened(clean(name), DEVICE_COLUMNS) for name in names[:MOST_DEVICES]]
    return [f"Recorded with: {', '.join(shown)}."] if shown else []


METHOD: Final = (
    f"Change: against the larger of the last two ordinary weeks; suggested limit {limit('build_change_pct'):.0f} %, "
    f"strong from {limit('change_strong_pct'):.0f} % ({finding('change_strong_pct').source}).",
    "ACWR (uncoupled): the last 7 days against the average week of the 28 days before them. Contested, and studied in "
    f"team sports; a monitoring signal, not a forecast ({finding('acwr_raised').source}).",
    f"Longest run: against the longest of the previous {limit('spike_window_days'):.0f} days "
    f"({finding('spike_small_pct').source}).",
    "A value that is not known is \u201c-\u201d or a question mark, never 0. The week that is not over is not "
    "compared. Limits are suggested upper limits; no number here is a risk, and a low one is no call to run more.",
)


def signs() -> tuple[Bullets, ...]:
    """What the footer points to."""
    return tuple(
        Bullets(title=do, items=tuple((question, _plain()) for question in questions), small=True)
        for do, questions in warning_signs()
        if questions
    )


def _plain() -> Level:
    return ""


def made_with() -> str:
    """Which program made the page."""
    return f"Made with loadplan {version('loadplan')}, offline."
