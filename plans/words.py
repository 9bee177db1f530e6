"""Words that belong to every plan, for those who show one without making one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

FOOTER: Final = (
    "Training information, not medical advice or a diagnosis. It cannot see your knee. "
    "Stop and seek care for any warning sign below."
)


def binding_line(why: Sequence[str], bound: str) -> str:
    """The reason of the bid that bound a week, out of its lines; of several of one name the smallest."""
    own = [line for line in why if line.startswith(f"{bound}: ")]
    if not own:
        return why[0] if why else bound
    line = min(own, key=lambda one: float(one.removeprefix(f"{bound}: ").partition(" ")[0]))
    return line.partition("(")[2].rpartition(")")[0] or line
