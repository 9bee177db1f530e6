"""A target for atheris, guided by coverage: any bytes into any reader, and nothing may come out but recordings.

    python tests/fuzz/guided.py -max_total_time=180

The seeds are the files made in code. Without atheris (no wheel for this Python) it says so and ends well.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[1] / "support"), str(HERE.parents[2])]

try:
    import atheris
except ImportError:
    print("atheris is not installed for this Python: the guided part is left out")
    sys.exit(0)

with atheris.instrument_imports(include=["importers"]):
    from importers.fit import read_fit
    from importers.gpx import read_gpx
    from importers.tcx import read_tcx

from damage_sources import made_fit, made_xml  # noqa: E402 - after the readers, so that these are instrumented

from importers.sniff import Kind  # noqa: E402

READERS = (read_fit, read_gpx, read_tcx)
KINDS = (Kind.FIT, Kind.GPX, Kind.TCX)
LONGEST = 40_000
DEFAULTS = (f"-max_len={LONGEST}", "-timeout=20", "-rss_limit_mb=2048")


def one_input(data: bytes) -> None:
    """The first byte says which reader; the rest is its file."""
    if data:
        recordings = READERS[data[0] % len(READERS)](data[1:])
        if not recordings or any(r.start is None and not r.problems for r in recordings):
            raise AssertionError("nothing read, and no problem says why")


def main() -> None:
    """Fuzz from the made files, in a folder that goes away."""
    with tempfile.TemporaryDirectory() as folder:
        for n, source in enumerate(s for s in [*made_fit(), *made_xml()] if len(s.data) < LONGEST):
            seed = bytes([KINDS.index(source.kind)]) + source.data
            (Path(folder) / f"seed{n}").write_bytes(seed)
        atheris.Setup([sys.argv[0], *DEFAULTS, *sys.argv[1:], folder], one_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
