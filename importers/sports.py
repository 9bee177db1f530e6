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
    "treadmill": RUN_SPORT,
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
"""Word of the source as ``_plain`` writes it -> sport of the house. Other words stay as they are."""

_SURFACES: Final[dict[str, str]] = {
    "treadmill": "treadmill",
    "treadmill_running": "treadmill",
    "treadmill_run": "treadmill",
    "indoor_running": "treadmill",
    "indoor_run": "treadmill",
    "trail": "trail",
    "trail_running": "trail",
    "trail_run": "trail",
    "track": "track",
    "track_running": "track",
    "track_run": "track",
    "street": "road",
    "road": "road",
    "street_running": "road",
    "road_running": "road",
    "virtual_activity": "virtual",
    "virtual_run": "virtual",
    "virtual_running": "virtual",
}
"""Sub-sport or compound type of a run -> surface. What is not here is unknown, which is not road."""

_NO_SPORT_OF_OURS: Final = "other"
_NAMES: Final[tuple[tuple[str, str], ...]] = (
    ("walk", r"\bwalk|nordicwalk|spazier|\bwandel|caminata|caminhada|camminata|promenad|\bmarche|spacer|ходьба|步行"),
    ("hike", r"\bhik(e|ing)|\bwander|randonn|trekking|senderismo|escursion|徒步|ハイキング"),
    ("ride", r"\brid(e|ing)\b|\b(bi)?cycl|\be?-?bik(e|ing)|mountainbik|radfahr|radtour|\bvelo|vélo|\bfiets|pedal"),
    ("ride", r"ciclis|\bbici|rower|cykel|cykl|sykkel|sykl|pyöräily|велос|骑|サイクリング"),
    ("swim", r"\bswim|schwimm|\bzwem|\bnata[ctç]|nuoto|pływ|simning|svømm|плав|游泳|スイム"),
    (_NO_SPORT_OF_OURS, r"\bski|langlauf|eislauf|\binline|roller|\bskat|wheelchair"),
    (RUN_SPORT, r"\b(trail|park|fun|joy|virtual)?run(s|ner|ners)?\b|running|\bjog|footing|marat(h?on|ón|ona)\b"),
    (RUN_SPORT, r"(?<!lang)(?<!eis)lauf\b|\blauf|läufe|hardlo+p|\bcourse|corrida|carrera|correr|corsa|\bbieg|\bbě[hž]"),
    (RUN_SPORT, r"löp|løb|løp|futás|juoks|koşu|alergare|trčanje|chạy bộ|пробеж|跑|ランニング|ジョギング|달리기|러닝"),
    (RUN_SPORT, r"\bбег"),  # noqa: RUF001 - these letters are Cyrillic
)
"""What people and programs call a sport in a title or type, in several languages."""


def house_sport(word: object) -> str:
    """Sport of the house for a source's word; ``unknown`` where there is none or it is only a number."""
    text = _plain(word)
    if text in _SPORTS:
        return _SPORTS[text]
    return text[:40] if re.fullmatch(r"[a-z][a-z_]*", text) else UNKNOWN_SPORT


def house_surface(word: object) -> str | None:
    """Surface of a run for a source's sub-sport or type, None where it does not say."""
    return _SURFACES.get(_plain(word))


def sport_of_word(word: str | None) -> str:
    """Sport of the house for the word of a file: by the table, else by what it says in some language."""
    sport = house_sport(word)
    if word is None or sport in _SPORTS.values():
        return sport
    named = sport_of_title(_plain(word).replace("_", " "))
    return named if named and (named != _NO_SPORT_OF_OURS or sport == UNKNOWN_SPORT) else sport


def sport_of_title(title: str | None) -> str | None:
    """Sport that a title names; None where it names none, or running beside another one."""
    named = [sport for sport, pattern in _NAMES if re.search(pattern, title or "", re.IGNORECASE)]
    return named[0] if named and (RUN_SPORT not in named or set(named) == {RUN_SPORT}) else None


def _plain(word: object) -> str:
    """A word such as ``TrailRun`` or ``Trail Run`` in small letters with underscores."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", str(word).strip()) if word is not None else ""
    return re.sub(r"[\s-]+", "_", parted).lower()
