"""The long run of ``make fuzz``: thousands of damaged files, and what must hold for each of them.

Exit status 1 where a reader raised, hung, kept silent about a checksum, lost samples before a cut, grew beyond its
memory, or let too many sealed damages change a run unseen.
"""

from __future__ import annotations

import argparse
import csv
import resource
import sys
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[1] / "support"), str(HERE.parents[2])]

from damage import Damaged, fit_damages, xml_damages  # noqa: E402 - only now can it be found
from damage_sources import made_fit, made_xml, real_fit, real_xml  # noqa: E402
from hostile import hostile  # noqa: E402
from judge import Source, judge  # noqa: E402

SHARED = HERE.parents[3] / "shared" / "data"
GROWTH_MB = 256
UNSEEN = 2 / 700
"""Share of sealed damages that may change a run without a word."""
XML_SHARE = 1 / 3
WARM_UP = 200
"""Files after which memory is first measured: by then all is imported."""
SHOWN = 40


def main() -> int:
    """Run, report, judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=12_000, help="damaged files, a third of them GPX and TCX")
    parser.add_argument("--sealed", type=int, default=700, help="damaged FIT files whose checksums fit again")
    parser.add_argument("--hostile-mb", type=float, default=2.0, help="size of the files made to cost time")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    warnings.simplefilter("error")
    fit, xml, real = _sources()
    n_xml = int(options.files * XML_SHARE)
    bad = _run("FIT", fit, islice(fit_damages([s.data for s in fit], options.seed), options.files - n_xml))
    bad += _run("GPX and TCX", xml, islice(xml_damages([s.data for s in xml], options.seed), n_xml))
    seal = fit_damages([s.data for s in real], options.seed, sealed=True)
    bad += _run("FIT with checksums that fit", real, islice(seal, options.sealed))
    bad += _hostile(options.hostile_mb)
    return 1 if bad else 0


def _sources() -> tuple[list[Source], list[Source], list[Source]]:
    """Files to damage: FIT, XML, and those for sealed damages (real ones where they are at hand)."""
    fit, xml = list(made_fit()), list(made_xml())
    if not (SHARED / "index.csv").is_file():
        print("no real files at hand: only those made in code are damaged", flush=True)
        return fit, xml, fit
    with (SHARED / "index.csv").open(encoding="utf-8", newline="") as f:
        index = list(csv.DictReader(f))
    real = real_fit(SHARED, index)
    return fit + real, xml + real_xml(SHARED, index), real


def _memory_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


def _run(title: str, sources: list[Source], damages: Iterator[Damaged], warm_up: int = WARM_UP) -> int:
    """Judge damaged files one after the other; the number of requirements that do not hold."""
    begun, files, rejected, kept = time.monotonic(), 0, 0, 0
    faults: list[str] = []
    changed: list[str] = []
    first = last = _memory_mb()
    for damaged in damages:
        source = sources[damaged.source]
        verdict = judge(damaged, source)
        files += 1
        rejected += not verdict.runs
        kept += bool(verdict.runs)
        faults += [f"{damaged.name} ({source.name}): {fault}" for fault in verdict.faults]
        if verdict.changed:
            changed.append(f"{damaged.name} ({source.name}): {'; '.join(verdict.changed)}")
        last = _memory_mb()
        first = last if files <= warm_up else first
    print(f"\n{title}: {files} damaged files in {time.monotonic() - begun:.0f} s, {kept} kept, {rejected} rejected")
    print(f"  faults {len(faults)}; memory grew by {last - first:.0f} MB; changed without a word {len(changed)}")
    _show(faults)
    _show(changed)
    return bool(faults) + (last - first > GROWTH_MB) + (len(changed) > UNSEEN * files)


def _hostile(megabytes: float) -> int:
    """Files made to cost time or memory, each once; the number of requirements that do not hold."""
    makers = hostile(int(megabytes * 1e6))
    sources = [Source(name, b"", kind) for name, (kind, _) in makers.items()]
    files = (Damaged(k, name, 0, make()) for k, (name, (_, make)) in enumerate(makers.items()))
    return _run(f"made to cost time or memory, {megabytes:g} MB each", sources, files, warm_up=0)


def _show(lines: list[str]) -> None:
    for line in lines[:SHOWN]:
        print(f"  - {line}")
    if lines:
        kinds = Counter(line.partition(" of source")[0] for line in lines)
        print("  by kind:", ", ".join(f"{kind} {n}" for kind, n in kinds.most_common()), flush=True)


if __name__ == "__main__":
    sys.exit(main())
