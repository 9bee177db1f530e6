"""The rules as a page: ``python -m loadplan.rules_page > docs/rules.md``. A test keeps the two the same."""

from __future__ import annotations

import sys
from datetime import date
from typing import Any, Final

from loadplan.load_warning import ADVICE, NAMES
from loadplan.own_limits import RANGES
from loadplan.rules import RULES, Rule
from plans.evidence import FINDINGS, Finding

INTRO: Final = """# The rules: what `load` and `check` can say

Made by `make docs` from the code. Each rule reads one row of the weekly table (`docs/names.md`) and says one thing,
or nothing. A number that is not known never warns, and the incomplete first week of a record is looked at by no rule.
The levels are information, warn and strong; `check --strict` ends with 6 on the last two. `check --ignore LP014` (or
the name) leaves a rule out.

No rule asks for a larger week, speaks of what will happen, or says that a week is well. Limits are suggested upper
limits: most are custom of coaches, some were seen in cohorts, some are contested; each says which, and `loadplan
evidence KEY` has more.

A limit marked *own* may be set in `config.toml`, within its range and only with a source; plans are judged by the
general limits:

```toml
[limits]
build_change_pct = { value = 8, source = "My physio, 2026-11-20" }
```
"""

OF_RULE: Final[dict[str, tuple[str, ...]]] = {
    "LP001": ("change_strong_pct", "change_ignore_km", "change_ignore_min"),
    "LP002": ("build_change_pct", "change_strong_pct", "change_ignore_km", "change_ignore_min", "low_week_share"),
    "LP003": ("acwr_raised", "acwr_low_chronic_km", "acwr_low_chronic_min", "post_layoff_days"),
    "LP004": ("acwr_high", "acwr_low_chronic_km", "acwr_low_chronic_min", "post_layoff_days"),
    "LP005": ("spike_small_pct", "spike_moderate_pct", "spike_large_pct", "spike_window_days", "session_ignore_km",
              "session_ignore_min"),
    "LP006": ("long_runs_per_week", "long_run_factor"),
    "LP007": ("climb_change_pct", "climb_change_m"),
    "LP008": ("climb_change_pct", "climb_change_m"),
    "LP009": ("changes_per_week", "build_change_pct", "climb_change_pct", "fast_speed_factor", "change_ignore_min",
              "surface_rise_share", "surface_unknown_share", "new_shoe_share", "cadence_step_spm"),
    "LP010": ("new_shoe_share", "new_shoe_days", "new_shoe_later_share", "new_shoe_later_days", "new_shoe_min_runs",
              "shoe_unknown_share"),
    "LP011": ("big_change_first_share", "big_change_step_share", "big_change_drop_mm", "big_change_stack_mm",
              "big_change_least_km"),
    "LP012": ("shoe_wear_km", "shoe_worn_km"),
    "LP013": ("cadence_drop_pct", "cadence_baseline_runs", "cadence_baseline_min", "cadence_slope_spm_per_m_s"),
    "LP014": ("monotony_note",),
    "LP015": ("no_recovery_weeks", "low_week_share"),
    "LP016": ("rest_days_max_streak",),
    "LP017": ("climb_change_pct",),
    "LP018": ("missing_load_share",),
}  # fmt: skip
"""Code -> the findings the rule stands on, the one it is measured by first."""

_WEEK: Final[dict[str, Any]] = {
    "week": date(2026, 11, 16), "last_day": date(2026, 11, 22), "method": "uncoupled", "measure": "distance", "runs": 4,
}  # fmt: skip
_MORE_KM: Final[dict[str, Any]] = {
    "load": 48.0, "change_pct": 37.1, "build_change_pct": 33.3, "build_reference": 36.0, "distance_build_pct": 33.3,
    "distance_rise": 12.0,
}  # fmt: skip
_CLIMB: Final[dict[str, Any]] = {
    f"{climb}_{name}": value for climb in ("ascent", "descent")
    for name, value in (("m", 640.0), ("reference", 310.0), ("rise", 330.0), ("build_pct", 106.5))
}  # fmt: skip
EXAMPLES: Final[dict[str, dict[str, Any]]] = {
    "LP001": _MORE_KM,
    "LP002": _MORE_KM,
    "LP003": {"acwr": 1.41, "acwr_band": "raised", "acute": 43.0, "chronic": 30.5},
    "LP004": {"acwr": 1.56, "acwr_band": "high", "acute": 30.0, "chronic": 19.2},
    "LP005": {"spike_pct": 48.0, "spike_band": "moderate", "spike_km": 20.7, "spike_reference_km": 14.0,
              "spike_day": date(2026, 11, 22)},
    "LP006": {"long_runs": 2},
    "LP007": _CLIMB,
    "LP008": _CLIMB,
    "LP009": _MORE_KM | _CLIMB | {"new_shoe_share": 0.45},
    "LP010": {"new_shoe_share": 0.45, "young_shoe_share": 0.45,
              "young_pairs": (("Blue", date(2026, 11, 17), False),)},
    "LP011": {"big_shoe_share": 0.3, "big_shoe_limit": 0.1, "young_pairs": (("Low", date(2026, 11, 17), True),)},
    "LP012": {"worn_shoes": (("Blue", 500.0, 503.2),)},
    "LP013": {"cadence_change_pct": -6.2, "cadence_adjusted_spm": 159.0, "cadence_baseline_spm": 169.5},
    "LP014": {"monotony": 2.4},
    "LP015": {"weeks_without_recovery": 6},
    "LP016": {"run_streak_days": 12},
    "LP017": {"new_climb_source": "barometric:another watch"},
    "LP018": {"distance_missing": 1, "load": 31.0},
}  # fmt: skip
"""Code -> what is special about a week of which the rule speaks."""


def rules_markdown() -> str:
    """The whole page, in the order of the codes."""
    index = "\n".join(f"| [{code}](#{code.lower()}-{name}) | `{name}` | {_says(rule)} |" for code, name, rule in _all())
    head = "| code | name | says |\n|---|---|---|"
    parts = "\n".join(_part(code, name, rule) for code, name, rule in _all())
    return f"{INTRO}\n{head}\n{index}\n\n{parts}"


def _all() -> list[tuple[str, str, Rule]]:
    return [(code, name, rule) for (code, name), rule in zip(NAMES.items(), RULES, strict=True)]


def example_of(code: str) -> str:
    """The sentence that the rule says of its example."""
    rule = dict(zip(NAMES, RULES, strict=True))[code]
    found = rule({**_WEEK, **EXAMPLES[code]})
    if found is None or found.code != code:
        raise ValueError(f"the example of {code} is none")
    return found.message


def _says(rule: Rule) -> str:
    """The first paragraph of the rule's own words, without its code."""
    text = " ".join((rule.__doc__ or "").split("\n\n")[0].split()).partition(": ")[2]
    return text[0].upper() + text[1:]


def _part(code: str, name: str, rule: Rule) -> str:
    rows = "\n".join(_row(FINDINGS[key]) for key in OF_RULE[code])
    return (
        f"## {code} {name}\n\n{_says(rule)}\n\n| limit | value | own | grade | source |\n|---|---|---|---|---|\n{rows}"
        f"\n\n> {example_of(code)}\n\nWhat to do: {ADVICE[code]}\n"
    )


def _row(one: Finding) -> str:
    span = RANGES.get(one.key)
    own = f"{span[0]:g} to {span[1]:g}" if span else ""
    source = f"{one.source}. Against: {one.against}" if one.against else one.source
    value = f"{one.value:.3f}".rstrip("0").rstrip(".")
    return f"| `{one.key}` | {value} {one.unit} | {own} | {one.grade} | {source} |"


if __name__ == "__main__":
    sys.stdout.write(rules_markdown())
