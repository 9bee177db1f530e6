"""Who is in a cohort: a folder, a list, links, labels, numbers."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from activity_files import zipped
from cohorts import SECRET, make_cohort

from loadplan.cohort.parts import Folder
from loadplan.cohort.people import CohortError, Person, find_people

ZIP = zipped({"a.gpx": b"<gpx/>"})


def labels(people: tuple[Person, ...]) -> list[str]:
    return [one.label for one in people]


def write(folder: Path, *names: str) -> Path:
    for number, name in enumerate(names):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(zipped({f"{number}.gpx": b"<gpx/>"}))
    return folder


def test_each_zip_and_folder_is_a_runner_and_nothing_else_is(tmp_path: Path) -> None:
    write(tmp_path, "bert.ZIP", "anna.zip", "cleo/one.gpx", "notes.txt", ".hidden.zip", "__MACOSX/x", "dir.zip/one.gpx")
    assert labels(find_people(tmp_path)) == ["anna", "bert", "cleo", "dir.zip"]


def test_a_zip_and_a_folder_of_the_same_name_are_told_apart(tmp_path: Path) -> None:
    assert labels(find_people(write(tmp_path, "anna.zip", "anna/one.gpx"))) == ["anna", "anna.zip"]


def test_the_parts_of_an_earlier_call_are_nobody(tmp_path: Path) -> None:
    write(tmp_path, "anna.zip")
    Folder.at(tmp_path / "club.csv.parts")
    assert labels(find_people(tmp_path)) == ["anna"]


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    write(tmp_path / "elsewhere", "anna.zip")
    folder = write(tmp_path / "club", "bert.zip")
    (folder / "anna.zip").symlink_to(tmp_path / "elsewhere" / "anna.zip")
    (folder / "again.zip").symlink_to(folder / "bert.zip")
    troubles = {one.label: one.trouble and one.trouble[0] for one in find_people(folder)}
    assert troubles == {"again": None, "anna": "link_outside", "bert": None}


def test_a_list_names_paths_labels_injuries_and_zones(tmp_path: Path) -> None:
    write(tmp_path, "x/1.zip", "x/2.zip", "not listed.zip")
    (tmp_path / "runners.csv").write_text(
        "\ufeffLabel;Path;Injury dates;tz\n"
        "P2;x/2.zip;2023-05-01/2023-05-20 2022-01-09;Europe/Vienna\n"
        ";x/1.zip;;\n"
        "\n"
        "P3;gone.zip;;\n",
        encoding="utf-8",
    )
    one, two, three = find_people(tmp_path)
    assert (one.label, one.injuries, one.trouble) == ("1", "", None)
    assert (two.label, two.injuries, two.tz) == ("P2", "2022-01-09 2023-05-01/2023-05-20", "Europe/Vienna")
    assert (three.label, three.trouble and three.trouble[0]) == ("P3", "no_such_path")
    assert find_people(tmp_path / "runners.csv") == (one, two, three)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("label\na\n", "name the column path"),
        ("", "name the column path"),
        ("path,label\n1.zip,a\n2.zip,a\n", "the label 'a' stands there 2 times"),
        ("path,injuries\n1.zip,soon\n", "line 2: 'soon' is no day"),
        ("path,injuries\n1.zip,2023-05-20/2023-05-01\n", "in this order"),
        ("path,tz\n1.zip,Mars/Olympus\n", "no time zone"),
        ("path,label\n,a\n", "line 2: no path"),
    ],
)
def test_a_wrong_list_is_told_in_words(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "runners.csv").write_text(text, encoding="utf-8")
    with pytest.raises(CohortError, match=words):
        find_people(tmp_path)


def test_one_runners_zip_is_no_cohort(tmp_path: Path) -> None:
    with pytest.raises(CohortError, match="loadplan import"):
        find_people(write(tmp_path, "anna.zip") / "anna.zip")


def test_numbers_go_by_what_the_files_hold_and_not_by_their_names(tmp_path: Path) -> None:
    folder = make_cohort(tmp_path / "club", runs=6)
    before = {one.label: one.path.name for one in find_people(folder, anonymise=True)}
    assert list(before) == ["runner-0001", "runner-0002", "runner-0003", "runner-0004"]
    renamed = {name: f"{9 - n} renamed{Path(name).suffix}" for n, name in enumerate(sorted(before.values()))}
    shutil.copytree(folder, tmp_path / "other")
    for old, new in renamed.items():
        (tmp_path / "other" / old).rename(tmp_path / "other" / new)
    after = {one.label: one.path.name for one in find_people(tmp_path / "other", anonymise=True)}
    assert after == {label: renamed[name] for label, name in before.items()}
    assert not any(SECRET in label for label in after)
