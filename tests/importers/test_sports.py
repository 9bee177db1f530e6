from __future__ import annotations

import pytest

from importers.sports import house_sport, house_surface, house_type, sport_of_title, sport_of_word

RUNS = [
    "run",
    "Running",
    "RUNNING",
    "TrailRun",
    "VirtualRun",
    "Trail Run",
    "Outdoor Running",
    "outdoorRunning",
    "Treadmill",
    "Running (Road)",
    "Lauf",
    "Laufen",
    "Laufen (Trail)",
    "Course à pied",
    "Correr",
    "Carrera",
    "Corsa",
    "Corrida",
    "Bieg",
    "Пробежка",
    "Løb",
    "Løping",
    "Löpning",
    "Juoksu",
    "Futás",
    "Běh",
    "Koşu",
    "跑步",
    "户外跑步",
    "ランニング",
    "달리기",
    "Footing",
    "Jooksmine",
    "Skriešana",
    "Bėgimas",
    "Tek",
    "Beh",
    "Бягане",
    "Біг",
    "Трчање",
    "Hlaup",
    "Vrapim",
    "Cursa",
    "Larian",
    "दौड़",
    "دویدن",
    "Carreira",
]


@pytest.mark.parametrize("word", RUNS)
def test_running_is_known_in_many_spellings_and_languages(word):
    assert sport_of_word(word) == "run"


@pytest.mark.parametrize(
    ("word", "sport"),
    [
        ("Biking", "ride"),
        ("VirtualRide", "ride"),
        ("Nordic Walking", "walk"),
        ("Spaziergang", "walk"),
        ("52", "unknown"),
        ("Wandern", "hike"),
        ("Open Water Swimming", "swim"),
        ("Rowing", "rowing"),
        ("ski_touring", "ski_touring"),
        ("Langlauf", "langlauf"),
        ("inline_skating", "inline_skating"),
        ("Run/Walk", "unknown"),
        ("Course de vélo", "ride"),
        ("Skøyteløp", "other"),
        ("Běh na lyžích", "other"),
        ("Beh na lyžiach", "other"),
        ("Sífutás", "other"),
        ("Kayak koşusu", "other"),
        ("Біг на лижах", "other"),
        ("Скијашко трчање", "other"),
        ("Schlittschuhlauf", "schlittschuhlauf"),
        ("Laufrad", "laufrad"),
        ("Course de chevaux", "course_de_chevaux"),
        ("horseback_riding", "horseback_riding"),
        ("bike_to_run_transition", "transition"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_other_words_are_other_sports(word, sport):
    assert sport_of_word(word) == sport


@pytest.mark.parametrize(
    ("title", "sport"),
    [
        ("Easy run + strides", "run"),
        ("Strides", None),
        ("Parkrun #34", "run"),
        ("Halbmarathon", "run"),
        ("Langer Lauf", "run"),
        ("Skilanglauf", "other"),
        ("Bride's run", "run"),
        ("Runde um den See", None),
        ("runtastic_20150401_1800", None),
        ("Norwalk 5k", None),
        ("Morning Ride", "ride"),
        ("Nachmittagsradfahrt", "ride"),
        ("Course à pied le midi", "run"),
        ("Run/walk intervals", None),
        ("Walk to the track, then run", None),
        ("Bieg na nartach", None),
        ("Esquí de fondo", "other"),
        ("Warszawski bieg", "run"),
        (None, None),
    ],
)
def test_a_title_names_a_sport_unless_it_names_running_and_another(title, sport):
    assert sport_of_title(title) == sport


@pytest.mark.parametrize(
    ("word", "surface"),
    [
        ("TrailRun", "trail"),
        ("treadmill", "treadmill"),
        ("Track Run", "track"),
        ("virtual-run", "virtual"),
        ("run", None),
    ],
)
def test_a_compound_word_tells_the_surface(word, surface):
    assert (house_sport("run"), house_surface(word)) == ("run", surface)


@pytest.mark.parametrize(
    ("word", "found"),
    [
        (None, ("unknown", None)),
        ("Laufen (Trail)", ("run", "trail")),
        ("running_indoor", ("run", "treadmill")),
        ("Bieg na nartach", ("bieg_na_nartach", None)),
        ("Trail Ride", ("ride", None)),
        ("r" * 100_000, ("r" * 40, None)),
    ],
)
def test_a_type_in_any_language_is_a_sport_and_of_a_run_its_surface(word, found):
    assert house_type(word) == found
