"""One table from the words of watches and services to the sports and surfaces of the house."""

# ruff: noqa: RUF001 - the letters are those of the languages

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
    "multi_sport": "multisport",
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
    "trail": RUN_SPORT,
    "obstacle_run": RUN_SPORT,
    "ride": "ride",
    "walk": "walk",
    "hike": "hike",
    "swim": "swim",
    "lap_swimming": "swim",
    "open_water_swimming": "swim",
    **dict.fromkeys(("swim_to_bike_transition", "bike_to_run_transition", "run_to_bike_transition"), "transition"),
    # Lists of Garmin's web page, where no pattern below tells
    **dict.fromkeys(("obstacle_racing", "baanlopen", "esteira"), RUN_SPORT),
    **dict.fromkeys(("超级马拉松", "트레드밀"), RUN_SPORT),
    **dict.fromkeys(("caminar", "andar", "chodzenie", "marsz", "gange", "ウォーク", "徒步走", "健走"), "walk"),
    **dict.fromkeys(("turystyka_piesza", "健行"), "hike"),
    **dict.fromkeys(("kolarstwo", "バイク", "屋内バイク", "騎行", "사이클링", "실내_사이클링"), "ride"),
    "nage_en_piscine": "swim",
    "joga": "yoga",
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
    # Lists of Garmin's web page, where no pattern below tells
    **dict.fromkeys(("corrida_na_passadeira", "hallenlauf"), "treadmill"),
    **dict.fromkeys(("carrera_en_interior", "course_en_salle", "běh_na_pásu", "실내_달리기"), "treadmill"),
    **dict.fromkeys(("屋内ラン", "室内跑步"), "treadmill"),
    **dict.fromkeys(("baanlopen", "bieg_na_bieżni_stadionowej", "田径跑步", "操场跑步"), "track"),
    **dict.fromkeys(("corrida_de_rua", "straßenlauf"), "road"),
}
"""Sub-sport or compound type of a run -> surface. What is not here is unknown, which is not road."""

_NO_SPORT_OF_OURS: Final = "other"
_NO_FOOT: Final = (
    r"\bski|rollski|rull\w*ski|\bsci\b|langlauf|längd(skid|åk)|eis(schnell)?lauf|schneeschuh|\binline|roller"
    r"|\bskat|\bice_?skat|sk[øö][yj]te|skridsk|\bpatin|schaats|esqu[ií]\b|łyżw|narci|\bnart|лыж|スキー|滑雪|스키|wheelchair"
    r"|schlittschuh|rollschuh|eiskunst|laufr[aä]d|lyž|smuč|suusa|sífut|\bkayak|лиж|\bски|скиј|cheva(l|ux)\b|スノー"
    r"|fauteuil|rollstuhl|rolstoel|de ruedas|carrozzina|de rodas|rullst|kørest|rullest|wózk|車椅子|車いす|轮椅|휠체어"
)
"""Words that sound like running or walking in some language and are not."""

_NAMES: Final[tuple[tuple[str, str], ...]] = (
    ("walk", r"\bwalk|nordicwalk|spazier|\bwandel|caminata|caminhada|camminat|promenad|\bmarche|spacer|ходьба|步行"),
    ("hike", r"\bhik(e|ing)|\bwander|randonn|trekking|sender?ism|escursion|徒步|ハイキング"),
    ("ride", r"(?<!horseback )\brid(e|ing)\b|\b(bi)?cycl|\be?-?bik(e|ing)|mountainbik|radfahr|radtour|pedal"),
    ("ride", r"\bvelo|vélo|\bfiets|ciclis|\bbici|rower|cykel|cykl|sykkel|sykl|pyöräily|велос|骑|サイクリング"),
    ("swim", r"\bswim|schwimm|\bzwem|\bnata[ctç]|nuoto|pływ|simning|svømm|плав|游泳|スイム"),
    (_NO_SPORT_OF_OURS, _NO_FOOT),
    (RUN_SPORT, r"\b(trail|park|fun|joy|virtual)?run(s|ner|ners)?\b|running|\bjog|footing|marat(h?on|ón|ona)\b"),
    (RUN_SPORT, r"(?<!lang)(?<!eis)lauf\b|\blauf|läufe|hardlo+p|\bcourse|corrida|carrera|correr|corsa|\bbieg|\bbě[hž]"),
    (RUN_SPORT, r"löp|løb|løp|futás|juoks|koşu|alergare|trčanje|chạy bộ"),
    (RUN_SPORT, r"jooks|skrie[nš]|skrēj|\bbėg|hlaup|vrap|\bcursa|\bcórrer|duurloop|canicross|\b(larian|berlari)\b"),
    (RUN_SPORT, r"пробеж|\bбег|бяган|пробіж|\bбіг|трчањ|跑|ランニング|ジョギング|달리기|러닝|दौड़|دوید|ركض"),
)
"""What people and programs call a sport in titles and types, in several languages. Running comes last: what sounds
like running is often another sport."""

_TYPE_NAMES: Final[tuple[tuple[str, str], ...]] = (
    ("walk", r"ウォーキング|散歩|걷기|ходьб|прогулк|gehen|gåtur|\bgå|kävel|passeggiat|chůze|yürü"),
    ("hike", r"登山|하이킹|поход|vandring|fottur|vaellus|wędrówk|excursi[oó]n|^trilha$|túra"),
    ("ride", r"jazda|pyörä|vtt\b|gravel|handcycle|handbike|bisiklet|kerékpár"),
    ("ride", r"вело|заезд|ライド|自転車|騎乘|자전거|라이딩"),
    ("swim", r"水泳|수영|svøm|uinti|plaván|yüzme|úszás|nado\b"),
    ("rowing", r"\brow(ing)?\b|rudern|aviron|canottag|\bremo\b|roeien|wiosł|wiośl|rodd\b|roning|soutu"),
    ("rowing", r"ローイング|ボート"),
    (RUN_SPORT, r"ラン$|бег|\blari\b|трейл|\bкросс\b|chạy|วิ่ง|τρέξ|ריצה|جري|\btrail"),
    (RUN_SPORT, r"\btek\b|\bbeh(anie)?\b|qaçış|\btakbo|\brhedeg|\bkorrika|\bcarreira"),
    (RUN_SPORT, r"tapis roul|loopband|tredemøl|bieżni|トレッドミル"),
)
"""What types alone are called beside that. Types are short: one syllable may tell, which in a title tells nothing."""

_SURFACE_NAMES: Final[tuple[tuple[str, str], ...]] = (
    ("virtual", r"virt|wirtual|バーチャル|虚拟|虛擬|가상|вирт|sanal"),
    ("treadmill", r"treadmill|laufband|tapis|loopband|\bcinta|esteira|bieżni|löpband|løbebånd|tredemølle|juoksumatto"),
    ("treadmill", r"トレッドミル|ルームランナー|跑步机|跑步機|트레드밀|дорожк|indoor"),
    (
        "trail",
        r"trail|sentier|senter|sentiero|montaña|montagna|montagne|trilha|gelände|terr[äe]ng|tereno|przełaj|polku|maasto",
    ),
    ("trail", r"トレイル|越野|트레일|трейл|horský|terep|patika"),
    ("track", r"\btrack|トラック|\bbahn|\bpiste?a?\b"),
)
"""Words within the type of a run -> surface. A type without one does not say where."""

KNOWN_SPORTS: Final = frozenset([*_SPORTS.values(), *(name for name, _ in (*_NAMES, *_TYPE_NAMES))])
"""Sports that a word is known for; a type that is none of them is kept under its own name."""

_LONGEST: Final = 100
"""Letters of a type that are looked at."""


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
    """Sport of the house for the type of an activity in whatever language; see ``house_type``."""
    return house_type(word)[0]


def house_type(word: str | None) -> tuple[str, str | None]:
    """Sport of the house, and the surface of a run, for the type of an activity in whatever language.

    By the table, else by what it says in some language. ``("unknown", None)`` where it is in none that is known, or
    names running beside walking; a word of English that is no sport of ours stays itself.
    """
    if not word:
        return UNKNOWN_SPORT, None
    word = word[:_LONGEST]
    sport = house_sport(word)
    plain = _plain(word).replace("_", " ")
    if sport not in _SPORTS.values():
        sport = _sport_of_type(plain) or sport
    if sport != RUN_SPORT:
        return sport, None
    return sport, house_surface(word) or next(iter(_named(_SURFACE_NAMES, plain)), None)


def sport_of_title(title: str | None) -> str | None:
    """Sport that a title names; None where it names none, or running beside another one."""
    named = _named(_NAMES, title or "")
    return named[0] if named and (RUN_SPORT not in named or set(named) == {RUN_SPORT}) else None


def _sport_of_type(plain: str) -> str | None:
    """Sport that a type of several words names; None where it names none of ours."""
    named = [*_named(_NAMES, plain), *_named(_TYPE_NAMES, plain)]
    if _NO_SPORT_OF_OURS in named:
        return None if house_sport(plain) != UNKNOWN_SPORT else _NO_SPORT_OF_OURS
    if RUN_SPORT in named and "walk" in named:
        return None
    return next((sport for sport in named if sport != RUN_SPORT), RUN_SPORT if named else None)


def _named(table: tuple[tuple[str, str], ...], text: str) -> list[str]:
    """What the patterns of a table that fit stand for, in its order."""
    return [name for name, pattern in table if re.search(pattern, text, re.IGNORECASE)]


def _plain(word: object) -> str:
    """A word such as ``TrailRun`` or ``Trail Run`` in small letters with underscores."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", str(word).strip()) if word is not None else ""
    return re.sub(r"[\s-]+", "_", parted).lower()
