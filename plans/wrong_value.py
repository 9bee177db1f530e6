"""How a value that cannot be used stands in the message about it."""

from __future__ import annotations

MOST_SHOWN = 60
"""Characters of a value that a message shows."""


def shown(value: object) -> str:
    """The value as Python writes it; of a long one the beginning, of a number beyond writing only that it is one."""
    try:
        text = repr(value)
    except ValueError:  # more digits than Python writes out
        return "a number that large"
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}..."
