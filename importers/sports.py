"""One table from the words of watches and services to the sports and surfaces of the house."""

from __future__ import annotations

import re
from typing import Final

from importers.run import RUN_SPORT

UNKNOWN_SPORT: Final = "unknown"

_SPORTS: Final[dict[str, str]] = {
    # FIT and TCX
    "running": RUN_SPORT,
    "cycling": "ride",
    "biking": "ride",
    "e_biking": "ride",
    "walking": "walk",
    "hiking": "hike",
    "swimming": "swim",
    "transition": "transition",
    "multisport": "multisport",
    "generic": "other",
    "other": "other",
    # GPX of Strava, Garmin and their partners
    "run": RUN_SPORT,
    "trail_running": RUN_SPORT,
    "track_running": RUN_SPORT,
    "street_running": RUN_SPORT,
    "treadmill_running": RUN_SPORT,
    "indoor_running": RUN_SPORT,
    "virtual_run": RUN_SPORT,
    "ultra_run": RUN_SPORT,
    "jogging": RUN_SPORT,
    "ride": "ride",
    "walk": "walk",
    "hike": "hike",
    "swim": "swim",
    "lap_swimming": "swim",
    "open_water_swimming": "swim",
    "9": RUN_SPORT,
    "10": "walk",
    "4": "hike",
    "1": "ride",
}
"""Word of the source, in small letters with underscores -> sport of the house. Other words stay as they are."""

_SURFACES: Final[dict[str, str]] = {
    "treadmill": "treadmill",
    "treadmill_running": "treadmill",
    "indoor_running": "treadmill",
    "trail": "trail",
    "trail_running": "trail",
    "track": "track",
    "track_running": "track",
    "street": "road",
    "road": "road",
    "street_running": "road",
    "virtual_activity": "virtual",
    "virtual_run": "virtual",
}
"""Sub-sport or compound type of a run -> surface. What is not here is unknown, which is not road."""

_NAMES: Final[tuple[tuple[str, str], ...]] = (
    ("walk", r"walk|spazier|wandel|caminata|caminhada|promenade|marche"),
    ("hike", r"hik(e|ing)|wander|randonn|trekking"),
    ("ride", r"ride|cycl|bik(e|ing)|radfahr|velo|fiets|pedal"),
    ("swim", r"swim|schwimm|zwem|natac|natation"),
    (RUN_SPORT, r"\brun|running|\bjog|lauf\b|\blauf|läufe|hardlo+p|corrida|carrera|corsa|course|joyrun|biegan"),
    (RUN_SPORT, r"löp|løb|futás|juoks|跑|ランニング"),
)
"""Words in the title of a recording without a type. Looked at in this order; the first that fits is taken."""


def house_sport(word: object) -> str:
    """Sport of the house for a source's word; ``unknown`` where there is none or it is only a number."""
    text = str(word).strip().lower().replace(" ", "_") if word is not None else ""
    if text in _SPORTS:
        return _SPORTS[text]
    return text[:40] if re.fullmatch(r"[a-z][a-z_]*", text) else UNKNOWN_SPORT


def house_surface(word: object) -> str | None:
    """Surface of a run for a source's sub-sport or type, None where it does not say."""
    return _SURFACES.get(str(word).strip().lower().replace(" ", "_"))


def sport_of_title(title: str | None) -> str | None:
    """Sport that the title of a recording names, None where it names none."""
    for sport, pattern in _NAMES:
        if title and re.search(pattern, title, re.IGNORECASE):
            return sport
    return None
