"""Damaged files: nothing is raised, nothing hangs, a bad checksum is told, and what stood before a cut is kept.

A slice of what ``make fuzz`` does at length.
"""

from __future__ import annotations

import re
from itertools import islice

import pytest
from damage import FIT_KINDS, XML_KINDS, Damaged, fit_damages, seal, xml_damages
from damage_sources import made_fit, made_xml, real_fit, real_xml
from fit_shapes import shapes
from hostile import hostile
from judge import LATEST, READERS, HangError, Source, changes, closed, judge, outcome_of, time_limit

from importers import Fate, read_export
from importers.fit import read_fit
from importers.sniff import Kind

MADE = 400
REAL = 300
SEALED = 700
HOSTILE_BYTES = 200_000
MOST_RUNS = 1000
"""More runs than this are in no file."""
UNSEEN = 2
"""Of 700 sealed damages so many may change a run without a word."""


def faults(damages: list[Damaged], sources: list[Source]) -> list[str]:
    """What does not hold for damaged files."""
    found = [(d, judge(d, sources[d.source])) for d in damages]
    return [f"{d.name} ({sources[d.source].name}): {fault}" for d, verdict in found for fault in verdict.faults]


def unseen(damages: list[Damaged], sources: list[Source]) -> list[str]:
    """Damages that change a run and that nothing tells of."""
    found = [(d, judge(d, sources[d.source])) for d in damages]
    assert not [v.faults for _, v in found if v.faults]
    return [f"{d.name} ({sources[d.source].name}): {'; '.join(v.changed)}" for d, v in found if v.changed]


def test_damaged_fit_files_made_in_code_keep_every_promise():
    sources = made_fit()
    damages = list(islice(fit_damages([s.data for s in sources]), MADE))
    assert {d.kind for d in damages} == set(FIT_KINDS)
    assert faults(damages, sources) == []


def test_damaged_gpx_and_tcx_files_made_in_code_keep_every_promise():
    sources = made_xml()
    damages = list(islice(xml_damages([s.data for s in sources]), MADE))
    assert {d.kind for d in damages} == set(XML_KINDS)
    assert faults(damages, sources) == []


@pytest.mark.corpus
def test_damaged_real_fit_files_keep_every_promise(corpus, corpus_index):
    sources = real_fit(corpus, corpus_index)
    assert len({s.name for s in sources}) == 20
    assert faults(list(islice(fit_damages([s.data for s in sources], 1), REAL)), sources) == []


@pytest.mark.corpus
def test_damaged_real_gpx_and_tcx_files_keep_every_promise(corpus, corpus_index):
    sources = real_xml(corpus, corpus_index)
    assert len(sources) > 8
    assert faults(list(islice(xml_damages([s.data for s in sources], 1), REAL)), sources) == []


@pytest.mark.corpus
def test_damage_behind_a_checksum_that_fits_hardly_ever_changes_a_run_in_silence(corpus, corpus_index):
    sources = real_fit(corpus, corpus_index)
    damages = list(islice(fit_damages([s.data for s in sources], sealed=True), SEALED))
    found = unseen(damages, sources)
    assert len(found) <= UNSEEN, found


def test_damaged_files_in_a_folder_all_end_in_the_ledger(tmp_path):
    fit, xml = made_fit(), made_xml()
    damages = [*islice(fit_damages([s.data for s in fit], 2), 40), *islice(xml_damages([s.data for s in xml], 2), 40)]
    for n, d in enumerate(damages):
        (tmp_path / f"{n}.{'fit' if n < 40 else 'gpx'}").write_bytes(d.data)
    export = read_export(tmp_path, jobs=1)
    assert len(export.ledger) == len(damages)
    assert not [row for row in export.ledger if row.code == "reader_failed"]
    assert all(row.code for row in export.ledger if row.fate is Fate.REJECTED)


@pytest.mark.parametrize("number", ["1e308", "-1e308", "inf", "nan", "9" * 400, "1e-320", ""])
@pytest.mark.parametrize("element", ["RunCadence", "Speed", "Value", "DistanceMeters", "cad", "hr", "ele", "lat"])
def test_a_number_beyond_all_sense_costs_no_more_than_itself(element, number):
    whole = next(s for s in made_xml() if s.name == ("tcx" if element[0].isupper() else "gpx"))
    pattern = r'(?<=lat=")[^"]*' if element == "lat" else rf"(?<={element}>)[^<]*(?=</)"
    text = re.sub(pattern.encode(), number.encode(), whole.data, count=1)
    assert text != whole.data
    assert judge(Damaged(0, "number", 0, text), whole).faults == []
    assert len(READERS[whole.kind](text)[0].track) >= 299
    assert outcome_of(text, whole.kind).runs[0].moving_s == pytest.approx(whole.outcome.runs[0].moving_s, abs=1)


@pytest.mark.parametrize("name", sorted(hostile(0)))
def test_a_file_made_to_cost_time_or_memory_ends_in_time(name):
    kind, make = hostile(HOSTILE_BYTES)[name]
    data = make()
    assert len(data) > HOSTILE_BYTES // 2
    found = Source(name, data, kind)
    assert judge(Damaged(0, "hostile", 0, data), found).faults == []
    assert len(found.outcome.runs) <= MOST_RUNS


def test_the_same_seed_gives_the_same_damage():
    data = [shapes()["plain"], shapes()["compressed"]]
    first, again = (list(islice(fit_damages(data, 7), 30)) for _ in range(2))
    assert first == again
    assert first != list(islice(fit_damages(data, 8), 30))


def test_a_sealed_file_is_whole_to_a_reader():
    data = shapes()["plain"]
    assert seal(data) == data
    at = len(data) // 2
    changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
    assert [p.code for p in read_fit(changed)[0].problems][:1] == ["bad_crc"]
    assert not {p.code for p in read_fit(seal(changed))[0].problems} & {"bad_crc", "bad_header_crc", "truncated"}


# ---------------------------------------------------------------- the judge is not blind
def source() -> Source:
    return Source("plain", shapes()["plain"], Kind.FIT)


def test_the_judge_sees_a_run_that_changed():
    other = Source("other", shapes()["every six seconds"], Kind.FIT)
    assert changes(source().outcome.runs, source().outcome.runs) == []
    assert changes(source().outcome.runs, ()) == ["runs: 1 -> 0"]
    assert changes(source().outcome.runs, Source("ride", shapes()["a ride"], Kind.FIT).outcome.runs)
    assert other.outcome.runs[0].start < LATEST


def test_the_judge_sees_samples_that_are_lost(monkeypatch):
    data = shapes()["plain"]
    half = Damaged(0, "cut", 0, data[: len(data) // 2], cut_at=len(data) // 2)
    assert judge(half, source()).faults == []
    monkeypatch.setitem(judge.__globals__["READERS"], Kind.FIT, lambda _: read_fit(data[: len(data) // 4]))
    kept = source()
    kept.__dict__["instants"] = {t for _, t in kept.stamped}
    assert "samples before the cut" in judge(half, kept).faults[0]


def test_the_judge_sees_what_raises_and_what_hangs(monkeypatch):
    def raising(_: bytes) -> list[object]:
        raise KeyError("x")

    monkeypatch.setitem(judge.__globals__["READERS"], Kind.FIT, raising)
    damaged = Damaged(0, "flip", 0, b"\0" * 40)
    assert judge(damaged, source()).faults == ["raises KeyError: 'x'"]
    with pytest.raises(HangError):
        hang()


def hang() -> None:
    with time_limit(0.01):
        while True:
            pass


def test_a_cut_document_can_be_closed_at_its_last_point():
    whole = made_xml()[0]
    text = closed(whole.data[: len(whole.data) * 2 // 3], Kind.GPX)
    assert text.endswith(b"</trkpt></trkseg></trk></gpx>")
    assert closed(b"<gpx><trk>", Kind.GPX) == b""
