"""The readers beside ours, each as one call that turns bytes into what it gives. Who is not installed is left out."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from xml.parsers import expat

from support.files import GZIP, File

from importers.fit import read_fit
from importers.gpx import read_gpx
from importers.tcx import read_tcx

Read = Callable[[File], object]


@dataclass(frozen=True)
class Peer:
    """Something to stand beside our reader."""

    name: str
    read: Read
    slow: bool = False
    """Takes so long that it reads only a sample of the files, once a round."""
    floor: float | None = None
    aim: float | None = None
    at_least: bool = True
    """Whether floor and aim say how many times faster we are, or how many times longer we may take."""
    package: str | None = None

    @property
    def title(self) -> str:
        return f"{self.name} {version(self.package)}" if self.package else self.name

    def is_here(self) -> bool:
        """Whether its package is installed."""
        try:
            return self.package is None or bool(version(self.package))
        except PackageNotFoundError:
            return False


def with_fitparse(file: File) -> object:
    from fitparse import FitFile

    return FitFile(io.BytesIO(file.data)).messages


def with_fitdecode(file: File) -> object:
    from fitdecode import FitReader

    with FitReader(io.BytesIO(file.data)) as frames:
        return list(frames)


def with_fitfast(file: File) -> object:
    import fitfast

    return fitfast.records(file.data)


def with_gpxpy(file: File) -> object:
    import gpxpy

    return gpxpy.parse(file.data)


def with_tcxreader(file: File) -> object:
    from tcxreader.tcxreader import TCXReader

    return TCXReader().read(io.BytesIO(file.data))


def gunzip(file: File) -> object:
    return zlib.decompress(file.packed, GZIP)


def bare_expat(file: File) -> object:
    """Expat alone, nobody listening: what no reader that uses it can go below."""
    return expat.ParserCreate().Parse(file.data, True)


OURS: dict[str, Read] = {
    "FIT": lambda file: read_fit(file.data),
    "GPX": lambda file: read_gpx(file.data),
    "TCX": lambda file: read_tcx(file.data),
}
_EXPAT = Peer("bare expat pass", bare_expat, floor=6.0, aim=1.6, at_least=False)
PEERS: dict[str, tuple[Peer, ...]] = {
    "FIT": (
        Peer("fitparse", with_fitparse, slow=True, floor=250.0, aim=350.0, package="fitparse"),
        Peer("fitdecode", with_fitdecode, slow=True, package="fitdecode"),
        Peer("fitfast", with_fitfast, floor=2.5, aim=3.0, package="fitfast"),
        Peer("gunzip", gunzip, floor=2.5, aim=2.0, at_least=False),
    ),
    "GPX": (
        Peer("gpxpy", with_gpxpy, slow=True, floor=5.0, aim=15.0, package="gpxpy"),
        _EXPAT,
        Peer("gunzip", gunzip, at_least=False),
    ),
    "TCX": (
        Peer("tcxreader", with_tcxreader, slow=True, floor=2.5, aim=7.0, package="tcxreader"),
        _EXPAT,
        Peer("gunzip", gunzip, at_least=False),
    ),
}
