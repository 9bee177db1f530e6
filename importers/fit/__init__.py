"""FIT to recordings. ``recordings`` puts together what the other rooms find in the bytes."""

from __future__ import annotations

from importers.fit.recordings import read_fit

__all__ = ["read_fit"]
