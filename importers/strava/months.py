"""Names of months and of the halves of a day, in the languages in which Strava writes its dates."""

# ruff: noqa: RUF001 - the letters are those of the languages

from __future__ import annotations

import re
from typing import Final

_LANGUAGES: Final[dict[str, str]] = {
    "en": "january february march april may june july august september october november december",
    "de": "januar februar märz april mai juni juli august september oktober november dezember",
    "de-AT": "jänner feber märz april mai juni juli august september oktober november dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pl": "styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień",
    "pl-of": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "da": "januar februar marts april maj juni juli august september oktober november december",
    "nb": "januar februar mars april mai juni juli august september oktober november desember",
    "fi": "tammikuu helmikuu maaliskuu huhtikuu toukokuu kesäkuu heinäkuu elokuu syyskuu lokakuu marraskuu joulukuu",
    "fi-of": "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta "
    "lokakuuta marraskuuta joulukuuta",
    "cs": "leden únor březen duben květen červen červenec srpen září říjen listopad prosinec",
    "cs-of": "ledna února března dubna května června července srpna září října listopadu prosince",
    "hu": "január február március április május június július augusztus szeptember október november december",
    "tr": "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    "ru": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "ru-of": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "uk": "січень лютий березень квітень травень червень липень серпень вересень жовтень листопад грудень",
    "uk-of": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "el": "ιανουάριος φεβρουάριος μάρτιος απρίλιος μάιος ιούνιος ιούλιος αύγουστος σεπτέμβριος οκτώβριος νοέμβριος "
    "δεκέμβριος",
    "el-of": "ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου νοεμβρίου "
    "δεκεμβρίου",
    "ro": "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
    "ca": "gener febrer març abril maig juny juliol agost setembre octubre novembre desembre",
    "sk-of": "januára februára marca apríla mája júna júla augusta septembra októbra novembra decembra",
    "id": "januari februari maret april mei juni juli agustus september oktober november desember",
}
"""January to December in each language; ``-of`` is the form that stands behind a day."""
_SHORT: Final[dict[str, int]] = {
    "mar": 3,  # marras is Finnish November, written out further than this
    "mrt": 3,
    "set": 9,
    "sept": 9,
    "szept": 9,
    "kwi": 4,
    "paź": 10,
    "čvn": 6,
    "čvc": 7,
    "agt": 8,
    "нояб": 11,
    "сент": 9,
    "янв": 1,
    "mai": 5,
}
"""Abbreviations that are no beginning of a name, or of one month by custom although of two by their letters."""
_SHORTEST: Final = 3
"""Letters of an abbreviation at least."""

HALF_BEHIND: Final = re.compile(
    r"(?:(?P<am>a\. ?m\b\.?|am\b|vorm\b\.?|f\.?m\b\.?|ap\b\.?|dop\b\.?|öö\b|дп\b|π\.?μ\b\.?|sa\b"
    r"|午前|上午|凌晨|早上|清晨|오전)"
    r"|(?P<pm>p\. ?m\b\.?|pm\b|nachm\b\.?|e\.?m\b\.?|ip\b\.?|odp\b\.?|ös\b|пп\b|μ\.?μ\b\.?|ch\b"
    r"|午後|下午|晚上|中午|오후))"
)
"""The half of the day as it stands right behind the time of day, in small letters."""
HALF_BEFORE: Final = re.compile(
    r"(?:(?P<am>\bde\.|\bam|\böö|午前|上午|凌晨|早上|清晨|오전)|(?P<pm>\bdu\.|\bpm|\bös|午後|下午|晚上|中午|오후)) ?$"
)
"""And as it stands right before it."""


def _table() -> dict[str, int]:
    """Each name and each beginning of one that only one month has -> the month."""
    found: dict[str, set[int]] = {}
    for names in _LANGUAGES.values():
        for month, name in enumerate(names.split(), 1):
            for length in range(min(_SHORTEST, len(name)), len(name) + 1):
                found.setdefault(name[:length], set()).add(month)
    one = {word: min(months) for word, months in found.items() if len(months) == 1}
    whole = {name: month for names in _LANGUAGES.values() for month, name in enumerate(names.split(), 1)}
    return one | whole | _SHORT


MONTHS: Final[dict[str, int]] = _table()
"""Name or abbreviation in small letters, without a dot -> number of the month."""
