"""Which version of the readers this is."""

from __future__ import annotations

from typing import Final

READER_VERSION: Final = 4
"""Raise it whenever a reader or a measure gives other values: runs read by another version are measured again."""
