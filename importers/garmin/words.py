"""Headers of the list that Garmin's web page exports, in the languages of the page."""

# ruff: noqa: RUF001 - the letters are those of the languages

from __future__ import annotations

import re
import unicodedata
from typing import Final

_WORDS: Final[dict[str, str]] = {
    "type": (
        "Activity Type | Aktivitätstyp | Type d'activité | Tipo de actividad | Tipo di attività"
        " | Activiteittype | Activiteitstype | Type activiteit | Tipo de atividade | Typ aktywności"
        " | Aktivitetstyp | Aktivitetstype | Suorituksen tyyppi | Aktiviteetin tyyppi | Typ aktivity"
        " | Druh aktivity | Tevékenység típusa | Tip activitate | Etkinlik Türü | Aktivite Türü | Тип занятия"
        " | Тип активности | アクティビティタイプ | アクティビティ タイプ | アクティビティの種類 | 活动类型"
        " | 活動類型 | 活動種類 | 활동 유형"
    ),
    "date": ("Date | Datum | Fecha | Data | Dato | Päivämäärä | Päiväys | Dátum | Tarih | Дата | 日付 | 日期 | 날짜"),
    "favourite": (
        "Favorite | Favourite | Favorit | Favori | Favorito | Preferito | Preferita | Favoriet | Ulubiony"
        " | Ulubione | Favoritt | Suosikki | Oblíbené | Kedvenc | Избранное | お気に入り | 我的最爱 | 收藏"
        " | 我的最愛 | 즐겨찾기"
    ),
    "title": (
        "Title | Titel | Titre | Título | Titolo | Tytuł | Tittel | Otsikko | Nimi | Název | Titul | Cím"
        " | Titlu | Başlık | Название | タイトル | 标题 | 標題 | 제목"
    ),
    "distance": (
        "Distance | Distanz | Distancia | Distanza | Afstand | Distância | Dystans | Distanse | Distans"
        " | Sträcka | Matka | Vzdálenost | Távolság | Distanță | Mesafe | Расстояние | Дистанция | 距離"
        " | 距离 | 거리"
    ),
    "time": (
        "Time | Activity Time | Duration | Total Time | Zeit | Dauer | Durée | Temps | Heure | Tiempo"
        " | Duración | Tiempo total | Tempo | Tempo totale | Durata | Tijd | Duur | Totale tijd | Tempo total"
        " | Duração | Czas | Tid | Aika | Kesto | Čas | Idő | Timp | Süre | Время | タイム | 時間 | 时间"
        " | 시간"
    ),
    "elapsed": (
        "Elapsed Time | Verstrichene Zeit | Temps écoulé | Durée écoulée | Tiempo transcurrido"
        " | Tempo trascorso | Verstreken tijd | Tempo transcorrido | Tempo decorrido | Upłynęło czasu"
        " | Czas, który upłynął | Upływ czasu | Czas całkowity | Forløpt tid | Medgått tid | Förfluten tid"
        " | Forløbet tid | Kulunut aika | Uplynulý čas | Eltelt idő | Geçen Süre | Прошедшее время | 経過時間"
        " | 全程耗时 | 经过时间 | 經過時間 | 경과 시간"
    ),
    "ascent": (
        "Total Ascent | Elev Gain | Elevation Gain | Ascent | Anstieg gesamt | Gesamtanstieg"
        " | Aufstieg gesamt | Positiver Höhenunterschied | Ascension totale | Gain d'altitude"
        " | Dénivelé positif | Ascenso total | Ganancia de altura | Ascesa totale | Guadagno quota"
        " | Totale stijging | Hoogtewinst | Subida total | Ganho de elevação | Całkowity wznios | Wznios"
        " | Suma podejść | Całkowite wzniesienie | Total stigning | Stigning totalt | Total uppstigning"
        " | Samlet stigning | Samlet opstigning | Kokonaisnousu | Nousu yhteensä | Celkové stoupání"
        " | Celkový výstup | Teljes emelkedés | Toplam Çıkış | Общий подъем | 総上昇量 | 獲得標高 | 累计爬升"
        " | 总爬升 | 總爬升 | 總上升 | 총 상승 | 총 상승 고도"
    ),
    "descent": (
        "Total Descent | Elev Loss | Elevation Loss | Descent | Abstieg gesamt | Gesamtabstieg"
        " | Negativer Höhenunterschied | Descente totale | Perte d'altitude | Dénivelé négatif"
        " | Descenso total | Pérdida de altura | Discesa totale | Perdita quota | Totale daling"
        " | Hoogteverlies | Descida total | Perda de elevação | Całkowity spadek | Spadek | Suma zejść"
        " | Totalt fall | Total nedstigning | Samlet fald | Samlet nedstigning | Kokonaislasku"
        " | Celkové klesání | Celkový sestup | Teljes ereszkedés | Toplam İniş | Общий спуск | 総下降量"
        " | 累计下降 | 总下降 | 總下降 | 총 하강 | 총 하강 고도"
    ),
    "cadence": (
        "Avg Run Cadence | Average Run Cadence | Avg Cadence | Ø Schrittfrequenz (Laufen) | Ø Schrittfrequenz"
        " | Ø Laufschrittfrequenz | Cadence de course moyenne | Cadence moyenne de course"
        " | Cadencia de carrera media | Cadencia media de carrera | Cadenza di corsa media | Gem. cadans"
        " | Gemiddelde cadans | Gemiddelde loopcadans | Gem. loopcadans | Cadência de corrida média"
        " | Cadência média de corrida | Średni rytm biegu | Średnia kadencja biegu"
        " | Gjennomsnittlig frekvens for løping | Gjennomsnittlig frekvens for loping"
        " | Gjennomsnittlig løpskadens | Genomsnittlig löpkadens | Medelkadens för löpning"
        " | Gennemsnitlig løbekadence | Gns. løbekadence | Keskimääräinen juoksukadenssi"
        " | Průměrná kadence běhu | 平均ピッチ | 平均ランピッチ | 平均步频 | 平均跑步步频 | 平均步頻"
        " | 平均跑步步頻 | 평균 달리기 보속 | 평균 달리기 케이던스"
    ),
    "heart_rate": (
        "Avg HR | Average Heart Rate | Ø HF | Ø Herzfrequenz | Durchschnittliche Herzfrequenz"
        " | Fréquence cardiaque moyenne | FC moyenne | Frecuencia cardiaca media | Frecuencia cardíaca media"
        " | FC media | FC Média | Frequência cardíaca média | Gem. HS | Gemiddelde hartslag | Średnie tętno"
        " | Gjennomsnittlig puls | Genomsnittlig puls | Medelpuls | Gennemsnitlig puls | Gns. puls"
        " | Keskisyke | Průměrný srdeční tep | 平均心拍数 | 平均心率 | 평균 심박수 | 평균 심박"
    ),
    "stride": (
        "Avg Stride Length | Average Stride Length | Ø Schrittlänge | Longueur moyenne des foulées"
        " | Longueur moyenne de foulée | Longueur de foulée moyenne | Longitud media de zancada"
        " | Longitud de zancada media | Lunghezza media passo | Lunghezza media del passo | Gem. staplengte"
        " | Gemiddelde staplengte | Comprimento médio da passada | Comprimento médio de passada"
        " | Średnia długość kroku | Gjennomsnittlig skrittlengde | Genomsnittlig steglängd"
        " | Gennemsnitlig skridtlængde | Gns. skridtlængde | Keskimääräinen askelpituus"
        " | Průměrná délka kroku | 平均歩幅 | 平均步长 | 平均步幅 | 평균 보폭"
    ),
    "steps": (
        "Steps | Schritte | Pas | Pasos | Passi | Stappen | Passos | Kroki | Skritt | Trinn | Steg | Skridt"
        " | Askeleet | Kroky | Lépések | Adımlar | Шаги | ステップ | 歩数 | 步数 | 步數 | 걸음 | 걸음 수"
    ),
    "warmest": (
        "Max Temp | Min Temp | Max. Temp. | Min. Temp. | Température maximale | Température minimale"
        " | Temperatura máxima | Temperatura mínima | Temperatura max | Temperatura min"
    ),
}
"""Column of the list -> its headers, divided by bars."""
REQUIRED: Final = ("type", "date", "title")
"""Columns that every list has."""
MEASURED: Final = ("distance", "time")
"""Of which it has at least one."""
USUAL: Final = {"type": 0, "date": 1, "favourite": 2, "title": 3, "distance": 4, "time": 6}
"""Where the first columns stand in every version, whatever they are called."""


def plain(header: str) -> str:
    """A header in small letters without accents, signs and doubled blanks, so that spelling does not matter."""
    letters = unicodedata.normalize("NFKD", header.casefold())
    return " ".join(_SIGNS.sub(" ", "".join(c for c in letters if not unicodedata.combining(c))).split())


_SIGNS: Final = re.compile(r"[^\w]+|_")

_COLUMNS: Final[dict[str, str]] = {
    plain(word): column for column, words in reversed(_WORDS.items()) for word in words.split(" | ")
}


def columns_of(header: list[str]) -> dict[str, int]:
    """Column -> its place in a header, the first place of each; empty for the header of another table."""
    found: dict[str, int] = {}
    for place, word in enumerate(header):
        column = _COLUMNS.get(plain(word))
        if column is not None:
            found.setdefault(column, place)
    whole = all(name in found for name in REQUIRED) and any(name in found for name in MEASURED)
    return found if whole else {}
