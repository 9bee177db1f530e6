"""Evidence, protocols and a baseline to a return-to-run plan. Standard library only.

The door of the package: ``screen_answers``, ``pain_light``, ``load_protocol``, ``build_plan``; what they take and give.
The names are imported when they are first used (PEP 562): a command that asks for one finding does not wait for the
planner.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from plans.adapt import adapt_plan as adapt_plan
    from plans.builder import PlanError as PlanError
    from plans.builder import build_plan as build_plan
    from plans.evidence import FINDINGS as FINDINGS
    from plans.evidence import Finding as Finding
    from plans.evidence import Grade as Grade
    from plans.evidence import limit as limit
    from plans.pain import Light as Light
    from plans.pain import PainError as PainError
    from plans.pain import pain_light as pain_light
    from plans.pain import week_light as week_light
    from plans.plan import PROFILES as PROFILES
    from plans.plan import Baseline as Baseline
    from plans.plan import DiaryDay as DiaryDay
    from plans.plan import PastDay as PastDay
    from plans.plan import Plan as Plan
    from plans.plan import Profile as Profile
    from plans.plan import Request as Request
    from plans.plan import Session as Session
    from plans.plan import Week as Week
    from plans.protocol import BUILT_IN as BUILT_IN
    from plans.protocol import Protocol as Protocol
    from plans.protocol import ProtocolError as ProtocolError
    from plans.protocol import load_protocol as load_protocol
    from plans.screen import QUESTIONS as QUESTIONS
    from plans.screen import ScreenError as ScreenError
    from plans.screen import Screening as Screening
    from plans.screen import screen_answers as screen_answers
    from plans.words import FOOTER as FOOTER

_ROOMS = {
    "adapt": ("adapt_plan",),
    "builder": ("PlanError", "build_plan"),
    "evidence": ("FINDINGS", "Finding", "Grade", "limit"),
    "pain": ("Light", "PainError", "pain_light", "week_light"),
    "plan": ("PROFILES", "Baseline", "DiaryDay", "PastDay", "Plan", "Profile", "Request", "Session", "Week"),
    "protocol": ("BUILT_IN", "Protocol", "ProtocolError", "load_protocol"),
    "screen": ("QUESTIONS", "ScreenError", "Screening", "screen_answers"),
    "words": ("FOOTER",),
}
_HOMES = {name: f"plans.{room}" for room, names in _ROOMS.items() for name in names}
"""Public name -> the room it lives in."""

__all__ = [
    "BUILT_IN",
    "FINDINGS",
    "FOOTER",
    "PROFILES",
    "QUESTIONS",
    "Baseline",
    "DiaryDay",
    "Finding",
    "Grade",
    "Light",
    "PainError",
    "PastDay",
    "Plan",
    "PlanError",
    "Profile",
    "Protocol",
    "ProtocolError",
    "Request",
    "ScreenError",
    "Screening",
    "Session",
    "Week",
    "adapt_plan",
    "build_plan",
    "limit",
    "load_protocol",
    "pain_light",
    "screen_answers",
    "week_light",
]


def __getattr__(name: str) -> Any:
    """Bring a name of the door when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(_HOMES[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
