"""An export of thousands of runs out of some dozens: every copy is the same run on another day."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path

import numpy as np
import numpy.typing as npt
from support.files import GZIP, LEVEL, File
from support.stamps import stamps_of

from importers.fit.crc import crc16

STEP_S = 97_536
"""A copy is so many seconds older than the one before: no whole quarters of an hour, as zones differ by, and a multiple
of 32, since compressed times of FIT count modulo 32."""
FIT_CRC_BYTES = 2
ISO = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
ISO_BYTES = 19
Older = Callable[[int], bytes]
"""The same file so many seconds older."""


def write_export(path: Path, files: Sequence[File], runs: int) -> int:
    """A zip as Strava makes it, with so many activities, each a ``.gz``; returns the bytes of them unpacked."""
    size = 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (kind, data) in zip(range(runs), copies(files), strict=False):
            size += len(data)
            packer = zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP)
            packed = packer.compress(data) + packer.flush()
            archive.writestr(zipfile.ZipInfo(f"activities/{number:05}.{kind.lower()}.gz"), packed)
    return size


def copies(files: Sequence[File]) -> Iterator[tuple[str, bytes]]:
    """The files over and over, every time on an earlier day. Those that tell no time are left out."""
    makers = [(file.kind, maker) for file in files if (maker := shifted(file))]
    for nth in count(1):
        for kind, older in makers:
            yield kind, older(nth * STEP_S)


def shifted(file: File) -> Older | None:
    """What makes a file older, None where its times are not found in the usual way."""
    return fit_shifted(file.data) if file.kind == "FIT" else text_shifted(file.data)


def fit_shifted(data: bytes) -> Older | None:
    if len(data) != data[0] + int.from_bytes(data[4:8], "little") + FIT_CRC_BYTES:
        return None
    little, big = stamps_of(data)
    if not little and not big:
        return None

    def older(seconds: int) -> bytes:
        body = np.frombuffer(data, np.uint8)[:-FIT_CRC_BYTES].copy()
        for places, order in ((little, "<u4"), (big, ">u4")):
            at = four_bytes_at(places)
            times = body[at].view(order) - np.uint32(seconds)
            body[at] = times.astype(order).view(np.uint8).reshape(at.shape)
        whole = body.tobytes()
        return whole + crc16(whole).to_bytes(FIT_CRC_BYTES, "little")

    return older


def four_bytes_at(places: Sequence[int]) -> npt.NDArray[np.int64]:
    return np.asarray(places, dtype=np.int64).reshape(-1, 1) + np.arange(4)


def text_shifted(data: bytes) -> Older | None:
    places = np.array([found.start() for found in ISO.finditer(data)], dtype=np.int64)
    if not len(places):
        return None
    at = places.reshape(-1, 1) + np.arange(ISO_BYTES)
    letters = np.frombuffer(data, np.uint8)[at]
    try:
        times = letters.view(f"S{ISO_BYTES}").astype(f"U{ISO_BYTES}").astype("datetime64[s]")
    except ValueError:  # a date that no calendar has
        return None

    def older(seconds: int) -> bytes:
        text = np.frombuffer(data, np.uint8).copy()
        said = np.datetime_as_string(times - np.timedelta64(seconds, "s"))
        text[at] = said.astype(f"S{ISO_BYTES}").view(np.uint8).reshape(at.shape)
        return text.tobytes()

    return older
