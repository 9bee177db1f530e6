"""Files of activities as Strava has written them: ten languages, eleven widths, and what each row says beside them.

The words of headers, types and months are typed here from exports and from what the Unicode consortium publishes
(CLDR); nothing is taken from the reader.
"""

# ruff: noqa: E501 - tables of words

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

WIDTHS = (10, 72, 77, 81, 83, 84, 87, 92, 94, 99, 101)
OLD_HEADER = ("id", "date", "name", "type", "description", "elapsed_time", "distance", "commute", "gear", "filename")


@dataclass(frozen=True)
class Language:
    """How one language writes a table. The header's words stop where each version goes on differently."""

    header: tuple[str, ...]
    """Id, date, name, type, description, elapsed, distance, commute, gear, file, moving, ascent, descent."""
    date: Callable[[datetime], str]
    run: str
    trail: str
    virtual: str
    ride: str
    walk: str
    swim: str
    comma: bool = True
    thousands: str = "."
    rpe: str = ""
    heart_rate: str = ""
    cadence: str = ""
    steps: str = ""


def named(months: str, form: str = "{d} {m} {y}, {t}") -> Callable[[datetime], str]:
    """A way of writing dates with the abbreviated names of the months."""
    words = months.split()
    return lambda t: form.format(d=t.day, m=words[t.month - 1], y=t.year, t=f"{t:%H:%M:%S}")


def english(t: datetime, blank: str = " ") -> str:
    month = "JanFebMarAprMayJunJulAugSepOctNovDec"[3 * t.month - 3 : 3 * t.month]
    return f"{month} {t.day}, {t.year}, {t.hour % 12 or 12}:{t:%M:%S}{blank}{'AM' if t.hour < 12 else 'PM'}"


def columns(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


LANGUAGES: dict[str, Language] = {
    "en": Language(
        columns("Activity ID|Activity Date|Activity Name|Activity Type|Activity Description|Elapsed Time|Distance|Commute|"
                "Activity Gear|Filename|Moving Time|Elevation Gain|Elevation Loss"),
        english, "Run", "Trail Run", "Virtual Run", "Ride", "Walk", "Swim", comma=False, thousands=",",
        rpe="Perceived Exertion", heart_rate="Average Heart Rate", cadence="Average Cadence", steps="Total Steps",
    ),
    "de": Language(
        columns("Aktivitäts-ID|Aktivitätsdatum|Name der Aktivität|Aktivitätsart|Aktivitätsbeschreibung|Verstrichene Zeit|"
                "Distanz|Pendeln|Aktivitätsausrüstung|Dateiname|Bewegungszeit|Höhenzunahme|Höhenunterschied"),
        lambda t: f"{t:%d.%m.%Y, %H:%M:%S}", "Lauf", "Traillauf", "Virtueller Lauf", "Radfahrt", "Spaziergang",
        "Schwimmen", rpe="Gefühlte Anstrengung", heart_rate="Durchschnittliche Herzfrequenz",
        cadence="Durchschnittliche Trittfrequenz", steps="Schritte insgesamt",
    ),
    "fr": Language(
        columns("ID de l'activité|Date de l'activité|Nom de l'activité|Type d'activité|Description de l'activité|"
                "Temps écoulé|Distance|Déplacement-transport|Matériel utilisé pour l'activité|Nom du fichier|"
                "Durée de déplacement|Dénivelé positif|Dénivelé négatif"),
        named("janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc."),
        "Course à pied", "Trail", "Course à pied virtuelle", "Vélo", "Marche", "Natation", thousands="\u202f",
        heart_rate="Fréquence cardiaque moyenne",
    ),
    "es": Language(
        columns("ID de actividad|Fecha de la actividad|Nombre de la actividad|Tipo de actividad|Descripción de la actividad|"
                "Tiempo transcurrido|Distancia|Desplazamiento|Equipamiento de la actividad|Nombre de archivo|"
                "Tiempo en movimiento|Desnivel positivo|Desnivel negativo"),
        named("ene feb mar abr may jun jul ago sept oct nov dic"),
        "Carrera", "Carrera de montaña", "Carrera virtual", "Bicicleta", "Caminata", "Natación",
    ),
    "it": Language(
        columns("ID attività|Data attività|Nome attività|Tipo attività|Descrizione attività|Tempo trascorso|Distanza|"
                "Pendolarismo|Attrezzatura|Nome file|Tempo in movimento|Dislivello positivo|Dislivello negativo"),
        named("gen feb mar apr mag giu lug ago set ott nov dic"),
        "Corsa", "Corsa su trail", "Corsa virtuale", "Giro in bici", "Camminata", "Nuoto",
    ),
    "pt": Language(
        columns("ID da atividade|Data da atividade|Nome da atividade|Tipo de atividade|Descrição da atividade|"
                "Tempo decorrido|Distância|Deslocamento|Equipamento da atividade|Nome do arquivo|Tempo de movimentação|"
                "Ganho de elevação|Perda de elevação"),
        named("jan. fev. mar. abr. mai. jun. jul. ago. set. out. nov. dez.", "{d} de {m} de {y}, {t}"),
        "Corrida", "Corrida em trilha", "Corrida virtual", "Pedalada", "Caminhada", "Natação",
    ),
    "nl": Language(
        columns("Activiteits-ID|Datum van activiteit|Naam activiteit|Activiteitstype|Beschrijving van activiteit|"
                "Verstreken tijd|Afstand|Woon-werkverkeer|Uitrusting voor activiteit|Bestandsnaam|Beweegtijd|"
                "Totale stijging|Totale daling"),
        named("jan. feb. mrt. apr. mei jun. jul. aug. sep. okt. nov. dec.", "{d} {m} {y} {t}"),
        "Hardloopsessie", "Trailrun", "Virtuele hardloopsessie", "Fietsrit", "Wandeling", "Zwemmen",
        heart_rate="Gemiddelde hartslag",
    ),
    "pl": Language(
        columns("Identyfikator aktywności|Data aktywności|Nazwa aktywności|Rodzaj aktywności|Opis aktywności|Czas całkowity|"
                "Dystans|Dojazd|Sprzęt|Nazwa pliku|Czas ruchu|Przewyższenie|Spadek"),
        named("sty lut mar kwi maj cze lip sie wrz paź lis gru"),
        "Bieganie", "Bieg terenowy", "Wirtualny bieg", "Jazda", "Spacer", "Pływanie", thousands="\u00a0",
    ),
    "sv": Language(
        columns("Aktivitets-ID|Aktivitetsdatum|Aktivitetsnamn|Aktivitetstyp|Aktivitetsbeskrivning|Förfluten tid|Sträcka|"
                "Pendling|Utrustning|Filnamn|Tid i rörelse|Höjdökning|Höjdminskning"),
        named("jan. feb. mars apr. maj juni juli aug. sep. okt. nov. dec.", "{d} {m} {y} {t}"),
        "Löpning", "Traillöpning", "Virtuell löpning", "Cykling", "Promenad", "Simning", thousands="\u00a0",
    ),
    "ja": Language(
        columns("アクティビティID|アクティビティ日|アクティビティ名|アクティビティタイプ|アクティビティの説明|経過時間|距離|通勤|"
                "アクティビティの用具|ファイル名|移動時間|獲得標高|下降量"),
        lambda t: f"{t:%Y/%m/%d} {t.hour}:{t:%M:%S}",
        "ランニング", "トレイルラン", "バーチャルラン", "ライド", "ウォーキング", "スイム", comma=False, thousands=",",
    ),
}  # fmt: skip
KINDS = {"run": ("run", None), "trail": ("run", "trail"), "virtual": ("run", "virtual"), "ride": ("ride", None),
         "walk": ("walk", None), "swim": ("swim", None)}  # fmt: skip
"""Type in ``Language`` -> what it is to the house: sport and surface."""


@dataclass(frozen=True)
class Activity:
    """One activity, and what may be said of it."""

    number: int
    start: datetime
    kind: str = "run"
    name: str = "Morning Run"
    description: str = ""
    elapsed: int = 3600
    moving: float = 3500.0
    metres: float = 10000.0
    ascent: float | None = 100.0
    gear: str = ""
    filename: str = ""
    blank: bool = False
    """The second block is empty, as in old rows typed in by hand."""
    later: dict[str, float] = field(default_factory=dict)
    """rpe, heart_rate, cadence, steps."""


@dataclass(frozen=True)
class Table:
    """How a table is written."""

    language: str = "en"
    width: int = 101
    html: bool = False
    """Some words of the header are the service's complaint that it has no translation."""
    newline: str = "\r\n"
    sign: str = ","
    """Semicolons are of spreadsheets, which write decimals with commas."""
    encoding: str = "utf-8"
    seed: int | None = None
    """Shuffles the rows."""
    old: bool = False
    """Ten columns in metres, as until June 2019."""


def write(activities: Sequence[Activity], table: Table) -> bytes:
    """The bytes of an activities.csv."""
    words = LANGUAGES[table.language]
    rows = [_row(a, words, table) for a in activities]
    if table.seed is not None:
        random.Random(table.seed).shuffle(rows)
    lines = [table.sign.join(_quoted(cell, table.sign) for cell in row) for row in (header(table), *rows)]
    return "".join(line + table.newline for line in lines).encode(table.encoding)


def _quoted(cell: str, sign: str) -> str:
    """A cell in quotes where it must be; the csv module of Python 3.11 forgets a lone carriage return."""
    return '"' + cell.replace('"', '""') + '"' if any(c in cell for c in (sign, '"', "\r", "\n")) else cell


def header(table: Table) -> list[str]:
    """The words above the columns."""
    if table.old:
        return list(OLD_HEADER)
    words = LANGUAGES[table.language]
    ident, date, name, kind, note, elapsed, distance, commute, gear, file, moving, up, down = words.header
    first = [ident, date, name, kind, note, elapsed, distance]
    if table.width == 10:
        return [*first, commute, gear, file]
    before = {13: ["B1"], 14: ["B1", "B2"], 15: ["B1", "B2"]}[_landmark(table)]
    private = ["B3"] if _landmark(table) == 15 else []
    all_ = [*first, *before, commute, *private, gear, file, "B4", "B5", elapsed, moving, distance, "S1", "S2", up, down]
    all_ += [f"C{n}" for n in range(table.width - len(all_))]
    for what, at in _later_places(table).items():
        all_[at] = getattr(words, what)
    return [_html(word, at) if table.html and at % 3 == 2 else word for at, word in enumerate(all_)]


def _html(word: str, at: int) -> str:
    title = f"translation missing: en-US.lib.export.portability_exporter.activities.horton_values.key_{at}"
    return f'<span class="translation_missing" title="{title}">{word}</span>'


def _landmark(table: Table) -> int:
    return {72: 13, 77: 14}.get(table.width, 15)


def _later_places(table: Table) -> dict[str, int]:
    """Where the columns stand that came later, in the languages whose words for them are known here."""
    words, landmark = LANGUAGES[table.language], _landmark(table)
    steps = {"cadence": 14, "heart_rate": 16, "rpe": 28, "steps": 70 if table.width > 87 else 50}
    return {what: landmark + step for what, step in steps.items() if getattr(words, what)}


def _row(a: Activity, words: Language, table: Table) -> list[str]:
    dot = (lambda text: text.replace(".", ",")) if table.sign == ";" else (lambda text: text)
    start = f"{a.start:%Y-%m-%d %H:%M:%S}" if table.old else words.date(a.start)
    seen = dot(repr(a.metres)) if table.old else _seen(a, words)
    first = [str(a.number), start, a.name, getattr(LANGUAGES["en"] if table.old else words, a.kind), a.description,
             str(a.elapsed), seen]  # fmt: skip
    if table.old or table.width == 10:
        return [*first, "false", a.gear, a.filename]
    cells = [""] * table.width
    cells[:7] = first
    landmark = _landmark(table)
    cells[landmark - 4], cells[landmark - 3] = a.gear, a.filename
    if not a.blank:
        cells[landmark : landmark + 3] = [dot(f"{a.elapsed}.0"), dot(repr(a.moving)), dot(repr(a.metres))]
        cells[landmark + 5] = "" if a.ascent is None else dot(repr(a.ascent))
    for what, at in _later_places(table).items():
        cells[at] = dot(repr(a.later[what])) if what in a.later else ""
    return cells


def _seen(a: Activity, words: Language) -> str:
    """The distance as the athlete sees it: km with two decimals, or whole metres in the water."""
    if a.kind == "swim":
        return f"{round(a.metres):,}".replace(",", words.thousands)
    text = f"{a.metres / 1000:,.2f}"
    return text.translate({ord(","): words.thousands, ord("."): ","}) if words.comma else text


def expected(a: Activity, table: Table) -> dict[str, object]:
    """What a reader must make of an activity in this table, by the names of ``AccountRow``."""
    sport, surface = KINDS[a.kind]
    once = table.old or table.width == 10
    seen = float(round(a.metres)) if a.kind == "swim" else round(float(f"{a.metres / 1000:.2f}") * 1000, 3)
    metres = a.metres if table.old else seen if once or a.blank else a.metres
    later = {what: a.later.get(what) for what in (() if once else _later_places(table))}
    lost = a.filename == "#error#"
    return {
        "service": "strava", "activity_id": str(a.number), "start": a.start, "utc_known": True, "sport": sport,
        "surface": surface, "distance_m": metres, "elapsed_s": float(a.elapsed),
        "moving_s": None if once or a.blank else a.moving, "ascent_m": None if once or a.blank else a.ascent,
        "gear": (a.gear or None) if sport != "ride" else None, "filename": None if lost else a.filename or None,
        "file_lost": lost, "title": a.name.strip() or None, "rpe": later.get("rpe"), "steps": later.get("steps"),
        "heart_rate_bpm": later.get("heart_rate"),
        "cadence_spm": 2 * later["cadence"] if later.get("cadence") and sport in ("run", "walk") else None,
    }  # fmt: skip


def some_activities(count: int = 14) -> list[Activity]:
    """Activities of all kinds, the odd ones among them, oldest first."""
    first = datetime(2016, 8, 1, 5, 0, 0, tzinfo=UTC)
    rows = []
    for n in range(count):
        kind = ("run", "run", "trail", "ride", "run", "swim", "virtual", "walk")[n % 8]
        rows.append(Activity(
            number=700_000_000 + 97 * n, start=first + timedelta(days=33 * n, hours=5 * n, seconds=61 * n), kind=kind,
            name=("Morning", 'Lauf, mit\nZeilen "umbruch"', "=1+1; [/foo]", "朝ラン", "")[n % 5],
            description="one\r\ntwo, three" if n % 4 == 1 else "",
            elapsed=3000 + 37 * n, moving=(2900.0 if n % 3 else 3100.5) + 37 * n,
            metres=1500.0 if kind == "swim" else 7321.048828125 + 811.25 * n, ascent=None if n % 5 == 4 else 12.5 * n,
            gear=("Pegasus 33", "", "Brooks Ghost 15", "")[n % 4],
            filename=("activities/1{}.fit.gz", "", "#error#", "activities/1{}.gpx")[n % 4].format(n),
            blank=n % 7 == 6, later={"rpe": 6.0, "heart_rate": 151.25, "cadence": 84.5, "steps": 9000.0} if n % 2 else {},
        ))  # fmt: skip
    return rows


def renumbered(activities: Sequence[Activity]) -> list[Activity]:
    """The same activities with a number of its own each."""
    return [replace(a, number=1_000 + n) for n, a in enumerate(activities)]
