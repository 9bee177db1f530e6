"""Where the columns of an activities.csv are: by position, since its header is in any language, or broken HTML.

The table grew from 10 columns to more than 100. Since 2019 it says elapsed time and distance twice, first as the
athlete sees them and then in seconds and metres: the second elapsed time is the landmark that the rest is counted from.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_ELAPSED: Final = 5
"""Place of the elapsed time in all files: id, date, name, type, description, elapsed time, distance."""
_DISTANCE: Final = 6
_START: Final = (0, 1, 3)
"""Places of id, date and type."""
_USUAL: Final = {"name": 2, "elapsed": _ELAPSED, "distance": _DISTANCE}
_FIRST_FREE: Final = 7
"""The first place that differs from version to version."""
_LANDMARK: Final = range(_FIRST_FREE + 4, 24)
"""Places at which the second elapsed time may stand (15 in most versions), gear and file being before it."""
_OLD: Final = range(10, 15)
"""Widths of files that say everything once; gear and file are their last two."""
_SECOND: Final = {"gear": -4, "filename": -3, "elapsed_again": 0, "moving": 1, "metres": 2, "ascent": 5, "descent": 6}
"""Steps from the landmark."""
_WIDEST: Final = 1000
"""Columns of a table that is looked at; the widest seen has 103."""
_LONGEST: Final = 500
"""Letters of a header that are looked at: a complaint of no translation has some 150."""
_TAG: Final = re.compile(r"<[^>]*>")
_MISSING: Final = re.compile(r"translation missing: [\w.-]*?(\w+)$")
"""What stands where a header has no translation, without or within a tag: the name within the service."""

_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "id": ("activity id", "id", "aktivitäts-id", "id de l'activité", "id de actividad", "id de la actividad",
           "id attività", "id dell'attività", "id da atividade", "activiteits-id", "identyfikator aktywności",
           "aktivitets-id", "アクティビティ id", "アクティビティid"),
    "date": ("activity date", "date", "aktivitätsdatum", "date de l'activité", "fecha de la actividad",
             "fecha de actividad", "data attività", "data dell'attività", "data da atividade", "datum van activiteit",
             "data aktywności", "aktivitetsdatum", "アクティビティ日", "アクティビティの日付"),
    "name": ("activity name", "name", "name der aktivität", "nom de l'activité", "nombre de la actividad",
             "nome attività", "nome dell'attività", "nome da atividade", "naam activiteit", "naam van activiteit",
             "nazwa aktywności", "aktivitetsnamn", "アクティビティ名"),
    "kind": ("activity type", "type", "aktivitätsart", "type d'activité", "tipo de actividad", "tipo di attività",
             "tipo attività", "tipo de atividade", "activiteitstype", "rodzaj aktywności", "aktivitetstyp",
             "アクティビティタイプ", "アクティビティの種類"),
    "elapsed": ("elapsed time", "verstrichene zeit", "temps écoulé", "tiempo transcurrido", "tempo trascorso",
                "tempo decorrido", "verstreken tijd", "czas całkowity", "förfluten tid", "経過時間"),
    "moving": ("moving time", "bewegungszeit", "durée de déplacement", "temps de déplacement", "tiempo en movimiento",
               "tempo in movimento", "tempo em movimento", "tempo de movimentação", "beweegtijd", "czas ruchu",
               "tid i rörelse", "移動時間"),
    "distance": ("distance", "distanz", "distancia", "distanza", "distância", "afstand", "dystans", "distans", "距離"),
    "gear": ("activity gear", "gear", "ausrüstung der aktivität", "aktivitätsausrüstung", "matériel de l'activité",
             "matériel utilisé pour l'activité", "equipamiento de la actividad", "attrezzatura attività",
             "equipamento da atividade", "uitrusting voor activiteit", "sprzęt aktywności", "aktivitetsutrustning",
             "アクティビティの用具"),
    "filename": ("filename", "dateiname", "nom du fichier", "nombre de archivo", "nombre del archivo", "nome file",
                 "nome del file", "nome do arquivo", "nome do ficheiro", "bestandsnaam", "nazwa pliku", "filnamn",
                 "ファイル名"),
    "ascent": ("elevation gain",),
    "descent": ("elevation loss",),
}  # fmt: skip
"""Words of the columns that every version has; they serve where positions do not."""

_LATER: Final[dict[str, tuple[str, ...]]] = {
    "rpe": ("perceived exertion", "gefühlte anstrengung", "effort perçu", "effort ressenti", "esfuerzo percibido",
            "sforzo percepito", "esforço percebido", "ervaren inspanning", "waargenomen inspanning",
            "odczuwany wysiłek", "postrzegany wysiłek", "upplevd ansträngning", "oplevet anstrengelse",
            "opplevd anstrengelse", "koettu rasitus", "主観的運動強度", "自覚的運動強度"),
    "cadence": ("average cadence", "avg cadence", "durchschnittliche trittfrequenz",
                "durchschnittliche tritt-/schrittfrequenz", "cadence moyenne", "cadencia media", "cadencia promedio",
                "cadenza media", "cadência média", "gemiddelde cadans", "średnia kadencja", "genomsnittlig kadens",
                "medelkadens", "平均ケイデンス"),
    "heart_rate": ("average heart rate", "avg heart rate", "durchschnittliche herzfrequenz",
                   "fréquence cardiaque moyenne", "frecuencia cardíaca media", "frecuencia cardiaca media",
                   "frecuencia cardíaca promedio", "frequenza cardiaca media", "frequência cardíaca média",
                   "gemiddelde hartslag", "średnie tętno", "genomsnittlig puls", "medelpuls", "平均心拍数"),
    "steps": ("total steps", "schritte insgesamt", "total de pas", "nombre total de pas", "pasos totales",
              "total de pasos", "passi totali", "total de passos", "totaal aantal stappen", "łączna liczba kroków",
              "totalt antal steg", "合計歩数", "総歩数"),
}  # fmt: skip
"""Words of columns that came later and have no fixed place. A language that is not here lacks only these."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Places of the columns in a row; None where the file has no such column."""

    id: int
    date: int
    name: int | None
    kind: int
    elapsed: int | None
    distance: int | None
    gear: int | None
    filename: int | None
    elapsed_again: int | None = None
    moving: int | None = None
    metres: int | None = None
    ascent: int | None = None
    descent: int | None = None
    rpe: int | None = None
    cadence: int | None = None
    heart_rate: int | None = None
    steps: int | None = None
    in_metres: bool = False
    """The distance is in metres where the table does not say it twice: so until June 2019, later in km."""
    sure: bool = False
    """The header alone shows that this is an activities.csv."""


def plain(cell: str) -> str:
    """A header in small letters, without the HTML that stands in place of some."""
    cell = cell[:_LONGEST]
    text = html.unescape(_TAG.sub("", cell)) if "<" in cell else cell
    missing = _MISSING.search(text)
    text = missing[1].replace("_", " ") if missing else text
    return " ".join(text.replace("\u2019", "'").strip("\ufeff \t").lower().split())


def find_columns(header: Sequence[str]) -> Columns | None:
    """Places of the columns in a header of any version and language, None for that of another table."""
    if len(header) > _WIDEST:
        return None
    names = [plain(cell) for cell in header]
    landmark = _landmark(names)
    if landmark is not None:
        return _twice(names, landmark)
    return _by_name(names) or _old(names)


def _landmark(names: list[str]) -> int | None:
    """Place of the second elapsed time, None where there is none."""
    if len(names) <= _DISTANCE or not names[_ELAPSED] or _known(names[_ELAPSED]) not in ("elapsed", None):
        return None
    again = _again(names, _ELAPSED)
    if again is None and (distance := _again(names, _DISTANCE)) is not None:
        again = distance - _SECOND["metres"]
    return again if again is not None and again in _LANDMARK and again + _SECOND["descent"] < len(names) else None


def _known(name: str) -> str | None:
    return next((field for field, words in _WORDS.items() if name in words), None)


def _twice(names: list[str], landmark: int) -> Columns:
    """A table that says time and distance twice."""
    places: dict[str, int] = {field: landmark + step for field, step in _SECOND.items()}
    for field in ("gear", "filename"):  # where somebody took columns out, the word knows better
        places[field] = _first(names, _WORDS[field], _FIRST_FREE, landmark) or places[field]
    later = {field: _first(names, words, landmark) for field, words in _LATER.items()}
    sure = names[places["metres"]] == names[_DISTANCE]
    return Columns(0, 1, 2, 3, _ELAPSED, _DISTANCE, **places, **later, sure=sure)  # type: ignore[arg-type]


def _by_name(names: list[str]) -> Columns | None:
    """A table whose words are known, in any order."""
    words = [name.replace("_", " ") for name in names]
    at = {field: _first(words, known) for field, known in (_WORDS | _LATER).items()}
    if (at["id"], at["date"], at["kind"]) == _START:
        for field, place in _USUAL.items():  # a word that is not known stands where it always stood
            if at[field] is None and place < len(words) and _known(words[place]) is None:
                at[field] = place
    if None in (at["id"], at["date"], at["kind"]) or at["elapsed"] is at["distance"] is None:
        return None
    at["elapsed_again"] = _again(words, at["elapsed"])
    at["metres"] = _again(words, at["distance"])
    file = at["filename"]
    if at["gear"] is None and file is not None and file > _FIRST_FREE and _known(words[file - 1]) is None:
        at["gear"] = file - 1  # where it has always stood
    sure = None not in (at["name"], at["elapsed"], at["distance"])
    return Columns(**at, in_metres="elapsed_time" in names, sure=sure)  # type: ignore[arg-type]


def _again(words: list[str], first: int | None) -> int | None:
    """Place of the second column of the same name."""
    return None if first is None else _first(words, (words[first],), first + 1)


def _old(names: list[str]) -> Columns | None:
    """A table of the first kind in a language that is not known."""
    if len(names) not in _OLD:
        return None
    return Columns(0, 1, 2, 3, _ELAPSED, _DISTANCE, gear=len(names) - 2, filename=len(names) - 1)


def _first(names: list[str], words: Sequence[str], start: int = 0, stop: int | None = None) -> int | None:
    """Place of the first column with one of the words, None where there is none."""
    return next((i for i in range(start, stop or len(names)) if names[i] in words), None)
