"""loadplan: what did I load, what changed before it hurt, and what do I run next?

The public functions, each with types and an example in its docstring. They load what they need when first used, so
``import loadplan`` costs nothing.

Example:
    >>> import loadplan
    >>> log = loadplan.open_log("loadplan.db")  # doctest: +SKIP
    >>> weeks = loadplan.weekly_load(loadplan.daily_load(log, date(2026, 11, 22)))  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from importers.export import read_export
    from loadplan.acwr import acwr_by_day
    from loadplan.baseline import plan_baseline
    from loadplan.daily import daily_load
    from loadplan.logbook import open_log
    from loadplan.report import coach_page
    from loadplan.rules import check_weeks
    from loadplan.weekly import weekly_load
    from plans import build_plan

    __version__: str

__all__ = [
    "__version__",
    "acwr_by_day",
    "build_plan",
    "check_weeks",
    "coach_page",
    "daily_load",
    "open_log",
    "plan_baseline",
    "read_export",
    "weekly_load",
]

_HOMES: Final = {
    "acwr_by_day": "loadplan.acwr",
    "build_plan": "plans",
    "check_weeks": "loadplan.rules",
    "coach_page": "loadplan.report",
    "daily_load": "loadplan.daily",
    "open_log": "loadplan.logbook",
    "plan_baseline": "loadplan.baseline",
    "read_export": "importers.export",
    "weekly_load": "loadplan.weekly",
}
"""Public name -> the room it lives in."""


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for (PEP 562)."""
    if name == "__version__":
        from importlib.metadata import version

        found: Any = version("loadplan")
    elif name in _HOMES:
        found = getattr(import_module(_HOMES[name]), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
