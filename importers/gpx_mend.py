"""A GPX document that its reader refuses, written anew without what it refuses: one bad value costs one value."""

from __future__ import annotations

from datetime import datetime
from math import isfinite
from typing import Final

from importers.xmlguard import Guard

_FRAME: Final = ("gpx", "trk", "trkseg", "trkpt", "name", "type", "extensions")
_ATTRIBUTES: Final = ("version", "creator", "lat", "lon")
_VALUES: Final = ("ele", "time", "speed")
"""Elements of a point that are written only if they can be read."""
_ESCAPED: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


class Mender(Guard):
    """Copies tracks and their points, without prefixes, which need not be declared then, and without bad values."""

    def __init__(self) -> None:
        super().__init__()
        self.out: list[str] = []
        self.points = 0
        """Points left out, for want of a place."""
        self.values = 0
        """Values left out that are no numbers or times."""
        self._path: list[str] = []
        self._left_out = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Open an element of the frame, of a point or of its extensions; leave out any other with all it holds."""
        inside = "extensions" in self._path
        wanted = inside or name in _FRAME or (name in _VALUES and self._path[-1:] == ["trkpt"])
        placeless = name == "trkpt" and not (_is_degrees(attributes, "lat", 90) and _is_degrees(attributes, "lon", 180))
        if self._left_out or not wanted or placeless:
            self.points += placeless and not self._left_out
            self._left_out += 1
            return
        self._path.append(name)
        if inside or name not in _VALUES:
            kept = [f' {k}="{v.translate(_ESCAPED)}"' for k, v in attributes.items() if k in _ATTRIBUTES]
            self.out.append(f"<{name}{''.join(kept)}>")

    def end(self, name: str, text: str) -> None:
        """Close what was opened; a value that cannot be read is left out and counted."""
        if self._left_out:
            self._left_out -= 1
            return
        self._path.pop()
        if "extensions" in self._path or name not in _VALUES:
            self.out.append(f"{text.translate(_ESCAPED)}</{name}>")
        elif _is_time(text) if name == "time" else _is_number(text):
            self.out.append(f"<{name}>{text}</{name}>")
        else:
            self.values += 1


def mend(text: str) -> tuple[str, str | None]:
    """The document anew, and what was left out of it in words.

    Args:
        text: well-formed but for its prefixes, without its declaration.

    Raises:
        HostileXMLError: as ``Guard.feed``.
    """
    mender = Mender()
    mender.feed(text.encode())
    lost = [f"{mender.points} points without a place"] if mender.points else []
    lost += [f"{mender.values} values that are no numbers or times"] if mender.values else []
    return "".join(mender.out), f"{' and '.join(lost)} dropped" if lost else None


def _is_number(text: str) -> bool:
    try:
        return isfinite(float(text))
    except ValueError:
        return False


def _is_degrees(attributes: dict[str, str], name: str, most: float) -> bool:
    text = attributes.get(name, "")
    return _is_number(text) and abs(float(text)) <= most


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
