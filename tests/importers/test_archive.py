from __future__ import annotations

import os
import struct
import zipfile

import pytest
from activity_files import PNG, gpx, gpx_points, gz, zipped

from importers.archive import Limits, count_members, walk
from importers.problems import ImporterError
from importers.sniff import Kind

RUN = gpx(gpx_points(range(30)))


def members(path, **limits):
    return list(walk(path, Limits(**limits)))


def codes(found):
    return {m.source: m.problem.code if m.problem else None for m in found}


def write(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def test_a_folder_is_read_recursively_in_a_fixed_order_without_hidden_files(tmp_path):
    for name in ("b/2.gpx", "b/1.gpx", "a.gpx", ".git/x.gpx", "b/._1.gpx"):
        write(tmp_path / name, RUN)
    found = members(tmp_path)
    assert [m.source for m in found] == ["a.gpx", "b/1.gpx", "b/2.gpx"]
    assert count_members(tmp_path) == 3


def test_a_zip_gives_the_same_members_as_the_folder_it_was_made_of(tmp_path):
    files = {"b/2.gpx": RUN, "a.gpx": RUN + b" ", "b/1.gpx.gz": gz(RUN)}
    for name, data in files.items():
        write(tmp_path / "folder" / name, data)
    archive = write(tmp_path / "export.zip", zipped(files))
    as_folder = [(m.source, m.content_sha256) for m in members(tmp_path / "folder")]
    assert as_folder == [(m.source, m.content_sha256) for m in members(archive)]
    assert as_folder[1][1] == as_folder[2][1], "packed or not, content is the identity"


def test_content_decides_and_names_do_not(tmp_path):
    write(tmp_path / "picture.fit", PNG)
    write(tmp_path / "run.jpg", RUN)
    write(tmp_path / "zip.fit", zipped({"inside.txt": RUN}))
    kinds = {m.source: m.kind for m in members(tmp_path)}
    assert kinds == {"picture.fit": Kind.PICTURE, "run.jpg": Kind.GPX, "zip.fit/inside.txt": Kind.GPX}


def test_zips_are_opened_two_deep(tmp_path):
    inner = zipped({"run.gpx": RUN})
    archive = write(tmp_path / "e.zip", zipped({"part.zip": inner, "more.zip": zipped({"deep.zip": inner})}))
    assert codes(members(archive)) == {"part.zip/run.gpx": None, "more.zip/deep.zip": "nested_too_deep"}


def test_an_empty_zip_and_an_empty_folder_have_no_members(tmp_path):
    assert members(write(tmp_path / "e.zip", zipped({}))) == []
    assert members(tmp_path.joinpath("x")) == [] if tmp_path.joinpath("x").mkdir() else True


def test_a_truncated_gzip_gives_what_came_before_the_cut(tmp_path):
    data = gz(RUN * 40)
    [member] = members(write(tmp_path / "r.gpx.gz", data[: len(data) // 2]))
    assert member.problem.code == "truncated_gzip"
    assert member.salvaged
    assert member.data.startswith(RUN[:100])


def test_a_damaged_gzip_is_said_to_be_damaged(tmp_path):
    data = bytearray(gz(RUN))
    data[-8] ^= 0xFF
    [member] = members(write(tmp_path / "r.gpx.gz", bytes(data)))
    assert (member.problem.code, member.data) == ("bad_gzip", RUN)


def test_a_gzip_in_a_gzip_is_not_opened(tmp_path):
    assert codes(members(write(tmp_path / "r.gz", gz(gz(RUN))))) == {"r.gz": "nested_too_deep"}


def test_gzip_members_behind_each_other_are_one_file_and_padding_is_allowed(tmp_path):
    [member] = members(write(tmp_path / "r.gpx.gz", gz(RUN[:50]) + gz(RUN[50:]) + bytes(7)))
    assert (member.data, member.problem) == (RUN, None)


@pytest.mark.parametrize("pack", [gz, lambda data: zipped({"x.gpx": data})])
def test_a_bomb_is_stopped_by_counting_what_comes_out(tmp_path, pack):
    bomb = write(tmp_path / "bomb", pack(RUN + b" " * 30_000_000))
    assert list(codes(members(bomb)).values()) == ["bomb"]


def test_an_activity_over_the_limit_is_refused_and_the_rest_goes_on(tmp_path):
    archive = write(tmp_path / "e.zip", zipped({"big.gpx": RUN + os.urandom(200_000), "small.gpx": RUN}))
    assert codes(members(archive, activity_bytes=100_000)) == {"big.gpx": "activity_too_big", "small.gpx": None}


def test_an_archive_over_the_limit_stops_with_what_was_read(tmp_path):
    archive = write(tmp_path / "e.zip", zipped({f"{n}.gpx": RUN + bytes([n]) for n in range(9)}))
    found = codes(members(archive, archive_bytes=5 * len(RUN)))
    assert list(found.values())[-1] == "archive_too_big"
    assert 2 <= len(found) <= 6


def test_too_many_entries_are_refused_before_the_directory_is_read(tmp_path):
    archive = write(tmp_path / "e.zip", zipped({f"{n}.gpx": RUN for n in range(20)}))
    assert codes(members(archive, entries=10)) == {"e.zip": "too_many_entries"}


def test_the_size_that_a_zip_claims_is_not_believed(tmp_path):
    data = bytearray(zipped({"a.gpx": RUN * 50, "b.gpx": RUN}))
    at = data.rfind(b"PK\x01\x02", 0, data.rfind(b"PK\x01\x02"))
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    assert codes(members(write(tmp_path / "e.zip", bytes(data))))["b.gpx"] is None
    assert all(m.data is None or len(m.data) <= 50 * len(RUN) for m in members(tmp_path / "e.zip"))


def test_an_encrypted_entry_gets_its_reason(tmp_path):
    data = bytearray(zipped({"a.gpx": RUN, "b.gpx": RUN}))
    data[data.find(b"PK\x01\x02") + 8] |= 1
    assert codes(members(write(tmp_path / "e.zip", bytes(data)))) == {"a.gpx": "encrypted", "b.gpx": None}


def test_an_entry_packed_by_an_unknown_method_gets_its_reason(tmp_path):
    archive = write(tmp_path / "e.zip", zipped({"a.gpx": RUN}, method=zipfile.ZIP_BZIP2))
    assert codes(members(archive)) == {"a.gpx": "unknown_compression"}


def test_a_wrong_checksum_costs_only_its_entry(tmp_path):
    data = bytearray(zipped({"a.gpx": RUN, "b.gpx": RUN}, method=zipfile.ZIP_STORED))
    data[data.find(b"made")] ^= 1
    assert codes(members(write(tmp_path / "e.zip", bytes(data)))) == {"a.gpx": "bad_zip_entry", "b.gpx": None}


@pytest.mark.parametrize("cut", [0.3, 0.9])
def test_a_truncated_zip_is_said_to_be_cut(tmp_path, cut):
    data = zipped({"a.gpx": RUN, "b.gpx": RUN})
    assert codes(members(write(tmp_path / "e.zip", data[: int(len(data) * cut)]))) == {"e.zip": "bad_zip"}


def test_hostile_names_are_only_labels(tmp_path):
    names = ["../../x.gpx", "/etc/x.gpx", "C:\\x.gpx", "x.gpx"]
    found = members(write(tmp_path / "e.zip", zipped(dict.fromkeys(names, RUN))))
    assert sorted(m.source for m in found) == sorted(names)
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["e.zip"]


def test_links_that_lead_out_of_the_folder_are_not_followed(tmp_path):
    write(tmp_path / "outside" / "run.gpx", RUN)
    write(tmp_path / "root" / "a.gpx", RUN)
    (tmp_path / "root" / "out").symlink_to(tmp_path / "outside")
    (tmp_path / "root" / "run.gpx").symlink_to(tmp_path / "outside" / "run.gpx")
    (tmp_path / "root" / "z.gpx").symlink_to(tmp_path / "root" / "a.gpx")
    found = codes(members(tmp_path / "root"))
    assert found == {"a.gpx": None, "out": "link_outside", "run.gpx": "link_outside", "z.gpx": "link"}


def test_a_path_that_is_not_there_is_an_error_in_words(tmp_path):
    with pytest.raises(ImporterError, match=r"nowhere\.zip"):
        walk(tmp_path / "nowhere.zip")


def test_hundreds_of_bombs_in_one_zip_take_no_time(tmp_path):
    archive = write(tmp_path / "e.zip", zipped({f"{n}.gpx": RUN + b" " * 3_000_000 for n in range(40)}))
    assert set(codes(members(archive)).values()) == {"bomb"}
