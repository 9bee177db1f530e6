"""Tables that a page shows, written between two marks by the benchmark that makes them."""

from __future__ import annotations

import platform
from datetime import UTC, datetime
from pathlib import Path

import numpy as np


def machine() -> str:
    """What was measured where and when, in one line."""
    day = datetime.now(UTC).date().isoformat()
    return f"{day}, Python {platform.python_version()}, NumPy {np.__version__}, {processor()}"


def processor() -> str:
    """The processor by its own name where the system tells it."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{len(names)} x {names[0]}" if names else f"{platform.system()} {platform.machine()}"


def into_page(page: Path, mark: str, table: str) -> None:
    """Put a table between ``<!-- mark -->`` and ``<!-- /mark -->`` of a page.

    Raises:
        ValueError: the page has no such marks.
    """
    begin, end = f"<!-- {mark} -->", f"<!-- /{mark} -->"
    text = page.read_text(encoding="utf-8")
    if begin not in text or end not in text:
        raise ValueError(f"{page} has no place for {mark}: {begin} and {end}")
    before, rest = text.split(begin, 1)
    page.write_text(f"{before}{begin}\n{table}\n{end}{rest.split(end, 1)[1]}", encoding="utf-8")


def judged(value: float, floor: float, aim: float) -> tuple[str, str]:
    """Limits and the word; negative ones are upper limits."""
    sign = ">=" if floor > 0 else "<="
    word = "aim" if value >= aim else "floor" if value >= floor else "BELOW"
    return f"{sign} {abs(floor):g} -> {abs(aim):g}", word
