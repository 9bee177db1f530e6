"""A cohort read here and by processes: one broken runner, what is read again, numbers instead of names, memory."""

from __future__ import annotations

import csv
import errno
import io
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from activity_files import zipped
from cohorts import AS_OF, NAMES, SECRET, hostile, make_cohort, runner_files
from made_runs import some_runs

from loadplan.cli import run
from loadplan.cli.cohort import progress_words
from loadplan.cli.load import WEEK_KEYS
from loadplan.cohort import engine
from loadplan.cohort.engine import Progress, read_cohort
from loadplan.cohort.injuries import injury_table
from loadplan.cohort.one import Options, read_person
from loadplan.cohort.parts import Folder, key_of, opened, packed
from loadplan.cohort.people import Person, find_people
from loadplan.cohort.results import Cohort, labelled, write_results
from loadplan.cohort.study import summary, sums
from loadplan.cohort.tables import TABLES, WEEKS
from loadplan.cohort.together import study_of

RUNS = 40
OPTIONS = Options(as_of=date.fromisoformat(AS_OF))


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_cohort(tmp_path_factory.mktemp("club"), runs=RUNS)


@pytest.fixture(scope="module")
def done(club: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the club was read into f.csv, by one process."""
    folder = tmp_path_factory.mktemp("done")
    results(club, folder / "f.csv")
    return folder


@pytest.fixture
def mine(done: Path, tmp_path: Path) -> Path:
    """A copy of that folder."""
    shutil.copytree(done, tmp_path, dirs_exist_ok=True)
    return tmp_path


def files(folder: Path, name: str = "f.csv") -> dict[str, bytes]:
    """The bytes of the four files of a cohort."""
    out = folder / name
    beside = {one: out if one == "weeks" else out.with_name(f"{out.stem}-{one}{out.suffix}") for one in TABLES}
    return {one: file.read_bytes() for one, file in beside.items()}


def results(path: Path, out: Path, options: Options = OPTIONS, *, force: bool = False, **how: Any) -> dict[str, bytes]:
    """Reads and writes a cohort; the bytes of its files."""
    people = find_people(path, anonymise=options.anonymise)
    folder = Folder.at(out.with_name(f"{out.name}.parts"))
    keys = read_cohort(people, options, folder, **how)
    cohort = Cohort(people=people, keys=keys, folder=folder, as_of=options.as_of)
    write_results(cohort, out, force=force)
    return files(out.parent, out.name)


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode())))


def statuses(found: dict[str, bytes]) -> dict[str, str]:
    return {row["runner"].split()[0]: row["status"] for row in rows(found["summary"])}


def test_the_same_bytes_from_one_process_and_from_two(club: Path, done: Path, tmp_path: Path) -> None:
    one = files(done)
    assert results(club, tmp_path / "two.csv", jobs=2) == one
    assert set(statuses(one).values()) == {"ok"}
    assert [len(rows(one[name])) > 0 for name in TABLES] == [True] * 5


def test_every_table_has_its_columns_and_begins_with_the_label(done: Path) -> None:
    for name, data in files(done).items():
        table = rows(data)
        assert list(table[0]) == list(TABLES[name])
        assert [row["runner"] for row in table] == sorted(row["runner"] for row in table)


def test_a_hostile_runner_costs_only_itself(club: Path, mine: Path) -> None:
    alone = files(mine)
    mixed = shutil.copytree(club, mine / "mixed")
    for name, data in hostile().items():
        (mixed / name).write_bytes(data)
    found = results(mixed, mine / "f.csv", force=True, jobs=2)
    assert found["weeks"] == alone["weeks"]
    assert found["warnings"] == alone["warnings"]
    bad = {name.removesuffix(".zip") for name in hostile()}
    assert {runner for runner, status in statuses(found).items() if status == "failed"} == bad
    assert all(row["reason"] for row in rows(found["summary"]) if row["status"] == "failed")


def test_a_defect_of_ours_in_one_runner_is_listed_and_he_is_read_again(
    club: Path, mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*arguments: object, **named: object) -> None:
        raise RuntimeError("never seen")

    whole = files(mine)
    forget(mine, "bert", club)
    monkeypatch.setattr("loadplan.cohort.one.daily_load", breaks)
    found = results(club, mine / "f.csv", force=True)
    assert statuses(found)["bert"] == "failed"
    assert "defect 1" in found["summary"].decode()
    assert rows(found["weeks"]) == [row for row in rows(whole["weeks"]) if not row["runner"].startswith("bert")]
    monkeypatch.undo()
    assert results(club, mine / "f.csv", force=True) == whole


def forget(folder: Path, name: str, club: Path) -> None:
    """Take the part of one runner away."""
    person = next(one for one in find_people(club) if one.label.startswith(name))
    (folder / "f.csv.parts" / f"{key_of(person, OPTIONS)}.part").unlink()


# ---------------------------------------------------------------- again
@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """First names of those who are read from now on."""
    names: list[str] = []
    find = engine.part_of

    def noted(person: Person, options: Options) -> bytes:
        names.append(person.label.split()[0])
        return find(person, options)

    monkeypatch.setattr(engine, "part_of", noted)
    return names


def test_who_was_read_is_not_read_again(club: Path, mine: Path, read: list[str]) -> None:
    first = files(mine)
    assert results(club, mine / "f.csv", force=True) == first
    assert read == []


def test_a_new_runner_and_a_changed_folder_are_read_and_nobody_else(club: Path, mine: Path, read: list[str]) -> None:
    grown = shutil.copytree(club, mine / "club")
    (grown / "new.zip").write_bytes(zipped(runner_files(7, 20)))
    folder = next(one for one in grown.iterdir() if one.is_dir())
    (folder / "activities.csv").unlink()
    results(grown, mine / "f.csv", force=True)
    assert sorted(read) == ["cleo", "new"]


def test_another_day_is_another_result(club: Path, mine: Path, read: list[str]) -> None:
    results(club, mine / "f.csv", replace(OPTIONS, as_of=date(2023, 5, 1)), force=True)
    assert len(read) == len(find_people(club))


def test_a_runner_who_is_called_otherwise_is_not_read_again(club: Path, mine: Path, read: list[str]) -> None:
    renamed = shutil.copytree(club, mine / "club")
    next(renamed.glob("anna*")).rename(renamed / "zoe.zip")
    found = results(renamed, mine / "f.csv", force=True)
    assert sorted(statuses(found)) == ["bert", "cleo", "dora", "zoe"]
    assert read == []


def test_a_damaged_part_is_made_again_and_those_of_other_calls_go(club: Path, mine: Path, read: list[str]) -> None:
    first = files(mine)
    parts = sorted((mine / "f.csv.parts").glob("*.part"))
    parts[0].write_bytes(parts[0].read_bytes()[:-40])
    (mine / "f.csv.parts" / f"{'0' * 64}.part").write_bytes(b"old")
    assert results(club, mine / "f.csv", force=True) == first
    assert sorted((mine / "f.csv.parts").glob("*.part")) == parts
    assert len(read) == 1


def test_files_that_are_there_are_only_written_over_when_told(club: Path, mine: Path) -> None:
    (mine / "f-ledger.csv").write_bytes(b"typed in by hand")
    with pytest.raises(FileExistsError):
        results(club, mine / "f.csv")
    assert (mine / "f-ledger.csv").read_bytes() == b"typed in by hand"
    assert (mine / "f.csv").stat().st_mode & 0o777 == 0o600


# ---------------------------------------------------------------- names
@pytest.fixture(scope="module")
def bare(club: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the club was read with numbers for names."""
    folder = tmp_path_factory.mktemp("bare")
    results(club, folder / "f.csv", replace(OPTIONS, anonymise=True))
    return folder


def test_with_numbers_for_names_no_name_is_in_any_file(bare: Path) -> None:
    found = files(bare)
    told = b"".join(file.read_bytes() + file.name.encode() for file in bare.rglob("*") if file.is_file())
    for part in (bare / "f.csv.parts").glob("*.part"):
        one = opened(part.read_bytes())
        assert one is not None
        told += b"".join(one.texts.values()) + repr(one.summary).encode()
    for name in (SECRET, *NAMES[:4], "activities/", "Ghost", "development"):
        assert name.encode() not in told, name
    assert {row["runner"] for row in rows(found["summary"])} == {f"runner-000{n}" for n in range(1, 5)}
    assert b"pair 2" in found["warnings"], "a warning of shoes still says which"


def test_without_that_the_names_are_there(done: Path) -> None:
    """The proof that the test before can fail."""
    found = b"".join(files(done).values())
    assert all(word.encode() in found for word in (SECRET, "anna", "activities/", "development"))


def test_numbers_for_names_change_no_number(done: Path, bare: Path) -> None:
    for table in ("weeks", "warnings"):
        left, right = (
            sorted(tuple(v for k, v in row.items() if k not in ("runner", "climb_source", "sentence")) for row in found)
            for found in (rows(files(done)[table]), rows(files(bare)[table]))
        )
        assert left == right


# ---------------------------------------------------------------- one runner
def person(folder: Path, number: int = 0, label: str = "a") -> Person:
    path = folder / "one.zip"
    path.write_bytes(zipped(runner_files(number)))
    return Person(label=label, path=path)


def test_weeks_have_every_number_that_load_tells() -> None:
    reasons_and_words = {"load", "spike_band", "surface_rise", "surface_rise_to", "cadence_adjusted_spm"}
    climbs = {f"{name}_change_pct" for name in ("fast", "ascent", "descent", "hill_up", "hill_down")}
    assert set(WEEK_KEYS) - set(WEEKS) <= reasons_and_words | climbs


def test_tables_have_their_types_also_where_they_are_empty(tmp_path: Path) -> None:
    told = read_person(person(tmp_path), OPTIONS)
    nobody = read_person(Person(label="b", path=tmp_path, trouble=("link_outside", "x")), OPTIONS)
    for name in ("weeks", "warnings", "ledger", "flags"):
        full, empty = getattr(told, name), getattr(nobody, name)
        kinds = {"str": "object"}
        wanted = {column: kinds.get(kind, kind) for column, kind in TABLES[name].items()}
        assert full.dtypes.astype(str).to_dict() == wanted
        assert empty.dtypes.astype(str).to_dict() == wanted


def test_a_part_holds_every_digit(tmp_path: Path) -> None:
    told = read_person(person(tmp_path), OPTIONS)
    part = opened(packed(told))
    assert part is not None
    names = [name for name in WEEKS if name != "runner"]
    read = list(csv.DictReader(io.StringIO(part.texts["weeks"].decode()), names))
    for name in ("distance_km", "acwr", "acwr_ewma", "monotony"):
        values = [float(row[name]) if row[name] else None for row in read]
        assert values == [None if pd.isna(value) else value for value in told.weeks[name]]


def test_a_day_before_the_last_run_reads_only_what_was_run_until_then(tmp_path: Path) -> None:
    told = read_person(person(tmp_path), replace(OPTIONS, as_of=date(2023, 4, 30)))
    days = [run.day for run in some_runs(60) if run.day <= date(2023, 4, 30)]
    assert told.summary["last_day"] == max(days).isoformat()
    assert told.summary["runs"] == len(days)


def test_a_label_that_is_a_formula_or_has_a_comma_stays_a_label() -> None:
    assert labelled("=1+1, two", b"a,1\nb,2\n") == b'"\'=1+1, two",a,1\n"\'=1+1, two",b,2\n'


def test_parquet_says_the_same_as_csv(club: Path, mine: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    named = files(mine)
    (mine / "f.csv.parts").rename(mine / "f.parquet.parts")
    first = results(club, mine / "f.parquet")
    assert results(club, mine / "f.parquet", force=True) == first
    for name, columns in TABLES.items():
        suffix = "" if name == "weeks" else f"-{name}"
        read = parquet.read_table(mine / f"f{suffix}.parquet")
        assert read.schema.names == list(columns)
        texts = {"True": True, "False": False}
        for row, line in zip(read.to_pylist(), rows(named[name]), strict=True):
            for column, kind in columns.items():
                cell = line[column]
                as_typed = {"str": str, "float64": float, "int64": int, "bool": texts.get}[kind]
                assert row[column] == (None if cell == "" else as_typed(cell)), column


def test_a_study_is_told_the_same_from_files_and_from_memory(club: Path, done: Path) -> None:
    people = [replace(one, injuries="2023-04-20/2023-05-02") for one in find_people(club)]
    keys = [key_of(one, OPTIONS) for one in people]
    read = Cohort(people=people, keys=keys, folder=Folder(done / "f.csv.parts"), as_of=OPTIONS.as_of)
    told = [read_person(one, OPTIONS) for one in people]
    weeks, flags = (pd.concat([getattr(one, name) for one in told]) for name in ("weeks", "flags"))
    hurt = injury_table(pd.DataFrame({"runner": [p.label for p in people], "injuries": [p.injuries for p in people]}))
    found = study_of(read)
    assert repr(found) == repr(summary(sums(weeks, flags, hurt)))
    assert found["incidence"]["injuries"] == len(people)


# ---------------------------------------------------------------- the command
def test_a_full_disk_is_told_and_what_was_read_is_kept(
    club: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    keep, kept = Folder.keep, []

    def full(folder: Folder, key: str, data: bytes) -> None:
        if len(kept) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        kept.append(key)
        keep(folder, key, data)

    line = ["cohort", str(club), "--out", str(tmp_path / "f.csv"), "--jobs", "1", "--as-of", AS_OF]
    with monkeypatch.context() as patch:
        patch.setattr(Folder, "keep", full)
        assert run(line) == 5
    assert "the disk is full. What was read is kept" in capsys.readouterr().err
    assert not (tmp_path / "f.csv").exists()
    assert len(list((tmp_path / "f.csv.parts").glob("*.part"))) == 2
    assert run(line) == 0


def test_progress_tells_the_rate_without_those_who_were_there_before() -> None:
    assert progress_words(Progress(0, 50, 0), 1.0) == "0 of 50 runners"
    assert progress_words(Progress(30, 50, 10), 10.0) == "30 of 50 runners, 2.0 a second, 0:10 left"
