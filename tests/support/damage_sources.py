"""Whole files to damage: made in code, and real ones of many devices, chosen by a rule and not by hand."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from activity_files import gpx, gpx_points, tcx, tcx_activity, tpx
from fit_shapes import shapes
from judge import Source

from importers.sniff import Kind

LARGEST_FIT = 60_000
LARGEST_XML = 150_000
FEWEST_RECORDS = 100
"""Real sources are small, so that many can be damaged; and hold a run worth the name."""
REAL_FIT = 20
REAL_XML = 12


@cache
def made_fit() -> list[Source]:
    """Every shape of a FIT file but those of several files in one."""
    return [Source(name, data, Kind.FIT) for name, data in shapes().items() if name != "chained"]


@cache
def made_xml() -> list[Source]:
    """GPX and TCX of the usual and of the rarer kinds."""
    rich = gpx_points(range(300), extra=lambda t: tpx(hr=140 + t % 9, cad=84), altitude=lambda t: 100 + t / 20)
    more = gpx_points(range(500, 800), extra=lambda t: tpx(hr=140, cad=84), zone="+02:00")
    wide = gpx(rich).decode().replace("UTF-8", "UTF-16").encode("utf-16")
    return [
        Source("gpx", gpx(rich, name="Läufe & <more>".replace("&", "&amp;").replace("<", "&lt;")), Kind.GPX),
        Source("gpx of two segments", gpx(rich, more, kind=None), Kind.GPX),
        Source("gpx in UTF-16", wide, Kind.GPX),
        Source("gpx without a declaration", gpx(rich).partition(b"?>")[2], Kind.GPX),
        Source("tcx", b" " * 10 + tcx(tcx_activity(300)), Kind.TCX),
        Source("tcx of two activities", tcx(tcx_activity(200), tcx_activity(100, sport="Biking")), Kind.TCX),
    ]


def real_fit(corpus: Path, index: list[dict[str, str]]) -> list[Source]:
    """The first file of each device in the order of their hashes, of the small ones that are activities."""
    rows = [
        r
        for r in index
        if r["kind"] == "fit" and r["fit_type"] == "activity" and not r["gz"] and r["n_files_chained"] == "1"
        and int(r["n_records"]) >= FEWEST_RECORDS and int(r["raw_size"]) <= LARGEST_FIT
    ]  # fmt: skip
    return _chosen(corpus, rows, Kind.FIT, REAL_FIT)


def real_xml(corpus: Path, index: list[dict[str, str]]) -> list[Source]:
    """The first GPX and TCX files of each maker in the order of their hashes, of the small ones."""
    rows = [
        r
        for r in index
        if not r["gz"] and int(r["raw_size"]) <= LARGEST_XML and int(r["n_records"] or 0) >= FEWEST_RECORDS
    ]
    half = REAL_XML // 2
    chosen = [_chosen(corpus, [r for r in rows if r["kind"] == k.value], k, half) for k in (Kind.GPX, Kind.TCX)]
    return [source for sources in chosen for source in sources]


def _chosen(corpus: Path, rows: list[dict[str, str]], kind: Kind, most: int) -> list[Source]:
    devices: dict[str, dict[str, str]] = {}
    for row in sorted(rows, key=lambda r: r["sha1"]):
        devices.setdefault(row["device"], row)
    files = sorted(devices.values(), key=lambda r: r["sha1"])[:most]
    return [Source(r["file"], (corpus / "corpus" / r["file"]).read_bytes(), kind) for r in files]
