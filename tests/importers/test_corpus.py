"""The real files: every one ends in the ledger, and one runner's history comes out as an independent scan saw it."""

from __future__ import annotations

import gzip
import re
from collections import Counter, defaultdict
from itertools import pairwise

import numpy as np
import pytest

from importers import Fate, read_export
from importers.fit import read_fit

pytestmark = pytest.mark.corpus
HISTORY = "x3cl+running_page"
REFUSED = {
    "DeveloperData.fit": "no_time",  # three records, none with a time
    "TestEncode.fit": "no_time",  # one record, without a time
    "antfs-dump.63.fit": "power_up_clock",  # one watch, two runs nine days apart that end at one and the same local
    "compressed-speed-distance.fit": "power_up_clock",  # second: that of the fetching, and no day is known
}
"""Activities of the corpus that nobody can put on a day."""
WORDS = {
    "running": "run",
    "cycling": "ride",
    "walking": "walk",
    "hiking": "hike",
    "swimming": "swim",
    "generic": "other",
}
PUBLIC_READERS = ("dtcooper+python-fitparse", "tkrajina+gpxpy", "dblock+tcx", "muktihari+fit")


@pytest.fixture(scope="session")
def history(corpus):
    """117 files, 240,000 records: 11 s on two cores, 20 s on one."""
    return read_export(corpus / "corpus" / HISTORY, jobs=2)


@pytest.fixture(scope="session")
def scanned(corpus_index):
    return {r["file"].removeprefix(HISTORY + "/"): r for r in corpus_index if r["file"].startswith(HISTORY)}


def test_the_history_has_ninety_runs_and_seven_more_inside_files_with_several_sessions(history, scanned):
    runs = [r for r in history.runs if r.is_run]
    single = {s for s, r in scanned.items() if r["is_run"] == "1" and r["n_sessions"] == "1"}
    assert len(single) == 90
    assert {r.source for r in runs if r.source in single} == single
    inside = Counter(r.source for r in runs if r.source not in single)
    assert sum(inside.values()) == 7
    assert len(inside) == 5
    assert history.counts() == {
        "found": 117,
        "kept": 117,
        "runs": 97,
        "other": 32,
        "not_activities": 0,
        "duplicates": 0,
        "salvaged": 0,
        "rejected": 0,
    }


def test_distance_time_start_and_local_day_of_the_history_are_those_of_the_scan(history, scanned):
    for run in history.runs:
        row = scanned[run.source]
        if row["n_sessions"] != "1":
            continue
        assert run.start.isoformat()[:19] == row["start"][:19]
        assert run.utc_offset_s == float(row["tz_off_s"])
        assert run.distance_m == pytest.approx(float(row["distance_m"]), rel=0.005)
        assert run.moving_s == pytest.approx(float(row["timer_s"]), abs=1)
        if row["ascent_m"]:
            assert run.ascent_m == pytest.approx(float(row["ascent_m"]))


def test_cadence_of_the_history_is_that_of_its_running_samples(history, corpus):
    seen = 0
    for run in [r for r in history.runs if r.is_run and r.session == 0][::8]:
        track = read_fit((corpus / "corpus" / HISTORY / run.source).read_bytes())[0].track
        running = track.cadence_spm[(track.cadence_spm >= 140) & (track.cadence_spm <= 230)]
        if run.cadence_spm is not None:
            seen += 1
            assert run.cadence_spm == pytest.approx(np.median(running), abs=2)
    assert seen >= 6


def test_steps_of_the_history_agree_with_the_watch(history, scanned):
    ratios = []
    for run in history.runs:
        row = scanned[run.source]
        if run.is_run and run.steps and row["n_sessions"] == "1" and row["cad_spm"]:
            ratios.append(run.steps / (float(row["cad_spm"]) * float(row["timer_s"]) / 60))
    assert len(ratios) > 70
    assert np.median(ratios) == pytest.approx(1, abs=0.01)


def test_every_file_of_public_readers_test_suites_ends_in_the_ledger(corpus):
    fates = defaultdict(set)
    for name in PUBLIC_READERS:
        folder = corpus / "corpus" / name
        export = read_export(folder)
        files = sum(p.is_file() for p in folder.rglob("*"))
        counts = export.counts()
        assert len(export.ledger) == files
        assert counts["found"] == sum(counts[k] for k in ("kept", "duplicates", "not_activities", "rejected"))
        for row in export.ledger:
            assert row.fate is not Fate.REJECTED or row.code
            assert row.code != "reader_failed"
            fates[row.fate].add(row.code)
    assert {"no_time", "power_up_clock"} <= fates[Fate.REJECTED]
    assert {"not_activity", "no_points"} == fates[Fate.NOT_ACTIVITY]


def test_climb_measured_from_samples_agrees_with_barometric_watches(corpus, scanned):
    """Where the watch says what it climbed, the method for watches that do not say comes to the same."""
    from dataclasses import replace

    from importers.measure import measure

    hilly = [s for s, r in scanned.items() if r["n_sessions"] == "1" and float(r["ascent_m"] or 0) > 400]
    errors = []
    for source in sorted(hilly)[:12]:
        [recording] = read_fit((corpus / "corpus" / HISTORY / source).read_bytes())
        bare = replace(recording, summary=replace(recording.summary, ascent_m=None, descent_m=None), barometric=True)
        errors.append(measure(bare).ascent_m / recording.summary.ascent_m - 1)
    assert abs(np.median(errors)) < 0.05


@pytest.fixture(scope="session")
def fit_files(corpus, corpus_index):
    """Every FIT file of the corpus: its row of the scan and its recordings. 395 files take a second."""
    rows = [r for r in corpus_index if r["kind"] == "fit"]
    out = []
    for row in rows:
        data = (corpus / "corpus" / row["file"]).read_bytes()
        out.append((row, read_fit(gzip.decompress(data) if row["gz"] in ("1", "True", "gz") else data)))
    return out


def test_every_activity_of_the_corpus_is_read_but_those_that_nobody_can_put_on_a_day(fit_files):
    assert len(fit_files) > 380
    refused = {}
    for row, recordings in fit_files:
        kept = [r for r in recordings if r.start is not None]
        if kept:
            assert row["fit_type"] in ("activity", "")
        elif row["fit_type"] == "activity" or int(row["n_sessions"] or 0):
            refused[row["file"].rsplit("/")[-1]] = recordings[0].problems[0].code
    assert refused == REFUSED


def test_one_session_of_the_corpus_is_as_the_scan_saw_it(fit_files):
    seen = 0
    for row, recordings in fit_files:
        if row["n_sessions"] != "1" or recordings[0].start is None:
            continue
        [r] = [r for r in recordings if r.start is not None]
        seen += 1
        assert r.start.isoformat()[:19] == row["start"][:19], row["file"]
        assert r.sport == WORDS.get(row["sport"], row["sport"]), row["file"]
        offset = float(row["tz_off_s"] or "nan")
        assert r.utc_offset_s == (offset if abs(offset) <= 15 * 3600 else None), row["file"]
        cut = r.salvaged and r.summary.timer_s is None  # its totals speak of what was cut off
        for column, ours in (
            ("distance_m", r.summary.distance_m),
            ("elapsed_s", r.summary.elapsed_s),
            ("timer_s", r.summary.timer_s),
            ("ascent_m", r.summary.ascent_m),
        ):
            if float(row[column] or 0) > 0 and not cut:
                assert ours == pytest.approx(float(row[column]), rel=1e-3, abs=0.6), (row["file"], column)
    assert seen > 270


def test_every_record_of_the_corpus_with_a_time_of_its_own_is_a_sample(fit_files):
    for row, recordings in fit_files:
        kept = [r for r in recordings if r.start is not None]
        if not kept:
            continue
        repeated, timeless = (
            int(m[1]) if (m := re.search(rf"{w}:(\d+)", row["notes"])) else 0 for w in ("dup ts", "w/o ts")
        )
        samples = sum(len(r.track) for r in kept)
        between = 3 if int(row["n_sessions"] or 0) > 1 else 1  # records of a pause between two sessions, or a far one
        lost = int(row["n_records"]) - repeated - timeless - samples
        assert lost <= between, row["file"]
        assert lost >= 0 or kept[0].salvaged, row["file"]  # behind damage the scan saw nothing; we go on


def _is_chain_of_two_activities(row):
    return row["file"].rsplit("/")[-1] in ("activity-activity-filecrc.fit", "chained_Activity_activity_poolswim.fit")


def test_no_session_of_the_corpus_reaches_into_another_and_each_starts_at_zero(fit_files):
    several = 0
    for row, recordings in fit_files:
        if int(row["n_sessions"] or 0) < 2 or recordings[0].start is None or _is_chain_of_two_activities(row):
            continue
        several += 1
        assert len(recordings) == int(row["n_sessions"])
        assert [r.sport for r in recordings] == [WORDS.get(w, w) for w in row["sport"].split("+")]
        ends = [(r.start.timestamp(), r.start.timestamp() + r.track.time_s[-1]) for r in recordings if len(r.track)]
        assert all(a[1] <= b[0] + 1 for a, b in pairwise(sorted(ends)))
        for r in recordings:
            known = r.track.distance_m[np.isfinite(r.track.distance_m)]
            if len(known) > 1 and r.summary.distance_m:
                assert known[0] < max(30.0, 0.05 * r.summary.distance_m), row["file"]
    assert several >= 12
