"""A runner who never was: a believable year and what went before the pain, as an export like a real one.

Made from a seed and an end date alone, so that demo, pictures and tests can repeat it. The place is open ocean.
"""

from __future__ import annotations

from loadplan.synthetic.export import write_export
from loadplan.synthetic.story import Outing, PainNote, Pair, Story, tell_story

__all__ = ["Outing", "PainNote", "Pair", "Story", "tell_story", "write_export"]
