from __future__ import annotations

import gzip
import hashlib
import zipfile
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import fitparse
import gpxpy
import pytest

from loadplan.synthetic import Story, tell_story, write_export
from loadplan.synthetic.export import activity_bytes
from loadplan.synthetic.samples import trace

END = date(2026, 11, 22)


@pytest.fixture(scope="module")
def story() -> Story:
    return tell_story(END)


def km_by_week(story: Story) -> dict[date, float]:
    out: dict[date, float] = {}
    for run in story.runs:
        monday = run.day - timedelta(days=run.day.weekday())
        out[monday] = out.get(monday, 0) + run.km
    return out


def test_the_same_end_and_seed_tell_the_same_story(story: Story, tmp_path: Path) -> None:
    assert tell_story(END) == story
    assert tell_story(END, seed=8) != story
    short = Story(end=END, outings=story.outings[-3:], pairs=story.pairs, pain=story.pain)
    sums = set()
    for name in ("a.zip", "b.zip"):
        write_export(short, tmp_path / name)
        sums.add(hashlib.sha256((tmp_path / name).read_bytes()).hexdigest())
    assert len(sums) == 1


def test_nothing_happens_after_the_last_day() -> None:
    wednesday = date(2026, 11, 18)
    assert max(o.day for o in tell_story(wednesday).outings) <= wednesday


def test_a_year_of_three_to_four_runs_a_week(story: Story) -> None:
    weeks = km_by_week(story)
    assert (story.runs[-1].day - story.runs[0].day).days > 400
    assert 30 < sum(weeks.values()) / len(weeks) < 38
    assert 3 <= len(story.runs) / len(weeks) <= 4


def test_the_story_jumps_and_then_hurts(story: Story) -> None:
    weeks = list(km_by_week(story).items())
    (before, jump), (sore, _) = (weeks[-7][1], weeks[-6][1]), weeks[-3]
    assert jump > 1.15 * before
    longest = max(o.km for o in story.runs)
    assert next(o for o in story.runs if o.km == longest).day == story.pain_began < sore
    assert weeks[-3][1] < 0.5 * weeks[-4][1]


def test_there_is_one_break_of_more_than_a_week(story: Story) -> None:
    gaps = [(b.day - a.day).days - 1 for a, b in pairwise(story.runs)]
    assert [g for g in gaps if g >= 7] == [12]


def test_shoes_change_twice_and_the_newest_pair_before_the_pain(story: Story) -> None:
    worn = {o.shoe for o in story.runs}
    assert worn == {p.name for p in story.pairs}
    assert story.pairs[-1].first_day < story.pain_began < story.pairs[-1].first_day + timedelta(days=28)


def test_a_trace_covers_its_distance_and_climbs_where_the_route_does(story: Story) -> None:
    hilly = next(o for o in story.runs if o.route == "hilly")
    flat = next(o for o in story.runs if o.route == "flat")
    for outing in (hilly, flat):
        recorded = trace(outing)
        assert recorded.samples[-1].distance_m == pytest.approx(outing.km * 1000, abs=1)
        assert all(a.time_s < b.time_s for a, b in pairwise(recorded.samples))
    assert trace(hilly).ascent_m / hilly.km > 5 * trace(flat).ascent_m / flat.km


def test_watch_files_are_fit_and_the_first_weeks_gpx(story: Story) -> None:
    name, data = activity_bytes(story.outings[0])
    assert name == ".gpx"
    assert gpxpy.parse(data.decode()).get_points_no() > 100
    name, data = activity_bytes(story.runs[-1])
    assert name == ".fit.gz"
    session = next(iter(fitparse.FitFile(gzip.decompress(data)).get_messages("session"))).get_values()
    assert session["total_distance"] == pytest.approx(story.runs[-1].km * 1000, abs=1)


def test_the_export_holds_a_copy_a_cut_file_a_picture_and_a_day_of_steps(story: Story, tmp_path: Path) -> None:
    short = Story(end=END, outings=story.outings[-2:], pairs=story.pairs, pain=story.pain)
    assert write_export(short, tmp_path / "x.zip") == 2
    names = zipfile.ZipFile(tmp_path / "x.zip").namelist()
    assert [n.split("/")[0] for n in names] == [
        "activities",
        "activities",
        "copies",
        "monitoring",
        "activities",
        "media",
    ]
