"""Evidence, protocols and a baseline to a return-to-run plan. Standard library only.

The door of the package: ``screen_answers``, ``pain_light``, ``load_protocol``, ``build_plan``; what they take and give.
"""

from __future__ import annotations

from plans.builder import PlanError, build_plan
from plans.evidence import FINDINGS, Finding, Grade, limit
from plans.pain import Light, PainError, pain_light, week_light
from plans.plan import (
    FOOTER,
    PROFILES,
    Baseline,
    PastDay,
    Plan,
    Profile,
    Request,
    Session,
    Week,
)
from plans.protocol import BUILT_IN, Protocol, ProtocolError, load_protocol
from plans.screen import QUESTIONS, ScreenError, Screening, screen_answers

__all__ = [
    "BUILT_IN",
    "FINDINGS",
    "FOOTER",
    "PROFILES",
    "QUESTIONS",
    "Baseline",
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
    "build_plan",
    "limit",
    "load_protocol",
    "pain_light",
    "screen_answers",
    "week_light",
]
