"""The constants of reading and measuring, as their own rooms document them: name, value, and the sentence below it.

They are read from the source, not imported: so the list is always true, and showing it needs no numpy.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_SAMPLES: Final = ("shape", "track", "path", "measure", "altitude", "climb", "steps", "spread")
_CHECKS: Final = ("checks.facts", "checks.totals", "checks.samples", "checks.climb")
ROOMS: Final = (
    ("importers", (*_SAMPLES, *_CHECKS, "fit.clock", "fit.sessions", "export")),
    (
        "loadplan",
        (
            "sessions",
            "breaks",
            "acwr",
            "hills",
            "shoes",
            "shoe_facts",
            "cadence",
            "cadence_log",
            "form",
            "monotony",
            "fast",
        ),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant:
    """One constant: where it lives, its name and value, what it means (with unit and, where there is one, source)."""

    room: str
    name: str
    value: float
    says: str


def measuring_constants() -> list[Constant]:
    """Every documented number at the top of a measuring room, in the order of the rooms.

    Example:
        >>> from loadplan.constants import measuring_constants
        >>> next(c.value for c in measuring_constants() if c.name == "WALK_BELOW_SPM")
        140.0
    """
    return [constant for package, rooms in ROOMS for room in rooms for constant in _of_room(package, room)]


def _of_room(package: str, room: str) -> Iterator[Constant]:
    source = files(package).joinpath(f"{room.replace('.', '/')}.py").read_text(encoding="utf-8")
    body = ast.parse(source).body
    for node, after in pairwise(body):
        name, value = _assigned(node)
        says = _sentence(after)
        if name and says and value is not None:
            yield Constant(room=f"{package}.{room}", name=name, value=value, says=says)


def _assigned(node: ast.stmt) -> tuple[str, float | None]:
    """Name and value of ``NAME: Final = 12.0``; anything else has none."""
    if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name) or node.value is None:
        return "", None
    try:
        value = ast.literal_eval(node.value)
    except ValueError:
        return "", None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return (node.target.id, value) if is_number and not node.target.id.startswith("_") else ("", None)


def _sentence(node: ast.stmt) -> str:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        return " ".join(node.value.value.split())
    return ""
