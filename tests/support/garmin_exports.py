"""Garmin account exports as they are downloaded, out of runs that are known: summaries, dumps, gear and lists.

The headers are those of real lists of each language, not those that the reader knows.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

MILE_M = 1609.344
FOOT_M = 0.3048


@dataclass(frozen=True)
class Done:
    """One activity as it was."""

    ident: int
    start: datetime
    offset_s: int = 7200
    kind: str = "running"
    distance_m: float = 10_000.0
    timer_s: float = 3_000.0
    elapsed_s: float = 3_120.0
    ascent_m: float = 100.0
    descent_m: float = 90.0
    cadence_spm: float = 170.0
    heart_rate_bpm: float = 150.0
    title: str = "Morning Run"

    @property
    def local(self) -> datetime:
        return self.start + timedelta(seconds=self.offset_s)

    @property
    def steps(self) -> int:
        return round(self.cadence_spm * self.timer_s / 60)

    @property
    def step_m(self) -> float:
        return self.distance_m / (self.cadence_spm * self.timer_s / 60)


def some_runs(count: int = 12) -> list[Done]:
    """Runs of different length, pace, hour and clock, newest first as the services list them."""
    first = datetime(2023, 2, 3, 5, 6, 7, tzinfo=UTC)
    runs = [
        Done(
            ident=900_000_000 + 17 * n,
            start=first + timedelta(days=3 * n, minutes=37 * n),
            offset_s=3600 * (n % 3) - 1800 * (n % 2),
            distance_m=1_230.0 * (n + 2),
            timer_s=1_230.0 * (n + 2) / (2.4 + 0.1 * (n % 7)),
            elapsed_s=1_230.0 * (n + 2) / (2.4 + 0.1 * (n % 7)) + 61 * n,
            ascent_m=13.0 * n,
            descent_m=11.0 * n,
            cadence_spm=160.0 + n,
            title=f"Run {n}, along the river" if n % 4 else f"Run {n}\nin two lines",
        )
        for n in range(count)
    ]
    return runs[::-1]


def summary(run: Done, **other: Any) -> dict[str, Any]:
    """An entry of summarizedActivities.json: centimetres, milliseconds, strides, metres a second by ten."""
    utc = run.start.timestamp() * 1000
    return {
        "activityId": run.ident,
        "uuidMsb": -1,
        "name": run.title,
        "activityType": run.kind,
        "userProfileId": 1,
        "timeZoneId": 124,
        "beginTimestamp": int(utc),
        "eventTypeId": 9,
        "rule": "subscribers",
        "sportType": "RUNNING",
        "startTimeGmt": utc,
        "startTimeLocal": utc + run.offset_s * 1000,
        "duration": run.timer_s * 1000,
        "distance": run.distance_m * 100,
        "elevationGain": run.ascent_m * 100,
        "elevationLoss": run.descent_m * 100,
        "avgSpeed": run.distance_m / run.timer_s / 10,
        "avgHr": run.heart_rate_bpm,
        "avgRunCadence": run.cadence_spm / 2,
        "avgDoubleCadence": run.cadence_spm,
        "avgStrideLength": run.step_m * 100,
        "calories": 2_600.0,
        "elapsedDuration": run.elapsed_s * 1000,
        "movingDuration": run.timer_s * 990,
        "elevationCorrected": False,
        "parent": False,
        "splits": [{"measurements": [{"fieldEnum": "SUM_DISTANCE", "value": 1.0, "unitEnum": "CENTIMETER"}]}],
        **other,
    }


def dumped(run: Done, **other: Any) -> dict[str, Any]:
    """An entry as the web interface answers: metres, seconds, steps, times as text."""
    return {
        "activityId": run.ident,
        "activityName": run.title,
        "startTimeLocal": f"{run.local:%Y-%m-%d %H:%M:%S}",
        "startTimeGMT": f"{run.start:%Y-%m-%d %H:%M:%S}",
        "activityType": {"typeId": 1, "typeKey": run.kind, "parentTypeId": 17},
        "distance": run.distance_m,
        "duration": run.timer_s,
        "elapsedDuration": run.elapsed_s,
        "movingDuration": run.timer_s * 0.99,
        "elevationGain": run.ascent_m,
        "elevationLoss": run.descent_m,
        "averageHR": run.heart_rate_bpm,
        "averageRunningCadenceInStepsPerMinute": run.cadence_spm,
        "steps": run.steps,
        "beginTimestamp": int(run.start.timestamp() * 1000),
        "parent": False,
        **other,
    }


def export_json(entries: list[Any]) -> bytes:
    return json.dumps([{"summarizedActivitiesExport": entries}]).encode()


ENGLISH = (
    "Activity Type,Date,Favorite,Title,Distance,Calories,Time,Avg HR,Max HR,Aerobic TE,Avg Run Cadence,Max Run Cadence,"
    "Avg Pace,Best Pace,Total Ascent,Total Descent,Avg Stride Length,Steps,Moving Time,Elapsed Time,Min Elevation"
)
HEADERS = {
    "en": ENGLISH,
    "de": "Aktivitätstyp,Datum,Favorit,Titel,Distanz,Kalorien,Zeit,Ø HF,Max. HF,Aerober TE,Ø Schrittfrequenz (Laufen),"
    "Max. Schrittfrequenz (Laufen),Ø Pace,Beste Pace,Positiver Höhenunterschied,Negativer Höhenunterschied,"
    "Ø Schrittlänge,Schritte,Zeit in Bewegung,Verstrichene Zeit,Minimale Höhe",
    "fr": "Type d'activité,Date,Favori,Titre,Distance,Calories,Durée,Fréquence cardiaque moyenne,"
    "Fréquence cardiaque maximale,TE aérobie,Cadence de course moyenne,Cadence de course maximale,Allure moyenne,"
    "Meilleure allure,Ascension totale,Descente totale,Longueur moyenne des foulées,Pas,Temps de déplacement,"
    "Temps écoulé,Altitude minimale",
    "es": "Tipo de actividad,Fecha,Favorito,Título,Distancia,Calorías,Tiempo,Frecuencia cardiaca media,FC máxima,"
    "TE aeróbico,Cadencia de carrera media,Cadencia de carrera máxima,Ritmo medio,Ritmo óptimo,Ascenso total,"
    "Descenso total,Longitud media de zancada,Pasos,Tiempo en movimiento,Tiempo transcurrido,Altura mínima",
    "it": "Tipo di attività,Data,Preferita,Titolo,Distanza,Calorie,Tempo,FC Media,FC max,TE attività aerobica,"
    "Cadenza di corsa media,Cadenza di corsa max,Passo medio,Passo migliore,Ascesa totale,Discesa totale,"
    "Lunghezza media passo,Passi,Tempo in movimento,Tempo trascorso,Quota minima",
    "nl": "Activiteittype,Datum,Favoriet,Titel,Afstand,Calorieën,Tijd,Gem. HS,Max. HS,Aeroob TE,Gem. cadans,"
    "Maximale cadans,Gemiddeld tempo,Beste tempo,Totale stijging,Totale daling,Gem. staplengte,Stappen,"
    "Tijd bewogen,Verstreken tijd,Minimum hoogte",
    "pt": "Tipo de atividade,Data,Favorito,Título,Distância,Calorias,Tempo total,FC Média,FC máxima,TE aeróbico,"
    "Cadência de corrida média,Cadência de corrida máxima,Ritmo médio,Melhor ritmo,Subida total,Descida total,"
    "Comprimento médio da passada,Passos,Tempo em movimento,Tempo transcorrido,Elevação mínima",
    "nb": "Aktivitetstype,Dato,Favoritt,Tittel,Distanse,Totale kalorier,Tid,Gjennomsnittlig puls,Makspuls,"
    "Aerob treningseffekt,Gjennomsnittlig frekvens for løping,Maksimal frekvens for løping,Gjennomsnittlig tempo,"
    "Beste tempo,Total stigning,Totalt fall,Gjennomsnittlig skrittlengde,Skritt,Tid i bevegelse,Forløpt tid,"
    "Minste høyde",
    "ja": "アクティビティタイプ,日付,お気に入り,タイトル,距離,カロリー,タイム,平均心拍数,最大心拍数,有酸素TE,"
    "平均ピッチ,最高ピッチ,"
    "平均ペース,最高ペース,総上昇量,総下降量,平均歩幅,ステップ,移動時間,経過時間,最低高度",
    "zh": "活动类型,日期,我的最爱,标题,距离,热量消耗,时间,平均心率,最大心率,有氧效果,平均步频,最高步频,"
    "平均速度,最佳配速,"
    "累计爬升,累计下降,平均步长,步数,移动时间,全程耗时,最低海拔",
}
"""Language -> header of a real list, cut to the columns below."""
KINDS = {
    "en": {"running": "Running", "treadmill_running": "Treadmill Running", "track_running": "Track Running",
           "trail_running": "Trail Running", "hiking": "Hiking", "cycling": "Cycling", "walking": "Walking"},
    "de": {"running": "Laufen", "treadmill_running": "Laufbandtraining", "track_running": "Bahnlauf",
           "trail_running": "Trailrunning", "hiking": "Wandern", "cycling": "Radfahren", "walking": "Gehen"},
    "fr": {"running": "Course à pied", "treadmill_running": "Course à pied sur tapis roulant",
           "trail_running": "Trail", "hiking": "Randonnée", "cycling": "Cyclisme", "walking": "Marche à pied"},
    "es": {"running": "Carrera", "treadmill_running": "Carrera en cinta", "trail_running": "Trail running",
           "hiking": "Senderismo", "cycling": "Ciclismo", "walking": "Caminar"},
    "it": {"running": "Corsa", "treadmill_running": "Corsa su tapis roulant", "trail_running": "Trail running",
           "hiking": "Escursionismo", "cycling": "Ciclismo", "walking": "Camminata"},
    "nl": {"running": "Hardlopen", "treadmill_running": "Hardlopen op loopband", "trail_running": "Trailrunning",
           "hiking": "Hiken", "cycling": "Fietsen", "walking": "Wandelen"},
    "pt": {"running": "Corrida", "treadmill_running": "Corrida em esteira", "trail_running": "Trail running",
           "hiking": "Trilha", "cycling": "Ciclismo", "walking": "Caminhada"},
    "nb": {"running": "Løping", "treadmill_running": "Løping på tredemølle", "cycling": "Sykling", "walking": "Gåing"},
    "ja": {"running": "ラン", "treadmill_running": "トレッドミル", "track_running": "トラックラン",
           "cycling": "サイクリング", "walking": "ウォーキング"},
    "zh": {"running": "跑步", "treadmill_running": "跑步机", "trail_running": "越野跑", "cycling": "骑行",
           "walking": "步行"},
}  # fmt: skip
"""Language -> type of an activity -> its word."""


@dataclass(frozen=True)
class Writing:
    """How a list is written."""

    language: str = "en"
    miles: bool = False
    sign: str = ","
    comma: bool = False
    encoding: str = "utf-8"
    dates: str = "%Y-%m-%d %H:%M:%S"
    strides: bool = True
    """Step lengths, counted steps and cadence are there."""


def length(value: float, how: Writing) -> str:
    """Two decimals and thousands, as the page writes a length."""
    text = f"{value:,.2f}"
    return text.translate(str.maketrans(",.", ".,")) if how.comma else text


def clock(seconds: float) -> str:
    """``hh:mm:ss``, with tenths where there are any."""
    tenths = round(seconds * 10)
    whole, tenth = divmod(tenths, 10)
    text = f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"
    return f"{text}.{tenth}" if tenth else text


def cells_of(run: Done, how: Writing) -> list[str]:
    """A row of the list."""
    unit, climb = (MILE_M, FOOT_M) if how.miles else (1000.0, 1.0)
    track = run.kind == "track_running"
    return [
        KINDS[how.language].get(run.kind, run.kind),
        run.local.strftime(how.dates),
        "false",
        run.title,
        f"{run.distance_m:,.0f}" if track else length(run.distance_m / unit, how),
        "1,020" if not how.comma else "1.020",
        clock(run.timer_s),
        f"{run.heart_rate_bpm:.0f}",
        "171",
        "3,2" if how.comma else "3.2",
        f"{run.cadence_spm:.0f}" if how.strides else "--",
        "180",
        "5:01",
        "4:12",
        f"{run.ascent_m / climb:,.0f}",
        f"{run.descent_m / climb:,.0f}",
        length(run.step_m, how) if how.strides else "--",
        f"{run.steps:,}" if how.strides else "--",
        clock(run.timer_s - 3),
        clock(run.elapsed_s),
        "'-12",
    ]


def listed(runs: list[Done], how: Writing | None = None) -> bytes:
    """``Activities.csv`` of these runs."""
    how = how or Writing()
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=how.sign)
    writer.writerow(HEADERS[how.language].split(","))
    writer.writerows(cells_of(run, how) for run in runs)
    return out.getvalue().encode(how.encoding)
